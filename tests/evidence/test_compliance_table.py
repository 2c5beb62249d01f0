"""The compliance table and the controls that refer to it."""

from __future__ import annotations

import pytest

from checkov_aiml import control_catalogue
from checkov_aiml.evidence import compliance_table
from checkov_aiml.evidence.compliance_table import Reference

TABLE = compliance_table.table()
CONTROLS = [members[0] for members in control_catalogue.by_id().values()]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_every_entry_that_a_control_maps_to_is_in_the_table(control: object) -> None:
    maps = control.maps  # type: ignore[attr-defined]
    assert maps
    assert [name for name in maps if not compliance_table.entry(Reference.parse(name))] == []


def test_every_family_supports_entries_of_the_table() -> None:
    assert TABLE["families"].keys() == control_catalogue.FAMILIES.keys()
    for names in TABLE["families"].values():
        assert [name for name in names if not compliance_table.entry(Reference.parse(name))] == []


def test_every_framework_has_a_place_a_source_and_an_edition() -> None:
    placed = [name for section in TABLE["sections"] for name in section["frameworks"]]
    assert sorted(placed) == sorted(TABLE["frameworks"])
    for name, framework in TABLE["frameworks"].items():
        assert framework["source"].startswith("https://"), name
        assert all(framework[key] for key in ("title", "about", "edition", "caution")), name
        for identifier, entry in framework["entries"].items():
            assert entry["title"] and entry["wording"] in ("primary", "copy", "own", "unconfirmed"), identifier


def test_a_control_supports_what_it_names_before_what_its_family_does() -> None:
    found = compliance_table.supported_by("NET", ("UKGDPR:32(1)(b)", "NCSC-AI:SDP-1"))
    assert [str(reference) for reference in found][:2] == ["UKGDPR:32(1)(b)", "NCSC-AI:SDP-1"]
    assert len(found) == len(set(found)) > 2
    assert compliance_table.supported_by("NEW", ()) == []
