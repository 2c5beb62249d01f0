"""Loads a folder of external checks with Checkov's own loader and prints as one JSON object what came of it.

Run as a script in a process of its own, because loading cannot be undone. It imports nothing of this package: which
copy of the package the checks take is a part of the answer.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import sys
from typing import Any


class _LoadErrors(logging.Handler):
    """Collects what Checkov logs about files that it cannot import."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.by_file: dict[str, str] = {}

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        _, _, path = record.getMessage().rpartition(" from ")
        self.by_file[path] = f"{type(error).__name__}: {error}" if error else record.getMessage()


def probe(directory: str) -> dict[str, Any]:
    """What loading `directory` gives: Checkov's version and ids, import errors, and the copies of the package."""
    specification = importlib.util.find_spec("checkov_aiml")
    from checkov.common.checks.base_check_registry import BaseCheckRegistry
    from checkov.kubernetes.runner import registry as _kubernetes  # noqa: F401  # Its import registers the built-ins.
    from checkov.terraform.runner import Runner
    from checkov.version import version

    built_in = sorted({check.id for check in BaseCheckRegistry.get_all_registered_checks()})
    errors = _LoadErrors()
    logging.getLogger(BaseCheckRegistry.__module__).addHandler(errors)
    try:
        Runner().load_external_checks([directory])
    except SystemExit as error:
        errors.by_file[directory] = f"a file ended the process with exit code {error.code}"
    package = sys.modules.get("checkov_aiml")
    return {
        "checkov_version": version,
        "importable": specification.origin if specification else None,
        "used": package.__file__ if package else None,
        "built_in": built_in,
        "errors": errors.by_file,
    }


if __name__ == "__main__":
    print(json.dumps(probe(sys.argv[1])))
