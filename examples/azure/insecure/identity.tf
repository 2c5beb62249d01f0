resource "azurerm_user_assigned_identity" "compute" {
  name                = "id-${var.name}-compute"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

# Whoever runs code on a node owns the subscription.
# expect: IAM_21 fail
resource "azurerm_role_assignment" "compute_subscription" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Owner"
  principal_id         = azurerm_user_assigned_identity.compute.principal_id
}

# expect: IAM_20 fail, IAM_21 pass, IAM_23 pass
resource "azurerm_role_assignment" "workspace_storage" {
  scope                = azurerm_storage_account.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_machine_learning_workspace.main.identity[0].principal_id
}

# Written in an hour: whoever has the role may also delete the workspace and read its keys.
# expect: IAM_22 fail
resource "azurerm_role_definition" "data_scientist" {
  name  = "Data scientist"
  scope = data.azurerm_subscription.current.id

  permissions {
    actions = ["Microsoft.MachineLearningServices/*"]
  }
}

# To a person, who will keep it when the project is over.
# expect: IAM_20 pass, IAM_23 fail
resource "azurerm_role_assignment" "data_scientist" {
  scope              = azurerm_machine_learning_workspace.main.id
  role_definition_id = azurerm_role_definition.data_scientist.role_definition_resource_id
  principal_id       = "11111111-1111-1111-1111-111111111111"
  principal_type     = "User"
}
