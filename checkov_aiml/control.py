"""What a control is: its words, and the base that lets nothing pass by accident.

A control's class attributes are all its words; `judge` is its only code. The base asks `judge`, and answers FAILED when
the settings cannot be used or the judgement raises: Checkov itself would drop a Terraform check that raises without a
word, and end the whole scan at a Kubernetes check that raises.
"""

from __future__ import annotations

import datetime
import logging
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from checkov.common.bridgecrew.severities import BcSeverities, Severities, Severity
from checkov.common.models.enums import CheckCategories, CheckResult

from checkov_aiml import journal
from checkov_aiml.checkov_output import EXEMPTION, REASON, scan_prints_sarif
from checkov_aiml.verdict import MalformedError, Outcome, Verdict, failed

if TYPE_CHECKING:
    from checkov_aiml.settings import Exemption

CRITICAL = Severities[BcSeverities.CRITICAL]
HIGH = Severities[BcSeverities.HIGH]
MEDIUM = Severities[BcSeverities.MEDIUM]
LOW = Severities[BcSeverities.LOW]

logger = logging.getLogger(__name__)

_RESULTS = {
    Outcome.PASSED: CheckResult.PASSED,
    Outcome.FAILED: CheckResult.FAILED,
    Outcome.UNRESOLVED: CheckResult.UNKNOWN,
    Outcome.NOT_APPLICABLE: CheckResult.UNKNOWN,
}


class Control:
    """The words of a control. A framework's base adds how a subject is read and reported.

    `covers` names the requirements of other tools' rules and guides that the control covers, `maps` the ids of the
    compliance frameworks that it supports. `fails` and `passes` are examples that the tests execute.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    category: ClassVar[CheckCategories]
    why: ClassVar[str]
    fix: ClassVar[str]
    guideline: ClassVar[str]
    covers: ClassVar[tuple[str, ...]] = ()
    maps: ClassVar[tuple[str, ...]] = ()
    limits: ClassVar[str] = ""
    fails: ClassVar[str]
    passes: ClassVar[str]

    framework: ClassVar[str]
    details: list[str]
    evaluated_keys: list[str]
    entity_path: str
    entity_type: str
    scan_entity_conf: Callable[[Any, str], CheckResult]
    _scanned_file: str = ""

    @classmethod
    def family(cls) -> str:
        """The family code in the id: `NET` of `CKV_AIML_NET_1`."""
        return cls.id.split("_")[2]

    @classmethod
    def number(cls) -> int:
        return int(cls.id.split("_")[3])

    @classmethod
    @abstractmethod
    def attributes_read(cls) -> Mapping[str, tuple[str, ...]]:
        """Resource type or kind to the attribute paths that the control reads."""

    def run(
        self, scanned_file: str, entity_configuration: Any, entity_name: str, entity_type: str, skip_info: Any
    ) -> dict[str, Any]:
        """Checkov's entry: the result for one entity, skipped when `skip_info` holds a skip.

        Checkov's own method also writes a line to the debug log, which takes longer than most judgements; the
        registries that call this one still write theirs.
        """
        self.details = []
        if skip_info:
            return {"result": CheckResult.SKIPPED, "suppress_comment": skip_info["suppress_comment"]}
        self._scanned_file = scanned_file
        self.entity_path = f"{scanned_file}:{entity_type}:{entity_name}"
        result = self.scan_entity_conf(entity_configuration, entity_type)
        return self.with_reason_and_exemption({"result": result, "evaluated_keys": self.evaluated_keys})

    def is_asked(self, subject: Any) -> bool:
        """Whether a resource or object of a type that the control judges holds anything to judge; may raise."""
        return True

    def announce(self) -> None:
        """Set what Checkov would take from its platform, and note that the control was loaded."""
        self.severity = type(self).severity  # type: ignore[misc]  # Checkov's base class sets None on the instance
        journal.note("loaded", id=self.id, framework=self.framework)

    def answer(self, judge: Any, address: str) -> CheckResult:
        """The result for one resource: `judge()` gives a verdict, `address` names the resource in notes.

        Never raises; whatever stops the judgement is a failed result with the reason.
        """
        # pydantic's models take a fifth of the time of loading all controls; a scan without AI resources needs none.
        from checkov_aiml import settings

        self.details, self.evaluated_keys, self._address, self._crashed = [], [], address, False
        try:
            in_force = settings.current()
            verdict = judge()
            if verdict.outcome is Outcome.UNRESOLVED:
                journal.note("unresolved", id=self.id, address=address, attributes=list(verdict.attributes))
                if in_force.unresolved == "fail":
                    verdict = failed(
                        f"{verdict.reason}; the setting `unresolved: fail` makes that a finding", *verdict.attributes
                    )
        except settings.SettingsError as error:
            journal.note("settings", reason=str(error))
            verdict = failed(f"the settings cannot be used: {error}")
        except MalformedError as error:
            verdict = failed(str(error))
        except Exception as error:
            self._crashed = True
            logger.error("%s could not judge %s", self.id, address, exc_info=True)
            journal.note("crashed", id=self.id, address=address, error=type(error).__name__)
            verdict = failed(f"could not be judged: {type(error).__name__}; the log of this scan holds the traceback")
        return self._report(verdict)

    def _report(self, verdict: Verdict) -> CheckResult:
        self.evaluated_keys = list(verdict.attributes)
        self._reason = verdict.reason if verdict.outcome in (Outcome.PASSED, Outcome.FAILED) else ""
        if verdict.outcome is Outcome.FAILED and not scan_prints_sarif():
            self.details = [self._reason]
        return _RESULTS[verdict.outcome]

    def with_reason_and_exemption(self, result: dict[str, Any]) -> dict[str, Any]:
        """Complete the result that Checkov made of the last answer: its reason, and an exemption of a failed one."""
        if result.get("result") in (CheckResult.PASSED, CheckResult.FAILED):
            result[REASON] = self._reason
        if result.get("result") is CheckResult.FAILED:
            address = self._address
            exemption = None if self._crashed else _exemption(self.id, address)
            if exemption and exemption.expires >= datetime.date.today():
                until = exemption.expires.isoformat()
                result["result"] = CheckResult.SKIPPED
                result["suppress_comment"] = f"{exemption.reason} (exempted by {exemption.owner} until {until})"
                # A comment in the code can read like the line above; only an exemption of the settings sets this.
                result[EXEMPTION] = {"reason": exemption.reason, "owner": exemption.owner, "expires": until}
                journal.note("exempted", id=self.id, address=address, owner=exemption.owner, expires=until)
            elif exemption:
                until = exemption.expires.isoformat()
                result[REASON] = f"{self._reason}; the exemption by {exemption.owner} expired on {until}"
                if self.details:
                    self.details = [result[REASON]]
                journal.note("expired", id=self.id, address=address, owner=exemption.owner, expires=until)
        return result


def _exemption(control: str, address: str) -> Exemption | None:
    from checkov_aiml import settings

    try:
        exemptions = settings.current().exemptions
    except settings.SettingsError:
        return None
    matching = [e for e in exemptions if e.covers(control, address)]
    return max(matching, key=lambda exemption: exemption.expires, default=None)
