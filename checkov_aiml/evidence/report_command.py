"""The command `checkov-aiml report`."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import NoReturn

import click

FAILED = 2
"""The exit code of a report that could not be made."""

_FORMATS = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".json": "json"}
_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("results", nargs=-1, type=_FILE, metavar="RESULTS...")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write the report to it; else to standard output.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "markdown", "json"]),
    help="The form of the report; by default what the ending of FILE says, else html.",
)
@click.option("--answers", multiple=True, type=_FILE, metavar="FILE", help="What `scan --answers FILE` wrote.")
@click.option("--baseline", multiple=True, type=_FILE, metavar="FILE", help="Results of an earlier scan.")
@click.option("--checkout", type=_FILE, metavar="DIR", help="Git checkout of what was scanned: names who wrote a skip.")
@click.option("--title", default="AI infrastructure guardrails", show_default=True, help="The title of the report.")
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The date of the report; today by default.",
)
def report(
    results: tuple[Path, ...],
    output: Path | None,
    form: str | None,
    answers: tuple[Path, ...],
    baseline: tuple[Path, ...],
    checkout: Path | None,
    title: str,
    day: datetime.datetime | None,
) -> None:
    """Write a report of scans for people who need not be engineers.

    RESULTS are files that `checkov-aiml scan -o json` or `checkov -o json` wrote; files of `scan --answers` may stand
    among them. The report is one HTML page that needs no network, Markdown, or JSON. The exit code is 0 whatever was
    found, and 2 when a file cannot be used.
    """
    from checkov_aiml import control_catalogue
    from checkov_aiml.evidence.evidence_document import document
    from checkov_aiml.evidence.evidence_files import EvidenceError, clean
    from checkov_aiml.evidence.evidence_inputs import Inputs
    from checkov_aiml.evidence.git_blame import Checkout
    from checkov_aiml.evidence.rendering import FORMATS

    if not results:
        _fail("no results: name a file that `checkov-aiml scan -o json` wrote")
    if output and output.resolve() in {path.resolve() for path in (*results, *answers, *baseline)}:
        _fail(f"{output}: is one of the files that the report is made from: give the report another name")
    if output and output.is_dir():
        _fail(f"{output}: is a folder: name a file in it")
    try:
        inputs = Inputs(clean(title), (day or datetime.datetime.now(datetime.UTC)).date())
        inputs.read(results, answers, baseline)
        inputs.checkout = Checkout(checkout) if checkout else None
    except EvidenceError as error:
        _fail(str(error))
    try:
        control_catalogue.controls()
    except Exception as error:
        _fail(f"a control cannot be imported ({type(error).__name__}: {error}): `checkov-aiml doctor` says which")
    chosen = form or _FORMATS.get(output.suffix.lower() if output else "", "html")
    text = FORMATS[chosen](document(inputs)).encode("utf-8")
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_bytes(text)
    except OSError as error:
        _fail(f"{output}: cannot be written: {error.strerror}")
    click.echo(f"{output} written", err=True)


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(FAILED)
