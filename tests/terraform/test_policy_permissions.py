"""Policies and permissions: wildcards, paths of escalation, what roles may do, and what it costs to ask."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from checkov.runner_filter import RunnerFilter
from checkov.terraform.runner import Runner
from hypothesis import given, settings
from hypothesis import strategies as st

from checkov_aiml.judgements.escalation_paths import paths
from checkov_aiml.terraform_view import permissions as permissions_module
from checkov_aiml.terraform_view.iam_actions import (
    covers,
    covers_everything,
    covers_service,
    expand,
    matches,
    takes_resources,
)
from checkov_aiml.terraform_view.permissions import (
    Permissions,
    Policy,
    Reach,
    is_unlimited,
    managed_policies,
    pattern_for,
    reach,
)
from checkov_aiml.terraform_view.policy import Condition, Member, Statement
from checkov_aiml.terraform_view.state import Unresolved

TRUST = """
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "training" {
  name               = "training"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
"""


def inline_policy(name: str, *statements: dict[str, Any]) -> str:
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    body = f"  role   = aws_iam_role.training.id\n  policy = jsonencode({document})\n"
    return f'resource "aws_iam_role_policy" "{name}" {{\n{body}}}\n'


def results_in(scan: Any, folder: Path, *hcl: str) -> dict[tuple[str, str], Any]:
    (folder / "main.tf").write_text("".join(hcl), encoding="utf-8")
    return {(result.address, result.control): result for result in scan(folder)}


# --- wildcards -------------------------------------------------------------------------------------------------------


def straightforward(pattern: str, text: str) -> bool:
    """What IAM's documentation says of `*` and `?`, letter by letter."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(straightforward(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and straightforward(pattern[1:], text[1:])


UNIVERSE = sorted(
    {*expand("kms:*"), *expand("secretsmanager:*"), *expand("sagemaker:*Notebook*"), "iam:PassRole", "iam:PassRoles"}
)
names = st.sampled_from(UNIVERSE)


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """An action of which pieces became wildcards, in any letter case; or letters that IAM gives no meaning."""
    action = draw(names)
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(action)))
        end = draw(st.integers(start, min(len(action), start + 6)))
        action = action[:start] + draw(st.sampled_from(["*", "?", "??", "[a-z]", ".", "*?"])) + action[end:]
    return draw(st.sampled_from([action, action.upper(), action.lower()]))


@given(patterns(), st.lists(names, max_size=20))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_wildcard_stands_for_what_the_documentation_says(pattern: str, actions: list[str]) -> None:
    for action in actions:
        assert matches(pattern, action) == straightforward(pattern.lower(), action.lower())


@given(patterns())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_wildcards_are_expanded_to_real_actions(pattern: str) -> None:
    expanded = set(expand(pattern))
    assert {a for a in UNIVERSE[:-1] if a in expanded} == {
        a for a in UNIVERSE[:-1] if straightforward(pattern.lower(), a.lower()) and a != "iam:PassRoles"
    }


@given(patterns(), patterns())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_pattern_that_covers_another_stands_for_all_of_it(wide: str, narrow: str) -> None:
    if covers(wide, narrow):
        assert all(matches(wide, action) for action in UNIVERSE if matches(narrow, action))


@given(st.lists(patterns(), max_size=5), st.lists(patterns(), max_size=3), st.lists(patterns(), max_size=3))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_role_may_do_what_is_allowed_and_neither_denied_nor_out_of_bounds(
    allowed: list[str], denied: list[str], boundary: list[str]
) -> None:
    everything = (Member("*"),)

    def statement(allows: bool, actions: list[str]) -> Statement:
        return Statement("policy", allows, actions=tuple(map(Member, actions)), resources=everything)

    policy = Policy(None, "policy", (statement(True, allowed), statement(False, denied)))  # type: ignore[arg-type]
    role = Permissions((policy,), boundary=(statement(True, boundary),))
    for action in UNIVERSE:
        by = [[straightforward(p.lower(), action.lower()) for p in part] for part in (allowed, denied, boundary)]
        may = any(by[0]) and not any(by[1]) and any(by[2])
        found = [s for _, s in role.allowed if pattern_for(s, action) and role.leave(action)]
        assert bool(found) == may


def test_patterns_over_services() -> None:
    assert all(map(covers_everything, ["*", "*:*", "?*", "**", "iam:*", "I*", "IAM:**"]))
    assert not any(map(covers_everything, ["s3:*", "iam:Get*", "iam:?", "a*", ""]))
    assert covers_service("S3:*", "s3") and covers_service("s*", "s3") and covers_service("s3:?*", "s3")
    assert not covers_service("s3:Get*", "s3") and not covers_service("s3:???", "s3")


