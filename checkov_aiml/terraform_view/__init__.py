"""How Terraform is read: HCL and plan JSON as one view of resources, their attributes and their references."""
