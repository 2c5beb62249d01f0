# The workspace manages storage, registry and keys; what runs in it only reads and writes data.
resource "azurerm_user_assigned_identity" "workspace" {
  name                = "id-${var.name}-workspace"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

resource "azurerm_user_assigned_identity" "compute" {
  name                = "id-${var.name}-compute"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

# Each assignment names one resource and one narrow role: no Contributor, nothing on the subscription.
# expect: IAM_20 pass, IAM_21 pass, IAM_23 pass
resource "azurerm_role_assignment" "workspace_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_user_assigned_identity.workspace.principal_id
  principal_type       = "ServicePrincipal"
}

# expect: IAM_20 pass, IAM_21 pass, IAM_23 pass
resource "azurerm_role_assignment" "workspace_secrets" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = azurerm_user_assigned_identity.workspace.principal_id
  principal_type       = "ServicePrincipal"
}

# expect: IAM_20 pass, IAM_21 pass, IAM_23 pass
resource "azurerm_role_assignment" "workspace_blobs" {
  scope                = azurerm_storage_account.main.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.workspace.principal_id
  principal_type       = "ServicePrincipal"
}

# expect: IAM_20 pass, IAM_21 pass, IAM_23 pass
resource "azurerm_role_assignment" "workspace_files" {
  scope                = azurerm_storage_account.main.id
  role_definition_name = "Storage File Data Privileged Contributor"
  principal_id         = azurerm_user_assigned_identity.workspace.principal_id
  principal_type       = "ServicePrincipal"
}

# expect: IAM_21 pass
resource "azurerm_role_assignment" "workspace_images" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPush"
  principal_id         = azurerm_user_assigned_identity.workspace.principal_id
  principal_type       = "ServicePrincipal"
}

# Lets the workspace approve the private endpoints that its managed network opens to these three.
# expect["registry"]: IAM_21 pass
# expect["storage", "vault"]: IAM_20 pass, IAM_21 pass, IAM_23 pass
# expect["storage", "vault"] in plan: IAM_20 unknown, IAM_23 unknown — a plan does not hold which one each.value is
resource "azurerm_role_assignment" "workspace_connections" {
  for_each = {
    vault    = azurerm_key_vault.main.id
    storage  = azurerm_storage_account.main.id
    registry = azurerm_container_registry.main.id
  }

  scope                = each.value
  role_definition_name = "Azure AI Enterprise Network Connection Approver"
  principal_id         = azurerm_user_assigned_identity.workspace.principal_id
  principal_type       = "ServicePrincipal"
}

# expect: IAM_20 pass, IAM_21 pass, IAM_23 pass
resource "azurerm_role_assignment" "compute_blobs" {
  scope                = azurerm_storage_account.main.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.compute.principal_id
  principal_type       = "ServicePrincipal"
}

# expect: IAM_21 pass
resource "azurerm_role_assignment" "compute_images" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_user_assigned_identity.compute.principal_id
  principal_type       = "ServicePrincipal"
}

# Azure OpenAI and AI services: they unwrap the key, and do nothing else.
resource "azurerm_user_assigned_identity" "ai" {
  name                = "id-${var.name}-ai"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

# expect: IAM_20 pass, IAM_21 pass, IAM_23 pass
resource "azurerm_role_assignment" "ai_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_user_assigned_identity.ai.principal_id
  principal_type       = "ServicePrincipal"
}

# What runs in the workspace may ask the models; it may not change them.
# expect: IAM_20 pass, IAM_21 pass, IAM_23 pass
resource "azurerm_role_assignment" "compute_models" {
  scope                = azurerm_cognitive_account.openai.id
  role_definition_name = "Cognitive Services OpenAI User"
  principal_id         = azurerm_user_assigned_identity.compute.principal_id
  principal_type       = "ServicePrincipal"
}

# expect: IAM_20 pass, IAM_21 pass, IAM_23 pass
resource "azurerm_role_assignment" "search_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_search_service.guidelines.identity[0].principal_id
  principal_type       = "ServicePrincipal"
}

# expect: IAM_20 pass, IAM_21 pass, IAM_23 pass
resource "azurerm_role_assignment" "search_blobs" {
  scope                = azurerm_storage_account.main.id
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azurerm_search_service.guidelines.identity[0].principal_id
  principal_type       = "ServicePrincipal"
}

# Calling the endpoint is all that this role allows. The built-in "AzureML Data Scientist" may call it too, and change
# it besides.
# expect: IAM_22 pass
resource "azurerm_role_definition" "endpoint_caller" {
  name        = "Caller of ${var.name}"
  scope       = azurerm_resource_group.main.id
  description = "Calls online endpoints of Azure Machine Learning."

  permissions {
    actions = [
      "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/read",
      "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action",
    ]
  }

  assignable_scopes = [azurerm_resource_group.main.id]
}

# To a group that somebody owns, not to people one by one.
# expect: IAM_20 pass, IAM_23 pass
resource "azurerm_role_assignment" "endpoint_callers" {
  scope              = azapi_resource.endpoint.id
  role_definition_id = azurerm_role_definition.endpoint_caller.role_definition_resource_id
  principal_id       = var.callers_group_object_id
  principal_type     = "Group"
}
