"""Whether a workload stands in a network of its owner's."""

from __future__ import annotations

from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import each, is_set
from checkov_aiml.verdict import Verdict


def in_vpc(resource: Resource, paths: tuple[str, ...], *optional: str) -> Verdict:
    """Whether every path that names subnets or security groups is set.

    The block that holds such a path may be absent, which means no VPC, and so may those `optional` around it.
    """
    blocks = {path.rpartition(".")[0] for path in paths}
    return each(resource, paths, is_set("the subnets and security groups of your VPC"), implied=blocks.union(optional))
