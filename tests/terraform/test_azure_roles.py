"""Azure's roles: wildcards against the plain meaning of a wildcard, the table of built-in roles, and the settings."""

from __future__ import annotations

import itertools
import json
import re
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkov_aiml import settings
from checkov_aiml.judgements.azure_custom_roles import PERMISSIONS, no_wildcards
from checkov_aiml.judgements.azure_scopes import AI_PROVIDERS
from checkov_aiml.terraform_view.estate import AI_TYPES
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Value, known
from checkov_aiml.verdict import Outcome

DATA = Path(__file__).resolve().parents[2] / "checkov_aiml" / "data" / "azure_roles.json"
KINDS = ("read", "write", "delete", "action")
PROVIDER = "Microsoft.Search"
SEGMENTS = ("a", "b", "other")  # No pattern below names `other`: it stands for all that a star alone matches.
OPERATIONS = [
    "/".join((PROVIDER, *segments, kind))
    for length in (1, 2, 3, 4)
    for segments in itertools.product(SEGMENTS, repeat=length)
    for kind in KINDS
]
"""Operations as deep as the patterns can tell apart."""

_ENDS = st.sampled_from((*KINDS, "*"))
_BELOW = st.lists(st.sampled_from(("a", "b", "*")), min_size=1, max_size=2)
PATTERNS = st.one_of(
    st.just("*"),
    st.builds("*/{}".format, st.sampled_from(KINDS)),
    st.just(f"{PROVIDER}/*"),
    st.builds(lambda below, end: "/".join((PROVIDER, *below, end)), _BELOW, _ENDS),
    st.builds(lambda below, end: "/".join((PROVIDER.upper(), *below, end)), _BELOW, _ENDS),
    st.builds("Microsoft.Storage/{}/*".format, st.sampled_from(("a", "b"))),
)


def matches(pattern: str, operation: str) -> bool:
    """What Azure says of a wildcard: a star matches anything, and case does not count."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), operation, re.IGNORECASE) is not None


def allows_by_wildcard(actions: list[str], exceptions: list[str], kinds: tuple[str, ...]) -> bool:
    wildcards = [action for action in actions if "*" in action]
    return any(
        operation.endswith(kinds)
        and any(matches(action, operation) for action in wildcards)
        and not any(matches(exception, operation) for exception in exceptions)
        for operation in OPERATIONS
    )


class _Body:
    """The body of a custom role with one permission."""

    def __init__(self, **permission: list[str]) -> None:
        lists = {name: known([known(text) for text in texts]) for name, texts in permission.items()}
        self._blocks = {"permissions": known([known(lists)])}

    def get(self, name: str) -> Value | None:
        return self._blocks.get(name)


def role(**permission: list[str]) -> Resource:
    kind = "azurerm_role_definition"
    return Resource("managed", kind, "role", None, f"{kind}.role", "", None, _Body(**permission))  # type: ignore[arg-type]


@given(st.lists(PATTERNS, min_size=1, max_size=3), st.lists(PATTERNS, max_size=3))
def test_wildcards_mean_what_they_say(actions: list[str], exceptions: list[str]) -> None:
    only_search = [*exceptions, *(f"{other}/*" for other in AI_PROVIDERS if other != PROVIDER)]
    bad = no_wildcards(role(actions=actions, not_actions=only_search)).outcome is Outcome.FAILED
    assert bad == allows_by_wildcard(actions, exceptions, KINDS[1:])


@given(st.lists(PATTERNS, min_size=1, max_size=3), st.lists(PATTERNS, max_size=3))
def test_reading_counts_among_data_actions(actions: list[str], exceptions: list[str]) -> None:
    only_search = [*exceptions, *(f"{other}/*" for other in AI_PROVIDERS if other != PROVIDER)]
    bad = no_wildcards(role(data_actions=actions, not_data_actions=only_search)).outcome is Outcome.FAILED
    assert bad == allows_by_wildcard(actions, exceptions, KINDS)


def test_a_message_says_what_a_wildcard_allows() -> None:
    verdict = no_wildcards(role(actions=["*/write", "Microsoft.Search/*"], not_actions=["Microsoft.Search/*/action"]))
    assert verdict.reason == (
        'permissions.actions: "*/write" allows write on Microsoft.BotService and 5 other AI services; '
        '"Microsoft.Search/*" allows write, delete on Microsoft.Search; name the operations'
    )


def test_every_type_of_role_has_both_planes() -> None:
    assert all(len(pairs) == 2 for pairs in PERMISSIONS.values())


def test_ai_providers_are_those_of_the_ai_types() -> None:
    arm_types = {kind.rstrip("/") for kind in AI_TYPES if kind.endswith("/")}
    assert arm_types <= {provider.lower() for provider in AI_PROVIDERS}


def test_built_in_roles_have_an_id_a_name_and_a_source() -> None:
    table = json.loads(DATA.read_text(encoding="utf-8"))
    assert table["source"].startswith("https://learn.microsoft.com/")
    for guid, role_facts in table["privileged"].items():
        assert str(uuid.UUID(guid)) == guid and role_facts["name"]


GROUP = """
resource "azurerm_cognitive_account" "triage" {
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  kind                = "OpenAI"
  sku_name            = "S0"
}
resource "azurerm_role_assignment" "group" {
  scope                = azurerm_cognitive_account.triage.id
  role_definition_name = "Cognitive Services OpenAI User"
  principal_id         = "11111111-2222-3333-4444-555555555555"
  principal_type       = "Group"
}
"""


@pytest.mark.parametrize(("allowed", "result"), [(True, "PASSED"), (False, "FAILED")])
def test_a_setting_says_whether_groups_are_allowed(
    scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: bool, result: str
) -> None:
    (tmp_path / "main.tf").write_text(GROUP, encoding="utf-8")
    configuration = tmp_path / "settings.yaml"
    configuration.write_text(f"identity:\n  groups_allowed: {str(allowed).lower()}\n", encoding="utf-8")
    monkeypatch.setenv(settings.VARIABLE, str(configuration))
    settings.forget()
    assert [one.result for one in scan(tmp_path) if one.control == "IAM_23"] == [result]
