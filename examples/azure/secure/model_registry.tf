# Models that are approved once and deployed from here by several workspaces. azurerm has no registries either.
# expect: NET_29 pass, RES_20 pass, IAM_25 pass
resource "azapi_resource" "models" {
  type      = "Microsoft.MachineLearningServices/registries@2024-10-01"
  name      = "mlr-${var.name}"
  parent_id = azurerm_resource_group.main.id
  location  = azurerm_resource_group.main.location
  tags      = local.tags

  identity {
    type = "SystemAssigned"
  }

  body = {
    properties = {
      publicNetworkAccess = "Disabled"

      regionDetails = [{
        location = azurerm_resource_group.main.location

        acrDetails = [{
          systemCreatedAcrAccount = {
            acrAccountName = "crm${var.short_name}"
            acrAccountSku  = "Premium"
          }
        }]

        storageAccountDetails = [{
          systemCreatedStorageAccount = {
            storageAccountName       = "stm${var.short_name}"
            storageAccountType       = "Standard_ZRS"
            storageAccountHnsEnabled = false
            allowBlobPublicAccess    = false
          }
        }]
      }]
    }
  }
}
