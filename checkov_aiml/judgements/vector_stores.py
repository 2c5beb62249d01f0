"""The OpenSearch Serverless collections of AI services, and the policies that name them by pattern."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase

from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Known, Unset, Value, all_targets, from_plain
from checkov_aiml.verdict import MalformedError


def is_ai_collection(collection: Resource) -> bool:
    """Whether a collection is used by AI, or is made for vector search."""
    return collection.text("type") == "VECTORSEARCH" or collection.estate.ai_use(collection) is not None


def policy_entries(policy: Attribute) -> list[Value] | None:
    """The entries of a network or encryption policy: one object, or a list of them; None where it is not known.

    Raises `MalformedError` when the text is no such policy. Grammar:
    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html
    """
    content = policy.value
    if isinstance(content.known, str):
        try:
            content = from_plain(json.loads(content.known)).naming(content)
        except ValueError as error:
            place = (
                f"line {error.lineno} column {error.colno}" if isinstance(error, json.JSONDecodeError) else "its start"
            )
            raise MalformedError(f"{policy.path} is no JSON from {place} on; correct the policy text") from None
    if not isinstance(content.state, Known):
        return None
    return content.known if isinstance(content.known, list) else [content]


def policy_concerns_ai(policy: Resource) -> bool | None:
    """Whether any entry of a policy names a collection of AI; None when nobody can tell."""
    entries = policy_entries(policy.attribute("policy"))
    if entries is not None:
        answers = [concerns_ai(policy, entry) for entry in entries]
        return True if True in answers else None if None in answers else False
    if policy.estate.ai_use(policy) is not None:
        return True
    collections = policy.estate.of_type("aws_opensearchserverless_collection", root=policy.root)
    return None if any(map(is_ai_collection, collections)) else False


def concerns_ai(policy: Resource, entry: Value) -> bool | None:
    """Whether an entry's rules name a collection of AI, by name, pattern or reference; None when nobody can tell."""
    if policy.estate.ai_use(policy):
        return True
    collections = policy.estate.once(("AI collections", policy.root), lambda: _ai_collections(policy))
    answers = [_names(pattern, collections) for pattern in _patterns(entry)]
    return True if True in answers else None if None in answers and collections else False


def _ai_collections(policy: Resource) -> list[Resource]:
    collections = policy.estate.of_type("aws_opensearchserverless_collection", root=policy.root)
    return [collection for collection in collections if is_ai_collection(collection)]


def _patterns(entry: Value) -> Iterator[Value]:
    for rule in _members(_get(entry, "Rules")):
        yield from _members(_get(rule, "Resource"))


def _names(pattern: Value, collections: list[Resource]) -> bool | None:
    """Whether a pattern such as `collection/letters*` names one of the collections."""
    if any(collection in all_targets(pattern) for collection in collections):
        return True
    if not isinstance(pattern.known, str):
        return None
    names = [collection.text("name") for collection in collections]
    if any(name is not None and fnmatchcase(f"collection/{name}", pattern.known) for name in names):
        return True
    return None if None in names else False


def _get(value: Value, name: str) -> Value:
    return value.known.get(name) or UNSET if hasattr(value.known, "get") else UNSET


def _members(value: Value) -> list[Value]:
    if isinstance(value.known, list):
        return value.known
    return [] if isinstance(value.state, Unset) else [value]
