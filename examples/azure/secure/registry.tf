# Only the Premium tier can be closed to the internet and take a key of ours.
# expect: NET_24 pass, ENC_11 pass, RES_21 pass, RES_23 pass
resource "azurerm_container_registry" "main" {
  #checkov:skip=CKV_AZURE_164:Azure is withdrawing content trust
  #checkov:skip=CKV_AZURE_166:Azure Machine Learning cannot pull from a registry with quarantine
  #checkov:skip=CKV_AZURE_233:UK South is zone-redundant, UK West has no zones

  name                = "cr${var.short_name}${var.environment}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "Premium"

  public_network_access_enabled = false
  export_policy_enabled         = false
  data_endpoint_enabled         = true
  network_rule_bypass_option    = "AzureServices"

  # One shared password for all, in no log.
  admin_enabled          = false
  anonymous_pull_enabled = false

  zone_redundancy_enabled  = true
  retention_policy_in_days = 30

  georeplications {
    location = "ukwest"
  }

  encryption {
    key_vault_key_id   = azurerm_key_vault_key.data.versionless_id
    identity_client_id = azurerm_user_assigned_identity.workspace.client_id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.workspace.id]
  }

  tags = local.tags

  depends_on = [azurerm_role_assignment.workspace_key]
}
