"""What the code writes into the guides is what stands there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydantic import BaseModel

from checkov_aiml import cli, control_mentions, documentation, settings

DOCS = Path(__file__).resolve().parents[2] / "docs"
FAMILIES = ("NET", "GOV")


def test_pages_are_as_the_code_is(tmp_path: Path) -> None:
    names = {*documentation.GUIDES, "commands.md"}
    for name in names:
        shutil.copy(DOCS / name, tmp_path)
    documentation.write_guides(tmp_path)
    for name in sorted(names):
        written = (tmp_path / name).read_text(encoding="utf-8")
        assert (DOCS / name).read_text(encoding="utf-8") == written, "run `python -m checkov_aiml.documentation docs`"


def _members(model: type[BaseModel], seen: set[type[BaseModel]]) -> list[tuple[str, str | None]]:
    """Every setting of every type of entry, with its description."""
    if model in seen:
        return []
    seen.add(model)
    found = [(f"{model.__name__}.{name}", member.description) for name, member in model.model_fields.items()]
    for member in model.model_fields.values():
        for one in (member.annotation, *getattr(member.annotation, "__args__", ())):
            if isinstance(one, type) and issubclass(one, BaseModel):
                found += _members(one, seen)
    return found


def test_reference_says_what_every_setting_does() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    members = _members(settings.Settings, set())
    assert len(members) > 40
    for name, description in members:
        assert description, f"{name}: describe it in settings.py"
        assert description in page, name


def test_commands_are_all_there() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    for name in cli.main.commands:
        assert f"## checkov-aiml {name}\n" in page


@pytest.mark.parametrize(
    ("text", "refreshed"),
    [
        ("see NET_1.", "see [NET_1](controls/CKV_AIML_NET_1.md)."),
        ("see GOV_1.", "see GOV_1 (not yet)."),
        ("see [GOV_1](controls/CKV_AIML_GOV_1.md).", "see GOV_1 (not yet)."),
        ("see NET_1 (not yet).", "see [NET_1](controls/CKV_AIML_NET_1.md)."),
        ("`NET_1` and CKV_AIML_NET_1 and CKV_AWS_1", "`NET_1` and CKV_AIML_NET_1 and CKV_AWS_1"),
        ("UKGDPR_32", "UKGDPR_32"),
    ],
)
def test_mentions_are_linked_or_said_to_be_missing(text: str, refreshed: str) -> None:
    once = control_mentions.refreshed(text, {"NET_1"}, FAMILIES)
    assert once == refreshed
    assert control_mentions.refreshed(once, {"NET_1"}, FAMILIES) == once


@pytest.mark.parametrize(
    ("named", "status"), [("NET_1", "covered"), ("NET_1, GOV_1", "partly"), ("GOV_1", "not yet"), ("none", "kept")]
)
def test_status_of_a_row(named: str, status: str) -> None:
    table = f"| Rule | Controls | Status |\n| --- | --- | --- |\n| a | {named} | kept |\n\n| NET_1 | kept |"
    lines = control_mentions.refreshed(table, {"NET_1"}, FAMILIES).splitlines()
    assert lines[2].endswith(f"| {status} |")
    assert lines[4].endswith("| kept |")
