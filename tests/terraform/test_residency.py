"""Each way out of the country is found for its own reason, what only looks like one is not; and what settings allow."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from checkov_aiml import settings
from checkov_aiml.judgements.aws_ai_types import addresses
from checkov_aiml.terraform_view.estate import AI_TYPES

TESTS = Path(__file__).resolve().parents[1]
NAMES = ("res_ways_out", "res_azure_ways_out")

MAKER = TESTS.parent / "scripts" / "make_ai_types.py"

_SAID = re.compile(r"^# (?P<kind>way out|look-alike)(?: (?P<control>RES_\d+))?: (?P<text>.+)$")
_BLOCK = re.compile(r'^(?:resource "(?P<type>[^"]+)" "(?P<name>[^"]+)"|provider "(?P<provider>[^"]+)") \{')
_ALIAS = re.compile(r'^  alias += "(?P<alias>[^"]+)"')


class Said(NamedTuple):
    """What a comment says of a block: of a way out the control and the core of its reason, of a look-alike why."""

    address: str
    control: str | None
    text: str


def folder_of(name: str) -> Path:
    return TESTS / "fixtures" / "terraform" / name


def said(name: str) -> Iterator[Said]:
    for path in sorted(folder_of(name).glob("*.tf")):
        lines = path.read_text(encoding="utf-8").splitlines()
        pending: list[re.Match[str]] = []
        for number, line in enumerate(lines):
            comment, block = _SAID.match(line), _BLOCK.match(line)
            if comment:
                pending.append(comment)
            if block:
                yield from (Said(_address(block, lines[number + 1 :]), one["control"], one["text"]) for one in pending)
                pending = []


def _address(block: re.Match[str], body: list[str]) -> str:
    if block["type"]:
        return f"{block['type']}.{block['name']}"
    alias = next((match["alias"] for match in map(_ALIAS.match, body[: body.index("}")]) if match), "default")
    return f"{block['provider']}.{alias}"


@pytest.mark.parametrize("name", NAMES)
def test_ways_out_and_look_alikes_are_many_and_distinct(name: str) -> None:
    everything = list(said(name))
    ways = [one for one in everything if one.control]
    look_alikes = [one for one in everything if not one.control]
    assert len(ways) >= 30 and len({(one.control, one.text) for one in ways}) == len(ways)
    assert len(look_alikes) >= 30 and not {one.address for one in ways} & {one.address for one in look_alikes}
    texts = [path.read_text(encoding="utf-8") for path in folder_of(name).glob("*.tf")]
    assert sum(text.count('\nresource "') for text in texts) >= 60


@pytest.mark.parametrize("form", ["hcl", "plan"])
@pytest.mark.parametrize("name", NAMES)
def test_each_way_out_is_found_and_nothing_else(scan, name: str, form: str) -> None:
    path = folder_of(name) if form == "hcl" else TESTS / "fixtures" / "plans" / f"{name}.json"
    reasons = {
        (result.address, result.control): result.reason
        for result in scan(path)
        if result.control.startswith("RES_") and result.result == "FAILED"
    }
    ways = {(one.address, one.control): one.text for one in said(name) if one.control}
    assert reasons.keys() == ways.keys()
    assert {way: reason for way, reason in reasons.items() if ways[way] not in reason} == {}


ESTATE = """
provider "aws" {
  region = "eu-central-1"
}
resource "aws_bedrockagent_agent" "triage" {
  agent_name              = "triage"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/triage"
  foundation_model        = "eu.anthropic.claude-sonnet-4-20250514-v1:0"
}
resource "aws_bedrock_guardrail" "clinic" {
  name                      = "clinic"
  blocked_input_messaging   = "No."
  blocked_outputs_messaging = "No."
  cross_region_config {
    guardrail_profile_identifier = "eu.guardrail.v1:0"
  }
  topic_policy_config {
    tier_config {
      tier_name = "STANDARD"
    }
  }
}
variable "region" {}
resource "aws_rekognition_collection" "unknown" {
  region        = var.region
  collection_id = "unknown"
}
"""
EUROPE = "eu-central-1, eu-north-1, eu-south-1, eu-south-2, eu-west-1, eu-west-3"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("regions: {aws: [eu-west-2]}", {}),
        ("regions: {aws: [eu-west-2, eu-central-1]}", {"RES_1": "PASSED", "RES_2": "PASSED"}),
        (f"regions: {{aws: [{EUROPE}]}}", dict.fromkeys(("RES_1", "RES_2", "RES_5", "RES_6"), "PASSED")),
    ],
    ids=["uk", "one more region", "all of a geography"],
)
def test_the_setting_allows_more(scan, tmp_path: Path, monkeypatch, content: str, expected: dict[str, str]) -> None:
    found = {result.control: result for result in results(scan, tmp_path, monkeypatch, content)}
    assert {name: found[name].result for name in ("RES_1", "RES_2", "RES_5", "RES_6")} == {
        **dict.fromkeys(("RES_1", "RES_2", "RES_5", "RES_6"), "FAILED"),
        **expected,
    }
    allowed = content.partition("[")[2].partition("]")[0]
    for result in found.values():
        if result.result == "FAILED":
            assert f"the setting regions.aws allows {allowed}" in result.reason


def test_a_region_that_nobody_knows_can_be_made_a_finding(scan, tmp_path: Path, monkeypatch) -> None:
    def unknown(content: str) -> list[str]:
        found = results(scan, tmp_path, monkeypatch, content)
        return [result.result for result in found if result.address == "aws_rekognition_collection.unknown"]

    assert unknown("unresolved: unknown") == []
    assert unknown("unresolved: fail") == ["FAILED"]


def test_an_exempted_provider_is_skipped(scan, tmp_path: Path, monkeypatch) -> None:
    exemption = "{control: CKV_AIML_RES_1, resource: aws.default, reason: agreed, owner: dpo, expires: 2999-01-01}"
    found = results(scan, tmp_path, monkeypatch, f"exemptions: [{exemption}]")
    assert [result.result for result in found if result.control == "RES_1"] == ["SKIPPED"]


def results(scan, folder: Path, monkeypatch, content: str) -> list:
    (folder / "main.tf").write_text(ESTATE, encoding="utf-8")
    (folder / "settings.yaml").write_text(content, encoding="utf-8")
    monkeypatch.setenv(settings.VARIABLE, str(folder / "settings.yaml"))
    settings.forget()
    try:
        return [result for result in scan(folder) if result.control.startswith("RES_")]
    finally:
        settings.forget()


def test_the_table_of_ai_types_is_that_of_the_schemas() -> None:
    """`scripts/make_ai_types.py` makes it anew."""
    specification = importlib.util.spec_from_file_location("make_ai_types", MAKER)
    assert specification and specification.loader
    maker = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(maker)
    snapshot = json.loads(maker.SNAPSHOT.read_text(encoding="utf-8"))
    assert maker.TABLE.read_text(encoding="utf-8") == maker.text(maker.table(snapshot))
    with_region = {kind for kind, marks in snapshot["marks"].items() if "region" in marks.get("residency", ())}
    assert addresses().keys() == {kind for kind in with_region if kind.startswith("aws_")}
    outside = {kind for kind in addresses() if not kind.startswith(AI_TYPES)}
    assert outside == {"aws_codeguruprofiler_profiling_group", "aws_glue_ml_transform"}
