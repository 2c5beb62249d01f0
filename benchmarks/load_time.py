"""Measures what loading our directory of checks adds to a Checkov runner.

    python benchmarks/load_time.py --processes 15

Each measurement is a fresh process: it imports the runner, then times the two calls by which that runner loads an
external checks directory. Exits 0 within the budget, 1 over it (and lists the slowest modules), 2 when a check cannot
be loaded or none is there.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from types import ModuleType

CHECKS = Path(__file__).resolve().parents[1] / "checkov_aiml" / "checks"
BUDGET_MS = 150
SLOWEST = 20
RUNNERS = {
    "terraform": ("checkov.terraform.runner", "checkov.terraform.checks.resource.registry", "resource_registry"),
    "kubernetes": ("checkov.kubernetes.runner", "checkov.kubernetes.checks.resource.registry", "registry"),
}


class NothingLoadedError(Exception):
    """A check cannot be loaded, or none of ours is there; the message says which."""


@dataclass(frozen=True)
class Load:
    """One load: milliseconds, the number of our checks, and milliseconds by module where that was asked for."""

    milliseconds: float
    checks: int
    modules: dict[str, float]


class Errors(logging.Handler):
    """Keeps the messages of everything logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def timed_modules(enabled: bool) -> Iterator[dict[str, float]]:
    """Milliseconds each source file takes to execute, without what it imports, filled in while the context is open.

    Checkov executes check files without the import system, so that `-X importtime` does not list them.
    """
    own: dict[str, float] = {}
    nested = [0.0]
    execute = SourceFileLoader.exec_module

    def exec_module(self: SourceFileLoader, module: ModuleType) -> None:
        nested.append(0.0)
        start = time.perf_counter()
        try:
            execute(self, module)
        finally:
            spent = time.perf_counter() - start
            own[module.__name__] = (spent - nested.pop()) * 1000
            nested[-1] += spent

    if enabled:
        SourceFileLoader.exec_module = exec_module  # type: ignore[method-assign]
    try:
        yield own
    finally:
        SourceFileLoader.exec_module = execute  # type: ignore[method-assign]


def load(runner: str, directory: str, by_module: bool = False, bytecode: str | None = None) -> Load:
    """Load `directory` as the runner does, once in this process; byte code is looked for in `bytecode` if given.

    Raises NothingLoadedError if Checkov logs an error, or if no check of ours is there afterwards.
    """
    runner_module, registry_module, registry_name = RUNNERS[runner]
    importlib.import_module("checkov.main")  # What every scan has imported before it loads an external directory.
    importlib.import_module(runner_module)
    registry = getattr(importlib.import_module(registry_module), registry_name)
    graphs = importlib.import_module("checkov.common.checks_infra.registry").get_graph_checks_registry(runner)
    errors = Errors()
    logging.getLogger().addHandler(errors)
    sys.pycache_prefix = bytecode or sys.pycache_prefix
    with timed_modules(by_module) as modules:
        start = time.perf_counter()
        registry.load_external_checks(directory)
        graphs.load_external_checks(directory)
        spent = (time.perf_counter() - start) * 1000
    if errors.messages:
        raise NothingLoadedError(errors.messages[0])
    checks = {check.id for check in registry.get_all_registered_checks() if check.id.startswith("CKV_AIML")}
    if not checks:
        raise NothingLoadedError(f"no CKV_AIML check in {directory}")
    return Load(spent, len(checks), modules)


def fresh(runner: str, directory: str, by_module: bool = False, bytecode: str | None = None) -> Load:
    """`load` in a new process."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(load, runner, directory, by_module, bytecode).result()


def main() -> int:
    parser = argparse.ArgumentParser(description="What loading our directory of checks adds to a Checkov runner.")
    parser.add_argument("--processes", type=int, default=15, help="fresh processes a runner (default 15)")
    parser.add_argument("--checks-dir", type=Path, default=CHECKS, help="checks (default: this repository's)")
    arguments = parser.parse_args()
    if arguments.processes < 1:
        parser.error("--processes must be 1 or more")
    checks = str(arguments.checks_dir.resolve())
    if not os.path.isdir(checks):
        parser.error(f"no such directory: {checks}")

    print(
        f"Checkov {version('checkov')}, Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores; medians of {arguments.processes} fresh processes, budget {BUDGET_MS} ms\n"
    )
    print("| runner | checks | load ms (min-max) | without byte code ms | verdict |\n|---|---|---|---|---|")
    over: list[str] = []
    try:
        for runner in RUNNERS:
            with tempfile.TemporaryDirectory() as empty:
                cold = fresh(runner, checks, bytecode=empty)
            fresh(runner, checks)
            loads = [fresh(runner, checks) for _ in range(arguments.processes)]
            times = [each.milliseconds for each in loads]
            within = median(times) <= BUDGET_MS
            over += [] if within else [runner]
            print(
                f"| {runner} | {loads[0].checks} | {median(times):.1f} ({min(times):.1f}-{max(times):.1f}) "
                f"| {cold.milliseconds:.1f} | {'within' if within else 'OVER'} |"
            )
        for runner in over:
            modules = fresh(runner, checks, by_module=True).modules
            print(f"\nSlowest modules of {runner}, without what they import:\n")
            for name, spent in sorted(modules.items(), key=lambda item: -item[1])[:SLOWEST]:
                print(f"{spent:9.1f} ms  {name}")
    except NothingLoadedError as error:
        print(f"load_time: nothing measured: {error}", file=sys.stderr)
        return 2
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
