# A public address for every node (the default), SSH open on it, and local accounts (the default).
# expect: NET_22 fail, RES_20 pass, IAM_24 fail, IAM_25 pass
resource "azurerm_machine_learning_compute_cluster" "cpu" {
  name                          = "cpu-cluster"
  location                      = azurerm_resource_group.main.location
  machine_learning_workspace_id = azurerm_machine_learning_workspace.main.id
  vm_priority                   = "LowPriority"
  vm_size                       = "Standard_D4s_v5"
  subnet_resource_id            = azurerm_subnet.compute.id
  ssh_public_access_enabled     = true

  ssh {
    admin_username = "azureuser"
    key_value      = var.ssh_public_key
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.compute.id]
  }

  scale_settings {
    min_node_count                       = 1
    max_node_count                       = 4
    scale_down_nodes_after_idle_duration = "PT30M"
  }
}

# The block is meant to add a key; that it is there opens SSH to the internet.
# expect: NET_22 fail, RES_20 pass, IAM_24 fail, IAM_25 fail
resource "azurerm_machine_learning_compute_instance" "workbench" {
  name                          = "workbench"
  machine_learning_workspace_id = azurerm_machine_learning_workspace.main.id
  virtual_machine_size          = "Standard_D4s_v5"

  ssh {
    public_key = var.ssh_public_key
  }
}