def test_the_list_knows_which_actions_name_no_resource() -> None:
    without = ["ecr:GetAuthorizationToken", "s3:ListAllMyBuckets", "kms:ListKeys", "secretsmanager:GetRandomPassword"]
    assert not any(map(takes_resources, without))
    assert all(map(takes_resources, ["S3:getobject", "kms:Decrypt", "dynamodb:Scan", "s3vectors:QueryVectors"]))
    assert not takes_resources("s3vectors:ListVectorBuckets"), "newer than the list, and it lists"


@pytest.mark.parametrize(
    ("resource", "unlimited"),
    {
        "*": True,
        "**": True,
        "arn:aws:s3:::*": True,
        "arn:aws:s3:::*/*": True,
        "arn:*:s3:::*": True,
        "arn:aws:s3:::training/*": False,
        "arn:aws:s3:::*-training": False,
        "arn:aws:kms:*:*:key/*": True,
        "arn:aws:kms:eu-west-2:111122223333:key/1234": False,
        "arn:aws:iam::*:role/*": True,
        "arn:aws:iam::*:role/ml-*": False,
        "arn:aws:secretsmanager:eu-west-2:111122223333:secret:*": True,
        "arn:aws:secretsmanager:eu-west-2:111122223333:secret:ml/*": False,
        "arn:aws:bedrock:*::foundation-model/*": True,
        "arn:aws:sagemaker:*:*:*": True,
        "arn:${data.aws_partition.current.partition}:s3:::*": True,
        "arn:aws:kms:${var.region}:${var.on ? 1 : 2}:key/*": True,
        "arn:aws:kms:${var.region}:1:key/${var.key}": False,
        "${aws_s3_bucket.b.arn}/*": False,
        "arn:aws:*": True,
    }.items(),
)
def test_which_resources_are_all_of_their_kind(resource: str, unlimited: bool) -> None:
    assert is_unlimited(resource) is unlimited


def test_conditions_that_name_resources() -> None:
    def far(condition: Condition | None, *resources: Member) -> Reach:
        everything = resources or (Member("*"),)
        return reach(Statement("s", True, resources=everything, conditions=(condition,) if condition else ()))

    team = (Member("team"),)
    assert far(None) is Reach.ALL
    assert far(Condition("StringEquals", "aws:resourcetag/project", team)) is Reach.NAMED
    assert far(Condition("StringLike", "aws:resourcetag/project", (Member("*"),))) is Reach.ALL
    assert far(Condition("StringNotEquals", "aws:resourcetag/project", team)) is Reach.ALL
    assert far(Condition("StringEquals", "aws:requestedregion", team)) is Reach.ALL
    assert far(Condition("", "", ())) is Reach.UNKNOWN
    assert far(None, Member("var.bucket", Unresolved("var.bucket"))) is Reach.UNKNOWN


# --- paths of escalation ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.gives)
def test_each_path_is_found_and_named(scan: Any, tmp_path: Path, path: Any) -> None:
    """With all actions on all resources it fails; with the first of them on a named resource it does not open."""
    first, *rest = path.actions
    wide = inline_policy("wide", {"Effect": "Allow", "Action": path.actions, "Resource": "*"})
    found = results_in(scan, tmp_path, TRUST, wide)["aws_iam_role_policy.wide", "IAM_3"]
    assert found.result == "FAILED" and "policy.Statement[0]" in found.reason
    narrow = inline_policy(
        "narrow",
        {"Effect": "Allow", "Action": first, "Resource": "arn:aws:iam::111122223333:role/other"},
        *({"Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::a"} for action in rest),
    )
    assert results_in(scan, tmp_path, TRUST, narrow)["aws_iam_role_policy.narrow", "IAM_3"].result == "PASSED"


def test_a_role_passed_to_another_service_opens_no_path(scan: Any, tmp_path: Path) -> None:
    policy = inline_policy(
        "policy",
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
        },
        {"Effect": "Allow", "Action": "sagemaker:CreateTrainingJob", "Resource": "*"},
    )
    assert results_in(scan, tmp_path, TRUST, policy)["aws_iam_role_policy.policy", "IAM_3"].result == "PASSED"


