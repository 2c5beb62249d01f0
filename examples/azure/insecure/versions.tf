terraform {
  required_version = ">= 1.8"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.47"
    }
    # Still the first generation, whose bodies may be JSON strings (endpoint.tf); the second takes objects only.
    azapi = {
      source  = "azure/azapi"
      version = "~> 1.15"
    }
  }
}

provider "azurerm" {
  subscription_id = var.subscription_id

  features {}
}

provider "azapi" {
  subscription_id = var.subscription_id
}

data "azurerm_client_config" "current" {}

data "azurerm_subscription" "current" {}

# No tags anywhere: nothing tells whose this is, nor how sensitive its data are.
resource "azurerm_resource_group" "main" {
  name     = "rg-${var.name}"
  location = var.location
}
