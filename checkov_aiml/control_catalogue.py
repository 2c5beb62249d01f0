"""Every control of the package: feeds `list`, `explain`, `doctor`, the documentation and the tests."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from checkov_aiml.control import Control

CHECKS = Path(__file__).resolve().parent / "checks"
FAMILIES: Mapping[str, str] = {
    "NET": "Network isolation",
    "ENC": "Encryption at rest and in transit",
    "RES": "UK data residency",
    "IAM": "Cloud identity and least privilege",
    "RBAC": "Kubernetes RBAC",
    "SEC": "Secrets",
    "PII": "Personal data in sample datasets",
    "GRD": "Model guardrails",
    "GOV": "Model governance",
    "LOG": "Audit, logging and retention",
    "CI": "Pipelines",
}


def directory() -> Path:
    """The folder that `--external-checks-dir` takes."""
    return CHECKS


def control_files(checks: Path = CHECKS) -> Iterator[Path]:
    """The file of every control: two folders below the checks folder, in the folder of its framework and family."""
    for path in sorted(checks.glob("*/*/*.py")):
        if not path.name.startswith("__"):
            yield path


@lru_cache(maxsize=1)
def controls() -> tuple[Control, ...]:
    """Every control, in the order of family and number; a control of two frameworks stands once for each.

    Raises what a control's file raises when it cannot be imported.
    """
    found: list[Control] = []
    for path in control_files():
        specification = importlib.util.spec_from_file_location(f"checkov_aiml_control_{path.stem}", path)
        assert specification and specification.loader, path
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        found.append(module.check)
    return tuple(sorted(found, key=_place))


def command_controls() -> tuple[Control, ...]:
    """Controls that a command of this package reports and that Checkov does not load; `framework` names the command."""
    from checkov_aiml.pii.controls import named_datasets

    return (named_datasets,)


def by_id() -> Mapping[str, tuple[Control, ...]]:
    """Control id to its control in each framework or command that it serves, in the order of family and number."""
    grouped: dict[str, list[Control]] = defaultdict(list)
    for control in sorted((*controls(), *command_controls()), key=_place):
        grouped[control.id].append(control)
    return {identifier: tuple(members) for identifier, members in grouped.items()}


def _place(control: Control) -> tuple[int, int, str]:
    return list(FAMILIES).index(control.family()), control.number(), control.framework
