"""NET_11 security groups of AI resources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.open_networks import closed
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Unresolved
from checkov_aiml.verdict import Verdict, all_of, unresolved

_GROUPS = ("aws_security_group", "aws_default_security_group")
_DIRECTIONS = ("ingress", "egress")
_RANGES = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids")
_INLINE = tuple(f"{rules}.{ranges}" for rules in _DIRECTIONS for ranges in _RANGES)
_SEPARATE = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id")


class AiSecurityGroups(TerraformControl):
    id = "CKV_AIML_NET_11"
    name = "Ensure security groups of AI resources are not open to the whole internet"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "aws_security_group": _INLINE,
        "aws_default_security_group": _INLINE,
        "aws_security_group_rule": (*_RANGES, "type", "security_group_id"),
        "aws_vpc_security_group_egress_rule": (*_SEPARATE, "security_group_id"),
        "aws_vpc_security_group_ingress_rule": (*_SEPARATE, "security_group_id"),
    }
    why = (
        "Egress to every address is the way by which training data, prompts and model weights leave; ingress from "
        "every address exposes notebooks and endpoints to anyone who finds them."
    )
    fix = "Name the address ranges, prefix lists or security groups that the AI resource talks to."
    guideline = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    covers = ("rego",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0025")
    limits = (
        "Groups that no AI resource names, and that no marker of the settings names, are not judged. Prefix lists that "
        "AWS or another configuration keeps count as named ranges."
    )
    fails = """
resource "aws_security_group" "training" {
  name = "training"
  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_sagemaker_notebook_instance" "analysis" {
  name            = "analysis"
  role_arn        = "arn:aws:iam::111122223333:role/analysis"
  instance_type   = "ml.t3.medium"
  subnet_id       = "subnet-0a1b2c3d"
  security_groups = [aws_security_group.training.id]
}
"""
    passes = """
resource "aws_security_group" "training" {
  name = "training"
  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}
resource "aws_sagemaker_notebook_instance" "analysis" {
  name            = "analysis"
  role_arn        = "arn:aws:iam::111122223333:role/analysis"
  instance_type   = "ml.t3.medium"
  subnet_id       = "subnet-0a1b2c3d"
  security_groups = [aws_security_group.training.id]
}
"""

    def concerns(self, resource: Resource) -> bool:
        return any(resource.estate.ai_use(group) for group in _groups(resource))

    def judge(self, resource: Resource) -> Verdict:
        return all_of(_inline(resource)) if resource.type in _GROUPS else _separate(resource)


def _groups(resource: Resource) -> Iterable[Resource]:
    """The group that a resource is, or those to which a rule belongs."""
    return [resource] if resource.type in _GROUPS else resource.attribute("security_group_id").targets


def _inline(group: Resource) -> Iterator[Verdict]:
    for direction in _DIRECTIONS:
        for place, block in group.blocks(direction):
            if isinstance(block.state, Unresolved):
                yield unresolved("rules that are not known").about(place)
        yield closed((one for ranges in _RANGES for one in group.attributes(f"{direction}.{ranges}")), direction)


def _separate(rule: Resource) -> Verdict:
    direction = rule.text("type") or ("egress" if "egress" in rule.type else "ingress")
    return closed((one for ranges in (*_RANGES, *_SEPARATE) for one in rule.attributes(ranges)), direction)


check = AiSecurityGroups()
