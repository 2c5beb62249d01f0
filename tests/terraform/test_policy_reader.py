"""What the policy reader makes of a document: what it knows, what it does not, and what is no policy."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkov.terraform.runner import Runner
from hypothesis import given, settings
from hypothesis import strategies as st

from checkov_aiml.terraform_view.estate import Estate
from checkov_aiml.terraform_view.policy import Statement, statements
from checkov_aiml.terraform_view.resources import Attribute
from checkov_aiml.terraform_view.state import Reference, from_plain
from checkov_aiml.verdict import MalformedError

NAMES = """
variable "unknown" {}
resource "aws_s3_bucket" "b" {
  bucket = "b"
}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = "{}"
}
data "aws_iam_policy_document" "whole" {
  statement {
    sid           = "Not"
    effect        = "Deny"
    not_actions   = ["s3:Get*"]
    not_resources = [aws_s3_bucket.b.arn]

    not_principals {
      type        = "AWS"
      identifiers = [aws_iam_role.r.arn]
    }

    condition {
      test     = "StringNotEquals"
      variable = "aws:SourceVpc"
      values   = ["vpc-1", var.unknown]
    }
  }

  statement {
    actions   = ["sts:AssumeRole"]
    resources = ["&{aws:username}"]

    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::1:oidc-provider/gitlab.com"]
    }
  }
}
data "aws_iam_policy_document" "texts" {
  source_policy_documents = [
    "{\\"Statement\\":{\\"Sid\\":\\"A\\",\\"Effect\\":\\"Allow\\",\\"Action\\":\\"a:B\\",\\"Resource\\":\\"*\\"}}",
    var.unknown,
    format("{\\"Statement\\":{\\"Effect\\":\\"Allow\\",\\"Action\\":\\"e:F\\",\\"Resource\\":\\"%s\\"}}",
      aws_s3_bucket.b.arn),
  ]
  override_policy_documents = [jsonencode({
    Statement = [
      { Sid = "A", Effect = "Deny", Action = "a:B", Resource = "*" },
      { Effect = "Allow", Action = "c:D", Resource = "*" },
    ]
  })]
}
"""


def expression_statements(folder: Path, expression: str) -> list[Statement] | None:
    (folder / "main.tf").write_text(
        f'{NAMES}resource "aws_iam_policy" "p" {{\n  policy = {expression}\n}}\n', encoding="utf-8"
    )
    runner = Runner()
    report: Any = runner.run(root_folder=str(folder))
    assert not report.parsing_errors
    (policy,) = Estate(runner.graph_manager.get_reader_endpoint()).of_type("aws_iam_policy")
    return statements(policy.attribute("policy"))


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], list[Statement] | None]:
    """The statements of a policy that is given by an expression."""
    return lambda expression: expression_statements(tmp_path, expression)


def test_all_fields_of_a_data_source(read: Callable[[str], Any]) -> None:
    deny, allow = read("data.aws_iam_policy_document.whole.json")
    assert (deny.allows, deny.sid, deny.not_actions) == (False, "Not", ("s3:Get*",))
    assert deny.not_resources == ("aws_s3_bucket.b.arn",)
    assert [target.address for target in deny.not_resources[0].targets] == ["aws_s3_bucket.b"]
    assert [principal.kind for principal in deny.not_principals] == ["AWS"] and deny.principals == ()
    (condition,) = deny.conditions
    assert condition.is_negative and condition.key == "aws:sourcevpc"
    assert [value.is_unresolved for value in condition.values] == [False, True]
    assert [(p.kind, str(p)) for p in allow.principals] == [
        ("Service", "sagemaker.amazonaws.com"),
        ("Federated", "arn:aws:iam::1:oidc-provider/gitlab.com"),
    ]
    assert allow.name == "data.aws_iam_policy_document.whole.statement[1]" and 'statement[0] ("Not")' in deny.name


def test_documents_are_merged_by_sid(read: Callable[[str], Any]) -> None:
    overridden, formatted, unknown, added = read("data.aws_iam_policy_document.texts.json")
    assert not overridden.allows and overridden.sid == "A"
    assert formatted.actions == ("e:F",) and formatted.resources[0].targets
    assert not unknown.is_known
    assert added.allows and added.actions == ("c:D",)


def test_all_fields_of_a_text(read: Callable[[str], Any]) -> None:
    (statement,) = read(
        """jsonencode({ Statement = {
          Effect = "Allow", NotPrincipal = { AWS = "arn:aws:iam::1:root" }, Principal = { CanonicalUser = "x" },
          NotAction = ["a:B"], NotResource = "r", Condition = { Bool = { "aws:MultiFactorAuthPresent" = true } }
        } })"""
    )
    assert statement.principals == ("*",) and statement.principals[0].kind == "*"
    assert [(p.kind, p) for p in statement.not_principals] == [("AWS", "arn:aws:iam::1:root")]
    assert statement.not_actions == ("a:B",) and statement.not_resources == ("r",)
    assert statement.conditions[0].values == ("true",)


def test_what_is_not_known_is_marked_inside(read: Callable[[str], Any]) -> None:
    known, unknown, effect, condition = read(
        """jsonencode({ Statement = [
          {
            Effect   = "Allow"
            Action   = ["s3:GetObject", var.unknown]
            Resource = ["${aws_s3_bucket.b.arn}/*", aws_s3_bucket.b.arn]
          },
          var.unknown,
          { Effect = var.unknown, Action = "*", Resource = "*" },
          { Effect = "Allow", Action = "*", Resource = "*", Condition = var.unknown },
        ] })"""
    )
    assert known.is_known and known.unresolved_in("actions", "resources") == ["var.unknown"]
    assert known.resources == ("${aws_s3_bucket.b.arn}/*", "aws_s3_bucket.b.arn")
    assert isinstance(known.resources[0].state, Reference) and known.resources[1].targets
    assert not unknown.is_known and not effect.is_known and not effect.allows
    assert not condition.is_known and not condition.conditions[0].is_known and not condition.is_open


TEXTS = {
    '"${aws_s3_bucket.b.arn}/*"': (1, 0),
    '"${var.unknown}"': (1, 1),
    '${jsonencode([aws_s3_bucket.b.arn, "x"])}': (2, 0),
    "${jsonencode(var.unknown)}": (1, 1),
    '"$${aws:username}/${var.unknown}"': (1, 0),
}
"""What stands as `Resource` in a heredoc: how many resources it is, and how many of them are unresolved."""


@pytest.mark.parametrize("written", TEXTS)
def test_texts_with_expressions_inside(read: Callable[[str], Any], written: str) -> None:
    text = f'{{"Statement": {{"Effect": "Allow", "Action": "a:B", "Resource": {written}}}}}'
    (statement,) = read(f"<<-EOT\n  {text}\nEOT")
    assert (len(statement.resources), len(statement.unresolved_in("resources"))) == TEXTS[written]


def test_a_formatted_text(read: Callable[[str], Any]) -> None:
    text = '{\\"Statement\\": {\\"Effect\\": \\"Allow\\", \\"Resource\\": \\"%s\\"}}'
    (statement,) = read(f'format("{text}", aws_s3_bucket.b.arn)')
    assert statement.resources[0].targets


@pytest.mark.parametrize(
    "expression", ["var.unknown", 'var.unknown == "a" ? "{}" : data.aws_iam_policy_document.whole.json']
)
def test_a_policy_that_is_wholly_unresolved(read: Callable[[str], Any], expression: str) -> None:
    assert read(expression) is None


MALFORMED = {
    '"{"': "policy is no JSON from line 1 column 2 on",
    '"[]"': "policy is no policy document",
    "jsonencode({ Statement = 1 })": "policy.Statement[0] is no statement",
    "jsonencode({ Statement = [[]] })": "policy.Statement[0] is no statement",
    'jsonencode({ Statement = { Effect = "Permit" } })': 'policy.Statement[0] has no Effect "Allow" or "Deny"',
    'jsonencode({ Statement = { Action = "*" } })': 'policy.Statement[0] has no Effect "Allow" or "Deny"',
    'jsonencode({ Statement = { Effect = "Allow", Action = [{}] } })': "policy.Statement[0] has an object",
    'jsonencode({ Statement = { Effect = "Allow", Condition = { Bool = "x" } } })': "Condition.Bool is no object",
}


@pytest.mark.parametrize("expression", MALFORMED)
def test_text_that_is_no_policy_says_where_and_why(read: Callable[[str], Any], expression: str) -> None:
    with pytest.raises(MalformedError) as caught:
        read(expression)
    assert MALFORMED[expression] in str(caught.value)


plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.sampled_from(["Allow", "Deny", "*"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(
                st.sampled_from(
                    ["Statement", "Effect", "Action", "NotAction", "Resource", "Principal", "Condition", "Sid"]
                ),
                st.text(max_size=4),
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)


@given(plain, st.booleans(), st.text(max_size=6))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_document_is_read_or_refused(content: Any, as_text: bool, cut: str) -> None:
    """As an object, as text, and as text with something behind it; nothing but a refusal is raised."""
    document = {"Statement": content}
    value = from_plain(json.dumps(document) + cut if as_text else document)
    try:
        found = statements(Attribute("policy", value))
    except MalformedError as error:
        assert "policy" in str(error)
    else:
        assert found is not None and all(isinstance(statement, Statement) for statement in found)
