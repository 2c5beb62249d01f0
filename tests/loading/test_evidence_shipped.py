"""What the report needs beside code is in the wheel and in the sdist."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "checkov_aiml"


def _needed() -> set[str]:
    files = [*(PACKAGE / "evidence" / "templates").iterdir(), PACKAGE / "data" / "compliance.json"]
    return {path.relative_to(PACKAGE.parent).as_posix() for path in files}


@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_templates_and_table_are_shipped(distributions: Path, kind: str) -> None:
    (path,) = distributions.glob(kind)
    if kind == "*.whl":
        names = set(zipfile.ZipFile(path).namelist())
    else:
        with tarfile.open(path) as archive:
            names = {name.partition("/")[2] for name in archive.getnames()}
    assert len(_needed()) == 4
    assert _needed() <= names