def test_a_role_that_may_change_itself_has_a_path(scan: Any, tmp_path: Path) -> None:
    hcl = """
resource "aws_iam_role_policy" "policy" {
  role = aws_iam_role.training.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "iam:PutRolePolicy", Resource = aws_iam_role.training.arn }]
  })
}
"""
    found = results_in(scan, tmp_path, TRUST, hcl)["aws_iam_role_policy.policy", "IAM_3"]
    assert found.result == "FAILED" and "any policy written into any role" in found.reason


def test_each_policy_that_opens_a_path_is_told(scan: Any, tmp_path: Path) -> None:
    """Also beside one that opens it by a wildcard over the service, which is another control's."""
    url = "sagemaker:CreatePresignedDomainUrl"
    policies = [
        inline_policy(name, {"Effect": "Allow", "Action": action, "Resource": "*"})
        for name, action in (("service", "sagemaker:*"), ("one", url), ("other", [url]))
    ]
    found = results_in(scan, tmp_path, TRUST, *policies)
    assert {address for (address, control), result in found.items() if control == "IAM_3"} == {
        "aws_iam_role_policy.one",
        "aws_iam_role_policy.other",
    }
    assert found["aws_iam_role_policy.service", "IAM_2"].result == "FAILED"


def test_all_paths_of_cloudsplaining_are_known() -> None:
    from cloudsplaining.shared.constants import PRIVILEGE_ESCALATION_METHODS

    ours = [{action.lower() for action in path.actions} for path in paths()]
    for name, actions in PRIVILEGE_ESCALATION_METHODS.items():
        assert any(known <= set(actions) for known in ours), name


def test_actions_of_paths_are_real() -> None:
    for path in paths():
        for action in path.actions:
            assert action in expand(action) or action.startswith("bedrock-agentcore:"), action


def test_the_guardrail_is_demanded_where_there_is_one(scan: Any, tmp_path: Path) -> None:
    guardrail = """
resource "aws_bedrock_guardrail" "patients" {
  name                      = "patients"
  blocked_input_messaging   = "no"
  blocked_outputs_messaging = "no"
}
"""
    model = "arn:aws:bedrock:eu-west-2::foundation-model/anthropic.claude-3-7-sonnet-20250219-v1:0"
    invoke = {"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": model}
    condition = {"bedrock:GuardrailIdentifier": "arn:aws:bedrock:eu-west-2:111122223333:guardrail/a1b2c3d4"}
    without = inline_policy("without", invoke)
    demanding = inline_policy("demanding", {**invoke, "Condition": {"StringEquals": condition}})
    found = results_in(scan, tmp_path, TRUST, guardrail, without, demanding)
    assert found["aws_iam_role_policy.without", "IAM_8"].result == "FAILED"
    assert found["aws_iam_role_policy.demanding", "IAM_8"].result == "PASSED"
    deny = {"Effect": "Deny", "Action": "bedrock:InvokeModel*", "Resource": "*"}
    denial = inline_policy("denial", {**deny, "Condition": {"StringNotEquals": condition}})
    found = results_in(scan, tmp_path, TRUST, guardrail, without, denial)
    assert found["aws_iam_role_policy.without", "IAM_8"].result == "PASSED"
    assert results_in(scan, tmp_path, TRUST, without)["aws_iam_role_policy.without", "IAM_8"].result == "PASSED"


def test_passing_roles_is_limited_by_a_denial_of_other_services(scan: Any, tmp_path: Path) -> None:
    allow = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/ml-*"}
    to = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    deny = {"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringNotEquals": to}}
    found = results_in(scan, tmp_path, TRUST, inline_policy("policy", allow, deny))
    assert found["aws_iam_role_policy.policy", "IAM_4"].result == "PASSED"
    everywhere = {**allow, "Condition": {"StringLike": {"iam:PassedToService": "*.amazonaws.com"}}}
    found = results_in(scan, tmp_path, TRUST, inline_policy("policy", everywhere))
    assert "iam:PassedToService" in found["aws_iam_role_policy.policy", "IAM_4"].reason


def test_managed_policies_are_told_with_their_source() -> None:
    for name, told in managed_policies().items():
        assert told["source"].endswith(f"/{name}.html")
        assert told.keys() - {"source"}


# --- beside Checkov --------------------------------------------------------------------------------------------------

REFERENCES_IN_A_LIST = """
resource "aws_s3_bucket" "b" {
  bucket = "training"
}
resource "aws_iam_role_policy" "training" {
  role = aws_iam_role.training.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObject"], Resource = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"] },
      { Effect = "Allow", Action = "*", Resource = "*" },
    ]
  })
}
"""


