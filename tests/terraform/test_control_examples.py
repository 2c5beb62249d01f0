"""Every control's own examples through Checkov's real runner: `fails` fails, `passes` passes, and each says why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from checkov.common.output.report import Report
from checkov.kubernetes.runner import Runner as KubernetesRunner
from checkov.runner_filter import RunnerFilter
from checkov.terraform.runner import Runner as TerraformRunner

from checkov_aiml import control_catalogue
from checkov_aiml.control import Control

RUNNERS: dict[str, tuple[type[Any], str]] = {
    "terraform": (TerraformRunner, "main.tf"),
    "kubernetes": (KubernetesRunner, "manifest.yaml"),
}
CONTROLS = [
    pytest.param(control, id=f"{control.id}-{control.framework}")
    for control in control_catalogue.controls()
    if control.framework in RUNNERS and control.family() != "PII"  # Those need a dataset beside the file.
]


def results(control: Control, example: str, folder: Path) -> list[dict[str, Any]]:
    """What Checkov reports of a control on one of its examples."""
    runner, file = RUNNERS[control.framework]
    (folder / file).write_text(example, encoding="utf-8")
    report = runner().run(
        root_folder=str(folder),
        external_checks_dir=[str(control_catalogue.directory())],
        runner_filter=RunnerFilter(checks=[control.id]),
    )
    assert isinstance(report, Report)
    assert not report.parsing_errors
    return [record.check_result for record in (*report.passed_checks, *report.failed_checks, *report.skipped_checks)]


_OF_ANOTHER = re.compile(r"(?:module\.\w+\.)*(?:data\.)?(?P<type>(?:aws|azapi|azurerm|kubernetes)_\w+)\.[\w-]+\.")
_INDEX = re.compile(r"\[[^\]]*\]")


def is_named(key: str, control: Control) -> bool:
    """Whether a control's head names the path of an evaluated key, a block around it or something below it.

    A key about another resource is told with that resource's address; of types that the head does not name nothing is
    asked. A Kubernetes object within Terraform is one attribute, whatever is read of it.
    """
    path = _INDEX.sub("", key)
    another = _OF_ANOTHER.match(path)
    heads = control.attributes_read()
    if (another and another["type"] not in heads) or "manifest" in _INDEX.sub(
        "", " ".join(map(" ".join, heads.values()))
    ):
        return True
    told = path[another.end() :] if another else path
    return any(
        f"{told}.".startswith(f"{n}.") or f"{n}.".startswith(f"{told}.") for paths in heads.values() for n in paths
    )


@pytest.mark.parametrize("control", CONTROLS)
def test_examples(control: Control, tmp_path: Path) -> None:
    for example, expected, never in (("fails", "FAILED", None), ("passes", "PASSED", "FAILED")):
        folder = tmp_path / example
        folder.mkdir()
        found = results(control, getattr(control, example), folder)
        outcomes = [result["result"].value for result in found]
        assert expected in outcomes and never not in outcomes
        for result in found:
            assert result["reason"]
            if control.framework == "terraform":
                assert [key for key in result["evaluated_keys"] if not is_named(key, control)] == []
