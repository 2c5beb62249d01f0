# Azure OpenAI, for what the assistant writes.
# expect: NET_25 pass, NET_26 pass, NET_27 pass, ENC_21 pass, RES_20 pass, IAM_24 pass, IAM_25 pass
resource "azurerm_cognitive_account" "openai" {
  #checkov:skip=CKV2_AZURE_22:The key is named in the account itself; the check knows only the separate resource

  name                  = "oai-${var.name}"
  resource_group_name   = azurerm_resource_group.main.name
  location              = azurerm_resource_group.main.location
  kind                  = "OpenAI"
  sku_name              = "S0"
  custom_subdomain_name = "oai-${var.name}" # private endpoints and Entra sign-in both need one of its own

  public_network_access_enabled = false # true when left out
  local_auth_enabled            = false # two keys for everybody, when left out

  # The service fetches what a prompt names by URL: only from here.
  outbound_network_access_restricted = true
  fqdns                              = ["${azurerm_storage_account.main.name}.blob.core.windows.net"]

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices" # AI Search writes vectors with it
  }

  customer_managed_key {
    key_vault_key_id   = azurerm_key_vault_key.data.id
    identity_client_id = azurerm_user_assigned_identity.ai.client_id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.ai.id]
  }

  tags = local.tags

  depends_on = [azurerm_role_assignment.ai_key]
}

resource "azurerm_cognitive_account_rai_policy" "strict" {
  name                 = "strict"
  cognitive_account_id = azurerm_cognitive_account.openai.id
  base_policy_name     = "Microsoft.Default"
  mode                 = "Blocking"

  dynamic "content_filter" {
    for_each = setproduct(["Hate", "Selfharm", "Sexual", "Violence"], ["Prompt", "Completion"])

    content {
      name               = content_filter.value[0]
      source             = content_filter.value[1]
      filter_enabled     = true
      block_enabled      = true
      severity_threshold = "Low"
    }
  }

  content_filter {
    name               = "Jailbreak"
    source             = "Prompt"
    filter_enabled     = true
    block_enabled      = true
    severity_threshold = "High"
  }
}

# expect: RES_20 pass, RES_22 pass
resource "azurerm_cognitive_deployment" "assistant" {
  name                   = "assistant"
  cognitive_account_id   = azurerm_cognitive_account.openai.id
  rai_policy_name        = azurerm_cognitive_account_rai_policy.strict.name
  version_upgrade_option = "NoAutoUpgrade" # a new version is approved before it answers

  model {
    format  = "OpenAI"
    name    = "gpt-4o"
    version = "2024-11-20"
  }

  # "Standard" answers in this region. "GlobalStandard" and "DataZoneStandard" do not.
  sku {
    name     = "Standard"
    capacity = 10
  }
}

# Language, vision and documents. This account takes its key from a resource of its own, below.
# expect: NET_25 pass, NET_26 pass, NET_27 pass, ENC_21 pass, RES_20 pass, IAM_24 pass, IAM_25 pass
resource "azurerm_cognitive_account" "services" {
  name                  = "ais-${var.name}"
  resource_group_name   = azurerm_resource_group.main.name
  location              = azurerm_resource_group.main.location
  kind                  = "AIServices"
  sku_name              = "S0"
  custom_subdomain_name = "ais-${var.name}"

  public_network_access_enabled      = false
  local_auth_enabled                 = false
  outbound_network_access_restricted = true
  fqdns                              = ["${azurerm_storage_account.main.name}.blob.core.windows.net"]

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.ai.id]
  }

  tags = local.tags

  lifecycle {
    ignore_changes = [customer_managed_key]
  }
}

resource "azurerm_cognitive_account_customer_managed_key" "services" {
  cognitive_account_id = azurerm_cognitive_account.services.id
  key_vault_key_id     = azurerm_key_vault_key.data.id
  identity_client_id   = azurerm_user_assigned_identity.ai.client_id

  depends_on = [azurerm_role_assignment.ai_key]
}

# Guidelines, searched by meaning.
# expect: NET_27 pass, NET_28 pass, ENC_22 pass, RES_20 pass, IAM_24 pass, IAM_25 pass
resource "azurerm_search_service" "guidelines" {
  name                = "srch-${var.name}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "standard"
  replica_count       = 3 # two keep reading when one fails, three keep writing
  partition_count     = 1

  public_network_access_enabled = false
  local_authentication_enabled  = false
  network_rule_bypass_option    = "None"

  # The search takes a key for each index; this refuses those that name none.
  customer_managed_key_enforcement_enabled = true

  identity {
    type = "SystemAssigned"
  }

  tags = local.tags
}

# Answers are grounded in our own documents, not in the web.
# expect: RES_8 pass, RES_20 pass, IAM_24 pass
resource "azapi_resource" "guidelines" {
  type      = "Microsoft.CognitiveServices/accounts/connections@2025-06-01"
  name      = "guidelines"
  parent_id = azurerm_cognitive_account.services.id

  body = {
    properties = {
      authType = "AAD"
      category = "CognitiveSearch"
      target   = "https://${azurerm_search_service.guidelines.name}.search.windows.net"
    }
  }
}

# The indexer reads the guidelines over a link of its own: the storage account is closed to everything else.
resource "azurerm_search_shared_private_link_service" "guidelines" {
  name               = "guidelines"
  search_service_id  = azurerm_search_service.guidelines.id
  subresource_name   = "blob"
  target_resource_id = azurerm_storage_account.main.id
  request_message    = "Indexer of the referral guidelines"
}
