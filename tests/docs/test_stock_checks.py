"""The page on stock checks is true: each pair is run side by side, on the same resources, by Checkov itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from checkov_aiml import control_catalogue

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT = (REPOSITORY / "docs" / "from-stock-checks.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| (CKV2?_\w+) \| ([^|]*) \|.*$", re.MULTILINE)


def _rows(title: str) -> dict[str, list[str]]:
    """Stock check to the controls of ours that its row names."""
    section = TEXT.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return {row[1]: re.findall(r"[A-Z]+_\d+(?=[\],| ])", f"{row[2]} ") for row in _ROW.finditer(section)}


SKIPPED, KEPT = _rows("Checks to skip"), _rows("Checks to keep")

NOTEBOOK = """
resource "aws_sagemaker_notebook_instance" "n" {{
  name          = "n"
  role_arn      = "arn:aws:iam::111122223333:role/n"
  instance_type = "ml.t3.medium"
  {}
}}
"""
QUALITY = """
resource "aws_sagemaker_data_quality_job_definition" "q" {
  role_arn = "arn:aws:iam::111122223333:role/q"
  data_quality_app_specification {
    image_uri = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/q:1"
  }
  data_quality_job_input {
    endpoint_input {
      endpoint_name = "e"
    }
  }
  data_quality_job_output_config {
    monitoring_outputs {
      s3_output {
        s3_uri = "s3://bucket/q"
      }
    }
  }
  job_resources {
    cluster_config {
      instance_count    = 2
      instance_type     = "ml.m5.large"
      volume_size_in_gb = 20
    }
  }
}
"""
COGNITIVE = """
resource "azurerm_cognitive_account" "c" {{
  name                = "c"
  location            = "uksouth"
  resource_group_name = "rg"
  kind                = "{}"
  sku_name            = "S0"
  {}
}}
"""
WORKSPACE = """
resource "azurerm_machine_learning_workspace" "w" {
  name                    = "w"
  location                = "uksouth"
  resource_group_name     = "rg"
  application_insights_id = "a"
  key_vault_id            = "k"
  storage_account_id      = "s"
  identity {
    type = "SystemAssigned"
  }
}
"""
RECOGNISER = """
resource "aws_comprehend_entity_recognizer" "r" {
  name                 = "r"
  data_access_role_arn = "arn:aws:iam::111122223333:role/r"
  language_code        = "en"
  input_data_config {
    entity_types {
      type = "WARD"
    }
    documents {
      s3_uri = "s3://bucket/documents"
    }
    entity_list {
      s3_uri = "s3://bucket/entities"
    }
  }
}
"""
ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: trainer
rules:
"""
RULE = """  - apiGroups: [{}]
    resources: [{}]
    verbs: [{}]
"""
HARMLESS = RULE.format('""', "pods", "get")
FLOW = """
resource "aws_sagemaker_flow_definition" "f" {
  flow_definition_name = "f"
  role_arn             = "arn:aws:iam::111122223333:role/f"
  human_loop_config {
    human_task_ui_arn                     = "arn:aws:sagemaker:eu-west-2:111122223333:human-task-ui/f"
    task_count                            = 1
    task_description                      = "f"
    task_title                            = "f"
    workteam_arn                          = "arn:aws:sagemaker:eu-west-2:111122223333:workteam/private-crowd/f"
  }
  output_config {
    s3_output_path = "s3://bucket/f"
  }
}
"""
ENDPOINT = """
resource "aws_sagemaker_endpoint_configuration" "e" {
  production_variants {
    model_name             = "m"
    initial_instance_count = 2
    instance_type          = "ml.m5.large"
  }
}
"""
MODEL = """
resource "aws_sagemaker_model" "m" {
  execution_role_arn = "arn:aws:iam::111122223333:role/m"
  primary_container {
    image = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/m:1"
  }
}
"""
DOMAIN = """
resource "aws_sagemaker_domain" "d" {
  domain_name = "d"
  auth_mode   = "SSO"
  vpc_id      = "vpc-0a1b2c3d"
  subnet_ids  = ["subnet-0a1b2c3d"]
  default_user_settings {
    execution_role = "arn:aws:iam::111122223333:role/d"
  }
}
"""
AGENT = """
resource "aws_bedrockagent_agent" "a" {
  agent_name              = "a"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/a"
  foundation_model        = "anthropic.claude-3-haiku-20240307-v1:0"
}
"""
KENDRA = """
resource "aws_kendra_index" "k" {
  name     = "k"
  role_arn = "arn:aws:iam::111122223333:role/k"
}
"""
KEY_INSIDE = """customer_managed_key {
    key_vault_key_id = "https://v.vault.azure.net/keys/k/1"
  }"""

