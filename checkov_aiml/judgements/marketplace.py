"""The right to subscribe to products of AWS Marketplace, which third-party models on Bedrock are.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-access-product-ids.html
"""

from __future__ import annotations

import re

from checkov_aiml.judgements.caller_conditions import any_demands
from checkov_aiml.terraform_view.iam_actions import covers_everything, matches
from checkov_aiml.terraform_view.permissions import IDENTITY_POLICIES, Policy, may_mention, policies_in, roles_of
from checkov_aiml.terraform_view.policy import Statement
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed, unresolved

_SUBSCRIBE = "aws-marketplace:Subscribe"
_MANAGED = ("AWSMarketplaceFullAccess", "AWSMarketplaceManageSubscriptions")
_LIMITS = ("aws-marketplace:productid", "aws:calledvialast", "aws:calledvia")
_WORDS = re.compile("marketplace", re.IGNORECASE)


def may_subscribe(holder: Resource) -> bool:
    """Whether a resource says anything on the Marketplace."""
    places = [path.partition(".")[0] for path in IDENTITY_POLICIES[holder.type]]
    return any(may_mention(holder, place, _WORDS) for place in places)


def judge_subscriptions(holder: Resource) -> Verdict:
    """Whether the policies in a resource that concern AI let subscribe to named products only."""
    return all_of(_policy(policy) for policy in policies_in(holder) if _concerns_ai(policy))


def _concerns_ai(policy: Policy) -> bool:
    index = roles_of(policy.holder)
    roles = index.by_holder.get((policy.holder.address, policy.path), ())
    return policy.names_ai_actions or any(role in index.ai for role in roles)


def _policy(policy: Policy) -> Verdict:
    if policy.managed in _MANAGED:
        return failed(f"{policy.managed} subscribes to any product; allow it for named ones").about(policy.path)
    if policy.statements is None:
        return unresolved("the policy is not known").about(policy.path)
    return all_of(_statement(statement) for statement in policy.statements if statement.allows)


def _statement(statement: Statement) -> Verdict:
    """A statement that allows everything is another control's."""
    own = (pattern for pattern in statement.actions if pattern.is_known and not covers_everything(pattern))
    pattern = next((pattern for pattern in own if matches(pattern, _SUBSCRIBE)), None)
    if pattern is None:
        return not_applicable("does not subscribe")
    limited = any_demands(statement.conditions, _LIMITS)
    if limited is None:
        return unresolved("a condition is not known").about(statement.name)
    if limited:
        return passed("subscribes to named products").about(statement.name)
    return failed(f"{pattern} for any product; add a condition on aws-marketplace:ProductId").about(statement.name)
