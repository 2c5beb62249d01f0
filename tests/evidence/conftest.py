"""Real scans of the examples, in a git repository with a history, and how the tests ask for reports of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

REPOSITORY = Path(__file__).resolve().parents[2]
DAY = "2026-11-21"
ATTACK = 'done <script>alert(1)</script> "quoted" | piped'
"""The reason of a skip that tries to be more than text."""
WORKBENCH = 'resource "aws_sagemaker_notebook_instance" "workbench" {'
DOMAIN = 'resource "aws_sagemaker_domain" "studio" {'
ADDED = """
variable "access" {
  type = string
}
resource "aws_sagemaker_notebook_instance" "added" {
  name                   = "added"
  role_arn               = aws_iam_role.serving.arn
  instance_type          = "ml.t3.medium"
  root_access            = "Enabled"
  direct_internet_access = var.access
}
"""
BROKEN = "locals {\n  text = <<E\nhello\nE\n}\n"
EXEMPTIONS = {
    "exemptions": [
        {
            "control": "CKV_AIML_ENC_1",
            "resource": "aws_sagemaker_notebook_instance.workbench",
            "reason": "the key is being replaced",
            "owner": "Research platform team",
            "expires": "2999-03-31",
        },
        {
            "control": "CKV_AIML_ENC_3",
            "resource": "aws_bedrock_guardrail.assistant",
            "reason": "agreed for the pilot",
            "owner": "Letters team",
            "expires": "2001-06-30",
        },
        {
            "control": "CKV_AIML_NET_9",
            "resource": "aws_bedrockagentcore_agent_runtime.letters",
            "reason": "pilot",
            "owner": "Letters team",
            "expires": "2999-06-30",
        },
    ]
}


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CHECKOV", "CKV", "BC_"))}
    return subprocess.run(
        [sys.executable, "-P", *command],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        check=False,
        timeout=600,
    )


def git(folder: Path, *arguments: str, author: str = "Asha Patel", day: str = "2026-09-01") -> str:
    moment = f"{day}T12:00:00Z"
    identity = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    options = ("-c", f"user.name={author}", "-c", "user.email=someone@example.org", "-c", "commit.gpgsign=false")
    command = ["git", *options, "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **identity}, capture_output=True, text=True, check=True
    ).stdout


@dataclass(frozen=True)
class Scans:
    """Where the repository lies, and the files that two scans of it wrote."""

    checkout: Path
    before: Path
    now: Path
    answers: Path

    def records(self, outcome: str, file: str = "now") -> Iterator[tuple[Mapping[str, Any], bool]]:
        """Checkov's own records, and whether they are those of our controls."""
        reports = json.loads(getattr(self, file).read_text(encoding="utf-8"))
        for report in reports if isinstance(reports, list) else [reports]:
            for record in report["results"][f"{outcome}_checks"]:
                yield record, record["check_id"].startswith("CKV_AIML_")

    def ours(self, outcome: str, file: str = "now") -> set[tuple[str, str]]:
        """(control, resource) of our results."""
        return {(record["check_id"], record["resource"]) for record, ours in self.records(outcome, file) if ours}


def _scan(repository: Path, results: Path, answers: Path, *options: str) -> None:
    arguments = ("-d", ".", "--framework", "terraform", "kubernetes", "secrets", "--skip-download", "-o", "json")
    finished = run("-m", "checkov_aiml", "scan", *arguments, *options, "--answers", str(answers), cwd=repository)
    assert finished.returncode in (1, 2), finished.stderr.decode()
    results.write_bytes(finished.stdout)


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{path}: {old}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="session")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Scans:
    """The insecure examples as they are, and after a commit that corrects, skips, exempts, breaks and adds things."""
    root = tmp_path_factory.mktemp("evidence")
    repository = root / "repository"
    shutil.copytree(REPOSITORY / "examples" / "aws" / "insecure", repository / "aws")
    shutil.copytree(REPOSITORY / "examples" / "kubernetes" / "insecure", repository / "kubernetes")
    git(repository, "init", "--quiet")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "first")
    _scan(repository, root / "before.json", root / "before-answers.json", "--check", "CKV_AIML_*")
    _change(repository / "aws" / "studio.tf", WORKBENCH, f"{WORKBENCH}\n  # checkov:skip=CKV_AIML_NET_3:{ATTACK}")
    _change(repository / "aws" / "studio.tf", DOMAIN, f"{DOMAIN}\n  # checkov:skip=CKV_AIML_NET_4")
    _change(repository / "aws" / "agents.tf", 'network_mode = "PUBLIC"', 'network_mode = "VPC"')
    annotation = "metadata:\n  annotations:\n    checkov.io/skip1: CKV_AIML_RBAC_11=read by the driver only\n"
    _change(repository / "kubernetes" / "role_pod_status.yaml", "metadata:\n", annotation)
    (repository / "kubernetes" / "cluster_role_binding_deploy.yaml").unlink()
    (repository / "aws" / "added.tf").write_text(ADDED, encoding="utf-8")
    (repository / "aws" / "broken.tf").write_text(BROKEN, encoding="utf-8")
    (repository / ".checkov-aiml.yaml").write_text(json.dumps(EXEMPTIONS), encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "second", author="Morgan Lee", day="2026-10-14")
    _scan(repository, root / "now.json", root / "answers.json")
    return Scans(repository, root / "before.json", root / "now.json", root / "answers.json")


Report = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def report() -> Report:
    """Runs `checkov-aiml report`, with a fixed date."""

    def made(*arguments: str | Path, cwd: Path = REPOSITORY, **environment: str) -> subprocess.CompletedProcess[bytes]:
        words = map(str, arguments)
        return run("-m", "checkov_aiml", "report", "--date", DAY, *words, cwd=cwd, **environment)

    return made


@pytest.fixture(scope="session")
def whole(scans: Scans, report: Report) -> Callable[[str], str]:
    """The report with everything that can be given, in a form."""
    options = ("--answers", scans.answers, "--baseline", scans.before, "--checkout", scans.checkout)
    made: dict[str, str] = {}

    def of(form: str) -> str:
        if form not in made:
            finished = report(scans.now, *options, "--format", form)
            assert finished.returncode == 0, finished.stderr.decode()
            made[form] = finished.stdout.decode("utf-8")
        return made[form]

    return of


@pytest.fixture(scope="session")
def evidence(whole: Callable[[str], str]) -> Mapping[str, Any]:
    """The JSON form of it."""
    return json.loads(whole("json"))


@pytest.fixture(scope="session")
def page(whole: Callable[[str], str]) -> BeautifulSoup:
    """The HTML form of it, parsed."""
    return BeautifulSoup(whole("html"), "html.parser")
