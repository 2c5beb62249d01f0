"""How Checkov's Kubernetes, Helm and Kustomize runners are made to serve our controls.

The Helm and Kustomize runners inherit `check_definitions` from the Kubernetes one, and all three share one registry of
checks, so each fact below has one place where it is mended. All were measured on Checkov 3.2.448 and 3.3.30.

- A check sees one object and nothing else: what a runner is about to check is noted before it starts.
- A check's `details` reach Terraform records but not Kubernetes records: the reason is written into the records of a
  finished check. They stay Checkov's own class, because they may be pickled to a process without our modules.
- Every check of a kind is run on every object of it: controls that an object does not concern are not
  (`check_registry`).
- A record is built of every result and dropped if it is UNKNOWN: such results of ours are left out.
"""

from __future__ import annotations

from typing import Any

from checkov.common.models.enums import CheckResult

from checkov_aiml.check_registry import run_only_what_concerns
from checkov_aiml.checkov_output import REASON, scan_prints_sarif
from checkov_aiml.kubernetes_view.objects import let_go, manifest_of, note


def adapt_the_runner() -> None:
    """Adapt the runners and their registry. Does it once however often it is called."""
    from checkov.kubernetes.checks.resource.registry import registry
    from checkov.kubernetes.runner import Runner

    check = getattr(Runner, "check_definitions", None)
    # Another copy of this package may have come first; its note and its controls are not ours.
    if check is None or getattr(check, "checkov_aiml", None) is note:
        return

    def check_definitions(self: Any, *arguments: Any, **keywords: Any) -> Any:
        note(self.definitions)
        report = check(self, *arguments, **keywords)
        _show_reasons(report)
        return report

    check_definitions.checkov_aiml = note  # type: ignore[attr-defined]
    Runner.check_definitions = check_definitions  # type: ignore[method-assign]

    run_only_what_concerns(registry, lambda _, entity: manifest_of(entity))
    scan = registry.scan

    def scan_object(scanned_file: str, entity: Any, *arguments: Any, **keywords: Any) -> Any:
        try:
            results = scan(scanned_file, entity, *arguments, **keywords)
        finally:
            let_go(entity)
        return {
            check: result
            for check, result in results.items()
            if result.get("result") is not CheckResult.UNKNOWN or not check.id.startswith("CKV_AIML_")
        }

    registry.scan = scan_object  # type: ignore[method-assign]


def _show_reasons(report: Any) -> None:
    if scan_prints_sarif():
        return
    for record in report.failed_checks:
        reason = record.check_result.get(REASON)
        if reason and not record.details:
            record.details = [reason]
