"""Scans for the tests of the Terraform controls: Checkov's own runners, with the folder of checks that users name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from checkov.common.output.report import Report
from checkov.runner_filter import RunnerFilter
from checkov.terraform.plan_runner import Runner as PlanRunner
from checkov.terraform.runner import Runner

from checkov_aiml import control_catalogue


class Result(NamedTuple):
    """One result: where it is reported, the control's id without its prefix, the resource's address, what it is."""

    file: str
    control: str
    address: str
    result: str
    reason: str
    evaluated_keys: tuple[str, ...]


Scan = Callable[[Path], list[Result]]


def _results(report: Report) -> list[Result]:
    records = (*report.passed_checks, *report.failed_checks, *report.skipped_checks)
    return sorted(_result(record) for record in records)


def _result(record: Any) -> Result:
    return Result(
        record.file_path.lstrip("/"),
        record.check_id.removeprefix("CKV_AIML_"),
        record.resource,
        record.check_result["result"].value,
        record.check_result.get("reason", ""),
        tuple(record.check_result.get("evaluated_keys", ())),
    )


@pytest.fixture(scope="session")
def scan() -> Scan:
    """Scans a folder of HCL, or a plan file, and gives every result of our controls."""
    directories = [
        str(control_catalogue.directory())
    ]  # Checkov keeps what it has loaded: the first scan loads for all.

    def run(path: Path) -> list[Result]:
        options: dict[str, Any] = {
            "external_checks_dir": list(directories),
            "runner_filter": RunnerFilter(checks=["CKV_AIML_*"]),
        }
        directories.clear()
        if path.suffix == ".json":
            report = PlanRunner().run(files=[str(path)], **options)
        else:
            report = Runner().run(root_folder=str(path), **options)
        assert isinstance(report, Report)
        return _results(report)

    return run