def test_a_policy_with_references_in_a_list_fails_and_passes_in_stock_checkov(scan: Any, tmp_path: Path) -> None:
    """Checkov 3.3.30 cannot parse this policy. It passes it, by the two checks that give any result:

    CKV_AWS_62 PASSED  Ensure IAM policies that allow full "*-*" administrative privileges are not created
    CKV_AWS_63 PASSED  Ensure no IAM policies documents allow "*" as a statement's actions
    """
    found = results_in(scan, tmp_path, TRUST, REFERENCES_IN_A_LIST)["aws_iam_role_policy.training", "IAM_1"]
    assert found.result == "FAILED" and found.reason.startswith("policy.Statement[1] allows *")
    ids = ["CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_286", "CKV_AWS_287", "CKV_AWS_288", "CKV_AWS_289", "CKV_AWS_290"]
    report: Any = Runner().run(root_folder=str(tmp_path), runner_filter=RunnerFilter(checks=[*ids, "CKV_AWS_355"]))
    stock = {r.check_id for r in report.passed_checks if r.resource == "aws_iam_role_policy.training"}
    assert stock == {"CKV_AWS_62", "CKV_AWS_63"}
    assert not [r for r in report.failed_checks if r.resource == "aws_iam_role_policy.training"]


def test_the_role_of_a_notebook_is_looked_into(scan: Any, tmp_path: Path) -> None:
    """CKV2_AWS_68 of Checkov 3.3.30 passes a notebook whose role may do everything: it asks the role for a `policy`."""
    hcl = """
resource "aws_iam_role" "notebook" {
  name               = "notebook"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name   = "all"
    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
  }
}
resource "aws_sagemaker_notebook_instance" "notebook" {
  name          = "notebook"
  role_arn      = aws_iam_role.notebook.arn
  instance_type = "ml.t3.medium"
}
"""
    found = results_in(scan, tmp_path, TRUST, hcl)["aws_iam_role.notebook", "IAM_1"]
    assert found.result == "FAILED" and found.evaluated_keys == ("inline_policy.policy",)
    report: Any = Runner().run(root_folder=str(tmp_path), runner_filter=RunnerFilter(checks=["CKV2_AWS_68"]))
    assert [record.resource for record in report.passed_checks] == ["aws_sagemaker_notebook_instance.notebook"]
    assert not report.failed_checks


# --- cost ------------------------------------------------------------------------------------------------------------


def test_the_policies_of_a_role_are_read_once(scan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A role with 40 attached policies, judged by six controls each, beside 40 policies that concern no AI."""
    read = Counter[str]()
    statements = permissions_module.statements

    def counting(attribute: Any) -> Any:
        read[f"{attribute.path} {attribute.state}"] += 1
        return statements(attribute)

    monkeypatch.setattr(permissions_module, "statements", counting)
    policies = "".join(
        f'resource "aws_iam_policy" "{kind}_{number}" {{\n'
        f'  name   = "{kind}-{number}"\n  policy = data.aws_iam_policy_document.{kind}_{number}.json\n}}\n'
        f'data "aws_iam_policy_document" "{kind}_{number}" {{\n  statement {{\n'
        f'    actions   = ["s3:GetObject"]\n    resources = ["arn:aws:s3:::{kind}-{number}/*"]\n  }}\n}}\n'
        for kind in ("attached", "other")
        for number in range(40)
    )
    attachments = "".join(
        f'resource "aws_iam_role_policy_attachment" "a{number}" {{\n  role       = aws_iam_role.training.name\n'
        f"  policy_arn = aws_iam_policy.attached_{number}.arn\n}}\n"
        for number in range(40)
    )
    found = results_in(scan, tmp_path, TRUST, policies, attachments)
    controls = ("IAM_1", "IAM_2", "IAM_3", "IAM_4", "IAM_5", "IAM_8")
    assert all(found[f"aws_iam_policy.attached_{n}", c].result == "PASSED" for n in range(40) for c in controls)
    assert set(read.values()) == {1} and len(read) == 41, "the 40 policies and the trust policy, each once"


def test_the_list_of_actions_is_loaded_only_for_wildcards() -> None:
    """In a process of its own, as Checkov's runner has loaded it already."""
    code = (
        "import sys; from checkov_aiml.terraform_view import iam_actions as a, permissions\n"
        "assert a.matches('s3:Get*', 's3:GetObject') and a.covers_service('s3:*', 's3')\n"
        "assert not [m for m in sys.modules if m.startswith('policy_sentry')]\n"
        "assert 's3:GetObject' in a.expand('s3:Get*')\n"
        "assert 'policy_sentry.shared.iam_data' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
