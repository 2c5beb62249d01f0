"""Conditions of policy statements that say who or what calls, and those that only look as if they did.

Operators: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from checkov_aiml.terraform_view.policy import Condition, Member

SOURCE = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths")
"""Keys that name the resource, account or organisation for which a service acts."""

CALLER = (
    *SOURCE,
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:userid",
    "sts:externalid",
)
"""Keys that name who calls, or that the caller shares a secret name with the account."""

PLACE = (
    "aws:sourceip",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "elasticfilesystem:accessedviamounttarget",
    "elasticfilesystem:accesspointarn",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
)
"""Further keys with which AWS counts a policy that admits everyone as not public:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html and
https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html."""

_EVERYWHERE = re.compile(
    r"[*?:/]*|arn:[^:]*:[^:]*:[^:]*:[*?]+:.*|arn:[^:]*:[^:]*:[^:]*::\*|(?:\d+\.){3}\d+/0|::/0|false"
)
"""Values that leave a key open: wildcards alone, an ARN of any account, all addresses, a switch that is off."""


def demands(condition: Condition, keys: Collection[str]) -> bool | None:
    """Whether a condition lets through only requests in which one of the keys has a value that it names.

    None where nobody can tell. `…IfExists` and `ForAllValues:` also let through what lacks the key, and so demand
    nothing.
    """
    if condition.key not in keys or condition.is_negative or lets_absence_pass(condition):
        return False if condition.is_known else None
    if any(map(_is_open, condition.values)):
        return False
    return None if any(value.is_unresolved for value in condition.values) else bool(condition.values)


def lets_absence_pass(condition: Condition) -> bool:
    """Whether a condition also holds for a request that lacks its key."""
    operator = condition.operator.casefold()
    return operator.startswith("forallvalues:") or operator.endswith("ifexists")


def any_demands(conditions: Iterable[Condition], keys: Collection[str]) -> bool | None:
    """Whether any of a statement's conditions, which hold together, demands one of the keys."""
    answers = [demands(condition, keys) for condition in conditions]
    return True if True in answers else None if None in answers else False


def _is_open(value: Member) -> bool:
    return _EVERYWHERE.fullmatch(value.strip().casefold()) is not None
