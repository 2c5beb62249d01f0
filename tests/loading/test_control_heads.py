"""The head of every control is complete, true to the provider's schema, and the same in each framework."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from checkov.common.bridgecrew.severities import Severities
from checkov.common.models.enums import CheckCategories
from checkov.common.util.http_utils import valid_url

from checkov_aiml import control_catalogue, loading
from checkov_aiml.control import Control
from checkov_aiml.terraform_view import provider_defaults

SNAPSHOT = Path(__file__).resolve().parents[1] / "fixtures" / "schema_snapshot.json"
CONTROLS = [pytest.param(control, id=f"{control.id}-{control.framework}") for control in control_catalogue.controls()]
WORDS = ("name", "severity", "category", "why", "fix", "guideline", "covers", "maps", "limits")


@cache
def schema() -> Mapping[str, frozenset[str]]:
    """Resource type or kind to the paths that exist; ARM types and providers' types alike in lower case."""
    types = json.loads(SNAPSHOT.read_text(encoding="utf-8"))["types"]
    return {kind.lower(): frozenset(paths) for kind, paths in types.items()}


def test_ids_are_unique_in_a_framework() -> None:
    pairs = [(control.id, control.framework) for control in control_catalogue.controls()]
    assert len(pairs) == len(set(pairs))


def test_ids_are_none_of_checkovs() -> None:
    """Checkov drops a check whose id it has itself, without a word."""
    probe = loading.probe()
    assert probe.built_in == ()
    assert probe.loaded == set(loading.expected())


def test_files_are_named_by_id_and_stand_in_the_folder_of_their_family() -> None:
    assert sorted(loading.expected()) == sorted(
        (control.id, control.framework) for control in control_catalogue.controls()
    )
    for path in control_catalogue.control_files():
        family, number, *subject = path.stem.split("_")
        assert path.parent.name == family
        assert number.isdecimal() and subject, path


@pytest.mark.parametrize("control", CONTROLS)
def test_head_is_complete(control: Control) -> None:
    assert re.fullmatch(r"CKV_AIML_[A-Z]+_[1-9]\d*", control.id)
    assert control.family() in control_catalogue.FAMILIES
    assert type(control).severity in Severities.values()
    assert isinstance(control.category, CheckCategories)
    assert re.fullmatch(r"Ensure \S.{1,102}[^.\s]", control.name)
    for sentences in (control.why, control.fix, control.limits):
        assert sentences.endswith(".") or sentences == control.limits == ""
        assert "  " not in sentences
    assert control.guideline.startswith("https://") and valid_url(control.guideline)
    assert control.covers and all(control.covers)
    assert control.maps and all(re.fullmatch(r"[A-Z][A-Z0-9-]*:\S+", name) for name in control.maps)
    assert control.fails.strip() and control.passes.strip() and control.fails != control.passes
    assert control.attributes_read() and all(control.attributes_read().values())


@pytest.mark.parametrize("control", CONTROLS)
def test_checkov_sees_the_head(control: Control) -> None:
    """The instance that Checkov registers carries what the class says; its base classes set some of it themselves."""
    for word in ("id", "name", "severity", "guideline"):
        assert getattr(control, word) == getattr(type(control), word)
    assert control.categories == [type(control).category]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "identifier", [name for name, members in control_catalogue.by_id().items() if len(members) > 1]
)
def test_words_are_the_same_in_each_framework(identifier: str) -> None:
    first, *others = control_catalogue.by_id()[identifier]
    for other in others:
        for word in WORDS:
            assert getattr(type(other), word) == getattr(type(first), word)


@pytest.mark.parametrize("control", CONTROLS)
def test_attributes_exist_in_the_providers_schema(control: Control) -> None:
    for kind, paths in control.attributes_read().items():
        assert set(paths) <= schema().get(kind.lower(), frozenset()), kind


@pytest.mark.parametrize(("kind", "defaults"), provider_defaults.table().items(), ids=list(provider_defaults.table()))
def test_defaults_name_attributes_and_sources(kind: str, defaults: Mapping[str, Mapping[str, object]]) -> None:
    assert set(defaults) <= schema().get(kind.lower(), frozenset())
    for entry in defaults.values():
        assert entry.keys() == {"value", "source"}
        assert str(entry["source"]).startswith("https://") and valid_url(str(entry["source"]))
        assert isinstance(entry["value"], (str, bool, int))
