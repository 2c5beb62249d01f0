"""The regions that stand inside texts: ARNs, image registries, service endpoints and service names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkov_aiml.judgements.residency import judge_name
from checkov_aiml.terraform_view.regions import REGION, text_of
from checkov_aiml.terraform_view.resources import Attribute
from checkov_aiml.terraform_view.state import Known, Unset, strings
from checkov_aiml.verdict import Verdict, unresolved

FREE_TEXTS = ("environment", "environment_variables", "pipeline_definition")
"""Arguments that may hold anything: of what is not known there, no region is to be expected."""

_REGION = f"(?P<region>{REGION.pattern})"
_HOST = re.compile(rf"\b{_REGION}(?:\.[\w-]+)?\.(?:amazonaws\.com|on\.aws|api\.aws)\b")
_NAMES = (
    re.compile(rf"\barn:aws[\w-]*:[\w-]+:{_REGION}:"),
    re.compile(rf"\bcom\.amazonaws\.(?:vpce\.)?{_REGION}\b"),
    _HOST,
)
_NO_HOST = re.compile(r"[^\w${}.%-]")
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|%s")
_UNFINISHED = re.compile(
    r"^arn:aws[\w-]*:(?!iam:|s3:::)[\w-]+:\$\{|\$\{[^}]*\}(?:\.[\w-]+)?\.(?:amazonaws\.com|on\.aws)\b"
)


def region_in(text: str) -> str | None:
    """The region in an ARN, an address or a service name; None where there is none."""
    return next((region for region, _ in _mentions(text)), None)


def judge_named_region(attribute: Attribute) -> Iterator[Verdict]:
    """A verdict on each region that is named at an attribute; nothing where none is.

    A text that comes from another resource of the files is not judged here: where that one is, is its own question.
    """
    for item in attribute.items():
        found = dict.fromkeys(mention for text in _texts(item) for mention in _mentions(text))
        yield from (judge_name(region, "aws", where).about(item.path) for region, where in found)
        if not found and _may_name(item):
            yield unresolved("whether it names a region is not known").about(item.path)


def _mentions(text: str) -> Iterator[tuple[str, str]]:
    """Each region in a text, and in what it stands; a text that is a region stands in nothing."""
    if REGION.fullmatch(text):
        yield text, ""
    for name in _NAMES:
        for match in name.finditer(text):
            start = _NO_HOST.split(text[: match.start()])[-1] if name is _HOST else ""
            yield match["region"], f"in {_PLACEHOLDER.sub('…', start + match[0])}"


def _texts(item: Attribute) -> Iterator[str]:
    """The texts of a value: those in a map, or the value itself as far as it is known."""
    if hasattr(item.known, "get"):
        yield from strings(item.value)
    else:
        yield text_of(item.value)


def _may_name(item: Attribute) -> bool:
    if isinstance(item.state, (Known, Unset)) or item.path.endswith(FREE_TEXTS):
        return False
    return bool(_UNFINISHED.search(text_of(item.value))) or not (item.targets or item.is_set)
