# Two years of requests, and no diagnostic setting that would send the audit logs anywhere.
# expect: RES_21 fail
resource "azurerm_application_insights" "main" {
  name                = "appi-${var.name}"
  resource_group_name = azurerm_resource_group.main.name
  location            = var.hub_location # beside the hub, and so the requests, with what they quote, are kept in Sweden
  application_type    = "web"
  retention_in_days   = 730
}
