"""How Checkov's registries of checks are made to run a control of ours only on what concerns it.

Checkov runs every check of a type on every resource or object of it, and each time writes lines to its debug log that
take longer than most judgements (measured on Checkov 3.2.448 and 3.3.30). Most of an estate is not of AI/ML workloads,
so most of our controls would run to say nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkov_aiml.control import Control

_adapted: list[Any] = []


def run_only_what_concerns(registry: Any, read: Callable[[str, Any], Any]) -> None:
    """Make a registry leave out controls that a resource or object does not concern. Does it once a registry.

    `read` makes of a scanned file and what Checkov found in it what `Control.is_asked` takes. Whatever cannot be read,
    the settings included, is left to the controls, which say so; and where something is skipped, all are asked, because
    the skip is reported of what it names.
    """
    if registry in _adapted:
        return
    _adapted.append(registry)
    scan, checks_of = registry.scan, registry.get_checks

    def scan_entity(scanned_file: str, entity: Any, skipped_checks: Any, *arguments: Any, **keywords: Any) -> Any:
        if not skipped_checks:
            registry.get_checks = lambda kind: _asked(checks_of(kind), lambda: read(scanned_file, entity))
        try:
            return scan(scanned_file, entity, skipped_checks, *arguments, **keywords)
        finally:
            registry.get_checks = checks_of

    registry.scan = scan_entity


def _asked(checks: list[Any], read: Callable[[], Any]) -> list[Any]:
    ours = [check for check in checks if check.id.startswith("CKV_AIML_") and isinstance(check, Control)]
    if not ours:
        return checks
    from checkov_aiml import settings

    try:
        settings.current()
        subject = read()
    except Exception:
        return checks
    without = {control for control in ours if not _is_asked(control, subject)}
    return [check for check in checks if check not in without] if without else checks


def _is_asked(control: Control, subject: Any) -> bool:
    try:
        return control.is_asked(subject)
    except Exception:
        return True
