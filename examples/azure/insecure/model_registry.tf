# Models for everybody who finds the address, and blobs that may be made public.
# expect: NET_29 fail, RES_20 pass, RES_23 fail, IAM_25 pass
resource "azapi_resource" "models" {
  type      = "Microsoft.MachineLearningServices/registries@2024-10-01"
  name      = "mlr-${var.name}"
  parent_id = azurerm_resource_group.main.id
  location  = azurerm_resource_group.main.location

  identity {
    type = "SystemAssigned"
  }

  body = jsonencode({
    properties = {
      publicNetworkAccess = "Enabled"
      regionDetails = [{
        location = azurerm_resource_group.main.location
        acrDetails = [{
          systemCreatedAcrAccount = { acrAccountSku = "Premium" }
        }]
        storageAccountDetails = [{
          systemCreatedStorageAccount = { storageAccountType = "Standard_GRS", allowBlobPublicAccess = true }
        }]
      }, {
        # Every model, and what it remembers of its training data, is copied to the Netherlands.
        location = "westeurope"
      }]
    }
  })
}
