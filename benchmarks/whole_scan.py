"""Measures what our checks add to a whole Checkov scan: time, processor time, memory, and how that grows.

    python benchmarks/whole_scan.py --sizes 500 2000 10000 --pairs 5

For each size an estate is generated and scanned by stock Checkov (A) and by Checkov with our checks (B), in the order
A B A B …, each scan in a process of its own; with `--together` both of a pair run at the same time. Prints
Markdown. Exits 0 within the budgets, 1 over one of them, and 2 when the measurement means nothing (a scan failed, the
two looked at different resources, our checks did not report).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from estate import generate

CHECKS = Path(__file__).resolve().parents[1] / "checkov_aiml" / "checks"
SIZES = (500, 2000, 10_000)
GROWTH = (1000, 10_000)
RATIO_BUDGET = 1.10
BUDGETED_SIZES = (2000, 10_000)
TOLERANCE = 0.02
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
UNLOADED = "Cannot load external check"
TRACEBACK = "Traceback (most recent call last)"


class MeaninglessError(Exception):
    """The scans cannot be compared; the message says why."""


@dataclass(frozen=True)
class Usage:
    """What one scan cost: seconds, processor seconds (its children's included), bytes of its largest process."""

    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True)
class Findings:
    """What one scan reported; `ours` are the ids of our checks that failed somewhere."""

    resources: int
    results: int
    parsing_errors: int
    ours: frozenset[str]


@dataclass(frozen=True)
class Comparison:
    """The interleaved scans of one estate, in the order they ran."""

    resources: int
    stock: list[Usage]
    ours: list[Usage]

    def ratios(self, figure: str) -> list[float]:
        """Ours over stock, pair by pair, for `wall`, `cpu` or `peak`."""
        return [getattr(b, figure) / getattr(a, figure) for a, b in zip(self.stock, self.ours, strict=True)]

    def ratio(self, figure: str) -> float:
        return median(self.ratios(figure))


def scan(estate: Path, checks: Path | None, output: Path | None = None, framework: str = "terraform") -> Usage:
    """Scan `estate` with stock Checkov, or with `checks` added, and say what that cost.

    The JSON report goes to `output` and the log beside it, or nowhere.
    Raises MeaninglessError if Checkov exits with anything but 0 or 1.
    """
    command = [sys.executable, "-m", "checkov.main", "-d", str(estate), "--framework", framework]
    command += ["--quiet", "--compact", "--skip-download", "-o", "json"]
    if checks:
        command += ["--external-checks-dir", str(checks)]
    with open(output or os.devnull, "wb") as report, open(log_of(output) if output else os.devnull, "wb") as log:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=estate.parent, stdin=subprocess.DEVNULL, stdout=report, stderr=log)
        # wait4 gives this child's figures; getrusage(RUSAGE_CHILDREN) has one peak for all children so far.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise MeaninglessError(f"Checkov exited with {process.returncode}: {' '.join(command)}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT)


def log_of(output: Path) -> Path:
    return output.with_suffix(".log")


def findings(output: Path) -> Findings:
    """Read the report of a scan. Raises MeaninglessError if it is none, or if a check did not load or crashed."""
    log = log_of(output).read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(log):
        if UNLOADED in line:
            raise MeaninglessError(f"Checkov's log says: {line}")
        if line.startswith(TRACEBACK):
            error = next((each for each in log[number + 1 :] if not each.startswith(" ")), "an error")
            raise MeaninglessError(f"Checkov's log has a traceback: {error}")
    try:
        report = json.loads(output.read_bytes())
        summary, failed = report["summary"], report["results"]["failed_checks"]
    except (ValueError, KeyError, TypeError) as error:
        raise MeaninglessError(f"Checkov's output is no report of one framework ({error!r})") from error
    return Findings(
        resources=summary["resource_count"],
        results=summary["passed"] + summary["failed"] + summary["skipped"],
        parsing_errors=summary["parsing_errors"],
        ours=frozenset(check["check_id"] for check in failed if check["check_id"].startswith("CKV_AIML")),
    )


def verify(estate: Path, checks: Path, asked: int, framework: str = "terraform") -> int:
    """Run both scans once, unmeasured, and return the number of resources that both looked at.

    Raises MeaninglessError if they cannot be compared. It is also the warm-up of byte code and file cache.
    """
    outputs = {"stock": estate.parent / "stock.json", "ours": estate.parent / "ours.json"}
    scan(estate, None, outputs["stock"], framework)
    scan(estate, checks, outputs["ours"], framework)
    # A large report is parsed in another process: a child's peak memory starts at that of the process it came from.
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as reader:
        stock, ours = reader.map(findings, outputs.values())
    if stock.parsing_errors or ours.parsing_errors:
        raise MeaninglessError(f"parsing errors: {stock.parsing_errors} stock, {ours.parsing_errors} with our checks")
    if stock.resources != ours.resources:
        raise MeaninglessError(f"stock scanned {stock.resources} resources, with our checks {ours.resources}")
    if abs(stock.resources - asked) > TOLERANCE * asked:
        raise MeaninglessError(f"asked for {asked} resources, Checkov counts {stock.resources}")
    if not ours.ours:
        raise MeaninglessError(f"no CKV_AIML check of {checks} is in the report: a benchmark of nothing")
    more = ours.results - stock.results
    note(f"{asked}: {stock.resources} resources, {more} results of ours, failures of {len(ours.ours)} of our checks")
    return stock.resources


