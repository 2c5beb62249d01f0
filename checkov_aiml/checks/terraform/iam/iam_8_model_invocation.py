"""IAM_8 the models that may be invoked."""

from __future__ import annotations

import re

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.identity_policies import (
    TRAINING_ROLE,
    has_judged_policies,
    is_sweeping,
    judge_statements,
    narrower_patterns,
    undecided,
)
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.iam_actions import matches
from checkov_aiml.terraform_view.permissions import (
    IDENTITY_POLICIES,
    Permissions,
    Reach,
    pattern_for,
    reach,
    roles_of,
)
from checkov_aiml.terraform_view.policy import Condition, Statement
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, all_of, failed, unresolved

_BEDROCK = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
_ALL = (
    *_BEDROCK,
    "bedrock:CreateModelInvocationJob",
    "sagemaker:InvokeEndpoint",
    "sagemaker:InvokeEndpointAsync",
    "sagemaker:InvokeEndpointWithResponseStream",
)
_OF_A_PROVIDER = re.compile(
    r"arn:[^:]*:bedrock:[^:]*:[^:]*:(?:foundation-model|inference-profile)/(?:(?:apac|au|ca|eu|global|jp|us|us-gov)\.)?"
    r"[\w-]+\.?\*"
)
"""All models of a provider, such as `foundation-model/anthropic.*`."""

_GUARDRAIL = "bedrock:guardrailidentifier"
_PROFILE = "bedrock:inferenceprofilearn"


class ModelInvocation(TerraformControl):
    id = "CKV_AIML_IAM_8"
    name = "Ensure model invocation is limited to named models, and to the guardrail where one exists"
    severity = MEDIUM
    category = CheckCategories.IAM
    resources = IDENTITY_POLICIES
    why = (
        "Whoever may invoke any model sends personal data to models that nobody assessed, in regions that nobody "
        "chose, at any price; without the guardrail's condition the guardrail is left out by leaving out a parameter."
    )
    fix = "Name the models in Resource, and the guardrail in a condition on bedrock:GuardrailIdentifier."
    guideline = "https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html"
    covers = ("I5", "B28")
    maps = ("NCSC-CAF:B2.d", "UKGDPR:25(2)", "ISO27001:8.3", "ATLAS:AML.T0040", "OWASP-LLM:LLM10:2025")
    limits = (
        "The guardrail is demanded where the root module has one, and not of roles that Bedrock itself assumes: agents "
        "and knowledge bases name their guardrail themselves, and AWS says that some of their calls carry none. Named "
        "are also the models of a family, as in anthropic.claude-3-*, and endpoints by a part of their name."
    )
    fails = (
        TRAINING_ROLE
        + """
resource "aws_iam_role_policy" "training" {
  role = aws_iam_role.training.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["bedrock:InvokeModel"], Resource = "*" }]
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
      Effect   = "Allow"
      Action   = ["bedrock:InvokeModel"]
      Resource = "arn:aws:bedrock:eu-west-2::foundation-model/anthropic.claude-3-7-sonnet-20250219-v1:0"
    }]
  })
}
"""
    )

    def concerns(self, resource: Resource) -> bool:
        return has_judged_policies(resource)

    def judge(self, resource: Resource) -> Verdict:
        has_guardrail = next(resource.estate.of_type("aws_bedrock_guardrail", root=resource.root), None) is not None

        def judge(statement: Statement, permissions: Permissions) -> Verdict | None:
            return _statement(statement, permissions, has_guardrail)

        return judge_statements(resource, judge, "model invocation is limited, or not allowed", is_told=is_sweeping)


def _statement(statement: Statement, permissions: Permissions, has_guardrail: bool) -> Verdict | None:
    if statement.not_actions:
        return None
    patterns = narrower_patterns(statement)
    actions = [action for action in _ALL if permissions.leave(action) and pattern_for(statement, action) in patterns]
    if not actions:
        return undecided(statement) if reach(statement) is not Reach.NAMED else None
    verdicts = [_models(statement, actions)]
    if has_guardrail and not _is_of_bedrock(permissions) and any(action in _BEDROCK for action in actions):
        verdicts.append(_guardrail(statement, permissions))
    return all_of(filter(None, verdicts)) if any(verdicts) else None


def _models(statement: Statement, actions: list[str]) -> Verdict | None:
    told = f"{statement.name} allows {actions[0]}"
    broad = next((str(resource) for resource in statement.resources if _OF_A_PROVIDER.fullmatch(resource)), None)
    how_far = Reach.NAMED if any(map(_names_a_profile, statement.conditions)) else reach(statement)
    if how_far is Reach.ALL:
        return failed(f"{told} of every model; name the models or endpoints in Resource")
    if broad:
        return failed(f"{told} of all that {broad} stands for; name the models in Resource")
    return unresolved(f"{told} of models that are not known") if how_far is Reach.UNKNOWN else None


def _guardrail(statement: Statement, permissions: Permissions) -> Verdict | None:
    own = [condition for condition in statement.conditions if condition.key == _GUARDRAIL]
    denials = [s for s in permissions.denied if any(_demands_guardrail(c) for c in s.conditions)]
    if any(_names(condition) for condition in own) or any(_is_about_invocation(denial) for denial in denials):
        return None
    if not statement.is_known:
        return unresolved(f"a condition of {statement.name} is not known")
    return failed(f"{statement.name} demands no guardrail; add a condition on bedrock:GuardrailIdentifier")


def _names(condition: Condition) -> bool:
    return not condition.is_negative and bool(condition.values) and "*" not in condition.values


def _names_a_profile(condition: Condition) -> bool:
    return condition.key == _PROFILE and _names(condition)


def _demands_guardrail(condition: Condition) -> bool:
    return condition.key == _GUARDRAIL and condition.is_negative


def _is_about_invocation(denial: Statement) -> bool:
    return any(matches(pattern, action) for pattern in denial.actions for action in _BEDROCK)


def _is_of_bedrock(permissions: Permissions) -> bool:
    role = permissions.role
    return role is not None and "bedrock" in roles_of(role).ai.get(role, "")


check = ModelInvocation()
