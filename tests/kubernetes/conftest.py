"""Scans for the tests: Checkov's own Kubernetes runner in this process, and its real command line in another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from checkov.common.output.report import Report
from checkov.kubernetes.checks.resource.registry import registry
from checkov.kubernetes.runner import Runner
from checkov.runner_filter import RunnerFilter

from checkov_aiml import settings

REPOSITORY = Path(__file__).resolve().parents[2]
CHECKS = REPOSITORY / "checkov_aiml" / "checks" / "kubernetes"

Scan = Callable[..., Report]


@pytest.fixture
def scan() -> Scan:
    """Scans a folder with the controls on manifests, or those named, and gives Checkov's report."""

    def run(root: Path, *controls: str) -> Report:
        settings.forget()
        report = Runner().run(
            root_folder=str(root),
            external_checks_dir=[str(CHECKS)],
            runner_filter=RunnerFilter(checks=list(controls or ("CKV_AIML_*",))),
        )
        assert isinstance(report, Report)
        return report

    return run


@pytest.fixture(scope="session")
def loaded_controls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The controls on manifests by id, as Checkov's registry holds them."""
    Runner().run(root_folder=str(tmp_path_factory.mktemp("empty")), external_checks_dir=[str(CHECKS)])
    return {check.id: check for _, check in registry.all_checks() if check.id.startswith("CKV_AIML_")}


@dataclass(frozen=True)
class CommandLineScan:
    exit_code: int
    log: str
    outputs: dict[str, str]

    @property
    def results(self) -> list[dict[str, Any]]:
        """The records of the JSON output, those of every framework in one list."""
        reports = json.loads(self.outputs["json"])
        return [
            record
            for report in (reports if isinstance(reports, list) else [reports])
            if "results" in report
            for kind in ("passed_checks", "failed_checks", "skipped_checks")
            for record in report["results"][kind]
        ]


@pytest.fixture
def command_line(tmp_path: Path) -> Callable[..., CommandLineScan]:
    """Runs Checkov's command line on a folder, and gives its exit code, its log and what it wrote by format."""

    def run(
        root: Path,
        *,
        frameworks: tuple[str, ...] = ("kubernetes",),
        outputs: tuple[str, ...] = ("cli", "json"),
        check_folders: tuple[Path, ...] = (CHECKS,),
        controls: str = "CKV_AIML_*",
        **environment: str,
    ) -> CommandLineScan:
        written = tmp_path / "written"
        command = [sys.executable, "-m", "checkov.main", "-d", str(root), "--check", controls, "--skip-download"]
        command += ["--output-file-path", str(written), "--framework", *frameworks]
        for folder in check_folders:
            command += ["--external-checks-dir", str(folder)]
        for output in outputs:
            command += ["--output", output]
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("CHECKOV_", "CKV_"))}
        finished = subprocess.run(
            command,
            cwd=tmp_path,
            env={**inherited, "PYTHONPATH": str(REPOSITORY), "ANSI_COLORS_DISABLED": "true", **environment},
            capture_output=True,
            text=True,
            timeout=300,
        )
        texts = {
            path.stem.removeprefix("results_"): path.read_text(encoding="utf-8") for path in written.glob("results_*")
        }
        return CommandLineScan(finished.returncode, finished.stderr, texts)

    return run
