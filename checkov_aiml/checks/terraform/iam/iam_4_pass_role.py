"""IAM_4 the roles that AI roles may pass on."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.escalation_paths import PASS_ROLE
from checkov_aiml.judgements.identity_policies import (
    TRAINING_ROLE,
    has_judged_policies,
    is_administrative,
    judge_statements,
    narrower_patterns,
    undecided,
)
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.iam_actions import matches
from checkov_aiml.terraform_view.permissions import IDENTITY_POLICIES, Permissions, Reach, pattern_for, reach
from checkov_aiml.terraform_view.policy import Condition, Statement
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, all_of, failed, unresolved

_LIMITING = ("iam:passedtoservice", "iam:associatedresourcearn")
_SERVICES = ("ec2.amazonaws.com", "lambda.amazonaws.com")


class PassRole(TerraformControl):
    id = "CKV_AIML_IAM_4"
    name = "Ensure iam:PassRole of AI roles names the roles and the services that they are passed to"
    severity = HIGH
    category = CheckCategories.IAM
    resources = IDENTITY_POLICIES
    why = (
        "Passing a role to a service is using it: a data scientist who may pass any role starts a job with the "
        "administrator's and reads what it reads."
    )
    fix = "Name the roles in Resource, and the service in a condition on iam:PassedToService."
    guideline = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
    covers = ("I3",)
    maps = ("NCSC-CAF:B2.c", "UKGDPR:32(1)(b)", "ISO27001:8.2", "ATLAS:AML.T0012")
    limits = (
        "A resource names roles where its name has a fixed part: role/ml-* passes, role/* does not. A condition on "
        "iam:AssociatedResourceArn counts like one on iam:PassedToService, and so does a denial of all other services. "
        "What is true of IAM_1 about which policies are judged is true here."
    )
    fails = (
        TRAINING_ROLE
        + """
resource "aws_iam_role_policy" "training" {
  role = aws_iam_role.training.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["iam:PassRole"], Resource = "*" }]
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
    Statement = [{
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = "arn:aws:iam::111122223333:role/training"
      Condition = { StringEquals = { "iam:PassedToService" = "sagemaker.amazonaws.com" } }
    }]
  })
}
"""
    )

    def concerns(self, resource: Resource) -> bool:
        return has_judged_policies(resource)

    def judge(self, resource: Resource) -> Verdict:
        good = "iam:PassRole is limited, or not allowed"
        return judge_statements(resource, _statement, good, is_told=is_administrative)


def _statement(statement: Statement, permissions: Permissions) -> Verdict | None:
    if statement.not_actions or not permissions.leave(PASS_ROLE):
        return None
    pattern = pattern_for(statement, PASS_ROLE)
    if pattern is None or pattern not in narrower_patterns(statement):
        return undecided(statement) if reach(statement) is not Reach.NAMED else None
    return all_of([*_roles(statement, pattern), *_services(statement, pattern, permissions)])


def _roles(statement: Statement, pattern: str) -> list[Verdict]:
    how_far = reach(statement)
    if how_far is Reach.ALL:
        return [failed(f"{statement.name} allows {pattern} of every role; name the roles in Resource")]
    if how_far is Reach.UNKNOWN:
        return [unresolved(f"which roles {statement.name} passes is not known")]
    return []


def _services(statement: Statement, pattern: str, permissions: Permissions) -> list[Verdict]:
    if any(map(_limits_services, statement.conditions)) or any(map(_denies_other_services, permissions.denied)):
        return []
    if not statement.is_known or any(value.is_unresolved for c in _about_services(statement) for value in c.values):
        return [unresolved(f"to which services {statement.name} passes roles is not known")]
    return [failed(f"{statement.name} allows {pattern} to every service; add a condition on iam:PassedToService")]


def _about_services(statement: Statement) -> list[Condition]:
    return [condition for condition in statement.conditions if condition.key in _LIMITING]


def _limits_services(condition: Condition) -> bool:
    values = [value for value in condition.values if not value.is_unresolved]
    open_to_all = any(all(matches(value, service) for service in _SERVICES) for value in values)
    return condition.key in _LIMITING and not condition.is_negative and bool(values) and not open_to_all


def _denies_other_services(statement: Statement) -> bool:
    about = _about_services(statement)
    return bool(about) and all(c.is_negative for c in about) and pattern_for(statement, PASS_ROLE) is not None


check = PassRole()
