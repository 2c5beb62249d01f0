locals {
  private_dns_zones = [
    "privatelink.api.azureml.ms",
    "privatelink.notebooks.azure.net",
    "privatelink.vaultcore.azure.net",
    "privatelink.blob.core.windows.net",
    "privatelink.file.core.windows.net",
    "privatelink.azurecr.io",
    "privatelink.cognitiveservices.azure.com",
    "privatelink.openai.azure.com",
    "privatelink.services.ai.azure.com",
    "privatelink.search.windows.net",
  ]

  workspace_zone_ids = [
    azurerm_private_dns_zone.main["privatelink.api.azureml.ms"].id,
    azurerm_private_dns_zone.main["privatelink.notebooks.azure.net"].id,
  ]
}

resource "azurerm_private_dns_zone" "main" {
  for_each = toset(local.private_dns_zones)

  name                = each.key
  resource_group_name = azurerm_resource_group.main.name
  tags                = local.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "main" {
  for_each = azurerm_private_dns_zone.main

  name                  = var.name
  resource_group_name   = azurerm_resource_group.main.name
  private_dns_zone_name = each.value.name
  virtual_network_id    = azurerm_virtual_network.main.id
  tags                  = local.tags
}

resource "azurerm_private_endpoint" "workspace" {
  name                = "pep-${var.name}-workspace"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "workspace"
    private_connection_resource_id = azurerm_machine_learning_workspace.main.id
    subresource_names              = ["amlworkspace"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "workspace"
    private_dns_zone_ids = local.workspace_zone_ids
  }
}

resource "azurerm_private_endpoint" "hub" {
  name                = "pep-${var.name}-hub"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "hub"
    private_connection_resource_id = azurerm_ai_foundry.main.id
    subresource_names              = ["amlworkspace"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "hub"
    private_dns_zone_ids = local.workspace_zone_ids
  }
}

resource "azurerm_private_endpoint" "vault" {
  name                = "pep-${var.name}-vault"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "vault"
    private_connection_resource_id = azurerm_key_vault.main.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "vault"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["privatelink.vaultcore.azure.net"].id]
  }
}

resource "azurerm_private_endpoint" "blob" {
  name                = "pep-${var.name}-blob"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "blob"
    private_connection_resource_id = azurerm_storage_account.main.id
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "blob"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["privatelink.blob.core.windows.net"].id]
  }
}

# Notebooks live on a file share of the same account.
resource "azurerm_private_endpoint" "file" {
  name                = "pep-${var.name}-file"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "file"
    private_connection_resource_id = azurerm_storage_account.main.id
    subresource_names              = ["file"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "file"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["privatelink.file.core.windows.net"].id]
  }
}

resource "azurerm_private_endpoint" "registry" {
  name                = "pep-${var.name}-registry"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "registry"
    private_connection_resource_id = azurerm_container_registry.main.id
    subresource_names              = ["registry"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "registry"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["privatelink.azurecr.io"].id]
  }
}

resource "azurerm_private_endpoint" "openai" {
  name                = "pep-${var.name}-openai"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "openai"
    private_connection_resource_id = azurerm_cognitive_account.openai.id
    subresource_names              = ["account"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "openai"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["privatelink.openai.azure.com"].id]
  }
}

resource "azurerm_private_endpoint" "services" {
  name                = "pep-${var.name}-services"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "services"
    private_connection_resource_id = azurerm_cognitive_account.services.id
    subresource_names              = ["account"]
    is_manual_connection           = false
  }

  # An AIServices account answers under three names.
  private_dns_zone_group {
    name = "services"
    private_dns_zone_ids = [
      azurerm_private_dns_zone.main["privatelink.cognitiveservices.azure.com"].id,
      azurerm_private_dns_zone.main["privatelink.openai.azure.com"].id,
      azurerm_private_dns_zone.main["privatelink.services.ai.azure.com"].id,
    ]
  }
}

resource "azurerm_private_endpoint" "search" {
  name                = "pep-${var.name}-search"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "search"
    private_connection_resource_id = azurerm_search_service.guidelines.id
    subresource_names              = ["searchService"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "search"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["privatelink.search.windows.net"].id]
  }
}

resource "azurerm_private_endpoint" "models" {
  name                = "pep-${var.name}-models"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "models"
    private_connection_resource_id = azapi_resource.models.id
    subresource_names              = ["amlregistry"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "models"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["privatelink.api.azureml.ms"].id]
  }
}

# The managed network's own way to the models.
resource "azurerm_machine_learning_workspace_network_outbound_rule_private_endpoint" "openai" {
  name                = "openai"
  workspace_id        = azurerm_machine_learning_workspace.main.id
  service_resource_id = azurerm_cognitive_account.openai.id
  sub_resource_target = "account"
}
