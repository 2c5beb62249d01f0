"""Ways from what a role may do to what it may not: which actions together give it another role's rights."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from checkov_aiml.judgements.identity_policies import covered_services, is_administrative
from checkov_aiml.terraform_view.iam_actions import matches
from checkov_aiml.terraform_view.permissions import Permissions, Policy, Reach, pattern_for, reach
from checkov_aiml.terraform_view.policy import Statement
from checkov_aiml.verdict import Verdict, failed, unresolved

PASS_ROLE = "iam:PassRole"


@dataclass(frozen=True)
class EscalationPath:
    """What a path gives, the actions of which all are needed, and the service to which its role is passed, if any."""

    gives: str
    actions: tuple[str, ...]
    passed_to: str


@dataclass(frozen=True)
class Step:
    """One action of a path as a statement of a policy allows it, and how far."""

    action: str
    policy: Policy
    statement: Statement
    reach: Reach
    by_service: bool

    def told(self, *, with_holder: bool) -> str:
        """The action and where it is allowed, for a message on the policy itself or on the role."""
        holder = f"{self.policy.holder.address}: " if with_holder else ""
        return f"{self.action} ({holder}{self.statement.name})"


@lru_cache(maxsize=1)
def paths() -> tuple[EscalationPath, ...]:
    """The table of paths; each with its source in `data/escalation_paths.json`."""
    content = (files("checkov_aiml") / "data" / "escalation_paths.json").read_text(encoding="utf-8")
    rows = json.loads(content)["paths"]
    return tuple(EscalationPath(r["gives"], tuple(r["actions"]), r.get("passed_to", "")) for r in rows)


IsJudged = Callable[[Policy], bool]
"""Whether the controls on administrative permissions and on wildcards judge a policy, so that they tell of it."""


def escalations(permissions: Permissions, is_judged: IsJudged) -> Iterator[tuple[list[Policy], Verdict]]:
    """The paths that a role's permissions open, or may open, each with the policies that it needs.

    What other controls report is left out: statements that allow everything, and paths that open by nothing but
    wildcards over whole services. A statement that allows everything, and that they do not judge, is a path of its own.
    """
    for policy, statement in permissions.allowed:
        if is_administrative(statement, permissions) and not is_judged(policy):
            yield [policy], failed(f"{statement.name} allows everything")
    opened = [(path, steps) for path in paths() for steps in _openings(path, permissions, is_judged)]
    for path, steps in opened:
        if any(set(other.actions) < set(path.actions) for other, _ in opened):
            continue
        involved = list(dict.fromkeys(step.policy for step in steps))
        told = " and ".join(step.told(with_holder=len(involved) > 1) for step in steps)
        gives = "give" if steps[1:] else "gives"
        if all(step.reach is Reach.ALL for step in steps):
            yield involved, failed(f"{told} {gives} {path.gives}")
        else:
            yield involved, unresolved(f"{told} may give {path.gives}")


def _openings(path: EscalationPath, permissions: Permissions, is_judged: IsJudged) -> Iterator[list[Step]]:
    """The steps of a path in each policy that opens it by itself, or else those of several; certain ones first."""
    ways = [list(_ways(action, path, permissions, is_judged)) for action in path.actions]
    certain = [[step for step in found if step.reach is Reach.ALL] for found in ways]
    ways = certain if all(certain) else ways
    policies = dict.fromkeys(step.policy for step in ways[0])
    within = [[[step for step in found if step.policy is policy] for found in ways] for policy in policies]
    for found in [alone for alone in within if all(alone)] or [ways]:
        steps = [min(each, key=lambda step: (step.reach is not Reach.ALL, step.by_service)) for each in found if each]
        if len(steps) == len(path.actions) and not all(step.by_service for step in steps):
            yield steps


def _ways(action: str, path: EscalationPath, permissions: Permissions, is_judged: IsJudged) -> Iterator[Step]:
    if not permissions.leave(action):
        return
    for policy, statement in permissions.allowed:
        pattern = pattern_for(statement, action)
        if pattern is None or is_administrative(statement, permissions):
            continue
        how_far = _reach(statement, action, path, permissions)
        if how_far is not Reach.NAMED:
            by_service = bool(covered_services(pattern)) and is_judged(policy)
            yield Step(action, policy, statement, how_far, by_service)


def _reach(statement: Statement, action: str, path: EscalationPath, permissions: Permissions) -> Reach:
    if action == PASS_ROLE and not _passes_to(statement, path.passed_to):
        return Reach.NAMED
    if action.startswith("iam:") and action != PASS_ROLE and _names_itself(statement, permissions):
        return Reach.ALL
    return reach(statement)


def _passes_to(statement: Statement, service: str) -> bool:
    """Whether a statement lets a role be passed to a service."""
    named = [c for c in statement.conditions if c.key == "iam:passedtoservice" and not c.is_negative]
    return all(any(v.is_unresolved or matches(v, service) for v in c.values) for c in named)


def _names_itself(statement: Statement, permissions: Permissions) -> bool:
    """Whether a statement names the role that has it, or a policy of that role."""
    own = {permissions.role, *(policy.holder for policy in permissions.policies)} - {None}
    name = permissions.role.text("name") if permissions.role else None
    literal = name and any(resource.endswith(f":role/{name}") for resource in statement.resources)
    return bool(literal) or any(t in own for resource in statement.resources for t in resource.targets)


def told_on(policies: Iterable[Policy]) -> Policy | None:
    """The policy on which a path is reported; None where it takes several, so that the role is the place."""
    needed = list(policies)
    return needed[0] if len(needed) == 1 else None
