# expect: NET_24 pass, ENC_24 pass, RES_21 pass, RES_23 pass
resource "azurerm_key_vault" "main" {
  name                = "kv-${var.short_name}-${var.environment}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tenant_id           = data.azurerm_client_config.current.tenant_id
  sku_name            = "premium" # keys in a hardware module

  rbac_authorization_enabled = true # one place for permissions, and they end with the identity

  # Who deletes the key deletes the data: nobody may purge it, for 90 days.
  purge_protection_enabled   = true
  soft_delete_retention_days = 90

  public_network_access_enabled = false

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices" # storage, registry and workspace fetch the key this way
  }

  tags = local.tags
}

# expect: SEC_21 pass
resource "azurerm_key_vault_key" "data" {
  name            = "data"
  key_vault_id    = azurerm_key_vault.main.id
  key_type        = "RSA-HSM"
  key_size        = 3072
  key_opts        = ["decrypt", "encrypt", "sign", "unwrapKey", "verify", "wrapKey"]
  expiration_date = var.key_expiry

  rotation_policy {
    expire_after         = "P1Y"
    notify_before_expiry = "P30D"

    automatic {
      time_before_expiry = "P60D"
    }
  }
}
