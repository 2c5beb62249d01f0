"""Judges files and reports on them through Checkov's own report classes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from checkov.common.models.enums import CheckResult
from checkov.common.output.record import Record
from checkov.common.output.report import CustomJSONEncoder, Report
from checkov.common.runners.runner_registry import Sarif

from checkov_aiml.checkov_run import SarifWithReasons
from checkov_aiml.control import Control
from checkov_aiml.pii.controls import NamedDatasets, ReadableDatasets
from checkov_aiml.pii.judge import judge_file
from checkov_aiml.pii.uploads import Dataset, is_dataset_name, masked, matches_globs, readable
from checkov_aiml.settings import current
from checkov_aiml.verdict import Verdict

NOT_ENTERED = frozenset({"node_modules", "__pycache__", "site-packages", "venv"})
"""Folders that are not entered, beside hidden ones."""


class _ReadableFiles(ReadableDatasets):
    framework = "checkov-aiml pii scan"


def datasets_below(paths: Iterable[Path]) -> Iterator[Path]:
    """The files to judge: those that are named, the datasets of folders, else what the settings' globs match."""
    named = list(paths)
    if not named:
        if current().pii.globs:
            yield from (file for file in _files(Path()) if matches_globs(file))
        return
    seen = set()
    for path in named:
        for file in _datasets_of(path) if path.is_dir() else [path]:
            if file not in seen:
                seen.add(file)
                yield file


def _datasets_of(folder: Path) -> Iterator[Path]:
    for file in _files(folder):
        if is_dataset_name(file.relative_to(folder).as_posix()) or matches_globs(file):
            yield file


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in NOT_ENTERED)
        yield from (Path(where, name) for name in sorted(names))


def report_on(files: Iterable[Path], with_details: bool = True) -> Report:
    """Checkov's report on datasets: whether each is masked, and whether it could be judged."""
    report = Report("pii")
    for file in files:
        report.add_resource(f"{file.as_posix()}:{file.name}")
        dataset = Dataset(file.as_posix(), "", None)
        for control, verdict in ((NamedDatasets(), masked), (_ReadableFiles(), readable)):

            def judge(dataset: Dataset = dataset, verdict: object = verdict, file: Path = file) -> Verdict:
                return verdict([Dataset(dataset.label, "", judge_file(file))])  # type: ignore[operator]

            record = _record(control, control.answer(judge, file.as_posix()), file, with_details)
            if record:
                report.add_record(record)
    return report


def _record(control: Control, outcome: CheckResult, file: Path, with_details: bool) -> Record | None:
    result = control.with_reason_and_exemption({"result": outcome, "evaluated_keys": []})
    if result["result"] not in (CheckResult.PASSED, CheckResult.FAILED, CheckResult.SKIPPED):
        return None
    record = Record(
        check_id=control.id,
        check_name=control.name,
        check_result=result,  # type: ignore[arg-type]
        code_block=[],  # A line of a dataset is what must not be shown.
        file_path=f"/{file.as_posix().lstrip('/')}",
        file_line_range=[1, 1],
        resource=file.as_posix(),
        evaluations=None,
        check_class=f"{type(control).__module__}.{type(control).__name__}",
        file_abs_path=str(file.absolute()),
        severity=type(control).severity,
        details=[result["reason"]] if with_details and result.get("reason") else None,
    )
    record.set_guideline(control.guideline)
    return record


def written(report: Report, output: str, *, quiet: bool = False, compact: bool = False) -> str:
    """The report in one of Checkov's formats: `cli`, `json`, `sarif` or `junitxml`."""
    if output == "json":
        return json.dumps(report.get_dict(is_quiet=quiet), indent=4, cls=CustomJSONEncoder)
    if output == "junitxml":
        return str(Report.get_junit_xml_string([report.get_test_suite()]))
    if output == "sarif":
        sarif: Sarif = SarifWithReasons(reports=[report], tool="checkov-aiml")
        return json.dumps(sarif.json, indent=2, cls=CustomJSONEncoder)
    return str(report.print_console(is_quiet=quiet, is_compact=compact))
