"""How Kubernetes manifests are read: objects and RBAC rules."""
