"""What `checkov-aiml scan` answers, as lines for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from checkov.version import version as checkov_version

from checkov_aiml.loading import Loaded
from checkov_aiml.unlooked import Unlooked

SCHEMA_VERSION = 1
INCOMPLETE = 2
"""The exit code of a scan whose result does not speak for everything that was to be scanned."""


@dataclass
class Answers:
    """What the scan has to answer for. `exit_code` is Checkov's own, or 2 when anything makes its result incomplete.

    `exemptions` are those in force, `expired` those whose results fail again, `unmatched` those of the settings that no
    failed result needed. `undecided` maps a resource address and an attribute to the controls that they left undecided.
    `scans` is false when Checkov was asked for something else than a scan; `only_plans` and `only_from_git` say what
    was scanned and whether the external checks came from a repository.
    """

    checkov_exit_code: int
    expected: tuple[Loaded, ...] = ()
    loaded: tuple[Loaded, ...] = ()
    not_looked_at: list[Unlooked] = field(default_factory=list)
    accepted: list[tuple[Unlooked, str]] = field(default_factory=list)
    settings_error: str | None = None
    crashed: list[Mapping[str, str]] = field(default_factory=list)
    exemptions: list[Mapping[str, str]] = field(default_factory=list)
    expired: list[Mapping[str, str]] = field(default_factory=list)
    unmatched: list[Mapping[str, str]] = field(default_factory=list)
    undecided: Mapping[tuple[str, str], set[str]] = field(default_factory=dict)
    scans: bool = False
    only_plans: bool = False
    only_from_git: bool = False

    @property
    def not_loaded(self) -> list[Loaded]:
        return [control for control in self.expected if control not in self.loaded]

    @property
    def counts(self) -> tuple[int, int]:
        """How many controls loaded in each of their frameworks, and how many there are."""
        every = {identifier for identifier, _ in self.expected}
        return len(every - {identifier for identifier, _ in self.not_loaded}), len(every)

    @property
    def exit_code(self) -> int:
        incomplete = self.not_looked_at or self.not_loaded or self.crashed or self.settings_error
        return INCOMPLETE if incomplete else self.checkov_exit_code

    def lines(self) -> Iterator[str]:
        """What a person reads: the path or name first, then what happened, then what to do."""
        if self.settings_error:
            yield self.settings_error
        yield from map(str, self.not_looked_at)
        yield from self._about_loading()
        for crash in self.crashed:
            yield f"{crash['address']}: {crash['id']} could not be judged ({crash['error']}): report it with the log"
        for one, reason in self.accepted:
            yield f"{one.path}: {one.place + ': ' if one.place else ''}accepted by the settings: {reason}"
        for one in self.exemptions:
            yield f"{one['address']}: {one['id']} is exempted by {one['owner']} until {one['expires']}"
        for one in self.expired:
            expired = f"the exemption of {one['id']} by {one['owner']} expired on {one['expires']}"
            yield f"{one['address']}: {expired}: correct the resource, or renew the exemption"
        if self.unmatched and self.scans:
            named = ", ".join(f"{one['id']} on {one['resource']}" for one in self.unmatched)
            yield f"exemptions that no failed result of this scan needed: {named}"
        if self.scans:
            yield self._summary()
        if self.undecided:
            yield self._undecided()

    def _about_loading(self) -> Iterator[str]:
        if self.not_loaded and self.only_from_git:
            yield (
                "--external-checks-git: with it Checkov ignores every --external-checks-dir, these controls too:"
                " clone that repository and name it with --external-checks-dir"
            )
        elif self.not_loaded and not self.loaded:
            yield "controls: none was loaded: run `checkov-aiml doctor`"
        else:
            for identifier, framework in self.not_loaded:
                yield f"{identifier} ({framework}): not loaded, or not everywhere: run `checkov-aiml doctor`"

    def _summary(self) -> str:
        loaded, every = self.counts
        lost = _counted(len(self.not_looked_at), "place was", "places were")
        places = f"{lost} not looked at" if self.not_looked_at else "everything was looked at"
        return f"checkov-aiml: {loaded} of {every} controls loaded; {places}; exit code {self.exit_code}"

    def _undecided(self) -> str:
        count = _counted(len(self.undecided), "attribute", "attributes")
        if self.only_plans:
            return f"{count} unresolved in the plan: known after apply only"
        return f"{count} unresolved in HCL: scan the plan to decide {'it' if len(self.undecided) == 1 else 'them'}"

    def as_json(self) -> dict[str, Any]:
        loaded, every = self.counts
        return {
            "schema_version": SCHEMA_VERSION,
            "checkov_version": checkov_version,
            "exit_code": self.exit_code,
            "checkov_exit_code": self.checkov_exit_code,
            "controls": {
                "expected": every,
                "loaded": loaded,
                "not_loaded": [{"id": identifier, "framework": framework} for identifier, framework in self.not_loaded],
            },
            "settings_error": self.settings_error,
            "not_looked_at": [asdict(one) for one in self.not_looked_at],
            "accepted": [{**asdict(one), "accepted_because": reason} for one, reason in self.accepted],
            "crashed": self.crashed,
            "exemptions": self.exemptions,
            "exemptions_expired": self.expired,
            "exemptions_unmatched": self.unmatched,
            "undecided": [
                {"address": address, "attribute": attribute, "controls": sorted(controls)}
                for (address, attribute), controls in sorted(self.undecided.items())
            ],
        }


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
