"""Writes what an installation of the package brings along, as a CycloneDX bill of materials.

    python scripts/make_sbom.py WHEEL OUT.json [--python PYTHON]

The wheel is installed into an environment made for it, or `--python` names one that has it. CycloneDX's own tool reads
that environment; it runs in another one, because its dependencies are not those of Checkov.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

TOOL = "cyclonedx-bom>=7,<8"


def write(out: Path, wheel: Path, python: Path | None = None) -> None:
    """Write the bill of materials. Raises `subprocess.CalledProcessError` when pip or the tool cannot."""
    with tempfile.TemporaryDirectory(prefix="checkov-aiml-") as folder:
        tool = _environment(Path(folder, "tool"), TOOL)
        described = python or _environment(Path(folder, "described"), str(wheel))
        for note in Path(folder, "described").rglob("checkov_aiml-*.dist-info/direct_url.json"):
            note.unlink()  # It names the folder in which this machine has the wheel.
        command = [tool, "-I", "-m", "cyclonedx_py", "environment", "--output-reproducible", "--of", "JSON"]
        subprocess.run([*command, "--output-file", out, described], check=True)


def _environment(folder: Path, requirement: str) -> Path:
    venv.create(folder)
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", requirement]
    # What another folder of packages holds would not be installed.
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": ""})
    return python


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--python", type=Path)
    given = parser.parse_args()
    write(given.out.resolve(), given.wheel.resolve(), given.python)