FAILING: Mapping[str, str] = {
    "CKV_AWS_22": NOTEBOOK.format(""),
    "CKV_AWS_98": ENDPOINT,
    "CKV_AWS_122": NOTEBOOK.format('direct_internet_access = "Enabled"'),
    "CKV_AWS_187": DOMAIN,
    "CKV_AWS_262": KENDRA,
    "CKV_AWS_267": RECOGNISER,
    "CKV_AWS_268": RECOGNISER,
    "CKV_AWS_306": NOTEBOOK.format(""),
    "CKV_AWS_307": NOTEBOOK.format(""),
    "CKV_AWS_367": QUALITY,
    "CKV_AWS_368": QUALITY,
    "CKV_AWS_369": QUALITY,
    "CKV_AWS_370": MODEL,
    "CKV_AWS_371": NOTEBOOK.format(""),
    "CKV_AWS_372": FLOW,
    "CKV_AWS_373": AGENT,
    "CKV_AZURE_134": COGNITIVE.format("OpenAI", ""),
    "CKV_AZURE_236": COGNITIVE.format("OpenAI", ""),
    "CKV_AZURE_238": COGNITIVE.format("OpenAI", ""),
    "CKV_AZURE_247": COGNITIVE.format("OpenAI", ""),
    "CKV2_AZURE_22": COGNITIVE.format("OpenAI", ""),
    "CKV2_AZURE_49": WORKSPACE.replace("  identity {", "  public_network_access_enabled = true\n  identity {"),
    "CKV_K8S_49": ROLE + RULE.format("batch", '"*"', '"*"'),
    "CKV_K8S_155": ROLE
    + RULE.format("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "create, update"),
    "CKV_K8S_156": ROLE
    + RULE.format("certificates.k8s.io", "certificatesigningrequests/approval", "update, patch")
    + RULE.format("certificates.k8s.io", "signers", "approve"),
    "CKV_K8S_157": ROLE + RULE.format("rbac.authorization.k8s.io", "clusterroles, rolebindings", "bind"),
    "CKV_K8S_158": ROLE + RULE.format("rbac.authorization.k8s.io", "clusterroles, roles", "escalate"),
}
"""A resource that each stock check fails."""

WRONG: Mapping[str, tuple[str, str, str, str]] = {
    "CKV_AWS_22": (NOTEBOOK.format('kms_key_id = "alias/aws/sagemaker"'), "PASSED", "ENC_1", "FAILED"),
    "CKV_AWS_122": (NOTEBOOK.format(""), "PASSED", "NET_3", "FAILED"),
    "CKV_AZURE_247": (COGNITIVE.format("AIServices", ""), "PASSED", "NET_26", "FAILED"),
    "CKV2_AZURE_22": (COGNITIVE.format("OpenAI", KEY_INSIDE), "FAILED", "ENC_21", "PASSED"),
    "CKV2_AZURE_49": (WORKSPACE, "PASSED", "NET_20", "FAILED"),
    "CKV_K8S_49": (ROLE + HARMLESS + RULE.format('""', '"*"', '"*"'), "PASSED", "RBAC_1", "FAILED"),
}
"""What the bold sentences of the page say: a resource, what the stock check makes of it, and what ours does."""

INLINE_ADMINISTRATOR = """
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "sagemaker.amazonaws.com" } }]
  })
  inline_policy {
    name   = "all"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
    })
  }
}
"""
NOTEBOOK_OF_ROLE = NOTEBOOK.format("").replace('"arn:aws:iam::111122223333:role/n"', "aws_iam_role.r.arn")

KEPT_BUT_WRONG: Mapping[str, tuple[str, str, str]] = {
    "inline": ("CKV2_AWS_68", INLINE_ADMINISTRATOR + NOTEBOOK_OF_ROLE, "PASSED"),
    "arn": ("CKV2_AWS_68", NOTEBOOK.format(""), "FAILED"),
}
"""What the page says of checks to keep: a case, and what the check makes of it."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, set[str]]]:
    """Folder to id to what was said of the resources in it; the insecure examples are in folders of their own."""
    root = tmp_path_factory.mktemp("stock")
    cases = {f"failing-{name}": text for name, text in FAILING.items()}
    cases |= {f"wrong-{name}": text for name, (text, _, _, _) in WRONG.items()}
    cases |= {f"kept-{name}": text for name, (_, text, _) in KEPT_BUT_WRONG.items()}
    for name, text in cases.items():
        (root / name).mkdir()
        (root / name / ("m.yaml" if "apiVersion" in text else "main.tf")).write_text(text, encoding="utf-8")
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for record in _checkov(root):
        found[record["file_path"].split("/")[1]][record["check_id"]].add(record["check_result"]["result"])
    return found


def _checkov(folder: Path) -> list[dict]:
    checks = ",".join([*SKIPPED, *KEPT, "CKV_AIML_*"])
    arguments = ("-d", folder, "--external-checks-dir", control_catalogue.directory(), "--check", checks)
    common = ("--framework", "terraform", "kubernetes", "-o", "json", "--skip-download")
    command = [sys.executable, "-m", "checkov.main", *map(str, arguments), *common]
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True, check=False)
    reports = json.loads(done.stdout)
    kinds = ("passed_checks", "failed_checks", "skipped_checks")
    return [record for report in reports for kind in kinds for record in report["results"][kind]]


def _environment() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith(("CHECKOV", "CKV_"))}


def _existing() -> set[str]:
    return {identifier.removeprefix("CKV_AIML_") for identifier in control_catalogue.by_id()}


def test_stock_checks_exist() -> None:
    command = [sys.executable, "-m", "checkov.main", "--list"]
    listed = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=True).stdout
    ids = set(re.findall(r"\| (CKV2?_\w+) +\|", listed))
    assert len(ids) > 1000
    assert sorted({*SKIPPED, *KEPT} - ids) == []


def test_each_skipped_check_is_tried_and_has_a_control() -> None:
    assert SKIPPED.keys() == FAILING.keys()
    assert {name for name, row in _bold_rows().items() if row} == WRONG.keys()
    for name, controls in SKIPPED.items():
        assert controls and set(controls) <= _existing(), f"{name}: no control takes its place yet: keep it"


def _bold_rows() -> dict[str, bool]:
    return {row[1]: "**" in row[0] for row in _ROW.finditer(TEXT.partition("## Checks to keep")[0])}


@pytest.mark.parametrize("name", FAILING)
def test_where_a_skipped_check_fails_a_control_fails(name: str, results: dict[str, dict[str, set[str]]]) -> None:
    here = results[f"failing-{name}"]
    assert "FAILED" in here[name]
    assert any("FAILED" in here[f"CKV_AIML_{control}"] for control in SKIPPED[name]), dict(here)


@pytest.mark.parametrize("name", WRONG)
def test_where_the_stock_check_is_wrong_the_control_is_right(
    name: str, results: dict[str, dict[str, set[str]]]
) -> None:
    _, stock, control, ours = WRONG[name]
    assert control in SKIPPED[name]
    assert results[f"wrong-{name}"][name] == {stock}
    assert results[f"wrong-{name}"][f"CKV_AIML_{control}"] == {ours}


@pytest.mark.parametrize("case", KEPT_BUT_WRONG)
def test_a_check_to_keep_does_what_the_page_says(case: str, results: dict[str, dict[str, set[str]]]) -> None:
    name, _, said = KEPT_BUT_WRONG[case]
    assert name in KEPT
    assert results[f"kept-{case}"][name] == {said}


def test_skipping_loses_nothing_in_the_examples() -> None:
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for record in _checkov(REPOSITORY / "examples"):
        found[record["file_path"], record["resource"]][record["check_id"]] = record["check_result"]["result"]
    lost = [
        f"{resource}: {name}"
        for (_, resource), said in found.items()
        for name, controls in SKIPPED.items()
        if said.get(name) == "FAILED" and "FAILED" not in {said.get(f"CKV_AIML_{control}") for control in controls}
    ]
    assert lost == []
    assert any(said.get(name) == "FAILED" for said in found.values() for name in SKIPPED)


def test_command_of_the_page_skips_the_checks_of_the_table() -> None:
    command = re.search(r"--skip-check (\S+)", TEXT)
    assert command and command[1].split(",") == list(SKIPPED)
