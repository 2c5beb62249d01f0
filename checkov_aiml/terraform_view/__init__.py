"""How Terraform is read: HCL and plan JSON as one view of resources, attributes in four states, and their references."""
