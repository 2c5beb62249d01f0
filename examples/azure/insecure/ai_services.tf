# Open to the internet with two keys for everybody: public network access and key authentication are on when left out.
# Nothing restricts what it fetches, the key is Microsoft's, and there is no private endpoint.
# expect: NET_25 fail, NET_26 fail, NET_27 fail, ENC_21 fail, RES_20 pass, IAM_24 fail, IAM_25 fail
resource "azurerm_cognitive_account" "openai" {
  name                = "oai-${var.name}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  kind                = "OpenAI"
  sku_name            = "S0"
}

# "GlobalStandard" has more quota: any region of the world may answer.
# expect: RES_20 pass, RES_22 fail
resource "azurerm_cognitive_deployment" "assistant" {
  name                 = "assistant"
  cognitive_account_id = azurerm_cognitive_account.openai.id

  model {
    format = "OpenAI"
    name   = "gpt-4o"
  }

  sku {
    name = "GlobalStandard"
  }
}

# Network rules that deny nothing. The newer kind is no safer than the older one.
# expect: NET_25 fail, NET_26 fail, NET_27 fail, ENC_21 fail, RES_20 pass, IAM_24 fail, IAM_25 pass
resource "azurerm_cognitive_account" "services" {
  name                  = "ais-${var.name}"
  resource_group_name   = azurerm_resource_group.main.name
  location              = azurerm_resource_group.main.location
  kind                  = "AIServices"
  sku_name              = "S0"
  custom_subdomain_name = "ais-${var.name}"

  network_acls {
    default_action = "Allow"
    ip_rules       = ["203.0.113.7"]
  }

  identity {
    type = "SystemAssigned"
  }
}

# What clinicians ask is searched for on the web: Bing stands outside Azure's compliance and geographic boundary.
# expect: RES_8 fail, RES_20 pass, IAM_24 pass
resource "azapi_resource" "web_search" {
  type      = "Microsoft.CognitiveServices/accounts/connections@2025-06-01"
  name      = "web-search"
  parent_id = azurerm_cognitive_account.services.id

  body = {
    properties = {
      authType = "AAD"
      category = "GroundingWithBingSearch"
      target   = "https://api.bing.microsoft.com/"
    }
  }
}

# An allow list of one half of the internet, and of the other.
# expect: NET_27 fail, NET_28 fail, ENC_22 fail, RES_20 pass, IAM_24 fail, IAM_25 fail
resource "azurerm_search_service" "guidelines" {
  name                = "srch-${var.name}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "standard"
  allowed_ips         = ["0.0.0.0/1", "128.0.0.0/1"]
}
