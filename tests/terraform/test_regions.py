"""Where resources are: by their own argument, their provider through aliases and modules, or their parent."""

from __future__ import annotations

from pathlib import Path

from checkov.runner_filter import RunnerFilter
from checkov.terraform.runner import Runner

from checkov_aiml.terraform_view.estate import Estate
from checkov_aiml.terraform_view.regions import location_of, region_of

ROOT = """
variable "region" { default = "eu-west-2" }
variable "unknown" {}
provider "aws" {
  region = var.region
}
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
provider "aws" {
  alias = "environment"
}
provider "aws" {
  alias  = "unknown"
  region = var.unknown
}
resource "aws_sagemaker_model" "default" {}
resource "aws_sagemaker_model" "aliased" {
  provider = aws.us
}
resource "aws_sagemaker_model" "own" {
  provider = aws.us
  region   = "eu-west-2"
}
resource "aws_sagemaker_model" "missing" {
  provider = aws.environment
}
resource "aws_sagemaker_model" "unknown" {
  provider = aws.unknown
}
module "abroad" {
  source = "./module"
  providers = {
    aws        = aws.us
    aws.second = aws
  }
}
module "home" {
  source = "./module"
  providers = {
    aws        = aws
    aws.second = aws.environment
  }
}
resource "azurerm_resource_group" "ml" {
  name     = "ml"
  location = "UK South"
}
resource "azurerm_cognitive_account" "chat" {
  location            = azurerm_resource_group.ml.location
  resource_group_name = azurerm_resource_group.ml.name
}
resource "azurerm_cognitive_deployment" "chat" {
  cognitive_account_id = azurerm_cognitive_account.chat.id
}
"""
MODULE = """
resource "aws_sagemaker_model" "first" {}
resource "aws_sagemaker_model" "second" {
  provider = aws.second
}
module "inner" {
  source = "./inner"
}
"""


def test_places(tmp_path: Path) -> None:
    (tmp_path / "module" / "inner").mkdir(parents=True)
    (tmp_path / "main.tf").write_text(ROOT, encoding="utf-8")
    (tmp_path / "module" / "main.tf").write_text(MODULE, encoding="utf-8")
    (tmp_path / "module" / "inner" / "main.tf").write_text(
        'resource "aws_sagemaker_model" "third" {}\n', encoding="utf-8"
    )
    runner = Runner()
    runner.run(root_folder=str(tmp_path), runner_filter=RunnerFilter(checks=["none"]))
    found = {}
    for resource in Estate(runner.all_graphs[0][0]).resources:
        place = (region_of if resource.type.startswith("aws_") else location_of)(resource)
        found[resource.address] = (place.name, place.cause, place.is_missing)
    model = "aws_sagemaker_model"
    assert found == {
        f"{model}.default": ("eu-west-2", "provider aws", False),
        f"{model}.aliased": ("us-east-1", "provider aws.us", False),
        f"{model}.own": ("eu-west-2", "its region argument", False),
        f"{model}.missing": (None, "provider aws.environment", True),
        f"{model}.unknown": (None, "provider aws.unknown", False),
        f"module.abroad.{model}.first": ("us-east-1", "provider aws.us", False),
        f"module.abroad.{model}.second": ("eu-west-2", "provider aws", False),
        f"module.abroad.module.inner.{model}.third": ("us-east-1", "provider aws.us", False),
        f"module.home.{model}.first": ("eu-west-2", "provider aws", False),
        f"module.home.{model}.second": (None, "provider aws.environment", True),
        f"module.home.module.inner.{model}.third": ("eu-west-2", "provider aws", False),
        "azurerm_resource_group.ml": ("uksouth", "its location", False),
        "azurerm_cognitive_account.chat": ("uksouth", "its location, that of azurerm_resource_group.ml", False),
        "azurerm_cognitive_deployment.chat": (
            "uksouth",
            "the location of azurerm_cognitive_account.chat, that of azurerm_resource_group.ml",
            False,
        ),
    }
