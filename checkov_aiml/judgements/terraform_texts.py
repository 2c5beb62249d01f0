"""Texts of Terraform resources in which SEC_6 looks for secrets, and resources whose value is a secret."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from checkov_aiml.judgements.literal_secrets import NO_SECRET, Field, judge_fields, plain_text, written_part
from checkov_aiml.judgements.secret_detection import is_placeholder, secret_in_value, secrets_in
from checkov_aiml.kubernetes_view.partly_known import NotKnown
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import AFTER_APPLY, Known, Reference, Unresolved, Unset, Value, from_plain
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, not_applicable, passed, unresolved

ELSEWHERE = "the value comes from elsewhere"


def judge_texts(attributes: list[Attribute]) -> Verdict:
    """The verdict on attributes that hold a script, in base64 or not, or an environment's values.

    Of a text that is to come, what is written of it counts; what expressions add to it stands in `${}` and never does.
    One of which nothing is known leaves the control without an answer, unless another holds a secret.
    """
    paths = {one.path for one in attributes}
    leaves = [leaf for one in attributes for leaf in _leaves(one.value, one.path, one.path.rpartition(".")[2])]
    fields = list(_texts(leaves))
    verdict = judge_fields(fields)
    unknown = [one.path for one in attributes if isinstance(one.state, Unresolved)]
    unknown += [place for place, _, leaf in leaves if leaf.state == AFTER_APPLY and (place in paths or not fields)]
    if unknown and verdict.outcome is not Outcome.FAILED:
        return unresolved("the text is not known", *unknown)
    coming = [place for place, _, leaf in leaves if isinstance(leaf.state, Reference)]
    return passed(ELSEWHERE, *coming) if coming and not fields else verdict


def _leaves(value: Value, place: str, name: str) -> Iterator[tuple[str, str, Value]]:
    """Place, name and value of what a value holds, collections looked into."""
    content = value.known
    if isinstance(content, list):
        for index, member in enumerate(content):
            yield from _leaves(member, f"{place}[{index}]", name)
    elif hasattr(content, "get"):
        for key in content.names() if hasattr(content, "names") else content:
            yield from _leaves(content.get(key), f"{place}.{key}", str(key))
    else:
        yield place, name, value


def _texts(leaves: Iterable[tuple[str, str, Value]]) -> Iterator[Field]:
    """The texts among values; of those that are to come what is written."""
    for place, name, leaf in leaves:
        if isinstance(leaf.known, str):
            yield place, name, plain_text(leaf.known) or leaf.known
        elif isinstance(leaf.state, Reference) and (written := written_part(NotKnown(leaf.state.text))):
            yield place, name, written


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
    if not isinstance(attribute.state, Known):
        kind = secret_in_value("value", written_part(NotKnown(attribute.state.text)))
        return failed(f"holds what looks like a secret: {kind}").about(path) if kind else passed(ELSEWHERE).about(path)
    if refers:
        return passed(ELSEWHERE).about(path)
    if refers is None:
        return unresolved("whether the value is written here, a plan does not tell; scan the HCL").about(path)
    parts = _parts(attribute.value, path)
    if parts is None:
        if is_placeholder(str(attribute.known)):
            return passed("the value is a placeholder").about(path)
        return failed("holds its secret as a literal; write it into the vault, not into the code").about(path)
    texts = list(_texts(parts))
    for place, _, kind in secrets_in(texts):
        return failed(f"{place} holds what looks like a secret: {kind}", path)
    is_coming = any(isinstance(leaf.state, Reference) for _, _, leaf in parts)
    return passed(ELSEWHERE).about(path) if is_coming and not texts else passed(NO_SECRET, path)


def _parts(value: Value, path: str) -> list[tuple[str, str, Value]] | None:
    """What an object, a list or their JSON text holds, in base64 or not; None for any other text."""
    content = value
    if isinstance(value.known, str):
        try:
            content = from_plain(json.loads(plain_text(value.known) or value.known))
        except ValueError:
            return None
    return (
        list(_leaves(content, path, "value"))
        if isinstance(content.known, list) or hasattr(content.known, "get")
        else None
    )
