"""What changed since an earlier scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checkov_aiml.evidence.checkov_results import Result

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Trend:
    """Findings by what became of them: keys of results, each in one list, in a fixed order.

    `new` fail now and did not before; `still_open` fail in both; `fixed` failed and pass now; `now_skipped` failed and
    are skipped now; `no_longer_reported` failed and have no result now, because the resource was removed, renamed or
    not scanned, or because the file of results leaves out what passes.
    """

    new: Sequence[Key]
    still_open: Sequence[Key]
    fixed: Sequence[Key]
    now_skipped: Sequence[Key]
    no_longer_reported: Sequence[Key]


def trend(before: Iterable[Result], now: Iterable[Result]) -> Trend:
    """Compare two scans. A finding is the same one where control, file and resource are; its lines may have moved."""
    failed_before = {one.key for one in before if one.outcome == "failed"}
    keys = {outcome: {one.key for one in now if one.outcome == outcome} for outcome in ("failed", "skipped", "passed")}
    # A resource may be judged in several places of a file: it is fixed when none of them fails any more.
    skipped = keys["skipped"] - keys["failed"]
    passed = keys["passed"] - keys["failed"] - skipped
    return Trend(
        new=sorted(keys["failed"] - failed_before),
        still_open=sorted(keys["failed"] & failed_before),
        fixed=sorted(passed & failed_before),
        now_skipped=sorted(skipped & failed_before),
        no_longer_reported=sorted(failed_before - keys["failed"] - skipped - passed),
    )
