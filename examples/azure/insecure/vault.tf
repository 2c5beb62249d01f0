# No firewall, so it answers the whole internet; access policies that nobody reviews; and it can be purged in a week,
# with every secret in it.
# expect: NET_24 fail, ENC_24 fail, RES_21 pass, RES_23 pass
resource "azurerm_key_vault" "main" {
  name                       = "kv-${var.short_name}-dev"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  soft_delete_retention_days = 7
  purge_protection_enabled   = false

  access_policy {
    tenant_id          = data.azurerm_client_config.current.tenant_id
    object_id          = azurerm_user_assigned_identity.compute.principal_id
    key_permissions    = ["Get", "List", "Create", "Delete", "Purge"]
    secret_permissions = ["Get", "List", "Set", "Delete", "Purge"]
  }
}
