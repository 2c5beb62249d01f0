# What is missing is what is wrong: public network access is on when left out, outbound traffic is free without a
# managed network, and without an encryption block the keys are Microsoft's, for good.
# expect: NET_20 fail, NET_23 fail, ENC_20 fail, RES_20 pass, IAM_24 fail, IAM_25 pass
resource "azurerm_machine_learning_workspace" "main" {
  name                    = "mlw-${var.name}"
  resource_group_name     = azurerm_resource_group.main.name
  location                = azurerm_resource_group.main.location
  application_insights_id = azurerm_application_insights.main.id
  key_vault_id            = azurerm_key_vault.main.id
  storage_account_id      = azurerm_storage_account.main.id
  container_registry_id   = azurerm_container_registry.main.id

  identity {
    type = "SystemAssigned"
  }
}

# expect: NET_20 fail, NET_21 fail, NET_23 fail, ENC_20 fail, RES_20 fail, IAM_25 pass
resource "azurerm_ai_foundry" "main" {
  name                  = "hub-${var.name}"
  resource_group_name   = azurerm_resource_group.main.name
  location              = var.hub_location
  key_vault_id          = azurerm_key_vault.main.id
  storage_account_id    = azurerm_storage_account.main.id
  public_network_access = "Enabled"

  # A network of its own, with a way to all of the internet.
  managed_network {
    isolation_mode = "AllowInternetOutbound"
  }

  identity {
    type = "SystemAssigned"
  }
}
