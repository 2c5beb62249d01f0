"""IAM_15 the organisation's opt-out of AI services' use of its content."""

from __future__ import annotations

import json
from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.vector_stores import policy_entries
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import UNSET, Known, Unset, Value, plain
from checkov_aiml.terraform_view.vocabulary import one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, not_applicable, passed, unresolved

_LOCK = "@@operators_allowed_for_child_policies"
_LOCKED = (("services",), ("services", "default", "opt_out_policy"))


class AiServicesOptOut(TerraformControl):
    id = "CKV_AIML_IAM_15"
    name = "Ensure the AI services opt-out policy opts out by default and child policies cannot override it"
    severity = MEDIUM
    category = CheckCategories.IAM
    resources = {"aws_organizations_policy": ("type", "content")}
    why = (
        "AWS may keep what Comprehend, Lex, Rekognition, Transcribe and others are given, outside your regions too, to "
        "improve its services, until the organisation opts out. An account that may opt in again decides that for "
        "everybody's data."
    )
    fix = (
        'Assign "optOut" to services.default.opt_out_policy, and set @@operators_allowed_for_child_policies to '
        '["@@none"] there and at services.'
    )
    guideline = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html"
    covers = ("K8",)
    maps = ("UKGDPR:5(1)(b)", "UKGDPR:28(3)", "ISO27001:5.34")
    limits = (
        "Policies of this type in the files are judged, not that there is one, nor to what it is attached. The lock "
        "at services keeps child policies from naming single services, the one at the default from changing it."
    )
    fails = """
resource "aws_organizations_policy" "ai" {
  name    = "ai-opt-out"
  type    = "AISERVICES_OPT_OUT_POLICY"
  content = jsonencode({ services = { default = { opt_out_policy = { "@@assign" = "optOut" } } } })
}
"""
    passes = """
resource "aws_organizations_policy" "ai" {
  name = "ai-opt-out"
  type = "AISERVICES_OPT_OUT_POLICY"
  content = jsonencode({
    services = {
      "@@operators_allowed_for_child_policies" = ["@@none"]
      default = {
        opt_out_policy = {
          "@@operators_allowed_for_child_policies" = ["@@none"]
          "@@assign"                               = "optOut"
        }
      }
    }
  })
}
"""

    def judge(self, resource: Resource) -> Verdict:
        kind, content = resource.attribute("type"), resource.attribute("content")
        if one_of("AISERVICES_OPT_OUT_POLICY")(kind).outcome is Outcome.FAILED:
            return not_applicable("a policy of another type")
        found = policy_entries(content) if isinstance(kind.state, Known) else None
        if not found:
            return unresolved("what the policy says is not known").about((kind if found is None else content).path)
        return all_of(_judge(found[0], content.path))


def _judge(policy: Value, path: str) -> Iterator[Verdict]:
    services = _at(policy, "services")
    assigned = "opt_out_policy", "@@assign"
    for name in services.known if hasattr(services.known, "get") else ():
        if name != "default" and _at(services, name, *assigned).known == "optIn":
            yield failed(f"{name} is opted in again; take that out").about(f"{path}.services.{name}")
    yield _said(_at(services, "default", *assigned), "optOut").about(f"{path}.services.default.{'.'.join(assigned)}")
    for place in _LOCKED:
        yield _said(_at(policy, *place, _LOCK), ["@@none"]).about(f"{path}.{'.'.join(place)}.{_LOCK}")


def _at(value: Value, *names: str) -> Value:
    for name in names:
        if isinstance(value.state, (Known, Unset)):
            value = value.known.get(name) or UNSET if hasattr(value.known, "get") else UNSET
    return value


def _said(value: Value, wanted: str | list[str]) -> Verdict:
    try:
        return passed("set") if plain(value) == wanted else failed(f"not {json.dumps(wanted)}; set it to that")
    except ValueError:
        return unresolved("not known")


check = AiServicesOptOut()
