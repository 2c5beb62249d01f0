"""The commands in the guides do what the guides say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOK = """
resource "aws_sagemaker_notebook_instance" "analysis" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/analysis"
  instance_type = "ml.t3.medium"
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A git repository with one folder of Terraform."""
    (tmp_path / "infrastructure").mkdir()
    (tmp_path / "infrastructure" / "main.tf").write_text(NOTEBOOK, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


def blocks(guide: str, language: str) -> list[str]:
    text = (REPOSITORY / "docs" / guide).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shell(project: Path, script: str) -> str:
    """Runs the lines of a guide in a shell that finds `checkov-aiml`."""
    programs = project / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "checkov-aiml").write_text(f'#!/bin/sh\nexec {sys.executable} -P -m checkov_aiml "$@"\n')
    (programs / "checkov-aiml").chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        ["sh", "-c", script], cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def test_guide_to_the_report(project: Path) -> None:
    first, second = blocks("evidence-report.md", "sh")
    assert "evidence.html written" in shell(project, first)
    page = (project / "evidence.html").read_text(encoding="utf-8")
    assert "aws_sagemaker_" in page and "The scan looked at everything that it was given." in page
    (project / "infrastructure" / "main.tf").write_text(
        NOTEBOOK.replace('ml.t3.medium"', 'ml.t3.medium"\n  direct_internet_access = "Disabled"'), encoding="utf-8"
    )
    assert "evidence.md written" in shell(project, second)
    text = (project / "evidence.md").read_text(encoding="utf-8")
    assert "- Fixed: 1" in text and "- New: 0" in text


def test_guide_to_exemptions(project: Path) -> None:
    (settings,) = blocks("exemptions.md", "yaml")
    (project / ".checkov-aiml.yaml").write_text(settings, encoding="utf-8")
    (command,) = blocks("exemptions.md", "sh")
    (expected,) = blocks("exemptions.md", "text")
    told = [line.strip() for line in shell(project, command).splitlines()]
    assert [line for line in expected.splitlines() if line not in told] == []


def test_guides_show_what_exists() -> None:
    text = (REPOSITORY / "docs" / "evidence-report.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (REPOSITORY / "docs" / target).is_file(), target
    for picture in (REPOSITORY / "docs" / "images").glob("evidence-*.png"):
        assert picture.stat().st_size < 300_000
