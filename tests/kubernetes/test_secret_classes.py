"""How a SecretProviderClass is read: its gaps, and messages that never quote what it holds."""

from __future__ import annotations

from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checkov_aiml.judgements.secret_class_regions import SecretClassRegions
from checkov_aiml.judgements.secret_class_shape import SecretClassShape
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.partly_known import NotKnown
from checkov_aiml.kubernetes_view.secret_class import GROUP, TextWithGaps, with_gaps
from checkov_aiml.terraform_view.encoding import yaml_documents, yaml_problem
from checkov_aiml.terraform_view.state import known
from checkov_aiml.verdict import MalformedError, Outcome

HELD = "not-a-real-one-42"
MALFORMED = {
    "tag": f"- password: !{HELD}",
    "tag handle": f"- password: !{HELD}! x",
    "alias": f"- password: *{HELD}",
    "anchor": f"- &{HELD} a\n- &{HELD} b\n- *x",
    "quote": f'- password: "{HELD}',
    "indicator": f"- password: @{HELD}",
    "mapping": f"- password: {HELD}\n   more: {HELD}",
    "binary": f"- password: !!binary '{HELD}é'",
    "whole number": f"- password: !!int '{HELD}'",
}


def manifest(provider: str, **parameters: object) -> Manifest:
    spec = {"provider": provider, "parameters": parameters}
    return Manifest({"apiVersion": f"{GROUP}/v1", "kind": "SecretProviderClass", "spec": spec})


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("provider", ["vault", "azure"])
def test_messages_do_not_quote_nested_yaml(content: str, provider: str) -> None:
    with pytest.raises(MalformedError) as raised:
        SecretClassShape.judge_manifest(object(), manifest(provider, objects=content))  # type: ignore[arg-type]
    assert HELD not in str(raised.value)


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
def test_messages_do_not_quote_a_body(content: str) -> None:
    with pytest.raises(MalformedError) as raised:
        yaml_documents(known(content), "yaml_body")
    assert HELD not in str(raised.value)


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
def test_problems_of_the_slow_parser_do_not_quote(content: str) -> None:
    try:
        yaml.load(content, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        assert HELD not in yaml_problem(error)
    except ValueError:
        pass  # Its text is not told at all.


@pytest.mark.parametrize(
    ("value", "named", "is_set"),
    [
        ("${REGION}", "REGION", False),
        ("${REGION:-not-told}", "REGION", False),
        ("$REGION", "REGION", False),
        ("http://${HOST}:8200", "HOST", True),
        (NotKnown("var.region"), "var.region", False),
        (NotKnown("module.identity.client_id"), "module.identity.client_id", False),
        (
            NotKnown("azurerm_user_assigned_identity.u[0].client_id"),
            "azurerm_user_assigned_identity.u[0].client_id",
            True,
        ),
        (NotKnown("http://${aws_lb.vault.dns_name}:8200"), "aws_lb.vault.dns_name", True),
    ],
)
def test_text_with_gaps(value: object, named: str, is_set: bool) -> None:
    found = with_gaps(value)
    assert isinstance(found, TextWithGaps)
    assert (found.text, found.is_set) == (named, is_set)


@pytest.mark.parametrize("value", ["eu-west-2", "a$b", "pa$$word", "", 7, True, None, ["${REGION}"]])
def test_no_gaps(value: object) -> None:
    assert with_gaps(value) is value


def test_what_is_wrong_beside_a_line_that_is_filled_in_is_not_told() -> None:
    """Any lines may come in its place, so the whole text may be well-formed."""
    verdict = SecretClassShape.judge_manifest(
        object(),  # type: ignore[arg-type]
        manifest("aws", objects="${OBJECTS}\n- objectName: a\n  objectType: secretsmanager\n"),
    )
    assert verdict.outcome is Outcome.UNRESOLVED


@given(
    st.sampled_from(["aws", "azure", "gcp", "gke", "vault", "openbao"]),
    st.text(alphabet="ab${}_-:*&!'\"[]{}, \n\t|>%@__not-known-0__", max_size=60),
)
def test_any_nested_text_has_an_answer(provider: str, content: str) -> None:
    written = manifest(provider, objects=content, secrets=content, region=content)
    for judgement in (SecretClassShape, SecretClassRegions):
        with suppress(MalformedError):
            judgement.judge_manifest(object(), written)  # type: ignore[arg-type]


def test_a_text_that_holds_a_mark_of_its_own_is_read() -> None:
    text = with_gaps("__not-known-7__${NAME}")
    assert (text.gaps, text.is_set) == (("NAME",), False)
