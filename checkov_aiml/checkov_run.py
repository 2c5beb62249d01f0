"""Runs Checkov in this process and notes what it really read.

Checkov prints its report and gives an exit code; it does not say which folders, files and modules it left out. One
place knows: its runner registry starts the frameworks, in forked children when there are several, and gets their
reports and graphs back. The registry is subclassed here, so what is noted is what Checkov did, not what it should do.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checkov import main as checkov_main
from checkov.common.output.sarif import Sarif
from checkov.common.runners import runner_registry
from checkov.common.runners.base_runner import filter_ignored_paths
from checkov.common.runners.runner_registry import RunnerRegistry

from checkov_aiml.checkov_output import REASON


@dataclass(frozen=True)
class ModuleCall:
    """A Terraform module call: where it stands, what it asks for, and whether Checkov loaded the module's files."""

    file: str
    line: int
    name: str
    source: str
    loaded: bool


@dataclass
class Run:
    """One folder, or one list of named files, that Checkov's runners were started on; paths as they were given."""

    root: str | None
    named: tuple[str, ...]
    frameworks: tuple[str, ...]
    excluded_paths: tuple[str, ...]
    reported: set[str] = field(default_factory=set)

    def files(self, absolute: bool = False) -> Iterator[str]:
        """The files that Checkov should consider: those named, else those of the folder that it does not ignore.

        `absolute` makes the folder absolute, as Checkov's Terraform runner does: `--skip-path` sees the difference.
        """
        if self.root is None:
            yield from self.named
            return
        for folder, folders, names in os.walk(os.path.abspath(self.root) if absolute else self.root):
            filter_ignored_paths(folder, folders, list(self.excluded_paths))
            filter_ignored_paths(folder, names, list(self.excluded_paths))
            folders.sort()
            for name in sorted(names):
                yield os.path.join(folder, name)


@dataclass
class CheckovRun:
    """What a whole call of Checkov did.

    `read` and `parse_errors` map a framework to real paths. `ended_early` means that Checkov stopped before it printed
    its results; `dropped` are the frameworks that Checkov left out because a program that they need is missing.
    """

    config: Any = None
    exit_code: int = 0
    ended_early: bool = False
    runs: list[Run] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    read: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    parse_errors: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    module_calls: set[ModuleCall] = field(default_factory=set)

    def asks_for(self, framework: str) -> bool:
        """Whether `--framework` names it: with `all` frameworks nothing is asked for in particular."""
        return framework in self.config.framework

    @property
    def scans(self) -> bool:
        """Whether the arguments ask for a scan, and not for a list or the configuration."""
        return self.config is not None and not any(
            getattr(self.config, name, None) for name in ("list", "show_config", "add_check", "docker_image")
        )


def run_checkov(arguments: Sequence[str], checks: str) -> CheckovRun:
    """Run Checkov with its own `arguments` and the external checks of the folder `checks`.

    Checkov prints as always. Nothing is downloaded unless an API key asks for it. Never raises for what Checkov does.
    """
    done = CheckovRun()
    with (
        _replaced(sys, "argv", ["checkov", *arguments]),
        _replaced(checkov_main, "RunnerRegistry", _noting_registry(done)),
        _replaced(runner_registry, "Sarif", SarifWithReasons),
    ):
        try:
            checkov = checkov_main.Checkov(list(arguments))
            done.config = checkov.config
            # Set after parsing, because an option on the command line would hide those of a configuration file.
            checkov.config.external_checks_dir = [checks, *(checkov.config.external_checks_dir or [])]
            checkov.config.skip_download = checkov.config.skip_download or not checkov.config.bc_api_key
            done.exit_code = checkov.run() or 0
        except SystemExit as error:
            done.exit_code = error.code if isinstance(error.code, int) else int(error.code is not None)
            done.ended_early = True
    return done


@contextlib.contextmanager
def _replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    original = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, original)


def _noting_registry(done: CheckovRun) -> type[RunnerRegistry]:
    class NotingRegistry(RunnerRegistry):
        def remove_runner(self, runner: Any) -> None:
            done.dropped.add(runner.check_type)
            super().remove_runner(runner)

        def run(self, *arguments: Any, **keywords: Any) -> Any:
            root, named = keywords.get("root_folder"), keywords.get("files") or ()
            done.runs.append(
                Run(
                    root=root,
                    named=() if root else tuple(named),
                    frameworks=tuple(runner.check_type for runner in self.runners),
                    excluded_paths=tuple(self.runner_filter.excluded_paths or ()),
                )
            )
            reports = super().run(*arguments, **keywords)
            graphs = self.check_type_to_graph
            if len(self.runners) == 1:  # Checkov keeps the graph of the first folder only.
                graphs = {runner.check_type: self.extract_graphs_from_runner(runner) for runner in self.runners}
            for framework, graphs_of_framework in graphs.items():
                for graph, *_ in graphs_of_framework:
                    _note_graph(done, framework, graph)
            return reports

        def _merge_reports(self, reports: Iterable[Any]) -> Any:
            reports = list(reports)
            for report in (one for some in reports for one in (some if isinstance(some, list) else [some])):
                if report is not None:
                    done.runs[-1].reported.add(report.check_type)
                    _note_report(done, report)
            return super()._merge_reports(reports)

    return NotingRegistry


def _note_report(done: CheckovRun, report: Any) -> None:
    paths = {resource.partition(":")[0] for resource in report.resources}
    paths |= {record.file_abs_path for record in (*report.passed_checks, *report.failed_checks, *report.skipped_checks)}
    paths |= {resource.file_abs_path for resource in report.extra_resources}
    done.read[report.check_type] |= {os.path.realpath(path) for path in paths if path}
    done.parse_errors[report.check_type] |= {os.path.realpath(path) for path in report.parsing_errors}


def _note_graph(done: CheckovRun, framework: str, graph: Any) -> None:
    if framework == "helm":  # Its paths are those of a temporary folder; its report names the charts.
        return
    vertices = _vertices(graph)
    paths = {vertex.get("file_path_") for vertex in vertices}
    done.read[framework] |= {os.path.realpath(path) for path in paths if path}
    if framework == "terraform":
        done.module_calls |= {_module_call(vertex) for vertex in vertices if vertex.get("block_type_") == "module"}


def _vertices(graph: Any) -> list[Mapping[str, Any]]:
    if hasattr(graph, "node_indices"):  # rustworkx, Checkov's default
        return [attributes for _, attributes in graph.nodes()]
    return [attributes for _, attributes in graph.nodes(data=True)]


def _module_call(vertex: Mapping[str, Any]) -> ModuleCall:
    name = str(vertex.get("block_name_"))
    conf = (vertex.get("config_") or {}).get(name) or {}
    switched_off = conf.get("count") in (0, [0])
    return ModuleCall(
        file=os.path.realpath(str(vertex.get("file_path_"))),
        line=int(conf.get("__start_line__") or 1),
        name=name.partition("[")[0],
        source=str(vertex.get("source") or ""),
        loaded=bool(conf.get("__resolved__")) or switched_off,
    )


class SarifWithReasons(Sarif):
    """Checkov's SARIF with the reason of a result in its message: a code scanning page shows only the message."""

    def _create_results(self) -> list[dict[str, Any]]:
        with contextlib.ExitStack() as restored:
            for report in self.reports:
                for record in (*report.failed_checks, *report.skipped_checks):
                    reason = record.check_result.get(REASON)
                    if reason:  # Checkov takes the message from here, and has made its rules from it before.
                        text = f"{record.short_description or record.check_name}: {reason}"
                        restored.enter_context(_replaced(record, "short_description", text))
            return super()._create_results()
