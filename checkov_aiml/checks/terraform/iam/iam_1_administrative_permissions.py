"""IAM_1 administrative permissions of AI roles."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import CRITICAL
from checkov_aiml.judgements.identity_policies import (
    TRAINING_ROLE,
    has_judged_policies,
    is_administrative,
    judge_statements,
    undecided,
)
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.iam_actions import covers_everything
from checkov_aiml.terraform_view.permissions import IDENTITY_POLICIES, Permissions
from checkov_aiml.terraform_view.policy import Statement
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, failed


class AdministrativePermissions(TerraformControl):
    id = "CKV_AIML_IAM_1"
    name = "Ensure AI roles have no administrative permissions"
    severity = CRITICAL
    category = CheckCategories.IAM
    resources = IDENTITY_POLICIES
    why = (
        "Whoever runs code in a notebook, a job or an agent has its role. With administrative permissions a poisoned "
        "model, package or prompt is a takeover of the account."
    )
    fix = "Name the actions that the workload needs, and attach no administrative policy of AWS's own."
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"
    covers = ("I1", "rego")
    maps = ("NCSC-CAF:B2.c", "UKGDPR:32(1)(b)", "UKGDPR:25(2)", "ISO27001:8.2", "ATLAS:AML.T0012")
    limits = (
        "AI roles are those that an AI service may assume, that an AI resource names, or that carry a marker; a policy "
        "is also judged if it allows actions of AI services by name. A permissions boundary counts where the files "
        "hold it. Policies by literal ARN that are not AWS's own are not seen. Text that is no policy is reported here "
        "and by no other control on permissions."
    )
    fails = (
        TRAINING_ROLE
        + """
resource "aws_iam_role_policy" "training" {
  role = aws_iam_role.training.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
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
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::training/*" }]
  })
}
"""
    )

    def concerns(self, resource: Resource) -> bool:
        return has_judged_policies(resource)

    def judge(self, resource: Resource) -> Verdict:
        good = "no administrative permission"
        return judge_statements(resource, _statement, good, is_told=_is_nowhere_else, of_aws=True, malformed=True)


def _is_nowhere_else(statement: Statement, permissions: Permissions) -> bool:
    return False


def _statement(statement: Statement, permissions: Permissions) -> Verdict | None:
    if is_administrative(statement, permissions):
        told = ", ".join(action for action in statement.actions if covers_everything(action))
        told = told or f"everything but {', '.join(statement.not_actions)}"
        return failed(f"{statement.name} allows {told}; name the actions that are needed")
    return undecided(statement)


check = AdministrativePermissions()
