"""The commands: what is scanned, Checkov's formats and exit codes, masking files and standard input."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from checkov_aiml.cli import main


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Runs `checkov-aiml pii …` in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, ["pii", *arguments], input=stdin, catch_exceptions=False)

    return command


@pytest.fixture
def folder(tmp_path: Path, made: Any) -> Path:
    made.write_csv(tmp_path / "leak.csv", {"email": made.column(made.email, 20, 1), "n": ["1"] * 20})
    made.write_csv(tmp_path / "clean.csv", {"score": ["0.5"] * 20})
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "b.csv").write_text("email\nsomebody@gmail.com\n")
    return tmp_path


def by_file(result: Result) -> dict[tuple[str, str], str]:
    checks = json.loads(result.stdout)["results"]
    return {
        (record["check_id"][-5:], record["resource"]): record["check_result"]["result"]
        for kind in ("passed_checks", "failed_checks", "skipped_checks")
        for record in checks[kind]
    }


def test_scan_of_a_folder(run: Any, folder: Path) -> None:
    result = run("scan", ".", "-o", "json")
    assert result.exit_code == 1
    expected = {("PII_3", "leak.csv"): "FAILED", ("PII_3", "clean.csv"): "PASSED"}
    assert by_file(result) == {**expected, ("PII_4", "leak.csv"): "PASSED", ("PII_4", "clean.csv"): "PASSED"}


def test_exit_codes(run: Any, folder: Path) -> None:
    assert run("scan", "clean.csv").exit_code == 0
    assert run("scan", "leak.csv").exit_code == 1
    assert run("scan", "leak.csv", "--soft-fail").exit_code == 0
    assert run("scan", "none.csv").exit_code == 1
    assert run("scan", "config.json").exit_code == 0
    nothing = run("scan")
    assert nothing.exit_code == 0 and "no dataset found" in nothing.stderr
    (folder / ".checkov-aiml.yaml").write_text("pii: 5\n")
    from checkov_aiml import settings

    settings.forget()
    assert run("scan", "clean.csv").exit_code == 2


def test_globs_of_the_settings(run: Any, folder: Path) -> None:
    from checkov_aiml import settings

    (folder / ".checkov-aiml.yaml").write_text("pii:\n  globs: ['le*.csv']\n")
    settings.forget()
    assert {file for _, file in by_file(run("scan", "-o", "json"))} == {"leak.csv"}


def test_exemption_and_thresholds_and_entities(run: Any, folder: Path, made: Any) -> None:
    from checkov_aiml import settings

    def with_settings(text: str) -> dict[tuple[str, str], str]:
        (folder / ".checkov-aiml.yaml").write_text(text)
        settings.forget()
        return by_file(run("scan", "leak.csv", "-o", "json"))

    exempted = (
        "exemptions:\n  - {control: CKV_AIML_PII_3, resource: leak.csv, reason: r, owner: o, expires: 2999-01-01}\n"
    )
    assert with_settings(exempted)["PII_3", "leak.csv"] == "SKIPPED"
    assert with_settings("pii:\n  entities: [UK_NHS]\n")["PII_3", "leak.csv"] == "PASSED"
    assert with_settings("pii:\n  entities: [EMAIL]\n") == {("PII_4", "leak.csv"): "FAILED"}
    made.write_csv(folder / "leak.csv", {"email": [*made.column(made.email, 2, 1), *["none@x"] * 18]})
    assert with_settings("{}")["PII_3", "leak.csv"] == "FAILED"
    assert with_settings("pii:\n  thresholds: {EMAIL_ADDRESS: 0.5}\n")["PII_3", "leak.csv"] == "PASSED"


@pytest.mark.parametrize("output", ["cli", "sarif", "junitxml"])
def test_formats(run: Any, folder: Path, output: str, made: Any) -> None:
    result = run("scan", "leak.csv", "-o", output)
    assert result.exit_code == 1
    assert "CKV_AIML_PII_3" in result.stdout
    assert not any(email in result.output for email in made.column(made.email, 20, 1))
    if output == "sarif":
        (finding,) = json.loads(result.stdout)["runs"][0]["results"]
        assert "email holds EMAIL_ADDRESS in 20 of its cells" in finding["message"]["text"]
        assert not finding.get("attachments")
    elif output == "junitxml":
        assert ElementTree.fromstring(result.stdout).attrib["failures"] == "1"
    else:
        assert "email holds EMAIL_ADDRESS in 20 of its cells (100%)" in result.stdout
        assert "not looked for: PERSON, LOCATION and NRP in prose" in result.stdout


def test_mask(run: Any, folder: Path) -> None:
    result = run("mask", "leak.csv", "-o", "masked.csv")
    assert result.exit_code == 0 and "email (EMAIL_ADDRESS)" in result.stderr
    assert run("scan", "masked.csv").exit_code == 0
    again = run("mask", "leak.csv", "-o", "masked.csv")
    assert again.exit_code == 2 and "exists already" in again.stderr
    assert run("mask", "leak.csv", "-o", "leak.csv", "--force").exit_code == 2
    assert run("mask", "leak.csv", "-o", "masked.csv", "--force", "--style", "placeholder").exit_code == 0
    assert (folder / "masked.csv").read_text().splitlines()[1] == "<EMAIL_ADDRESS>,1"
    assert run("mask", "leak.csv").exit_code == 2


def test_mask_several_with_one_key(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "two.csv").write_bytes((folder / "leak.csv").read_bytes())
    (folder / "out").mkdir()
    assert run("mask", "leak.csv", "two.csv", "-o", "out").exit_code == 0
    assert (folder / "out" / "leak.csv").read_text() == (folder / "out" / "two.csv").read_text()
    monkeypatch.setenv("CHECKOV_AIML_PII_KEY", "short")
    assert run("mask", "leak.csv", "-o", "o.csv").exit_code == 2
    monkeypatch.setenv("CHECKOV_AIML_PII_KEY", "a key of enough characters")
    assert run("mask", "leak.csv", "-o", "o1.csv").exit_code == run("mask", "leak.csv", "-o", "o2.csv").exit_code == 0
    assert (
        (folder / "o1.csv").read_text() == (folder / "o2.csv").read_text() != (folder / "out" / "leak.csv").read_text()
    )


def test_mask_standard_input(run: Any) -> None:
    result = run("mask", "--stdin", stdin="User John Doe (john@example.com) purchased item X\n")
    assert result.stdout == "User John Doe (<EMAIL_ADDRESS>) purchased item X\n"
    assert "names and places were not looked for" in result.stderr
    assert run("mask", "--stdin", "-o", "x", stdin="").exit_code == 2


def test_hook_is_declared() -> None:
    import yaml

    hooks = {
        hook["id"]: hook
        for hook in yaml.safe_load((Path(__file__).resolve().parents[2] / ".pre-commit-hooks.yaml").read_text())
    }
    hook = hooks["checkov-aiml-pii"]
    assert hook["entry"].startswith("checkov-aiml pii scan")
    import re

    assert re.search(hook["files"], "data/train.csv.gz") and not re.search(hook["files"], "main.tf")
