# This tier cannot be closed to the internet, and the admin user's password is shared by everyone.
# expect: NET_24 fail, ENC_11 fail, RES_21 pass
resource "azurerm_container_registry" "main" {
  name                = "cr${var.short_name}dev"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "Basic"
  admin_enabled       = true
}
