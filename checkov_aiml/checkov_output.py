"""What Checkov prints: the formats of the running scan, and the reason in a Kubernetes record.

Checkov copies a check's `details` into Terraform records but not into Kubernetes records, and writes them into SARIF as
attachments without a location, which the SARIF 2.1.0 schema refuses. Both facts were measured on Checkov 3.3.30.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

from checkov.common.models.enums import CheckResult

REASON = "reason"
"""Key of a check result in Checkov's JSON: what was found, of a passed or failed result."""
EXEMPTION = "exemption"
"""Key of a check result in Checkov's JSON: reason, owner and date of the exemption that made it a skipped one."""


@lru_cache(maxsize=8)
def _formats(arguments: tuple[str, ...]) -> frozenset[str]:
    import configargparse
    from checkov.common.util.config_utils import get_default_config_paths
    from checkov.common.util.ext_argument_parser import ExtArgumentParser

    parser = ExtArgumentParser(
        default_config_files=get_default_config_paths(list(arguments)),
        config_file_parser_class=configargparse.YAMLConfigFileParser,
        add_help=False,
    )
    parser.add_parser_args()
    try:
        known, _ = parser.parse_known_args(list(arguments))
    except (SystemExit, Exception):  # Arguments of another program than Checkov: nothing says SARIF.
        return frozenset()
    return frozenset(known.output or ("cli",))


def scan_prints_sarif() -> bool:
    """Whether this scan prints SARIF too, by its command line, the environment or Checkov's configuration file."""
    return "sarif" in _formats(tuple(sys.argv[1:]))


def show_reason_in_kubernetes_records() -> None:
    """Make Checkov's Kubernetes and Kustomize runners copy the reason of a failed result into the record they print.

    Records are pickled to a parent process that does not know our modules, so the record stays Checkov's own class and
    only its construction is wrapped. Where a runner's module has no `Record` to wrap, `evaluated_keys` still point at
    the attribute.
    """
    from checkov.kubernetes import runner as kubernetes
    from checkov.kustomize import runner as kustomize

    for runner in (kubernetes, kustomize):
        construct = getattr(runner, "Record", None)
        if construct is not None and not hasattr(construct, "checkov_aiml"):
            runner.Record = _with_reason(construct)


def leave_undecided_results_out() -> None:
    """Make Checkov's Kubernetes registry leave out our results that are UNKNOWN.

    Checkov's runners build a record of every result and then drop those that are UNKNOWN. A Terraform runner builds
    none. Most manifests are not of AI workloads, so most of our results would be such.
    """
    from checkov.kubernetes.checks.resource.registry import registry

    scan = registry.scan
    if hasattr(scan, "checkov_aiml"):
        return

    def scan_and_leave_out(*arguments: Any, **keywords: Any) -> Any:
        results = scan(*arguments, **keywords)
        return {
            check: result
            for check, result in results.items()
            if result.get("result") is not CheckResult.UNKNOWN or not check.id.startswith("CKV_AIML_")
        }

    scan_and_leave_out.checkov_aiml = True  # type: ignore[attr-defined]
    registry.scan = scan_and_leave_out  # type: ignore[method-assign]


def _with_reason(construct: Any) -> Any:
    def record_with_reason(*arguments: Any, **keywords: Any) -> Any:
        record = construct(*arguments, **keywords)
        result = keywords.get("check_result") or {}
        failed = result.get("result") is CheckResult.FAILED
        if failed and result.get(REASON) and not record.details and not scan_prints_sarif():
            record.details = [result[REASON]]
        return record

    record_with_reason.checkov_aiml = True  # type: ignore[attr-defined]
    return record_with_reason