def compare(
    folder: Path,
    checks: Path,
    size: int,
    pairs: int,
    seed: int,
    make: Callable[[Path, int, int], object] = generate,
    framework: str = "terraform",
    together: bool = False,
) -> Comparison:
    """Generate an estate of `size` resources in `folder` with `make` and scan it `pairs` times both ways.

    `together` runs both scans of a pair at the same time, so that a machine that is not always equally fast slows both.
    """
    estate = folder / "estate"
    make(estate, size, seed)
    comparison = Comparison(verify(estate, checks, size, framework), [], [])
    for pair in range(1, pairs + 1):
        with ThreadPoolExecutor(max_workers=2 if together else 1) as scans:
            stock, ours = scans.map(lambda which: scan(estate, which, None, framework), (None, checks))
        comparison.stock.append(stock)
        comparison.ours.append(ours)
        note(f"{size}: pair {pair} of {pairs}, ratio {comparison.ratios('wall')[-1]:.3f}")
    return comparison


def table(comparisons: Iterable[Comparison]) -> str:
    rows = [
        "| resources | stock wall s | ours wall s | wall ratio (min-max) "
        "| stock CPU s | ours CPU s | CPU ratio (min-max) | stock peak MiB | ours peak MiB |",
        "|---" * 9 + "|",
    ]
    for each in comparisons:
        cells = [str(each.resources)]
        for figure in ("wall", "cpu"):
            ratios = each.ratios(figure)
            cells += [f"{median(getattr(usage, figure) for usage in side):.2f}" for side in (each.stock, each.ours)]
            cells += [f"{each.ratio(figure):.3f} ({min(ratios):.3f}-{max(ratios):.3f})"]
        cells += [f"{median(usage.peak for usage in side) / 2**20:.0f}" for side in (each.stock, each.ours)]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def conditions(arguments: argparse.Namespace) -> str:
    """What was measured with, and how; `arguments` has `pairs`, `seed` and `together`."""
    order = "simultaneous" if arguments.together else "interleaved"
    return (
        f"Checkov {version('checkov')}, Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores; medians of {arguments.pairs} {order} pairs, seed {arguments.seed}\n"
    )


def verdicts(comparisons: Iterable[Comparison], sizes: Iterable[int]) -> Iterable[tuple[bool, str]]:
    """(within the budget, the words for it), for each budget that was measured."""
    measured = dict(zip(sizes, comparisons, strict=True))
    for size in BUDGETED_SIZES:
        if size in measured:
            ratio = measured[size].ratio("wall")
            yield ratio <= RATIO_BUDGET, f"ratio at {size}: {ratio:.3f}, budget {RATIO_BUDGET:.2f}"
    if all(size in measured for size in GROWTH):
        small, large = (measured[size] for size in GROWTH)
        wall, cpu = (large.ratio(figure) / small.ratio(figure) for figure in ("wall", "cpu"))
        # Every pair at the large size above every pair at the small one: a test that needs no chosen margin for noise.
        grown = min(large.ratios("wall")) > max(small.ratios("wall"))
        yield not grown, f"growth of the ratio from {GROWTH[0]} to {GROWTH[1]}: wall {wall:.3f}, CPU {cpu:.3f}"


def note(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def main() -> int:
    parser = argparse.ArgumentParser(description="Stock Checkov against Checkov with our checks, on generated estates.")
    parser.add_argument("--sizes", type=positive, nargs="+", default=SIZES, help="resources (default 500 2000 10000)")
    parser.add_argument("--pairs", type=positive, default=5, help="measured pairs of scans a size (default 5)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the estates (default 1)")
    parser.add_argument("--together", action="store_true", help="run both scans of a pair at the same time")
    parser.add_argument("--checks-dir", type=Path, default=CHECKS, help="checks (default: this repository's)")
    arguments = parser.parse_args()
    checks = arguments.checks_dir.resolve()
    if not checks.is_dir():
        parser.error(f"no such directory: {checks}")
    # Growth needs both of its ends: who asks for the large one gets the small one too.
    sizes = sorted({*arguments.sizes, *(GROWTH if GROWTH[1] in arguments.sizes else ())})

    comparisons: list[Comparison] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            try:
                measured = (Path(folder).resolve(), checks, size, arguments.pairs, arguments.seed)
                comparisons.append(compare(*measured, together=arguments.together))
            except (MeaninglessError, ValueError) as error:
                note(f"whole_scan: nothing measured at {size} resources: {error}")
                return 2

    print(conditions(arguments))
    print(table(comparisons))
    judged = list(verdicts(comparisons, sizes))
    if judged:
        print()
    for within, words in judged:
        print(f"- {'within' if within else 'OVER'}: {words}")
    return 0 if all(within for within, _ in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
