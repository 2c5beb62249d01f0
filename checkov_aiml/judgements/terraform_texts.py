"""Texts of Terraform resources in which SEC_6 looks for secrets, and resources whose value is a secret."""

from __future__ import annotations

import json
from collections.abc import Iterator

from checkov_aiml.judgements.literal_secrets import NO_SECRET, Field, judge_fields, plain_text
from checkov_aiml.judgements.secret_detection import is_placeholder, secret_in_value
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import AFTER_APPLY, Known, Reference, Unresolved, Unset, Value, from_plain
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, not_applicable, passed, unresolved


def judge_texts(attributes: list[Attribute]) -> Verdict:
    """The verdict on attributes that hold a script, in base64 or not, or an environment's values.

    Of a text that is to come, what is written of it counts; what expressions add to it stands in `${}` and never does.
    One of which nothing is known leaves the control without an answer, unless another holds a secret.
    """
    named = ((one, one.path.rpartition(".")[2]) for one in attributes)
    verdict = judge_fields(field for one, name in named for field in _texts(one.value, one.path, name))
    unknown = [one.path for one in attributes if isinstance(one.state, Unresolved) or one.state == AFTER_APPLY]
    if unknown and verdict.outcome is not Outcome.FAILED:
        return unresolved("the text is not known", *unknown)
    return verdict


def _texts(value: Value, place: str, name: str) -> Iterator[Field]:
    content = value.known
    if isinstance(content, str):
        yield place, name, plain_text(content) or content
    elif isinstance(value.state, Reference) and value.state != AFTER_APPLY:
        yield place, name, value.state.text
    elif hasattr(content, "get"):
        for key in content.names() if hasattr(content, "names") else content:
            yield from _texts(content.get(key), f"{place}.{key}", str(key))


def judge_secret_value(resource: Resource, paths: tuple[str, ...]) -> Verdict:
    """The verdict on a resource whose value is a secret: it must come from elsewhere than the configuration.

    A text that is JSON may hold harmless parts beside the secret, such as a user's name, and is judged part by part.
    """
    verdicts = [_judge_value(resource, one) for path in paths for one in resource.attributes(path)]
    return all_of(verdicts) if verdicts else not_applicable("no value")


def _judge_value(resource: Resource, attribute: Attribute) -> Verdict:
    path = attribute.path
    if isinstance(attribute.state, Unset):
        return not_applicable("no value is set here")
    ask = getattr(resource.body, "refers", None)  # A plan holds the value of a variable, and not where it is from.
    refers = ask(f"body.{path}" if "/" in resource.type else path) if ask else False
    if not isinstance(attribute.state, Known) or refers:
        return passed("the value comes from elsewhere").about(path)
    if refers is None:
        return unresolved("whether the value is written here, a plan does not tell; scan the HCL").about(path)
    content = _parts(attribute.value)
    if content is None:
        if is_placeholder(str(attribute.known)):
            return passed("the value is a placeholder").about(path)
        return failed("holds its secret as a literal; write it into the vault, not into the code").about(path)
    for place, name, text in content:
        kind = secret_in_value(name, text)
        if kind:
            return failed(f"{place} holds what looks like a secret: {kind}", path)
    return passed(NO_SECRET)


def _parts(value: Value) -> list[Field] | None:
    """The named texts of an object or of JSON text; None for any other text."""
    content = value
    if isinstance(value.known, str):
        try:
            content = from_plain(json.loads(value.known))
        except ValueError:
            return None
    return list(_texts(content, "value", "value")) if hasattr(content.known, "get") else None
