"""Reads Checkov's JSON: the results of our controls one by one, those of all other checks as counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from checkov_aiml.checkov_output import EXEMPTION, REASON
from checkov_aiml.evidence.evidence_files import EvidenceFile, clean

OUTCOMES = ("failed", "skipped", "passed")
"""What a result can be, the worst first."""
_NO_REASON = "no comment provided"
"""What Checkov writes, in other letters, where a skip gives no reason."""
_GIVE = "give the file that `-o json` wrote"


@dataclass(frozen=True)
class Exempted:
    """That the settings except a finding: who answers for it, and until when."""

    owner: str
    expires: str


@dataclass(frozen=True)
class Result:
    """What one control said of one resource. `reason` is that of the finding, or of the skip; it may be empty.

    `path` is where the file was when it was scanned; it serves to find the file again and is never shown.
    """

    control: str
    name: str
    severity: str
    framework: str
    outcome: str
    file: str
    path: str
    resource: str
    lines: tuple[int, int]
    reason: str
    exempted: Exempted | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same result in another scan, in which its lines may have moved."""
        return self.control, self.file, self.resource

    @property
    def is_unexplained(self) -> bool:
        """Whether it was skipped without a word of reason."""
        return self.outcome == "skipped" and not any(map(str.isalnum, self.reason))


@dataclass
class OtherCheck:
    """A check that is none of ours, and how many results it had."""

    name: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*OUTCOMES, "skipped_without_reason"), 0))


@dataclass
class Scanned:
    """What one or several files of Checkov hold."""

    results: list[Result] = field(default_factory=list)
    others: dict[str, OtherCheck] = field(default_factory=dict)
    frameworks: set[str] = field(default_factory=set)
    checkov_versions: set[str] = field(default_factory=set)
    not_parsed: set[str] = field(default_factory=set)
    only_failures: bool = False

    def add(self, file: EvidenceFile) -> None:
        """Add what a file holds. Raises `EvidenceError` when it is not Checkov's JSON."""
        for number, document in enumerate(file.documents):
            place = f"document {number + 1}" if len(file.documents) > 1 else ""
            if document == []:
                raise file.error(place, "an empty list: no framework reported; see the scan's own messages")
            for at, report in enumerate(document if isinstance(document, list) else [document]):
                self._add(file, report, f"[{at}]" if isinstance(document, list) else place)

    def _add(self, file: EvidenceFile, report: Any, place: str) -> None:
        if not isinstance(report, dict):
            raise file.error(place, f"not results of Checkov, but a {type(report).__name__}: {_GIVE}")
        if "runs" in report:
            raise file.error(place, f"not results of Checkov as JSON, but SARIF: {_GIVE}")
        summary = report.get("summary", report if "results" not in report else {})
        if not isinstance(summary, dict) or ("results" not in report and "checkov_version" not in summary):
            raise file.error(place, f"not results of Checkov: {_GIVE}")
        if isinstance(summary.get("checkov_version"), str):
            self.checkov_versions.add(clean(summary["checkov_version"]))
        if "results" in report:  # Without them it is what Checkov writes when it found nothing to judge.
            framework = file.text_at(report, "check_type", place)
            self._add_results(file, report["results"], f"{place}: results" if place else "results", framework)

    def _add_results(self, file: EvidenceFile, results: Any, place: str, framework: str) -> None:
        if not isinstance(results, dict) or not isinstance(results.get("failed_checks"), list):
            raise file.error(f"{place}.failed_checks", f"must be a list; {_GIVE}")
        for outcome in OUTCOMES:
            records = results.get(f"{outcome}_checks", [])
            if not isinstance(records, list):
                raise file.error(f"{place}.{outcome}_checks", f"must be a list; {_GIVE}")
            for number, record in enumerate(records):
                self._record(file, record, f"{place}.{outcome}_checks[{number}]", framework, outcome)
        self.frameworks.add(framework)
        self.only_failures |= "passed_checks" not in results
        unread = [path for path in results.get("parsing_errors") or () if isinstance(path, str)]
        start = _start(record for outcome in OUTCOMES for record in results.get(f"{outcome}_checks", ()))
        self.not_parsed.update(clean(path.removeprefix(start).lstrip("/")) for path in unread)

    def _record(self, file: EvidenceFile, record: Any, place: str, framework: str, outcome: str) -> None:
        if not isinstance(record, dict) or not isinstance(record.get("check_result"), dict):
            raise file.error(place, f"must be a result with a `check_result`; {_GIVE}")
        identifier, name = file.text_at(record, "check_id", place), clean(str(record.get("check_name") or ""))
        said = record["check_result"]
        reason = _reason(said, record, outcome)
        if not identifier.startswith("CKV_AIML_"):
            counts = self.others.setdefault(identifier, OtherCheck(name)).counts
            counts[outcome] += 1
            counts["skipped_without_reason"] += outcome == "skipped" and not reason
            return
        self.results.append(
            Result(
                control=identifier,
                name=name,
                severity=clean(str(record.get("severity") or "")),
                framework=framework,
                outcome=outcome,
                file=_file(record, framework),
                path=str(record.get("file_abs_path") or ""),
                resource=file.text_at(record, "resource", place),
                lines=_lines(record.get("file_line_range")),
                reason=reason,
                exempted=_exempted(said.get(EXEMPTION)) if outcome == "skipped" else None,
            )
        )


def distinct(results: Iterable[Result]) -> list[Result]:
    """Each result once, in a fixed order; where two scans disagree on a resource, the worse result."""
    worst: dict[tuple[object, ...], Result] = {}
    for one in sorted(results, key=lambda one: (OUTCOMES.index(one.outcome), one.reason, one.framework, one.path)):
        worst.setdefault((*one.key, one.lines), one)
    return sorted(worst.values(), key=lambda one: (one.file, one.resource, one.control, one.lines))


def _start(records: Iterable[Mapping[str, Any]]) -> str:
    """The folder in which the scan was started: of an absolute path, what stands before the path from there."""
    for record in records:
        absolute, path = (str(record.get(key) or "") for key in ("file_abs_path", "repo_file_path"))
        if path and absolute.endswith(path):
            return absolute.removesuffix(path)
    return ""


def _file(record: Mapping[str, Any], framework: str) -> str:
    """The file of a result, relative to where the scan was started."""
    in_root, path = (clean(str(record.get(key) or "")).lstrip("/") for key in ("file_path", "repo_file_path"))
    before, _, _ = path.rpartition(f"/{in_root}")
    # For a relative -d Checkov writes that folder twice before the path of a manifest.
    is_doubled = framework == "kubernetes" and before and in_root.startswith(f"{before}/")
    return (in_root if is_doubled else path or in_root) or "unknown file"


def _reason(said: Mapping[str, Any], record: Mapping[str, Any], outcome: str) -> str:
    if outcome == "skipped":
        exemption = said.get(EXEMPTION)
        of_settings = exemption.get("reason") if isinstance(exemption, dict) else None
        given = clean(str(of_settings or said.get("suppress_comment") or ""))
        return "" if given.lower().rstrip(".") == _NO_REASON else given
    details = record.get("details")
    first = details[0] if isinstance(details, list) and details else ""
    return clean(str(said.get(REASON) or first)) if outcome == "failed" else ""


def _lines(found: Any) -> tuple[int, int]:
    match found:
        case [int(first), int(last)]:
            return first, last
        case _:
            return 0, 0


def _exempted(found: Any) -> Exempted | None:
    match found:
        case {"owner": str(owner), "expires": str(expires)}:
            return Exempted(clean(owner), clean(expires))
        case _:
            return None
