"""The evidence as one document of plain values: what `--format json` writes, and what the pages are made from.

Its shape is documented in `docs/evidence-report.md`. The same inputs and date give the same document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from checkov_aiml import __version__, control_catalogue
from checkov_aiml.control import Control
from checkov_aiml.evidence import compliance_table
from checkov_aiml.evidence.checkov_results import OUTCOMES, Result, Scanned, distinct
from checkov_aiml.evidence.evidence_inputs import Inputs
from checkov_aiml.evidence.evidence_matrix import Document, gravity, matrix
from checkov_aiml.evidence.evidence_trend import Key, Trend, trend
from checkov_aiml.evidence.family_words import MEANINGS, SEVERITIES
from checkov_aiml.evidence.git_blame import Author, Checkout
from checkov_aiml.evidence.scan_answers import ScanAnswers

SCHEMA_VERSION = 1
KIND = "checkov-aiml evidence"
NOT_KNOWN = "not known"


def document(inputs: Inputs) -> Document:
    """The evidence that the inputs give."""
    catalogue = {identifier: members[0] for identifier, members in control_catalogue.by_id().items()}
    results = distinct(inputs.scanned.results)
    compared = trend(distinct(inputs.baseline.results), results) if inputs.baseline_files else None
    controls = _controls(results, catalogue)
    coverage = _coverage(inputs, results, catalogue)
    told = [_result(one, inputs.checkout, catalogue, compared) for one in results]
    return {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "title": inputs.title,
        "date": inputs.day.isoformat(),
        "checkov_aiml_version": __version__,
        "checkov_versions": sorted(inputs.scanned.checkov_versions),
        "frameworks_scanned": sorted(inputs.scanned.frameworks),
        "sources": [{"file": file.path.name, "sha256": file.sha256} for file in inputs.files],
        "summary": _summary(results, catalogue, coverage),
        "trend": compared and _trend(compared, inputs, catalogue),
        "families": list(_families(results)),
        "controls": controls,
        "results": told,
        "matrix": matrix(told),
        "coverage": coverage,
        "exemptions": _exemptions(results, inputs.answers),
        "frameworks": list(_frameworks(controls)),
        "other_checks": _other_checks(inputs.scanned),
    }


def _counts(results: Iterable[Result]) -> dict[str, int]:
    listed = list(results)
    counts = Counter(one.outcome for one in listed)
    unexplained = sum(one.is_unexplained for one in listed)
    return {**{outcome: counts[outcome] for outcome in OUTCOMES}, "skipped_without_reason": unexplained}


def _severity(one: Result, catalogue: Mapping[str, Control]) -> str:
    """The severity that the catalogue gives, else the file's, else that it is not known."""
    control = catalogue.get(one.control)
    return type(control).severity.name if control else one.severity or NOT_KNOWN


def _summary(results: Sequence[Result], catalogue: Mapping[str, Control], coverage: Document) -> Document:
    failed = [one for one in results if one.outcome == "failed"]
    severities = Counter(_severity(one, catalogue) for one in failed)
    order = [*SEVERITIES, *sorted(severities.keys() - SEVERITIES.keys())]
    counts = _counts(results)
    return {
        **counts,
        "results": len(results),
        "exempted": sum(one.exempted is not None for one in results),
        "resources": len({(one.file, one.resource) for one in results}),
        "resources_with_failures": len({(one.file, one.resource) for one in failed}),
        "failed_by_severity": {name: severities[name] for name in order},
        "complete": coverage["complete"],
        "state": _state(counts, coverage["complete"]),
    }


def _state(counts: Mapping[str, int], complete: bool | None) -> str:
    """In one word what a reader must know first; the graver state stands before the lesser."""
    if counts["failed"]:
        return "failed"
    if complete is False:
        return "incomplete"
    if not any(counts.values()):
        return "empty"
    return "unexplained" if counts["skipped_without_reason"] else "passed" if complete else "unconfirmed"


def _families(results: Sequence[Result]) -> Iterator[Document]:
    for code in _family_codes(results):
        of_family = [one for one in results if _family(one.control) == code]
        title = control_catalogue.FAMILIES.get(code, code)
        yield {"code": code, "title": title, "meaning": MEANINGS.get(code, ""), **_counts(of_family)}


def _family_codes(results: Iterable[Result]) -> list[str]:
    """The catalogue's families, then those that only a newer version knows."""
    newer = {_family(one.control) for one in results} - control_catalogue.FAMILIES.keys()
    return [*control_catalogue.FAMILIES, *sorted(newer)]


def _family(control: str) -> str:
    return control.removeprefix("CKV_AIML_").rpartition("_")[0] or control


def _controls(results: Sequence[Result], catalogue: Mapping[str, Control]) -> list[Document]:
    """Every control of the catalogue, also those without a result, then those that only a newer version knows."""
    by_control: dict[str, list[Result]] = {identifier: [] for identifier in catalogue}
    for one in results:
        by_control.setdefault(one.control, []).append(one)
    return [_control(identifier, found, catalogue) for identifier, found in by_control.items()]


