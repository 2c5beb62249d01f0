# expect: NET_20 pass, NET_21 pass, NET_23 pass, ENC_20 pass, RES_20 pass, IAM_24 pass, IAM_25 pass
resource "azurerm_machine_learning_workspace" "main" {
  name                    = "mlw-${var.name}"
  resource_group_name     = azurerm_resource_group.main.name
  location                = azurerm_resource_group.main.location
  application_insights_id = azurerm_application_insights.main.id
  key_vault_id            = azurerm_key_vault.main.id
  storage_account_id      = azurerm_storage_account.main.id
  container_registry_id   = azurerm_container_registry.main.id

  public_network_access_enabled = false              # true when left out
  image_build_compute_name      = local.cluster_name # a closed registry cannot build images itself
  high_business_impact          = true               # Microsoft collects less diagnostic data

  # Jobs and endpoints run in a network of the workspace's own, which lets out only what a rule names:
  # a notebook cannot post the data anywhere.
  managed_network {
    isolation_mode                = "AllowOnlyApprovedOutbound"
    provision_on_creation_enabled = true
  }

  # The service's own stores take our key, instead of stores that it would make in our subscription.
  service_side_encryption_enabled = true

  # Cannot be added later: without it the workspace is made anew.
  encryption {
    key_vault_id              = azurerm_key_vault.main.id
    key_id                    = azurerm_key_vault_key.data.id
    user_assigned_identity_id = azurerm_user_assigned_identity.workspace.id
  }

  primary_user_assigned_identity = azurerm_user_assigned_identity.workspace.id

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.workspace.id]
  }

  tags = local.tags

  depends_on = [
    azurerm_role_assignment.workspace_blobs,
    azurerm_role_assignment.workspace_connections,
    azurerm_role_assignment.workspace_files,
    azurerm_role_assignment.workspace_images,
    azurerm_role_assignment.workspace_key,
    azurerm_role_assignment.workspace_secrets,
  ]
}

# expect: NET_20 pass, NET_21 pass, NET_23 pass, ENC_20 pass, RES_20 pass, IAM_25 pass
resource "azurerm_ai_foundry" "main" {
  name                    = "hub-${var.name}"
  resource_group_name     = azurerm_resource_group.main.name
  location                = azurerm_resource_group.main.location
  application_insights_id = azurerm_application_insights.main.id
  key_vault_id            = azurerm_key_vault.main.id
  storage_account_id      = azurerm_storage_account.main.id
  container_registry_id   = azurerm_container_registry.main.id

  public_network_access        = "Disabled" # a word here, a boolean in the workspace
  high_business_impact_enabled = true

  managed_network {
    isolation_mode = "AllowOnlyApprovedOutbound"
  }

  encryption {
    key_vault_id              = azurerm_key_vault.main.id
    key_id                    = azurerm_key_vault_key.data.id
    user_assigned_identity_id = azurerm_user_assigned_identity.workspace.id
  }

  primary_user_assigned_identity = azurerm_user_assigned_identity.workspace.id

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.workspace.id]
  }

  tags = local.tags

  depends_on = [
    azurerm_role_assignment.workspace_blobs,
    azurerm_role_assignment.workspace_connections,
    azurerm_role_assignment.workspace_files,
    azurerm_role_assignment.workspace_images,
    azurerm_role_assignment.workspace_key,
    azurerm_role_assignment.workspace_secrets,
  ]
}

# Both read their storage as themselves, since it takes no keys.
# From azurerm 4.77 on, the workspace's storage_account_access_type = "Identity" does the same.
# expect["hub", "workspace"]: IAM_24 pass
resource "azapi_update_resource" "storage_by_identity" {
  for_each = {
    workspace = azurerm_machine_learning_workspace.main.id
    hub       = azurerm_ai_foundry.main.id
  }

  type        = "Microsoft.MachineLearningServices/workspaces@2025-06-01"
  resource_id = each.value

  body = {
    properties = {
      systemDatastoresAuthMode = "Identity"
    }
  }
}
