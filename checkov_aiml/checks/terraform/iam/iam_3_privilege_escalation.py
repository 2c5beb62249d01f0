"""IAM_3 privilege escalation by AI roles and roles of CI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import CRITICAL
from checkov_aiml.judgements.escalation_paths import escalations, told_on
from checkov_aiml.judgements.identity_policies import (
    TRAINING_ROLE,
    has_judged_policies,
    is_sweeping,
    judged_policies,
    undecided,
)
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.permissions import (
    IDENTITY_POLICIES,
    Permissions,
    Policy,
    Reach,
    reach,
    roles_of,
)
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Outcome, Verdict, all_of, passed, unresolved


class PrivilegeEscalation(TerraformControl):
    id = "CKV_AIML_IAM_3"
    name = "Ensure AI roles and roles of CI hold no path of privilege escalation"
    severity = CRITICAL
    category = CheckCategories.IAM
    resources = IDENTITY_POLICIES
    why = (
        "A few actions that look harmless give another role's rights: a notebook started with an administrator's role "
        "runs commands as that administrator. Whoever gets into the workload or the pipeline takes that way."
    )
    fix = "Name the resources of the actions that the reason names, above all the roles that iam:PassRole may pass."
    guideline = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
    covers = ("I2",)
    maps = ("NCSC-CAF:B2.c", "UKGDPR:32(1)(b)", "ISO27001:8.2", "ATLAS:AML.T0012", "ATLAS:AML.T0105")
    limits = (
        "A path counts where each of its actions is allowed on all resources, or on the role itself; one that needs "
        "several policies is reported on the role. Roles of CI are those assumed through an OpenID Connect provider "
        "that is no EKS cluster's. What IAM_1 and IAM_2 report of a statement is not told again."
    )
    fails = (
        TRAINING_ROLE
        + """
resource "aws_iam_role_policy" "training" {
  role = aws_iam_role.training.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["iam:PassRole", "sagemaker:CreateTrainingJob"], Resource = "*" }]
  })
}
"""
    )
    passes = (
        TRAINING_ROLE
        + """
resource "aws_iam_role_policy" "training" {
  role = aws_iam_role.training.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["sagemaker:CreateTrainingJob"], Resource = "*" },
      {
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = "arn:aws:iam::111122223333:role/training"
        Condition = { StringEquals = { "iam:PassedToService" = "sagemaker.amazonaws.com" } }
      },
    ]
  })
}
"""
    )

    def concerns(self, resource: Resource) -> bool:
        return resource in roles_of(resource).permissions or has_judged_policies(resource, of_ci=True)

    def judge(self, resource: Resource) -> Verdict:
        found = [verdict for policy, whole in judged_policies(resource, of_ci=True) for verdict in _of(policy, whole)]
        return all_of([*found, *_union(resource)])


def _of(policy: Policy, permissions: Permissions) -> Iterator[Verdict]:
    """What the policy opens by itself."""
    if policy.error:
        return
    if policy.statements is None:
        yield unresolved("what the policy says is not known").about(policy.path)
        return
    yield from _told((verdict for needed, verdict in _paths(permissions) if told_on(needed) is policy), policy.path)
    for statement in policy.statements:
        unknown = undecided(statement) if statement.allows and reach(statement) is not Reach.NAMED else None
        if unknown:
            yield unresolved(unknown.statement, policy.path)
        elif not statement.allows and not statement.is_known:
            yield unresolved(f"{statement.place} is not known", policy.path)
    if not policy.managed and not any(s.allows and is_sweeping(s, permissions) for s in policy.statements):
        yield passed("no path of privilege escalation", policy.path)


def _union(resource: Resource) -> Iterator[Verdict]:
    """What several policies of a role open together."""
    permissions = roles_of(resource).permissions.get(resource)
    if permissions is not None:
        yield from _told(verdict for needed, verdict in _paths(permissions) if told_on(needed) is None)


def _told(paths: Iterable[Verdict], *attributes: str) -> Iterator[Verdict]:
    """The paths that are open in one sentence, and those that may be in another."""
    found = list(paths)
    for outcome, advice in _ADVICE.items():
        told = [verdict.statement for verdict in found if verdict.outcome is outcome]
        more = [f"{len(told) - _SHOWN} more paths"] if len(told) > _SHOWN else []
        if told:
            yield Verdict(outcome, f"{'; '.join([*told[:_SHOWN], *more])}{advice}", attributes)


_SHOWN = 3
_ADVICE = {Outcome.FAILED: "; name the resources of these actions, or take them out", Outcome.UNRESOLVED: ""}


def _paths(permissions: Permissions) -> list[tuple[list[Policy], Verdict]]:
    holder = permissions.role or permissions.policies[0].holder
    role_is_judged = permissions.role is None or permissions.role in roles_of(holder).ai

    def find() -> list[tuple[list[Policy], Verdict]]:
        return list(escalations(permissions, lambda policy: role_is_judged or policy.names_ai_actions))

    place = "" if permissions.role else permissions.policies[0].path
    return holder.estate.once(("escalations", holder.root, holder.address, place), find)


check = PrivilegeEscalation()
