"""The first page is true: its figures, its commands, its links."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import click
import pytest

from checkov_aiml import cli, control_catalogue

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "CHANGELOG.md", "examples/README.md", "benchmarks/README.md")
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_families_and_their_numbers_are_those_of_the_catalogue() -> None:
    said = {family: int(number) for family, number in re.findall(r"^\| ([A-Z]+) \| (\d+) \|", README, re.MULTILINE)}
    assert said == Counter(members[0].family() for members in control_catalogue.by_id().values())
    assert list(said) == [family for family in control_catalogue.FAMILIES if family in said], "in the catalogue's order"


def test_every_command_is_named() -> None:
    named = set(re.findall(r"^\| `checkov-aiml ([a-z-]+(?: [a-z]+(?= …))?)", README, re.MULTILINE))
    commands = set()
    for name, command in cli.main.commands.items():
        inner = command.commands if isinstance(command, click.Group) else ()
        commands |= {f"{name} {one}" for one in inner} or {name}
    assert {name.split(" …")[0] for name in named} == commands


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)$", README, re.MULTILINE))
def test_make_has_what_the_page_says(target: str) -> None:
    assert re.search(rf"^{target}:", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page: str) -> None:
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in link:
            assert ((REPOSITORY / page).parent / link).exists(), f"{page}: {link}"
