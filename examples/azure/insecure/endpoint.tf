# Anyone on the internet with the key, which never expires, may ask the model.
# expect: NET_29 fail, RES_20 pass, IAM_24 fail, IAM_25 pass
resource "azapi_resource" "endpoint" {
  type      = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2024-10-01"
  name      = var.name
  parent_id = azurerm_machine_learning_workspace.main.id
  location  = azurerm_resource_group.main.location

  identity {
    type = "SystemAssigned"
  }

  body = {
    properties = {
      authMode            = "Key"
      publicNetworkAccess = "Enabled"
    }
  }
}

# egressPublicNetworkAccess is "Enabled" when left out, and no managed network stands in its place.
# expect: NET_29 fail, RES_20 pass
resource "azapi_resource" "deployment" {
  type      = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments@2024-10-01"
  name      = "main"
  parent_id = azapi_resource.endpoint.id
  location  = azurerm_resource_group.main.location

  body = jsonencode({
    sku = {
      name     = "Default"
      capacity = 1
    }
    properties = {
      endpointComputeType = "Managed"
      model               = "azureml://registries/${var.name}/models/${var.name}/versions/1"
      instanceType        = "Standard_D4s_v3"
      scaleSettings = {
        scaleType = "Default"
      }
    }
  })
}