def _control(identifier: str, found: Sequence[Result], catalogue: Mapping[str, Control]) -> Document:
    control = catalogue.get(identifier)
    family = _family(identifier)
    supports = compliance_table.supported_by(family, control.maps if control else ())
    return {
        "id": identifier,
        "name": type(control).name if control else found[0].name,
        "family": family,
        "severity": type(control).severity.name if control else _severity(found[0], catalogue),
        "why": " ".join(control.why.split()) if control else "",
        "fix": " ".join(control.fix.split()) if control else "",
        "guideline": control.guideline if control else "",
        "supports": [str(reference) for reference in supports],
        **_counts(found),
    }


def _result(
    one: Result, checkout: Checkout | None, catalogue: Mapping[str, Control], compared: Trend | None
) -> Document:
    return {
        "control": one.control,
        "family": _family(one.control),
        "severity": _severity(one, catalogue),
        "framework": one.framework,
        "file": one.file,
        "lines": list(one.lines),
        "resource": one.resource,
        "outcome": one.outcome,
        "reason": "" if one.outcome == "skipped" else one.reason,
        "skip": _skip(one, checkout) if one.outcome == "skipped" else None,
        "is_new": compared and one.outcome == "failed" and one.key in compared.new,
    }


def _skip(one: Result, checkout: Checkout | None) -> Document:
    if one.exempted:
        by = Author(name=one.exempted.owner)
    elif checkout:
        by = checkout.author(one)
    else:
        by = Author(why_unknown="no checkout was given")
    return {
        "reason": None if one.is_unexplained else one.reason,
        "kind": "exemption" if one.exempted else "comment",
        "by": by.name or NOT_KNOWN,
        "by_unknown_because": by.why_unknown,
        "on": by.date,
        "commit": by.commit,
        "expires": one.exempted.expires if one.exempted else "",
    }


def _coverage(inputs: Inputs, results: Sequence[Result], catalogue: Mapping[str, Control]) -> Document:
    answers = inputs.answers
    complete = answers.is_complete if answers.files else None
    if inputs.scanned.not_parsed and not answers.files:
        complete = False
    return {
        "complete": complete,
        "answers": list(answers.files),
        "settings_errors": list(answers.settings_errors),
        **{name: answers.lists[name] for name in ("not_looked_at", "accepted", "crashed", "not_loaded", "undecided")},
        "not_parsed": sorted(inputs.scanned.not_parsed),
        "only_failures": inputs.scanned.only_failures,
        "controls_without_result": sorted(catalogue.keys() - {one.control for one in results}, key=_number),
    }


def _number(identifier: str) -> tuple[int, int]:
    families = list(control_catalogue.FAMILIES)
    return families.index(_family(identifier)), int(identifier.rpartition("_")[2])


def _exemptions(results: Iterable[Result], answers: ScanAnswers) -> Document:
    in_force = [
        {
            "control": one.control,
            "file": one.file,
            "resource": one.resource,
            "reason": one.reason,
            **asdict(one.exempted),
        }
        for one in results
        if one.exempted
    ]
    return {
        "in_force": in_force,
        "expired": answers.lists["exemptions_expired"],
        "unmatched": answers.lists["exemptions_unmatched"],
    }


def _trend(compared: Trend, inputs: Inputs, catalogue: Mapping[str, Control]) -> Document:
    names = {one.control: one.name for one in (*inputs.baseline.results, *inputs.scanned.results)}
    severities = {one.control: _severity(one, catalogue) for one in (*inputs.baseline.results, *inputs.scanned.results)}

    def entries(keys: Iterable[Key]) -> list[Document]:
        found = (
            {"control": c, "name": names[c], "severity": severities[c], "file": file, "resource": resource}
            for c, file, resource in keys
        )
        return sorted(found, key=lambda one: gravity(one["severity"]))

    return {
        "baseline": [{"file": file.path.name, "sha256": file.sha256} for file in inputs.baseline_files],
        **{name: entries(keys) for name, keys in vars(compared).items()},
    }


def _frameworks(controls: Sequence[Document]) -> Iterator[Document]:
    """Each framework with the entries that a control supports; the others are no part of the report."""
    for section, name, framework in compliance_table.frameworks():
        entries = []
        for identifier, words in framework["entries"].items():
            supporting = [control for control in controls if f"{name}:{identifier}" in control["supports"]]
            if supporting:
                totals = {key: sum(control[key] for control in supporting) for key in OUTCOMES}
                with_result = [c["id"] for c in supporting if any(c[key] for key in OUTCOMES)]
                entries.append(
                    {
                        "id": identifier,
                        **words,
                        "controls": with_result,
                        "controls_without_result": [c["id"] for c in supporting if c["id"] not in with_result],
                        **totals,
                    }
                )
        described = {key: framework[key] for key in ("title", "about", "edition", "source", "caution")}
        yield {"id": name, "section": section, **described, "entries": entries}


def _other_checks(scanned: Scanned) -> Document:
    checks = [{"id": identifier, "name": c.name, **c.counts} for identifier, c in sorted(scanned.others.items())]
    keys = (*OUTCOMES, "skipped_without_reason")
    return {**{key: sum(check[key] for check in checks) for key in keys}, "checks": checks}
