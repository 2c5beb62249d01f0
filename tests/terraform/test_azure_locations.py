"""Azure's locations: their pairs, the locations in addresses, and what the settings make of a place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from checkov_aiml import control_catalogue, settings
from checkov_aiml.judgements.azure_locations import location_in, pairs

AZURE_CONTROLS = ("RES_20", "RES_21", "RES_22", "RES_23")
ESTATE = """
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  resource_group_name     = "triage"
  location                = "UK South"
  application_insights_id = "insights"
  key_vault_id            = azurerm_key_vault.triage.id
  storage_account_id      = azurerm_storage_account.triage.id
}
resource "azurerm_key_vault" "triage" {
  location = "uksouth"
}
resource "azurerm_storage_account" "triage" {
  location                 = "uksouth"
  account_replication_type = "GRS"
}
resource "azurerm_storage_account" "unpaired" {
  location                 = "polandcentral"
  account_replication_type = "GRS"
  tags                     = { workload_type = "ai_training" }
}
resource "azurerm_cognitive_account" "translator" {
  location = "global"
  kind     = "TextTranslation"
}
resource "azurerm_search_service" "unknown" {
  location = var.unknown
}
variable "unknown" {}
"""


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Sets the settings of a test."""

    def configure(**content: object) -> None:
        file = tmp_path / "settings.txt"
        file.write_text(json.dumps(content), encoding="utf-8")
        monkeypatch.setenv(settings.VARIABLE, str(file))
        settings.forget()

    return configure


def found(scan, folder: Path) -> dict[tuple[str, str], tuple[str, str]]:
    estate = folder / "estate"
    estate.mkdir()
    (estate / "main.tf").write_text(ESTATE, encoding="utf-8")
    wanted = ("RES_20", "RES_21", "RES_23")
    return {(r.address, r.control): (r.result, r.reason) for r in scan(estate) if r.control in wanted}


def test_by_default_the_uk_pair_is_allowed(scan, tmp_path: Path) -> None:
    results = found(scan, tmp_path)
    assert {key: result for key, (result, _) in results.items()} == {
        ("azurerm_machine_learning_workspace.triage", "RES_20"): "PASSED",
        ("azurerm_key_vault.triage", "RES_21"): "PASSED",
        ("azurerm_key_vault.triage", "RES_23"): "PASSED",
        ("azurerm_storage_account.triage", "RES_21"): "PASSED",
        ("azurerm_storage_account.triage", "RES_23"): "PASSED",
        ("azurerm_storage_account.unpaired", "RES_21"): "FAILED",
        ("azurerm_cognitive_account.translator", "RES_20"): "FAILED",
    }


def test_a_pair_that_is_not_allowed_fails_what_copies_to_it(scan, configured, tmp_path: Path) -> None:
    configured(regions={"azure": ["UK South", "Poland Central"]})
    results = found(scan, tmp_path)
    assert results["azurerm_storage_account.triage", "RES_23"] == (
        "FAILED",
        "a copy of AI data (used by azurerm_machine_learning_workspace.triage) goes abroad: account_replication_type: "
        "GRS copies to ukwest, with which Azure pairs uksouth; "
        "the setting regions.azure allows UK South, Poland Central",
    )
    assert results["azurerm_key_vault.triage", "RES_23"][0] == "FAILED"
    assert results["azurerm_storage_account.triage", "RES_21"][0] == "PASSED"
    assert results["azurerm_storage_account.unpaired", "RES_21"][0] == "PASSED"
    assert results["azurerm_storage_account.unpaired", "RES_23"][0] == "PASSED"


def test_global_can_be_allowed(scan, configured, tmp_path: Path) -> None:
    configured(regions={"azure": ["uksouth", "global"]})
    assert found(scan, tmp_path)["azurerm_cognitive_account.translator", "RES_20"][0] == "PASSED"


def test_an_unknown_location_fails_where_the_settings_say_so(scan, configured, tmp_path: Path) -> None:
    configured(unresolved="fail")
    result, reason = found(scan, tmp_path)["azurerm_search_service.unknown", "RES_20"]
    assert result == "FAILED" and reason.startswith("location: the location is not known (its location)")


def test_pairs_are_locations_themselves() -> None:
    assert {pair for pair in pairs().values() if pair} <= pairs().keys()
    assert pairs()["uksouth"] == "ukwest" and pairs()["ukwest"] == "uksouth"


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("https://eastus.api.cognitive.microsoft.com/", "eastus"),
        ("https://triage.WestEurope.inference.ml.azure.com/score", "westeurope"),
        ("triage.swedencentral.models.ai.azure.com:443", "swedencentral"),
        ("https://oai-eastus-triage.openai.azure.com/", None),
        ("https://triage.openai.azure.com/eastus", None),
        ("https://triage.openai.azure.com/?location=eastus", None),
        ("", None),
    ],
)
def test_locations_in_addresses(address: str, location: str | None) -> None:
    assert location_in(address) == location


def test_odd_values_stop_no_judgement(scan, tmp_path: Path) -> None:
    """Whatever stands where a location, SKU or replica belongs, an answer is given or none, and nothing crashes."""
    blocks = []
    for control in control_catalogue.controls():
        azure = control.attributes_read() if control.id.removeprefix("CKV_AIML_") in AZURE_CONTROLS else {}
        for kind, path in ((kind, path) for kind, paths in azure.items() for path in paths):
            for value in ("5", "[]", '["a", { b = 1 }]', "var.unknown"):
                blocks.append(_block(kind, path, value, len(blocks)))
    (tmp_path / "main.tf").write_text('variable "unknown" {}\n' + "".join(blocks), encoding="utf-8")
    reasons = [result.reason for result in scan(tmp_path) if result.control in AZURE_CONTROLS]
    assert reasons and not [reason for reason in reasons if "could not be judged" in reason]


def _block(kind: str, path: str, value: str, number: int) -> str:
    """A resource that counts as AI data and has a value at a path."""
    first, *inner = path.split(".")
    nested = value
    for name in reversed(inner):
        nested = f"{{ {name} = {nested} }}"
    is_beside = "/" not in kind or path in ("location", "parent_id")
    said = f"{first} = {nested}" if is_beside else f"body = {{ {first} = {nested} }}"
    terraform_type = "azapi_resource" if "/" in kind else kind
    named = f'type = "{kind}@2025-01-01"' if "/" in kind else ""
    tags = 'tags = { workload_type = "ai_training" }'
    return f'resource "{terraform_type}" "r{number}" {{\n{named}\n{tags}\n{said}\n}}\n'
