"""Imports Presidio although Checkov may have put modules of ours under the names of its dependencies."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def own_modules_aside() -> Iterator[None]:
    """Import others' modules although some of ours stand under their names.

    Checkov puts every folder that it walks on the import path, and loads each of its files under the file's stem. Where
    the whole package is given to it, `catalogue` is ours then, and spaCy cannot import its own.
    """
    package = Path(__file__).resolve().parents[1]

    def is_ours(file: object) -> bool:
        return isinstance(file, str) and Path(file).resolve().is_relative_to(package)

    ours = {name: m for name, m in sys.modules.items() if "." not in name and is_ours(getattr(m, "__file__", None))}
    ours.pop("checkov_aiml", None)
    ours.pop("__main__", None)
    path = list(sys.path)
    sys.path[:] = [folder for folder in path if not (folder and is_ours(folder))]
    for name in ours:
        del sys.modules[name]
    try:
        yield
    finally:
        sys.path[:] = path
        for name, module in ours.items():
            sys.modules.setdefault(name, module)
