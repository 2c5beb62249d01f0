"""RES_6 where Bedrock guardrails read prompts and answers."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.model_references import geography_of, judge_geography
from checkov_aiml.judgements.residency import allowance
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, passed, unresolved

_PROFILE = "cross_region_config.guardrail_profile_identifier"
_TIERS = ("content_policy_config.tier_config.tier_name", "topic_policy_config.tier_config.tier_name")


class GuardrailRegions(TerraformControl):
    id = "CKV_AIML_RES_6"
    name = "Ensure Bedrock guardrails use no cross-region profile and no tier that needs one"
    severity = HIGH
    category = CheckCategories.GENERAL_SECURITY
    resources = {"aws_bedrock_guardrail": (_PROFILE, *_TIERS)}
    why = (
        "A guardrail reads every prompt and every answer. With a cross-region profile it may read them in another "
        "country, and the STANDARD tier works with such a profile only."
    )
    fix = "Leave out cross_region_config, and use the CLASSIC tier."
    guideline = "https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-cross-region.html"
    covers = ("R5", "B17")
    maps = ("UKGDPR:44", "ISO27001:5.31")
    limits = "A profile passes only where the settings allow every region of its geography."
    fails = """
resource "aws_bedrock_guardrail" "clinic" {
  name                      = "clinic"
  blocked_input_messaging   = "Not here."
  blocked_outputs_messaging = "Not here."
  cross_region_config {
    guardrail_profile_identifier = "eu.guardrail.v1:0"
  }
}
"""
    passes = """
resource "aws_bedrock_guardrail" "clinic" {
  name                      = "clinic"
  blocked_input_messaging   = "Not here."
  blocked_outputs_messaging = "Not here."
}
"""

    def judge(self, guardrail: Resource) -> Verdict:
        named = (attribute for attribute in guardrail.attributes(_PROFILE) if not isinstance(attribute.state, Unset))
        profiles = [_profile(attribute) for attribute in named]
        kept = bool(profiles) and all_of(profiles).outcome is Outcome.PASSED
        tiers = [] if kept else list(_tiers(guardrail))
        return all_of([*profiles, *tiers]) if profiles or tiers else passed("no cross-region profile", _PROFILE)


def _profile(attribute: Attribute) -> Verdict:
    text = attribute.known.rpartition("/")[2] if isinstance(attribute.known, str) else ""
    geography = geography_of(text)
    if geography is not None:
        verdict = judge_geography(geography, text)
    elif isinstance(attribute.known, str):
        verdict = failed(f"{text} is a cross-region profile; {allowance('aws')}")
    else:
        verdict = unresolved("which profile is used is not known")
    return verdict.about(attribute.path)


def _tiers(guardrail: Resource) -> Iterator[Verdict]:
    for attribute in (found for path in _TIERS for found in guardrail.attributes(path)):
        verdict = one_of("CLASSIC")(attribute)
        if verdict.outcome is Outcome.FAILED and not isinstance(attribute.state, Unset):
            statement = f"the {attribute.known} tier works with a cross-region profile only; {allowance('aws')}"
            yield failed(statement).about(attribute.path)
        elif not isinstance(attribute.state, Unset):
            yield verdict


check = GuardrailRegions()
