"""IAM_2 AI roles and wildcards over whole services."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.identity_policies import (
    TRAINING_ROLE,
    covered_services,
    has_judged_policies,
    is_administrative,
    judge_statements,
    judged_policies,
    undecided,
)
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.permissions import (
    IDENTITY_POLICIES,
    Permissions,
    Reach,
    managed_policies,
    reach,
)
from checkov_aiml.terraform_view.policy import Member, Statement
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, all_of, failed, unresolved

_SHOWN = 3


class ServiceWildcards(TerraformControl):
    id = "CKV_AIML_IAM_2"
    name = "Ensure AI roles hold no AI, data, key or secret service as a whole on all resources"
    severity = HIGH
    category = CheckCategories.IAM
    resources = IDENTITY_POLICIES
    why = (
        "All actions of a service on all its resources include reading everybody's data, changing who may read it, and "
        "deleting it. A job that trains one model needs none of that."
    )
    fix = "Name the actions that the workload needs, and the resources that it needs them on."
    guideline = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"
    covers = ("I1", "B27", "rego")
    maps = ("NCSC-CAF:B2.c", "UKGDPR:32(1)(b)", "UKGDPR:25(2)", "ISO27001:8.3", "ATLAS:AML.T0012")
    limits = (
        "A wildcard over a service passes on resources that are named, by ARN or by a condition on their tags. AWS's "
        "own policies are known by a table of those that matter, which also names those that open an AI service by "
        "many single actions. What is true of IAM_1 about which policies are judged is true here."
    )
    fails = (
        TRAINING_ROLE
        + """
resource "aws_iam_role_policy" "training" {
  role = aws_iam_role.training.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:*"], Resource = "*" }]
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
    Statement = [{ Effect = "Allow", Action = ["s3:*"], Resource = ["arn:aws:s3:::training/*"] }]
  })
}
"""
    )

    def concerns(self, resource: Resource) -> bool:
        return has_judged_policies(resource)

    def judge(self, resource: Resource) -> Verdict:
        good = "no wildcard over a service on all resources"
        by_statement = judge_statements(resource, _statement, good, is_told=is_administrative, of_aws=True)
        return all_of([by_statement, *_full_access(resource)])


def _full_access(resource: Resource) -> Iterator[Verdict]:
    for policy, _ in judged_policies(resource):
        service = managed_policies().get(policy.managed, {}).get("full_access_to")
        if service:
            text = f"{policy.managed} is full access to {service}; give a policy of your own"
            yield failed(text, policy.path).about(policy.path)


def _statement(statement: Statement, permissions: Permissions) -> Verdict | None:
    how_far = reach(statement)
    if how_far is Reach.NAMED:
        return None
    wide = [_shown(action, services) for action in statement.actions if (services := _left(action, permissions))]
    if wide and how_far is Reach.ALL:
        return failed(f"{statement.name} allows {', '.join(wide)} on all resources; name the actions and resources")
    if wide:
        return unresolved(f"{statement.name} allows {', '.join(wide)} on resources that are not known")
    return undecided(statement)


def _left(action: Member, permissions: Permissions) -> list[str]:
    """The services of which an action stands for all, as far as nothing takes that away."""
    services = covered_services(action) if action.is_known else []
    return [service for service in services if permissions.leave(f"{service}:*")]


def _shown(action: str, services: list[str]) -> str:
    return f"{action} ({', '.join(services[:_SHOWN])} …)" if len(services) > 1 else str(action)


check = ServiceWildcards()
