output "workspace_id" {
  description = "Azure Machine Learning workspace."
  value       = azurerm_machine_learning_workspace.main.id
}

output "endpoint_id" {
  description = "Online endpoint that callers inside the network invoke."
  value       = azapi_resource.endpoint.id
}
