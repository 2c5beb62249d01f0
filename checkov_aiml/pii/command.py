"""The commands `checkov-aiml pii scan` and `checkov-aiml pii mask`.

Each imports what it needs when it runs: Checkov takes two seconds to import, Presidio one.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import NoReturn

import click

FAILED = 2
"""The exit code of a command that could not do what it was asked to."""

KEY_VARIABLE = "CHECKOV_AIML_PII_KEY"
_SHORTEST_KEY = 16


@click.group()
def pii() -> None:
    """Find and mask personal data in sample datasets."""


@pii.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["cli", "json", "sarif", "junitxml"]),
    default="cli",
    show_default=True,
    help="Checkov's output formats.",
)
@click.option("--quiet", is_flag=True, help="Show failed checks alone.")
@click.option("--compact", is_flag=True, help="As Checkov's own --compact.")
@click.option("--soft-fail", is_flag=True, help="Exit with 0 whatever is found.")
def scan(paths: tuple[Path, ...], output: str, quiet: bool, compact: bool, soft_fail: bool) -> None:
    """Judge datasets: files, folders, or what the setting pii.globs names below the current folder.

    A file that is named is always judged; in a folder, files are that have a dataset's extension, are named as one, or
    match the globs. The exit code is 1 when a dataset holds personal data or cannot be judged.
    """
    from checkov_aiml.pii.dataset_report import datasets_below, report_on, written
    from checkov_aiml.settings import SettingsError, current

    try:
        current()
    except SettingsError as error:
        _fail(f"the settings cannot be used: {error}")
    files = list(datasets_below(paths))
    if not files:
        click.echo("no dataset found: name files or folders, or set pii.globs", err=True)
    report = report_on(files, with_details=output != "sarif")
    click.echo(written(report, output, quiet=quiet, compact=compact))
    sys.exit(1 if report.failed_checks and not soft_fail else 0)


@pii.command()
@click.argument("inputs", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[IN]...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="OUT", help="The masked copy; a folder for several."
)
@click.option("--stdin", "from_stdin", is_flag=True, help="Mask text from standard input to standard output.")
@click.option(
    "--style",
    type=click.Choice(["token", "placeholder"]),
    default="token",
    show_default=True,
    help="What stands for a whole cell: a keyed token, alike for alike values, or the entity's name.",
)
@click.option("--force", is_flag=True, help="Replace OUT when it exists. IN is never replaced.")
def mask(inputs: tuple[Path, ...], output: Path | None, from_stdin: bool, style: str, force: bool) -> None:
    """Write a masked copy of a dataset: same format, encoding and columns.

    Columns of personal data are replaced whole, prose span by span, and the copy is judged before it is written. All
    tokens of one run have one key, so that joins survive; set CHECKOV_AIML_PII_KEY (16 characters or more) to
    have the same tokens in another run.
    """
    from checkov_aiml import settings
    from checkov_aiml.pii.reading import UnreadableError

    try:
        chosen = settings.current().pii
    except settings.SettingsError as error:
        _fail(f"the settings cannot be used: {error}")
    try:
        if from_stdin:
            if inputs or output:
                _fail("--stdin takes neither IN nor OUT")
            _mask_stdin(chosen)
        else:
            _mask_files(inputs, output, chosen, style, force)
    except UnreadableError as error:
        _fail(str(error))


def _mask_stdin(chosen: object) -> None:
    from checkov_aiml.pii.engine.masking import mask_spans
    from checkov_aiml.pii.judge import Judge

    judge = Judge.load(chosen)  # type: ignore[arg-type]
    if judge.model is None:
        click.echo("names and places were not looked for: no spaCy model is installed", err=True)
    for line in sys.stdin:
        content = line.rstrip("\n")
        click.echo(mask_spans(content, judge) + line[len(content) :], nl=False)


def _mask_files(inputs: tuple[Path, ...], output: Path | None, chosen: object, style: str, force: bool) -> None:
    from checkov_aiml.pii.engine.masking import MaskingError, mask_file
    from checkov_aiml.pii.reading import UnreadableError

    if not inputs or output is None:
        _fail("name the dataset and, with -o, its masked copy")
    if len(inputs) > 1 and not output.is_dir():
        _fail(f"{output}: must be a folder for several datasets")
    given = os.environ.get(KEY_VARIABLE)
    if given is not None and len(given) < _SHORTEST_KEY:
        _fail(f"{KEY_VARIABLE} has fewer than {_SHORTEST_KEY} characters")
    key = given.encode() if given is not None else secrets.token_bytes(32)
    for source in inputs:
        target = output / source.name if output.is_dir() else output
        try:
            masked = mask_file(source, target, chosen, key, style, force)  # type: ignore[arg-type]
        except UnreadableError as error:
            _fail(f"{source}: {error}")
        except MaskingError as error:
            _fail(str(error))
        except OSError as error:
            _fail(f"{target}: cannot be written: {error.strerror}")
        told = ", ".join(f"{column} ({entity})" for column, entity in masked.items()) or "nothing needed masking"
        click.echo(f"{target}: {told}", err=True)


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(FAILED)
