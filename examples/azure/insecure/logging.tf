# Two years of requests, and no diagnostic setting that would send the audit logs anywhere.
resource "azurerm_application_insights" "main" {
  name                = "appi-${var.name}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  application_type    = "web"
  retention_in_days   = 730
}
