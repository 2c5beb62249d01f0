"""The pages of the controls say what the heads say."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkov_aiml import control_catalogue, documentation

CONTROLS = Path(__file__).resolve().parents[2] / "docs" / "controls"


def _texts(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in directory.iterdir()}


def test_pages_are_as_the_heads_are(tmp_path: Path) -> None:
    documentation.write(tmp_path)
    assert _texts(CONTROLS) == _texts(tmp_path), "run `python -m checkov_aiml.documentation docs`"


def test_pages_of_controls_that_are_no_more_are_deleted(tmp_path: Path) -> None:
    (tmp_path / "CKV_AIML_NET_0.md").touch()
    (tmp_path / "notes.md").touch()
    documentation.write(tmp_path)
    assert _texts(tmp_path).keys() == {"notes.md", *_texts(CONTROLS)}


@pytest.mark.parametrize("identifier", control_catalogue.by_id())
def test_page_holds_every_word_of_the_head(identifier: str) -> None:
    page = (CONTROLS / f"{identifier}.md").read_text(encoding="utf-8")
    for control in control_catalogue.by_id()[identifier]:
        for words in (control.name, control.why, control.fix, control.guideline, control.limits):
            assert " ".join(words.split()) in page
        assert control.fails.strip() in page
        assert control.passes.strip() in page
        assert set(control.covers) | set(control.maps) <= {word.strip(",") for word in page.split()}
        for kind, paths in control.attributes_read().items():
            assert f"| `{kind}` | {'<br>'.join(f'`{path}`' for path in paths)} |" in page


def test_index_links_every_page() -> None:
    index = (CONTROLS / "README.md").read_text(encoding="utf-8")
    for identifier, members in control_catalogue.by_id().items():
        assert f"| [{identifier}]({identifier}.md) | {type(members[0]).severity.name} | {members[0].name} |" in index


def test_coverage_counts_every_type_and_links_every_control() -> None:
    coverage = (CONTROLS / "coverage.md").read_text(encoding="utf-8")
    for identifier, members in control_catalogue.by_id().items():
        family, link = members[0].family(), f"[{members[0].number()}]({identifier}.md)"
        for kind, paths in (item for member in members for item in member.attributes_read().items()):
            row = next(line for line in coverage.splitlines() if line.startswith(f"| `{kind}` |"))
            counts = [int(cell.partition(":")[0]) for cell in row.split(" | ") if link in cell]
            assert counts and max(counts) >= len(set(paths)), f"{identifier} ({family}): {row}"
