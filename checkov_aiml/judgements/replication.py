"""Copies of AI data: what is copied, and where to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from checkov_aiml.judgements.ai_data import AWS_STORES, why_ai_data
from checkov_aiml.judgements.named_regions import region_in
from checkov_aiml.judgements.residency import judge_name, judge_place
from checkov_aiml.terraform_view.regions import REGION, Place, region_of, text_of
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Unresolved, Unset, Value
from checkov_aiml.verdict import Verdict, all_of, unresolved


class Copy(NamedTuple):
    """How a resource copies data: the attributes that name what is copied, and those that say where to.

    An empty `origin` is the resource itself. `destinations` name a region, an ARN or another resource; without any the
    resource is itself the copy. `status` is a switch beside each destination.
    """

    origin: str
    destinations: tuple[str, ...] = ()
    status: str = ""


def why_copied(resource: Resource, origin: str) -> str | None:
    """Why what a resource copies is AI data; None when it is not, or when nobody can tell."""
    if not origin:
        return why_ai_data(resource)
    sources = list(resource.attributes(origin))
    named = [one for source in sources for one in source.targets or _buckets_named(resource, source.known)]
    served = (one for target in named for one in target.references if one.type in AWS_STORES)
    return next(filter(None, map(why_ai_data, (*named, *served))), None)


def is_source_unknown(resource: Resource, origin: str) -> bool:
    """Whether nobody can tell what a resource copies."""
    return bool(origin) and isinstance(resource.attribute(origin).state, Unresolved)


def why_member(cluster: Resource, path: str) -> str | None:
    """Why a database across regions holds AI data, when the cluster is not what AI resources use: another member is."""
    databases = cluster.attribute(path).targets
    members = (one for database in databases for one in (*database.referrers, *database.references))
    return next(filter(None, (why_ai_data(one) for one in members if one is not cluster)), None)


def why_selected(plan: Resource) -> str | None:
    """Why a backup plan copies AI data: one of its selections takes a store, by reference, ARN pattern or tag."""
    selections = (one for one in plan.referrers if one.type == "aws_backup_selection")
    taken = (store for selection in selections for store in _taken(selection))
    return next(filter(None, map(why_ai_data, taken)), None)


def why_in_registry(registry: Resource, rule: Value) -> str | None:
    """Why a replication rule of a container registry copies AI images: no filter, or one that a repository passes."""
    blocks = (rule.known.get("repository_filter") or UNSET).known or []
    filters = [block.known.get("filter").known for block in blocks if hasattr(block.known, "get")]
    for repository in registry.estate.of_type("aws_ecr_repository", root=registry.root):
        name = repository.text("name") or ""
        if not blocks or any(isinstance(start, str) and name.startswith(start) for start in filters):
            use = why_ai_data(repository)
            if use is not None:
                return use
    return None


def judge_copy(resource: Resource, copy: Copy, use: str) -> Iterator[Verdict]:
    """A verdict on each place that AI data is copied to; `use` says why it is AI data."""
    cause = f"a copy of AI data, {use}"
    if not copy.destinations:
        place = region_of(resource)
        yield judge_place(Place(place.value, f"{place.cause}; {cause}", place.source), "aws").about("region")
    switches = [attribute.known for attribute in resource.attributes(copy.status)] if copy.status else []
    for path in copy.destinations:
        for position, attribute in enumerate(resource.attributes(path)):
            off = position < len(switches) and switches[position] == "Disabled"
            if not off and not isinstance(attribute.state, Unset):
                yield judge_destination(attribute, resource, cause)


def judge_destination(attribute: Attribute, resource: Resource, cause: str) -> Verdict:
    """The place that a region, an ARN, a bucket or another resource leads to."""
    text = text_of(attribute.value)
    zone = _ZONE.fullmatch(text)
    region = zone[1] if zone else region_in(text)
    if region is not None:
        return judge_name(region, "aws", cause).about(attribute.path)
    named = [target for target in attribute.targets if target.terraform_type not in _LOOKUPS]
    places = [(one, region_of(one)) for one in named or _buckets_named(resource, attribute.known)]
    verdicts = [
        judge_place(Place(place.value, f"{one.address}, {place.cause}; {cause}", place.source), "aws")
        for one, place in places
    ]
    if len({verdict.outcome for verdict in verdicts}) != 1:
        return unresolved("where the copy is, is not known").about(attribute.path)
    return all_of(verdicts).about(attribute.path)


_ZONE = re.compile(f"({REGION.pattern})[a-z]?")
"""A region, or one of its availability zones."""

_LOOKUPS = ("aws_caller_identity", "aws_partition", "aws_region")
"""Data sources that are parts of a name, and stand nowhere."""


def _buckets_named(resource: Resource, name: object) -> Iterable[Resource]:
    """The buckets of the root module with a literal name or ARN."""
    if not isinstance(name, str):
        return []

    def by_name() -> dict[str | None, list[Resource]]:
        found: dict[str | None, list[Resource]] = {}
        for bucket in resource.estate.of_type("aws_s3_bucket", root=resource.root):
            found.setdefault(bucket.text("bucket"), []).append(bucket)
        return found

    buckets = resource.estate.once(("buckets by name", resource.root), by_name)
    return buckets.get(name.removeprefix("arn:aws:s3:::"), [])


def _taken(selection: Resource) -> Iterator[Resource]:
    """What a backup selection takes, as far as it may be AI data."""
    by_tag = selection.estate.once(("AI stores by tag", selection.root), lambda: _by_tag(selection))
    for item in selection.attribute("resources").items():
        yield from item.targets or _matching(selection, item.known, by_tag)
    for block in ("selection_tag", "condition.string_equals"):
        keys, values = (selection.attributes(f"{block}.{name}") for name in ("key", "value"))
        for key, value in zip(keys, values, strict=False):
            tag = (str(key.known).removeprefix("aws:ResourceTag/"), str(value.known))
            yield from by_tag.get(tag, [])[:1] if tag != _EVERYTHING else []


Tagged = dict[tuple[str, str], list[Resource]]
_EVERYTHING = ("*", "*")


def _by_tag(selection: Resource) -> Tagged:
    """The stores of AI data of the root module by each of their tags, and all of them."""
    found: Tagged = {_EVERYTHING: []}
    for store in selection.estate.of_type(*AWS_STORES, root=selection.root):
        if why_ai_data(store):
            found[_EVERYTHING].append(store)
            tags = store.value("tags").known
            names = tags.names() if hasattr(tags, "names") else tags if isinstance(tags, dict) else ()
            for name in names:
                value = (tags.get(name) or UNSET).known
                if isinstance(value, str):
                    found.setdefault((name, value), []).append(store)
    return found


def _matching(selection: Resource, pattern: object, by_tag: Tagged) -> Iterator[Resource]:
    """The buckets that an ARN pattern takes; of other stores the files seldom tell the ARN, so only `*` takes them."""
    if pattern == "*":
        yield from by_tag[_EVERYTHING][:1]
    elif isinstance(pattern, str) and "*" in pattern:
        buckets = (store for store in by_tag[_EVERYTHING] if store.type == "aws_s3_bucket")
        yield from (one for one in buckets if fnmatchcase(f"arn:aws:s3:::{one.text('bucket')}", pattern))
    else:
        yield from _buckets_named(selection, pattern)
