"""Which identity policies are judged, and the walk over them that the controls on least privilege share.

A policy is judged where an AI role has it, or where it allows actions that it names by an AI service; the rest of an
estate's policies are another tool's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from checkov_aiml.terraform_view.iam_actions import AI_ACTION, JUDGED_SERVICES, covers_everything, covers_service
from checkov_aiml.terraform_view.permissions import (
    ATTACHMENTS,
    DOCUMENTS,
    Permissions,
    Policy,
    Reach,
    may_mention,
    policies_in,
    reach,
    roles_of,
)
from checkov_aiml.terraform_view.policy import Statement
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed, unresolved

_OF_AWS = re.compile(r":aws:policy/")

IsTold = Callable[[Statement, Permissions], bool]
StatementJudgement = Callable[[Statement, Permissions], Verdict | None]

TRAINING_ROLE = """
resource "aws_iam_role" "training" {
  name = "training"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "sagemaker.amazonaws.com" }
    }]
  })
}
"""
"""A role that SageMaker assumes, for the examples in the heads of controls."""


def judged_policies(resource: Resource, *, of_ci: bool = False) -> Iterator[tuple[Policy, Permissions]]:
    """The policies in a resource that are judged, each with the permissions that it is a part of.

    One that several roles have comes once for each. `of_ci` adds those of roles that CI assumes.
    """
    index = roles_of(resource)
    has_roles = resource.address in index.holders
    if not has_roles and not resource.estate.once(("may concern AI", resource), lambda: _may_concern_ai(resource)):
        return
    for policy in policies_in(resource):
        if policy.is_elsewhere:
            continue
        roles = [role for role in index.holding(policy) if role in index.ai or of_ci]
        for role in roles:
            yield policy, index.permissions[role]
        if not roles and (policy.names_ai_actions or (not has_roles and _may_name_ai_actions(policy))):
            yield policy, Permissions((policy,))


def has_judged_policies(resource: Resource, *, of_ci: bool = False) -> bool:
    """Whether a resource has policies that are judged."""
    return resource.estate.once(
        ("has judged policies", resource, of_ci), lambda: any(True for _ in judged_policies(resource, of_ci=of_ci))
    )


def _may_name_ai_actions(policy: Policy) -> bool:
    """Whether a policy that cannot be read, or in part, has actions of AI services in its source."""
    if policy.statements is not None and not policy.error and not any(map(undecided, policy.statements)):
        return False
    source = policy.holder.body.written(policy.path) or ""  # type: ignore[attr-defined]
    return AI_ACTION.search(source) is not None


def _may_concern_ai(resource: Resource) -> bool:
    if resource.type in DOCUMENTS:
        return may_mention(resource, DOCUMENTS[resource.type], AI_ACTION)
    if resource.type in ATTACHMENTS:
        return may_mention(resource, ATTACHMENTS[resource.type], _OF_AWS)
    return may_mention(resource, "inline_policy", AI_ACTION) or may_mention(resource, "managed_policy_arns", _OF_AWS)


def judge_statements(
    resource: Resource,
    judge: StatementJudgement,
    good: str,
    *,
    is_told: IsTold,
    of_aws: bool = False,
    malformed: bool = False,
) -> Verdict:
    """One verdict for the statements that allow something in the judged policies of a resource.

    `judge` gives None where a statement is good, and `good` says what a policy of such statements is. `is_told` says
    that another control tells of a statement, so that nothing is proved good here; `of_aws` that the table of AWS's own
    policies tells all that this control asks; and `malformed` that it reports text that is no policy: one control does,
    so that the same cause is told once.
    """
    return all_of(
        verdict
        for policy, permissions in judged_policies(resource)
        for verdict in [
            *_unreadable(policy, malformed),
            *_of_statements(policy, permissions, judge),
            *_good(policy, permissions, good, is_told, of_aws),
        ]
    )


def _unreadable(policy: Policy, malformed: bool) -> Iterator[Verdict]:
    if policy.error:
        yield failed(policy.error, policy.path) if malformed else not_applicable("the text is no policy")
    elif policy.statements is None:
        yield unresolved("what the policy says is not known").about(policy.path)


def _of_statements(policy: Policy, permissions: Permissions, judge: StatementJudgement) -> Iterator[Verdict]:
    for statement in policy.statements or ():
        verdict = judge(statement, permissions) if statement.allows else None
        if verdict is not None:
            yield Verdict(verdict.outcome, verdict.statement, (policy.path,), verdict.subjects)
        elif not statement.is_known and not statement.allows:
            yield unresolved(f"{statement.place} is not known", policy.path)


def _good(policy: Policy, permissions: Permissions, good: str, is_told: IsTold, of_aws: bool) -> Iterator[Verdict]:
    told = any(statement.allows and is_told(statement, permissions) for statement in policy.statements or ())
    if policy.statements is not None and not policy.error and not told and (of_aws or not policy.managed):
        yield passed(good, policy.path)


def is_administrative(statement: Statement, permissions: Permissions) -> bool:
    """Whether a statement allows everything, or everything but some actions, and nothing takes that away."""
    patterns = ["*"] if statement.not_actions else [a for a in statement.actions if a.is_known and covers_everything(a)]
    return any(map(permissions.leave_administration, patterns))


def is_sweeping(statement: Statement, permissions: Permissions) -> bool:
    """Whether a statement is administrative or opens a whole service, which other controls tell."""
    known = (action for action in statement.actions if action.is_known)
    wide = (permissions.leave(f"{service}:*") for action in known for service in covered_services(action))
    return is_administrative(statement, permissions) or (reach(statement) is not Reach.NAMED and any(wide))


def covered_services(pattern: str) -> list[str]:
    """The services of AI, data, keys, secrets and images of which a pattern stands for all actions."""
    if "*" not in pattern or covers_everything(pattern):
        return []
    return sorted(service for service in JUDGED_SERVICES if covers_service(pattern, service))


def narrower_patterns(statement: Statement) -> list[str]:
    """The actions of a statement without those that stand for a whole service or more, which other controls judge."""
    known = (a for a in statement.actions if a.is_known)
    return [action for action in known if not covers_everything(action) and not covered_services(action)]


def undecided(statement: Statement) -> Verdict | None:
    """Unresolved where nobody can tell what an action of a statement comes to; None where everybody can."""
    unknown = [str(action) for action in (*statement.actions, *statement.not_actions) if not action.is_known]
    return unresolved(f"{', '.join(unknown)} in {statement.name} is not known") if unknown else None
