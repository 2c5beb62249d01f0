locals {
  cluster_name = "cpu-cluster"
}

# In the workspace's managed network, so it names no subnet.
# expect: NET_22 pass, RES_20 pass, IAM_24 pass, IAM_25 pass
resource "azurerm_machine_learning_compute_cluster" "cpu" {
  name                          = local.cluster_name
  location                      = azurerm_resource_group.main.location
  machine_learning_workspace_id = azurerm_machine_learning_workspace.main.id
  vm_priority                   = "Dedicated"
  vm_size                       = "Standard_D4s_v5"

  node_public_ip_enabled    = false # true when left out
  ssh_public_access_enabled = false
  local_auth_enabled        = false # true when left out

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.compute.id]
  }

  scale_settings {
    min_node_count                       = 0
    max_node_count                       = 4
    scale_down_nodes_after_idle_duration = "PT5M"
  }

  tags = local.tags
}

# One person's workbench, in the managed network as well.
# expect: NET_22 pass, RES_20 pass, IAM_24 pass, IAM_25 pass
resource "azurerm_machine_learning_compute_instance" "workbench" {
  name                          = "workbench"
  machine_learning_workspace_id = azurerm_machine_learning_workspace.main.id
  virtual_machine_size          = "Standard_D4s_v5"
  authorization_type            = "personal"

  node_public_ip_enabled = false # true when left out
  local_auth_enabled     = false # true when left out

  # An ssh block, whatever is in it, would open a public SSH port.

  assign_to_user {
    object_id = var.researcher_object_id
    tenant_id = data.azurerm_client_config.current.tenant_id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.compute.id]
  }

  tags = local.tags
}
