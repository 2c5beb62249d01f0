"""What the report says of real scans: counts, reasons, severities, people, gaps, frameworks, and no more than that."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from checkov_aiml import control_catalogue
from checkov_aiml.evidence.family_words import MEANINGS

OUTCOMES = ("failed", "skipped", "passed")
WORKBENCH = "aws_sagemaker_notebook_instance.workbench"
ATTACK = 'done <script>alert(1)</script> "quoted" | piped'


def section(page: BeautifulSoup, name: str) -> Tag:
    found = page.find(id=name)
    assert isinstance(found, Tag), name
    return found


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").replace("\N{ZERO WIDTH SPACE}", "").split())


def joined(tag: Tag) -> str:
    """The text of a cell, whose addresses hold places where a browser may break the line."""
    return tag.get_text().strip()


def skip_of(evidence: Mapping[str, Any], control: str) -> Mapping[str, Any]:
    (found,) = (one for one in evidence["results"] if one["skip"] and one["control"] == control)
    return found["skip"]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_counts_are_those_of_checkovs_own_report(scans: Any, evidence: Mapping[str, Any], outcome: str) -> None:
    told = {(one["control"], one["resource"]) for one in evidence["results"] if one["outcome"] == outcome}
    assert told == scans.ours(outcome) and told
    assert evidence["summary"][outcome] == sum(one["outcome"] == outcome for one in evidence["results"])
    assert evidence["summary"][outcome] == sum(control[outcome] for control in evidence["controls"])
    assert evidence["summary"][outcome] == sum(family[outcome] for family in evidence["families"])
    cells = [cell for row in evidence["matrix"]["rows"] for cell in row["cells"].values()]
    assert evidence["summary"][outcome] == sum(cell[outcome] for cell in cells)


def test_other_checks_are_counted_apart_and_not_hidden(scans: Any, evidence: Mapping[str, Any]) -> None:
    for outcome in OUTCOMES:
        of_others = Counter(record["check_id"] for record, ours in scans.records(outcome) if not ours)
        assert {
            check["id"]: check[outcome] for check in evidence["other_checks"]["checks"] if check[outcome]
        } == of_others
        assert evidence["other_checks"][outcome] == of_others.total()
    assert evidence["other_checks"]["failed"] > 0


def test_severity_comes_from_the_catalogue(evidence: Mapping[str, Any]) -> None:
    catalogue = {name: type(members[0]).severity.name for name, members in control_catalogue.by_id().items()}
    assert all(one["severity"] == catalogue[one["control"]] for one in evidence["results"])
    failed = Counter(one["severity"] for one in evidence["results"] if one["outcome"] == "failed")
    assert {name: number for name, number in evidence["summary"]["failed_by_severity"].items() if number} == failed


def test_summary_comes_first_in_plain_words(page: BeautifulSoup, evidence: Mapping[str, Any]) -> None:
    first = page.main.find("section")
    assert first["id"] == "summary"
    summary = evidence["summary"]
    lead = (
        f"{summary['failed']} weaknesses in {summary['resources_with_failures']} of {summary['resources']} resources."
    )
    assert lead in words(first)
    assert "The scan did not look at everything" in words(first)
    assert "1 without a reason" in words(first)
    assert "A guardrail is a rule that infrastructure keeps" in words(first)


def test_every_family_is_explained(page: BeautifulSoup) -> None:
    assert MEANINGS.keys() == control_catalogue.FAMILIES.keys()
    told = words(section(page, "families"))
    for code, title in control_catalogue.FAMILIES.items():
        assert f"{title} ({code}) {MEANINGS[code]}" in told


def test_every_finding_stands_with_reason_severity_and_place(page: BeautifulSoup, evidence: Mapping[str, Any]) -> None:
    told = {}
    for box in section(page, "failed").find_all(class_="finding"):
        control = re.search(r"CKV_AIML_[A-Z]+_\d+", words(box))[0]
        for row in box.tbody.find_all("tr"):
            resource, found, where = row.find_all(["th", "td"])
            told[control, joined(resource).removesuffix(" New"), joined(where)] = (joined(found), words(box.h3))
    expected = [one for one in evidence["results"] if one["outcome"] == "failed"]
    assert len(told) == len(expected)
    for one in expected:
        first, last = one["lines"]
        reason, heading = told[one["control"], one["resource"], f"{one['file']}, lines {first} to {last}"]
        assert reason == one["reason"] and reason
        assert heading.upper().startswith(one["severity"])
    severities = [words(box.h3).split()[0] for box in section(page, "failed").find_all(class_="finding")]
    assert severities == sorted(severities, key=["Critical", "High", "Medium", "Low"].index)


def test_matrix_has_a_row_for_each_resource(page: BeautifulSoup, evidence: Mapping[str, Any]) -> None:
    table = section(page, "matrix").table
    heads = [words(cell) for cell in table.thead.find_all("th")]
    titles = {title: code for code, title in control_catalogue.FAMILIES.items()}
    counted: Counter[tuple[str, str, str]] = Counter()
    rows = [row for row in table.tbody.find_all("tr") if "of-skip" not in row.get("class", [])]
    for row in rows:
        head, *cells = row.find_all(["th", "td"])
        file = joined(head.find(class_="file").extract())
        for title, cell in zip(heads[1:], cells, strict=True):
            for number, outcome in re.findall(r"(\d+)\s(failed|skipped|passed)", cell.get_text()):
                counted[f"{file} {joined(head)}", titles[title], outcome] += int(number)
    expected = Counter(
        (f"{one['file']} {one['resource']}", one["family"], one["outcome"]) for one in evidence["results"]
    )
    assert counted == expected
    assert len(rows) == evidence["summary"]["resources"]


def test_skips_stand_with_reason_and_by_whom(page: BeautifulSoup, evidence: Mapping[str, Any]) -> None:
    """A comment, one without a reason, an annotation of a manifest, and an exemption."""
    commented = skip_of(evidence, "CKV_AIML_NET_3")
    assert (commented["kind"], commented["by"], commented["on"]) == ("comment", "Morgan Lee", "2026-10-14")
    assert commented["reason"] == ATTACK
    assert re.fullmatch(r"[0-9a-f]{12}", commented["commit"])
    silent = skip_of(evidence, "CKV_AIML_NET_4")
    assert (silent["reason"], silent["by"]) == (None, "Morgan Lee")
    annotated = skip_of(evidence, "CKV_AIML_RBAC_11")
    assert (annotated["reason"], annotated["by"]) == ("read by the driver only", "Morgan Lee")
    exempted = skip_of(evidence, "CKV_AIML_ENC_1")
    assert exempted == {
        "reason": "the key is being replaced",
        "kind": "exemption",
        "by": "Research platform team",
        "by_unknown_because": "",
        "on": "",
        "commit": "",
        "expires": "2999-03-31",
    }
    for part in ("skipped", "matrix"):
        told = words(section(page, part))
        assert "Morgan Lee, 14 October 2026, commit" in told
        assert ATTACK in told and "read by the driver only" in told
        assert "Research platform team" in told and "31 March 2999" in told
        badges = [words(badge) for badge in section(page, part).find_all(class_="unexplained")]
        assert "No reason given" in badges
    assert evidence["summary"]["skipped_without_reason"] == 1


def test_exemptions_are_listed(page: BeautifulSoup, evidence: Mapping[str, Any]) -> None:
    (in_force,) = evidence["exemptions"]["in_force"]
    assert (in_force["resource"], in_force["owner"], in_force["expires"]) == (
        WORKBENCH,
        "Research platform team",
        "2999-03-31",
    )
    assert [one["address"] for one in evidence["exemptions"]["expired"]] == ["aws_bedrock_guardrail.assistant"]
    assert [one["id"] for one in evidence["exemptions"]["unmatched"]] == ["CKV_AIML_NET_9"]
    told = words(section(page, "skipped"))
    assert "aws_bedrock_guardrail.assistant: ENC_3, by Letters team, ended on 30 June 2001" in told
    assert "NET_9 on aws_bedrockagentcore_agent_runtime.letters, by Letters team, until 30 June 2999" in told


def test_what_was_not_looked_at(page: BeautifulSoup, evidence: Mapping[str, Any]) -> None:
    (lost,) = evidence["coverage"]["not_looked_at"]
    assert (lost["path"], lost["place"]) == ("aws/broken.tf", "line 2")
    assert evidence["summary"]["complete"] is False
    told = words(section(page, "coverage"))
    assert lost["reason"] in told and lost["remedy"] in told
    assert {"address": "aws_sagemaker_notebook_instance.added", "attribute": "direct_internet_access"}.items() <= (
        evidence["coverage"]["undecided"][0].items()
    )
    assert "aws_sagemaker_notebook_instance.added, direct_internet_access: NET_3" in told
    silent = {one["id"] for one in evidence["controls"] if not any(one[outcome] for outcome in OUTCOMES)}
    assert set(evidence["coverage"]["controls_without_result"]) == silent


def test_trend(scans: Any, evidence: Mapping[str, Any], page: BeautifulSoup) -> None:
    """New, fixed and still open; skipping or removing what failed is neither of them."""
    before, now = scans.ours("failed", "before"), scans.ours("failed")
    found = {
        name: {(one["control"], one["resource"]) for one in evidence["trend"][name]}
        for name in ("new", "still_open", "fixed", "now_skipped", "no_longer_reported")
    }
    assert found["new"] == now - before
    assert found["still_open"] == now & before
    assert ("CKV_AIML_NET_9", "aws_bedrockagentcore_agent_runtime.letters") in found["fixed"]
    assert found["now_skipped"] == before & scans.ours("skipped")
    assert {control for control, _ in found["now_skipped"]} == {
        "CKV_AIML_NET_3",
        "CKV_AIML_NET_4",
        "CKV_AIML_RBAC_11",
        "CKV_AIML_ENC_1",
    }
    assert "ClusterRoleBinding.default.deploy" in {resource for _, resource in found["no_longer_reported"]}
    assert before == found["still_open"] | found["fixed"] | found["now_skipped"] | found["no_longer_reported"]
    assert {resource for _, resource in found["new"]} == {"aws_sagemaker_notebook_instance.added"}
    assert {(one["control"], one["resource"]) for one in evidence["results"] if one["is_new"]} == found["new"]
    told = words(section(page, "trend"))
    assert f"{len(found['new'])} new, {len(found['fixed'])} fixed, {len(found['still_open'])} still open" in told
    assert "They are not counted as fixed." in told
    marked = [badge for badge in section(page, "failed").find_all(class_="new") if words(badge) == "New"]
    assert len(marked) == len(found["new"])


def test_each_framework_has_a_section(page: BeautifulSoup, evidence: Mapping[str, Any]) -> None:
    told = section(page, "frameworks")
    headings = [words(heading) for heading in told.find_all("h3")]
    for name in (
        "UK GDPR",
        "NCSC",
        "ISO/IEC 42001",
        "ISO/IEC 27001",
        "NIST AI RMF",
        "OWASP",
        "AWS Foundational Security",
    ):
        assert any(name in heading for heading in headings), name
    by_id = {framework["id"]: framework for framework in evidence["frameworks"]}
    for name in ("UKGDPR", "NCSC-AI", "NCSC-CAF", "ISO42001", "ISO27001", "NIST-AI-RMF", "OWASP-LLM", "FSBP"):
        assert by_id[name]["entries"], name
        assert by_id[name]["source"].startswith("https://") and by_id[name]["edition"] and by_id[name]["caution"]
    controls = {control["id"]: control for control in evidence["controls"]}
    for framework in evidence["frameworks"]:
        for entry in framework["entries"]:
            speaking = [*entry["controls"], *entry["controls_without_result"]]
            assert all(f"{framework['id']}:{entry['id']}" in controls[name]["supports"] for name in speaking)
            assert entry["failed"] == sum(controls[name]["failed"] for name in speaking)


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_it_claims_support_and_nothing_more(whole: Callable[[str], str], form: str) -> None:
    text = whole(form)
    assert "supports" in text
    assert re.findall(r"\b(?:compl(?:y|ies|iant)|guarantees?)\b", text, re.IGNORECASE) == []


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_no_secret_and_no_path_of_the_machine_gets_in(scans: Any, whole: Callable[[str], str], form: str) -> None:
    text = whole(form)
    assert str(scans.checkout) not in text
    assert "someone@example.org" not in text
    assert "code_block" not in text
    # Checkov names a secret's finding by the digest of the secret, which may be guessed from it.
    digests = {r["resource"] for r, _ in scans.records("failed") if re.fullmatch("[0-9a-f]{40}", r["resource"])}
    assert digests and not any(digest in text for digest in digests)
    assert "not-a-real-password" in scans.now.read_text(encoding="utf-8")
    assert "not-a-real-password" not in text


def test_markdown_tables_hold_together(whole: Callable[[str], str]) -> None:
    """Each row has as many cells as the head of its table, whatever stands in them."""
    width = 0
    for line in whole("markdown").splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line)) - 1
        assert cells == (width or cells), line
        width = cells


def test_markdown_says_the_same(whole: Callable[[str], str], evidence: Mapping[str, Any]) -> None:
    text = whole("markdown")
    for one in evidence["results"]:
        assert one["resource"].replace("[", "\\[").replace("]", "\\]") in text
    assert "**No reason given**" in text
    assert "<script" not in text
    assert 'done &lt;script&gt;alert(1)&lt;/script&gt; "quoted" \\| piped' in text
    assert "aws/broken.tf, line 2" in text
    assert "- New: " in text and "- Fixed: " in text and "- Still open: " in text


def test_the_page_is_self_contained(page: BeautifulSoup) -> None:
    assert page.find_all(["script", "img", "iframe", "object", "embed", "link", "base", "form", "svg"]) == []
    attributes = {name for tag in page.find_all(True) for name in tag.attrs}
    assert not attributes & {"src", "srcset", "style", "action", "background"}
    assert not any(name.startswith("on") for name in attributes)
    targets = {tag["href"] for tag in page.find_all(href=True)}
    assert all(target.startswith(("https://", "#")) for target in targets)
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids)) and {t[1:] for t in targets if t.startswith("#")} <= set(ids)
    style = page.style.get_text()
    assert "url(" not in style and "@import" not in style
    assert "@media print" in style and "prefers-color-scheme: dark" in style
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'")
    assert page.html["lang"] == "en-GB"


def test_same_inputs_give_the_same_bytes(scans: Any, report: Any) -> None:
    arguments = (scans.now, "--answers", scans.answers, "--baseline", scans.before, "--checkout", scans.checkout)
    for form in ("html", "json"):
        made = {report(*arguments, "--format", form, PYTHONHASHSEED=seed).stdout for seed in ("1", "2")}
        assert len(made) == 1


def test_shape_of_the_json_is_stable(evidence: Mapping[str, Any]) -> None:
    """These keys are documented; a change needs another `schema_version`."""
    assert (evidence["kind"], evidence["schema_version"]) == ("checkov-aiml evidence", 1)
    assert evidence["date"] == "2026-11-21"
    assert list(evidence) == [
        "kind",
        "schema_version",
        "title",
        "date",
        "checkov_aiml_version",
        "checkov_versions",
        "frameworks_scanned",
        "sources",
        "summary",
        "trend",
        "families",
        "controls",
        "results",
        "matrix",
        "coverage",
        "exemptions",
        "frameworks",
        "other_checks",
    ]
    keys = (
        "control",
        "family",
        "severity",
        "framework",
        "file",
        "lines",
        "resource",
        "outcome",
        "reason",
        "skip",
        "is_new",
    )
    assert all(tuple(one) == keys for one in evidence["results"])


def test_documentation_names_every_key(evidence: Mapping[str, Any]) -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "evidence-report.md").read_text(encoding="utf-8")
    skip = next(one["skip"] for one in evidence["results"] if one["skip"])
    for documented in (
        evidence,
        evidence["summary"],
        evidence["results"][0],
        skip,
        evidence["coverage"],
        evidence["trend"],
    ):
        for key in documented:
            assert f"`{key}`" in guide, key


def test_earlier_evidence_is_no_baseline(scans: Any, report: Any, tmp_path: Path, whole: Callable[[str], str]) -> None:
    """Only results are; the message says which file to give."""
    (tmp_path / "old.json").write_text(whole("json"), encoding="utf-8")
    finished = report(scans.now, "--baseline", tmp_path / "old.json")
    assert finished.returncode == 2
    assert b"old.json: check_type: must be a text" in finished.stderr
    assert json.loads(whole("json"))["kind"]
