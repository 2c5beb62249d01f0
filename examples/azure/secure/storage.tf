# expect: NET_24 pass, ENC_7 pass, ENC_23 pass, RES_21 pass, RES_23 pass
resource "azurerm_storage_account" "main" {
  #checkov:skip=CKV_AZURE_33:The workspace uses no queues

  name                     = "st${var.short_name}${var.environment}"
  resource_group_name      = azurerm_resource_group.main.name
  location                 = azurerm_resource_group.main.location
  account_tier             = "Standard"
  account_replication_type = "GZRS" # the pair of UK South is UK West

  public_network_access_enabled   = false
  allow_nested_items_to_be_public = false
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true

  # A key opens everything, names nobody and never expires; identities do none of that.
  shared_access_key_enabled        = false
  local_user_enabled               = false
  default_to_oauth_authentication  = true
  cross_tenant_replication_enabled = false

  infrastructure_encryption_enabled = true

  customer_managed_key {
    key_vault_key_id          = azurerm_key_vault_key.data.versionless_id # follows the rotation
    user_assigned_identity_id = azurerm_user_assigned_identity.workspace.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.workspace.id]
  }

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
  }

  sas_policy {
    expiration_period = "00.08:00:00"
  }

  blob_properties {
    versioning_enabled = true # a model can be traced to the exact data that it was trained on

    delete_retention_policy {
      days = 14
    }

    container_delete_retention_policy {
      days = 14
    }
  }

  tags = merge(local.tags, { data_sensitivity = "confidential" })

  depends_on = [azurerm_role_assignment.workspace_key]
}

resource "azurerm_storage_management_policy" "main" {
  storage_account_id = azurerm_storage_account.main.id

  rule {
    name    = "keep-one-year"
    enabled = true

    filters {
      blob_types = ["blockBlob"]
    }

    actions {
      base_blob {
        delete_after_days_since_modification_greater_than = 365
      }

      # An erased record must not live on in an old version.
      version {
        delete_after_days_since_creation = 30
      }
    }
  }
}
