"""The command `checkov-aiml`.

Checkov takes two seconds to import, so each command imports what it needs when it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from checkov_aiml.evidence.report_command import report
from checkov_aiml.pii.command import pii
from checkov_aiml.recipes import RECIPES
from checkov_aiml.recipes import write as write_recipe

if TYPE_CHECKING:
    from checkov_aiml.control import Control

FAILED = 2
"""The exit code of a command that could not do what it was asked to."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="checkov-aiml", message="%(version)s")
def main() -> None:
    """Checkov controls for AI and ML infrastructure."""


@main.command("path")
def path_of_checks() -> None:
    """Print the folder that Checkov's --external-checks-dir takes."""
    click.echo(Path(__file__).resolve().parent / "checks")


@main.command("list")
@click.option("--family", metavar="CODE", help="Only the controls of one family, such as NET.")
@click.option("--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True)
def list_controls(family: str | None, form: str) -> None:
    """List the controls: id, severity, name, frameworks."""
    from checkov_aiml import control_catalogue, control_text

    controls = _controls()
    if family and family.upper() not in control_catalogue.FAMILIES:
        _fail(f"{family}: no such family: choose one of {', '.join(control_catalogue.FAMILIES)}")
    chosen = [members for members in controls.values() if not family or members[0].family() == family.upper()]
    write = {"table": control_text.table, "json": control_text.as_json, "markdown": control_text.markdown}[form]
    click.echo(write(chosen))


@main.command()
@click.argument("identifier", metavar="ID")
def explain(identifier: str) -> None:
    """Explain a control. ID is its whole id or the end of it: CKV_AIML_NET_1 or NET_1."""
    from checkov_aiml import control_text

    whole = f"CKV_AIML_{identifier.upper().removeprefix('CKV_AIML_')}"
    members = _controls().get(whole)
    if not members:
        _fail(f"{identifier}: no such control: `checkov-aiml list` shows them all")
    click.echo(control_text.explanation(members))


@main.command()
def doctor() -> None:
    """Load the controls as Checkov would, and say what is wrong."""
    from checkov_aiml import doctor as diagnosis
    from checkov_aiml import loading

    problems = list(diagnosis.problems())
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(FAILED)
    click.echo(f"{len({identifier for identifier, _ in loading.expected()})} controls load")


@main.command()
@click.option("--profile", type=click.Choice(["default", "predecessor"]), default="default", show_default=True)
@click.option("--ci", type=click.Choice(list(RECIPES)), help="Write this pipeline file, and no settings.")
@click.option("--print", "to_stdout", is_flag=True, help="Print the file and write nothing.")
def init(profile: str, ci: str | None, to_stdout: bool) -> None:
    """Write a commented settings file into the current folder, or a pipeline file; never overwrites one.

    The profile `predecessor` fills in the values of the policies that these controls took over.
    """
    from checkov_aiml import settings, settings_file

    path = Path(RECIPES[ci].target if ci else settings.FILE_NAME)
    if to_stdout:
        click.echo(RECIPES[ci].text() if ci else settings_file.text(profile), nl=False)
        return
    try:
        if ci:
            write_recipe(RECIPES[ci])
        else:
            settings_file.write(path, profile)
    except FileExistsError:
        _fail(f"{path}: exists already: remove or rename it first, or add what --print shows")
    except OSError as error:
        _fail(f"{path}: cannot be written: {error.strerror}")
    click.echo(f"{path} written")


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.option("--answers", type=click.Path(dir_okay=False, path_type=Path), help="Write the answers to it as JSON too.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[CHECKOV ARGUMENTS]...")
def scan(answers: Path | None, arguments: tuple[str, ...]) -> None:
    """Run Checkov with these controls, and answer for the scan.

    All other arguments are Checkov's own: `checkov --help` lists them. The exit code is Checkov's own too, or 2 with a
    list of what Checkov did not look at, of controls that did not load and of settings that cannot be used. The answers
    go to standard error.
    """
    from checkov_aiml.scan import scan as run

    try:
        code = run(arguments, answers)
    except OSError as error:
        if error.filename != str(answers):
            raise
        _fail(f"{answers}: cannot be written: {error.strerror}")
    sys.exit(code)


@main.command("scan-changed")
@click.option("--argument", "arguments", multiple=True, metavar="ARGUMENT", help="One more argument for Checkov.")
@click.argument("files", nargs=-1, metavar="[FILE]...")
def scan_changed(arguments: tuple[str, ...], files: tuple[str, ...]) -> None:
    """Scan the folders that changed files touch: what the pre-commit hook runs.

    A module is scanned through the configurations that call it, a manifest with all of its top folder; a changed
    settings file, or not being in a git repository, has everything scanned. What the commit deletes counts as changed.
    Exits as the worst of the scans.
    """
    from checkov_aiml import changed_files

    try:
        code = changed_files.scan_changed(files, arguments)
    except ValueError as error:
        _fail(str(error))
    sys.exit(code)


def _controls() -> Mapping[str, tuple[Control, ...]]:
    from checkov_aiml import control_catalogue

    try:
        return control_catalogue.by_id()
    except Exception as error:
        _fail(f"a control cannot be imported ({type(error).__name__}: {error}): `checkov-aiml doctor` says which")


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(FAILED)


main.add_command(pii)
main.add_command(report)
