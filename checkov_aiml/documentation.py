"""Writes what the code says of itself into the documentation: `python -m checkov_aiml.documentation docs`.

A page for each control, an index by family and a table of what they cover by resource type go into the folder
`controls` below the one that is named; the reference of the settings goes beside it, and the guides there are told
which controls exist. The same code gives the same bytes, so that a difference means that somebody has to run it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import click

from checkov_aiml import cli, control_catalogue, control_mentions, control_text, settings_reference
from checkov_aiml.control_text import Example, Members, Section

_NOTE = "<!-- Written by `python -m checkov_aiml.documentation docs` from the heads of the controls. -->"


_COMMANDS_NOTE = "<!-- Written by `python -m checkov_aiml.documentation docs` from the commands. -->"
_HELP_WIDTH = 100
GUIDES = ("from-rego-policies.md", "from-stock-checks.md", "settings.md")
"""Pages that say which controls exist and which do not yet."""


def pages(controls: Iterable[Members]) -> Iterator[tuple[str, str]]:
    """File name and text of every page, the index first. `controls` are in the order of the catalogue."""
    listed = list(controls)
    yield "README.md", _index(listed)
    yield "coverage.md", _coverage(listed)
    for members in listed:
        yield f"{members[0].id}.md", _page(members)


def write(directory: Path) -> None:
    """Write the pages, and delete those of controls that are no more. Raises OSError where that is not possible."""
    directory.mkdir(parents=True, exist_ok=True)
    written = dict(pages(control_catalogue.by_id().values()))
    for name, text in written.items():
        (directory / name).write_text(text, encoding="utf-8")
    for path in directory.glob("CKV_AIML_*.md"):
        if path.name not in written:
            path.unlink()


def write_guides(docs: Path) -> None:
    """Write the references of settings and commands, and bring the guides up to date. Raises OSError."""
    (docs / "settings.md").write_text(settings_reference.page(), encoding="utf-8")
    (docs / "commands.md").write_text(_commands(), encoding="utf-8")
    existing = {identifier.removeprefix("CKV_AIML_") for identifier in control_catalogue.by_id()}
    for name in GUIDES:
        path = docs / name
        if path.exists():
            text = path.read_text(encoding="utf-8")
            path.write_text(control_mentions.refreshed(text, existing, control_catalogue.FAMILIES), encoding="utf-8")


def _commands() -> str:
    parts = [_COMMANDS_NOTE, "# Commands", "What `--help` says of each command."]
    for context in _contexts("checkov-aiml", cli.main, None):
        parts += [f"## {context.command_path}", f"```text\n{context.get_help()}\n```"]
    return "\n\n".join(parts) + "\n"


def _contexts(name: str, command: click.Command, parent: click.Context | None) -> Iterator[click.Context]:
    # A width of its own, so that the terminal in which the pages are written does not count.
    own = {**command.context_settings, "terminal_width": _HELP_WIDTH, "max_content_width": _HELP_WIDTH}
    context = click.Context(command, info_name=name, parent=parent, **own)
    yield context
    if isinstance(command, click.Group):
        for inner, one in sorted(command.commands.items()):
            yield from _contexts(inner, one, context)


def _index(controls: list[Members]) -> str:
    about = (
        f"{len(controls)} controls in families; `--check 'CKV_AIML_NET_*'` selects one. "
        "Controls of the framework `terraform` judge HCL and plan JSON alike. "
        "[Coverage](coverage.md) says which of them read which resource type."
    )
    parts = [_NOTE, "# Controls", about]
    for family, of_family in groupby(controls, key=lambda members: members[0].family()):
        parts.append(f"## {family}: {control_catalogue.FAMILIES[family]}")
        parts.append(control_text.markdown(of_family, lambda identifier: f"[{identifier}]({identifier}.md)"))
    return "\n\n".join(parts) + "\n"


class _Reading(NamedTuple):
    """That a control reads an attribute of a type."""

    kind: str
    family: str
    control: str
    path: str


def _coverage(controls: list[Members]) -> str:
    readings = [
        _Reading(kind, member.family(), member.id, path)
        for members in controls
        for member in members
        for kind, paths in member.attributes_read().items()
        for path in paths
    ]
    families = list(dict.fromkeys(reading.family for reading in readings))
    by_family = [[reading for reading in readings if reading.family == family] for family in families]
    counts = [
        (f"{name}: {control_catalogue.FAMILIES[name]}", *_counts(of))
        for name, of in zip(families, by_family, strict=True)
    ]
    types = [
        (f"`{kind}`", *(_cell([r for r in readings if (r.kind, r.family) == (kind, family)]) for family in families))
        for kind in sorted({reading.kind for reading in readings})
    ]
    parts = [
        _NOTE,
        "# Coverage",
        "How many attributes of each resource type the controls of a family read, and which controls these are. Types "
        "with a slash are ARM types, made with `azapi_resource`; those in one word are kinds of Kubernetes manifests.",
        control_text.markdown_table(
            ("Family", "Controls", "Types", "Attributes"), [*counts, ("All", *_counts(readings))]
        ),
        control_text.markdown_table(("Type", *families), types),
    ]
    return "\n\n".join(parts) + "\n"


def _counts(readings: list[_Reading]) -> tuple[str, str, str]:
    """How many controls, types and attributes; an attribute that several controls read is one."""
    seen = ({r.control for r in readings}, {r.kind for r in readings}, {(r.kind, r.path) for r in readings})
    return str(len(seen[0])), str(len(seen[1])), str(len(seen[2]))


def _cell(readings: list[_Reading]) -> str:
    links = dict.fromkeys(f"[{reading.control.rpartition('_')[2]}]({reading.control}.md)" for reading in readings)
    return f"{_counts(readings)[2]}: {', '.join(links)}" if readings else ""


def _page(members: Members) -> str:
    first = members[0]
    parts = [_NOTE, f"# {first.id}: {first.name}", control_text.summary(members)]
    for section in control_text.sections(members):
        parts += [f"## {section.title}", _body(section)]
    return "\n\n".join(parts) + "\n"


def _body(section: Section) -> str:
    match section.body:
        case str(text):
            return text
        case Example(code=code, language=language):
            return f"```{language}\n{code}\n```"
        case Mapping() as attributes:
            rows = ((f"`{subject}`", "<br>".join(f"`{p}`" for p in paths)) for subject, paths in attributes.items())
            return control_text.markdown_table(("Type", "Attributes"), rows)
        case references:
            return "\n".join(f"- <{line}>" if line.startswith("https://") else f"- {line}" for line in references)


@click.command()
@click.argument("docs", type=click.Path(file_okay=False, path_type=Path))
def main(docs: Path) -> None:
    """Write the pages of all controls into the folder `controls` below DOCS, and what the guides say of the code."""
    write(docs / "controls")
    write_guides(docs)


if __name__ == "__main__":
    main(prog_name="python -m checkov_aiml.documentation")
