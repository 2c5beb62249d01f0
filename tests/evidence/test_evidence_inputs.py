"""What may be given to the report, what may not, and what hostile results make of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from checkov_aiml.cli import main

RECORD = {
    "check_id": "CKV_AIML_NET_3",
    "check_name": "n",
    "check_result": {"result": "FAILED", "reason": "open"},
    "resource": "aws_sagemaker_notebook_instance.a",
    "file_path": "/main.tf",
    "repo_file_path": "/main.tf",
    "file_line_range": [1, 9],
}
ANSWERS = {"not_looked_at": [], "controls": {"not_loaded": []}, "checkov_exit_code": 0}


def results(*records: Mapping[str, Any], outcome: str = "failed", framework: str = "terraform") -> dict[str, Any]:
    """The shape in which Checkov writes one framework's results."""
    lists = {f"{name}_checks": [] for name in ("passed", "failed", "skipped")}
    return {
        "check_type": framework,
        "results": {**lists, f"{outcome}_checks": list(records), "parsing_errors": []},
        "summary": {"checkov_version": "3.3.30"},
    }


def skipped(comment: str, **changes: Any) -> dict[str, Any]:
    return {**RECORD, "check_result": {"result": "SKIPPED", "suppress_comment": comment}, **changes}


@pytest.fixture
def report() -> Any:
    """Runs `checkov-aiml report` in this process, with a fixed date."""

    def made(*arguments: str | Path) -> SimpleNamespace:
        result = CliRunner().invoke(main, ["report", "--date", "2026-11-21", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return SimpleNamespace(returncode=result.exit_code, stdout=result.stdout_bytes, stderr=result.stderr_bytes)

    return made


@pytest.fixture
def evidence_of(report: Any, tmp_path: Path) -> Any:
    def made(*documents: Any, options: tuple[Any, ...] = ()) -> Mapping[str, Any]:
        files = []
        for number, document in enumerate(documents):
            files.append(tmp_path / f"input{number}.json")
            files[-1].write_text(json.dumps(document), encoding="utf-8")
        finished = report(*files, *options, "--format", "json")
        assert finished.returncode == 0, finished.stderr.decode()
        return json.loads(finished.stdout)

    return made


BAD = {
    "nothing": ("", "line 1: not JSON"),
    "terminal": ("terraform scan results:\n\nPassed checks: 3\n", "line 1: not JSON"),
    "cut": (json.dumps(results(RECORD))[:-40], "line 1: not JSON"),
    "two-formats": (json.dumps(results(RECORD)) + "\n--- OUTPUT DELIMITER ---\n", "line 2: not JSON"),
    "list": ("[]", "an empty list"),
    "number": ("3", "not results of Checkov, but a int"),
    "null": ("null", "not results of Checkov"),
    "object": ("{}", "not results of Checkov"),
    "other": ('{"results": {"vulnerabilities": []}}', "check_type: must be a text"),
    "results-list": ('{"check_type": "terraform", "results": []}', "results.failed_checks: must be a list"),
    "second": (json.dumps(results()) + '{"check_type": "x", "results": 1}', "document 2: results.failed_checks: must"),
    "sarif": ('{"version": "2.1.0", "runs": []}', "but SARIF"),
    "list-of-text": ('["results"]', "[0]: not results of Checkov, but a str"),
    "no-id": (
        json.dumps(results({**RECORD, "check_id": None})),
        "results.failed_checks[0].check_id: must be a text",
    ),
    "no-resource": (
        json.dumps([results(), results(RECORD, {**RECORD, "resource": " "})]),
        "[1]: results.failed_checks[1].resource: must be a text",
    ),
    "no-result": (json.dumps(results({"check_id": "X"})), "results.failed_checks[0]: must be a result"),
    "passed": (json.dumps({**results(), "results": {"failed_checks": [], "passed_checks": 3}}), "passed_checks: must"),
    "no-type": (json.dumps({**results(), "check_type": 3}), "check_type: must be a text"),
    "deep": ("[" * 100_000, "not JSON (RecursionError)"),
    "answers": (json.dumps(ANSWERS), "answers of a scan alone"),
    "answers-broken": (json.dumps({**ANSWERS, "not_looked_at": ["x"]}), "not_looked_at: must be a list of objects"),
    "answers-controls": (json.dumps({**ANSWERS, "controls": 3}), "not_loaded: must be a list of objects"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_line(report: Any, tmp_path: Path, name: str) -> None:
    text, expected = BAD[name]
    path = tmp_path / "given.json"
    path.write_text(text, encoding="utf-8")
    finished = report(path, "-o", tmp_path / "out.html")
    assert finished.returncode == 2
    (line,) = finished.stderr.decode().splitlines()
    assert line.startswith(f"{path}: ") and expected in line
    assert not (tmp_path / "out.html").exists()


def test_files_that_cannot_be_read(report: Any, tmp_path: Path) -> None:
    good = tmp_path / "good.json"
    good.write_text(json.dumps(results(RECORD)), encoding="utf-8")
    (tmp_path / "binary.json").write_bytes(b"\x80\x81\x82")
    for arguments, message in (
        ((tmp_path / "gone.json",), "gone.json: does not exist"),
        ((tmp_path,), "cannot be read"),
        ((tmp_path / "binary.json",), "binary.json: not JSON"),
        ((good, "--answers", good), "good.json: not the answers of a scan"),
        ((good, "--answers", tmp_path / "gone.json"), "gone.json: does not exist"),
        ((good, "--baseline", tmp_path / "gone.json"), "gone.json: does not exist"),
        ((good, "--checkout", tmp_path / "gone"), "gone: not a git checkout"),
        ((good, "--checkout", tmp_path), "not a git checkout"),
        ((good, "-o", good), "good.json: is one of the files that the report is made from"),
        ((good, "-o", tmp_path), "is a folder"),
        ((good, "-o", tmp_path / "no" / "such.html"), "such.html: cannot be written: No such file or directory"),
        ((), "no results: name a file"),
    ):
        finished = report(*arguments)
        assert finished.returncode == 2, arguments
        (line,) = finished.stderr.decode().splitlines()
        assert message in line
    assert json.loads(good.read_text(encoding="utf-8")) == results(RECORD)


def test_every_way_in_which_results_come(report: Any, tmp_path: Path) -> None:
    """One framework, a list, one document after another (several -d), and what PowerShell's `>` writes."""
    other = {**RECORD, "repo_file_path": "/b/main.tf"}
    for name, content in {
        "one": json.dumps(results(RECORD, other)),
        "list": json.dumps([results(RECORD), results(other, framework="terraform_plan")]),
        "documents": json.dumps(results(RECORD)) + "\n" + json.dumps(results(other), indent=4) + "\n\n",
        "mark": "\ufeff" + json.dumps(results(RECORD, other)),
    }.items():
        path = tmp_path / f"{name}.json"
        for encoding in ("utf-8", "utf-16"):
            path.write_text(content.removeprefix("\ufeff") if encoding == "utf-16" else content, encoding=encoding)
            finished = report(path, "--format", "json")
            assert finished.returncode == 0, finished.stderr
            found = json.loads(finished.stdout)["results"]
            assert [one["file"] for one in found] == ["b/main.tf", "main.tf"], (name, encoding)


def test_several_files_are_one_report_and_each_result_counts_once(evidence_of: Any) -> None:
    passed = results({**RECORD, "check_result": {"result": "PASSED"}}, outcome="passed")
    twice = evidence_of(results(RECORD), results(RECORD), passed)
    assert [one["outcome"] for one in twice["results"]] == ["failed"], "the worse of two results is told"
    assert len(twice["sources"]) == 3 and len({source["sha256"] for source in twice["sources"]}) == 2


def test_answers_may_stand_among_the_results(evidence_of: Any) -> None:
    assert evidence_of(results(RECORD))["summary"]["complete"] is None
    assert evidence_of(results(RECORD), ANSWERS)["summary"]["complete"] is True
    lost = {**ANSWERS, "not_looked_at": [{"path": "x.tf", "place": "", "reason": "r", "remedy": "m"}]}
    assert evidence_of(results(RECORD), ANSWERS, lost)["summary"]["complete"] is False


@pytest.mark.parametrize(
    ("documents", "state"),
    [
        ([results(RECORD), ANSWERS], "failed"),
        ([results(RECORD, outcome="passed"), ANSWERS], "passed"),
        ([results(RECORD, outcome="passed")], "unconfirmed"),
        ([results(skipped("No comment provided"), outcome="skipped"), ANSWERS], "unexplained"),
        ([{"passed": 0, "failed": 0, "checkov_version": "3.3.30", "resource_count": 0}, ANSWERS], "empty"),
        ([results(RECORD, outcome="passed"), {**ANSWERS, "settings_error": "x"}], "incomplete"),
        ([results(), {**ANSWERS, "controls": {"not_loaded": [{"id": "X", "framework": "t"}]}}], "incomplete"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_state_never_says_more_than_is_known(evidence_of: Any, documents: list[Any], state: str) -> None:
    assert evidence_of(*documents)["summary"]["state"] == state


def test_files_that_checkov_could_not_parse_make_it_incomplete(evidence_of: Any) -> None:
    document = results(RECORD, outcome="passed")
    document["results"]["parsing_errors"] = ["/home/me/estate/infra/broken.tf"]
    document["results"]["passed_checks"] = [{**RECORD, "file_abs_path": "/home/me/estate/main.tf"}]
    made = evidence_of(document)
    assert made["summary"]["state"] == "incomplete"
    assert made["coverage"]["not_parsed"] == ["infra/broken.tf"], "without the path of somebody's machine"


def test_quiet_results_say_that_passes_are_not_in_them(report: Any, tmp_path: Path) -> None:
    document = {"check_type": "terraform", "results": {"failed_checks": [RECORD]}, "summary": {"checkov_version": "3"}}
    path = tmp_path / "quiet.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    page = report(path).stdout.decode()
    assert "The results hold failures alone" in page
    assert "What was skipped is not in the results" in page


@pytest.mark.parametrize("comment", ["No comment provided", "no comment provided.", "", "  ", "-", "…", "\u200b"])
def test_a_skip_without_a_word_has_no_reason(evidence_of: Any, comment: str) -> None:
    made = evidence_of(results(skipped(comment), outcome="skipped"))
    assert made["summary"]["skipped_without_reason"] == 1
    assert made["results"][0]["skip"]["reason"] is None
    assert made["results"][0]["skip"]["by"] == "not known"


def test_severity_does_not_need_the_file_to_have_it(evidence_of: Any) -> None:
    """The catalogue has it; an id that only a newer version knows has that of its record."""
    made = evidence_of(
        results(
            {**RECORD, "severity": None},
            {**RECORD, "check_id": "CKV_AIML_NET_900", "check_name": "Ensure news", "severity": "LOW"},
            {**RECORD, "check_id": "CKV_AIML_NEW_1", "severity": None},
            {**RECORD, "check_id": "CKV_AWS_1", "severity": None},
        )
    )
    assert {one["control"]: one["severity"] for one in made["results"]} == {
        "CKV_AIML_NET_3": "HIGH",
        "CKV_AIML_NET_900": "LOW",
        "CKV_AIML_NEW_1": "not known",
    }
    assert made["matrix"]["families"] == ["NET", "NEW"]
    assert [check["id"] for check in made["other_checks"]["checks"]] == ["CKV_AWS_1"]


def test_relative_folder_of_manifests_is_not_named_twice(evidence_of: Any) -> None:
    doubled = {**RECORD, "file_path": "/deploy/role.yaml", "repo_file_path": "/deploy/deploy/role.yaml"}
    assert evidence_of(results(doubled, framework="kubernetes"))["results"][0]["file"] == "deploy/role.yaml"
    assert evidence_of(results(doubled))["results"][0]["file"] == "deploy/deploy/role.yaml"


EVIL = "</td></table><script>alert('x')</script><img src=x onerror=alert(1)>\"'&lt;{{ 7*7 }}{% raw %}"


@pytest.fixture
def hostile(tmp_path: Path) -> list[Path]:
    """Every text that a file can bring into a report is hostile."""
    bad = {**RECORD, "resource": f"a|b\n# c `d` [x](javascript:alert(1)) {EVIL}", "repo_file_path": f"/{EVIL}.tf"}
    bad["check_result"] = {"result": "FAILED", "reason": f"r|{EVIL}\ud800\u202egnp.exe\u0000"}
    exempted = {"reason": EVIL, "owner": f"o|{EVIL}", "expires": EVIL}
    documents = [
        results(
            bad,
            {**bad, "check_id": f"CKV_AIML_{EVIL}", "check_name": EVIL, "severity": EVIL, "guideline": EVIL},
            {**bad, "check_id": f"CKV_{EVIL}", "check_name": f"n|{EVIL}"},
        ),
        results(
            skipped(f"s|{EVIL}\n| x |"),
            skipped("", check_id="CKV_AIML_NET_4", check_result={"suppress_comment": "", "exemption": exempted}),
            outcome="skipped",
            framework=EVIL,
        ),
        {
            **ANSWERS,
            "settings_error": EVIL,
            "not_looked_at": [dict.fromkeys(("path", "place", "reason", "remedy"), f"p|{EVIL}")],
            "accepted": [dict.fromkeys(("path", "place", "reason", "accepted_because"), EVIL)],
            "crashed": [dict.fromkeys(("id", "address", "error"), EVIL)],
            "exemptions_expired": [dict.fromkeys(("id", "address", "owner", "expires"), EVIL)],
            "exemptions_unmatched": [dict.fromkeys(("id", "resource", "owner", "expires"), EVIL)],
            "undecided": [{"address": EVIL, "attribute": EVIL, "controls": [EVIL, 3]}],
            "controls": {"not_loaded": [{"id": EVIL, "framework": EVIL}]},
        },
    ]
    files = []
    for number, document in enumerate(documents):
        files.append(tmp_path / f"<b>{number}.json")
        files[-1].write_text(json.dumps(document), encoding="utf-8")
    old = tmp_path / "<i>old.json"
    old.write_text(json.dumps(results({**bad, "resource": EVIL})), encoding="utf-8")
    return [*files, old]


def test_hostile_text_stays_text_in_html(report: Any, hostile: list[Path]) -> None:
    *files, old = hostile
    finished = report(*files, "--baseline", old, "--title", f"t {EVIL}")
    assert finished.returncode == 0, finished.stderr.decode()
    page = BeautifulSoup(finished.stdout.decode("utf-8"), "html.parser")
    assert page.find_all(["script", "img", "b"], string=lambda text: text and "alert" in text) == []
    assert page.find_all(["script", "img", "i"]) == []
    assert page.h1.get_text() == f"t {EVIL}"
    for name in ("summary", "trend", "failed", "skipped", "coverage", "matrix", "frameworks", "other", "claims"):
        assert page.find(id=name), name
    for name in ("trend", "failed", "skipped", "coverage", "matrix", "other"):
        assert EVIL in page.find(id=name).get_text(), name
    classes = {name for tag in page.find_all(class_=True) for name in tag["class"]}
    assert all(name.replace("-", "").isalnum() for name in classes), classes
    assert all(tag["href"].startswith(("#", "https://")) for tag in page.find_all(href=True))
    text = page.get_text()
    assert "\u202e" not in text and "\u0000" not in text
    assert "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}gnp.exe\N{REPLACEMENT CHARACTER}" in text
    assert "49" not in page.h1.get_text()


def test_hostile_text_stays_text_in_markdown(report: Any, hostile: list[Path]) -> None:
    *files, old = hostile
    text = report(*files, "--baseline", old, "--title", f"t {EVIL}", "--format", "markdown").stdout.decode("utf-8")
    assert "<" not in text.replace("<br>", "")
    assert re.findall(r"(?<!\\)(?:\]\(|`)", text.partition("## How")[0].replace("`scan --answers`", "")) == []
    lines = text.splitlines()
    assert [line for line in lines if line.startswith("# ")] == [lines[0]]
    width = 0
    for line in lines:
        cells = line.replace("\\\\", "").replace("\\|", "").count("|") if line.startswith("|") else 0
        assert not width or not cells or cells == width, line
        width = cells


def test_form_follows_the_name_of_the_file(report: Any, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(json.dumps(results(RECORD)), encoding="utf-8")
    for name, start in (
        ("e.html", "<!doctype html>"),
        ("e.md", "# AI inf"),
        ("e.json", "{\n"),
        ("e.txt", "<!doctype html>"),
    ):
        assert report(path, "-o", tmp_path / name).returncode == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    report(path, "-o", tmp_path / "e.json", "--format", "markdown")
    assert (tmp_path / "e.json").read_text(encoding="utf-8").startswith("# AI inf")


def test_results_of_the_dataset_scan_are_results_too(report: Any, tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text("name,email\nAsha Patel,asha.patel@example.org\n", encoding="utf-8")
    scanned = CliRunner().invoke(main, ["pii", "scan", str(tmp_path / "patients.csv"), "-o", "json"])
    (tmp_path / "pii.json").write_bytes(scanned.stdout_bytes)
    made = json.loads(report(tmp_path / "pii.json", "--format", "json").stdout)
    assert made["frameworks_scanned"] == ["pii"]
    # Without Presidio the dataset cannot be judged, which is a finding too.
    for outcome in ("failed", "passed"):
        records = json.loads(scanned.stdout_bytes)["results"][f"{outcome}_checks"]
        told = sorted(one["control"] for one in made["results"] if one["outcome"] == outcome)
        assert told == sorted(record["check_id"] for record in records)
    assert {one["family"] for one in made["results"]} == {"PII"}
    assert "asha.patel" not in json.dumps(made)
