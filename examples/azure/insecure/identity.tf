resource "azurerm_user_assigned_identity" "compute" {
  name                = "id-${var.name}-compute"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

# Whoever runs code on a node owns the subscription.
resource "azurerm_role_assignment" "compute_subscription" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Owner"
  principal_id         = azurerm_user_assigned_identity.compute.principal_id
}

resource "azurerm_role_assignment" "workspace_storage" {
  scope                = azurerm_storage_account.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_machine_learning_workspace.main.identity[0].principal_id
}
