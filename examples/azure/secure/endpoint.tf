locals {
  workspace_id = azurerm_machine_learning_workspace.main.id
}

# azurerm has no online endpoints, so they are made with azapi.
# expect: NET_29 pass, RES_20 pass, IAM_24 pass, IAM_25 pass
resource "azapi_resource" "endpoint" {
  type      = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2024-10-01"
  name      = var.name
  parent_id = local.workspace_id
  location  = azurerm_resource_group.main.location
  tags      = local.tags

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.compute.id]
  }

  body = {
    properties = {
      description         = "Urgency of a referral"
      authMode            = "AADToken" # a key is shared and lasts; a token names its bearer and expires
      publicNetworkAccess = "Disabled" # "Enabled" when left out; callers come through the workspace's private endpoint
    }
  }
}

# expect: NET_29 pass, RES_20 pass
resource "azapi_resource" "deployment" {
  type      = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments@2024-10-01"
  name      = "main"
  parent_id = azapi_resource.endpoint.id
  location  = azurerm_resource_group.main.location
  tags      = local.tags

  body = {
    sku = {
      name     = "Default"
      capacity = 2
    }

    properties = {
      endpointComputeType = "Managed"
      model               = "${local.workspace_id}/models/${var.name}/versions/${var.model_version}"
      environmentId       = "${local.workspace_id}/environments/${var.name}/versions/${var.model_version}"
      instanceType        = "Standard_D4s_v3"
      appInsightsEnabled  = true

      # Without effect while the workspace has a managed network, whose rules apply; the only lock where it has none.
      egressPublicNetworkAccess = "Disabled"

      scaleSettings = {
        scaleType = "Default"
      }
    }
  }
}
