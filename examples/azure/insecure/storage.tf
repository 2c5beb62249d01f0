# Public network access is on when left out, and network rules that allow by default are none.
# expect: NET_24 fail, ENC_7 fail, ENC_23 fail, RES_21 pass
resource "azurerm_storage_account" "main" {
  name                            = "st${var.short_name}dev"
  resource_group_name             = azurerm_resource_group.main.name
  location                        = azurerm_resource_group.main.location
  account_tier                    = "Standard"
  account_replication_type        = "LRS"
  min_tls_version                 = "TLS1_0"
  allow_nested_items_to_be_public = true

  network_rules {
    default_action = "Allow"
  }
}
