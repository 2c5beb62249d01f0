"""Kubernetes objects that Terraform makes, read as manifests.

`kubernetes_manifest` (hashicorp/kubernetes) holds an object, `kubectl_manifest` (gavinbunny/kubectl, alekc/kubectl) the
text of one or several. The typed resources of the kubernetes provider are turned into the manifest that they make:
https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs. What names no namespace they put into
`default`, and there they look for a service account that a binding names without one.

What a root module makes in other ways is not seen: by Helm charts, by modules of which the scan has no source, and by
bodies that are not known. Its objects then are not all there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.objects import Objects
from checkov_aiml.kubernetes_view.partly_known import NotKnown, NotKnownError, PartlyKnownList, PartlyKnownMapping, peek
from checkov_aiml.kubernetes_view.rbac import Spelling
from checkov_aiml.terraform_view.encoding import yaml_documents
from checkov_aiml.terraform_view.estate import Estate
from checkov_aiml.terraform_view.provider_defaults import default_of
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import AFTER_APPLY, Known, Reference, Unset, Value
from checkov_aiml.verdict import MalformedError

BODIES = {"kubernetes_manifest": "manifest", "kubectl_manifest": "yaml_body"}
"""The resources that hold a whole object, and the attribute that holds it."""

INSTALLERS = (
    "argocd_application",
    "aws_eks_addon",
    "azurerm_kubernetes_cluster_extension",
    "azurerm_kubernetes_flux_configuration",
    "flux_bootstrap_git",
    "helm_release",
    "kustomization_resource",
)
"""The resources that make objects of which the configuration does not tell, as their providers document them."""

_SPELLING = Spelling("rule", "api_groups", "resources", "verbs", "resource_names", "non_resource_urls")
_RBAC = "rbac.authorization.k8s.io"


class _TerraformManifest(Manifest):
    """A manifest that Terraform makes: no parser has put line marks into it, and parts of it may not be known."""

    @property
    def content(self) -> Mapping[str, Any]:  # type: ignore[override]
        return self.conf


def manifests_of(resource: Resource) -> list[Manifest]:
    """The objects that a resource makes, among the objects of its root module; none when its type makes none.

    Raises `NotKnownError` when nothing of them is known, and `MalformedError` when a body is no YAML or no object.
    """
    return _objects_of(resource.estate, resource.root)[1].get(resource) or _read(resource, Objects())


def attribute_of(resource: Resource, path: str) -> str:
    """Where a place of a manifest stands in the resource: `manifest.rules[0].verbs`, `role_ref.name`, `yaml_body`."""
    body = BODIES.get(resource.type)
    if body:
        return f"{body}.{path}" if resource.type == "kubernetes_manifest" else body
    snake = re.sub(r"(?<=[a-z])[A-Z]+", lambda match: f"_{match[0].lower()}", path)
    return re.sub(r"\bsubjects\b", "subject", snake)


_latest: list[tuple[Estate, dict[str, tuple[Objects, dict[Resource, list[Manifest]]]]]] = []


def _objects_of(estate: Estate, root: str) -> tuple[Objects, dict[Resource, list[Manifest]]]:
    """The Kubernetes objects of a root module, read at the first call; those that cannot be read are left out.

    They then are marked as incomplete, as they are where something else makes objects.
    """
    if not _latest or _latest[0][0] is not estate:
        _latest[:] = [(estate, {})]
    roots = _latest[0][1]
    if root not in roots:
        objects, found = Objects(), dict[Resource, list[Manifest]]()
        objects.is_incomplete = any(estate.of_type(*INSTALLERS, root=root)) or estate.calls_unread_module(root)
        for resource in estate.of_type(*BODIES, *_TYPED, root=root):
            try:
                found[resource] = _read(resource, objects)
            except (NotKnownError, MalformedError):
                objects.is_incomplete = True
                continue
            objects.manifests += found[resource]
        roots[root] = objects, found
    return roots[root]


def _read(resource: Resource, objects: Objects) -> list[Manifest]:
    if resource.type in _TYPED:
        make, spelling = _TYPED[resource.type], _SPELLING if "role" in resource.type else None
        return [_TerraformManifest(make(resource), resource.root, objects, spelling)]
    attribute = resource.attribute(BODIES[resource.type])
    if resource.type == "kubectl_manifest":
        documents = yaml_documents(attribute.value, attribute.path)
    else:
        documents = [attribute.value] if isinstance(attribute.state, Known) else None
    if documents is None:
        raise NotKnownError(getattr(attribute.state, "text", attribute.path))
    contents = [_content(document) for document in documents]
    if not all(isinstance(content, dict) for content in contents):
        raise MalformedError(f"{attribute.path} is no Kubernetes object; give a mapping with apiVersion and kind")
    spread = [one for content in contents for one in _spread(content)]
    return [_TerraformManifest(content, resource.root, objects) for content in spread]


def _spread(content: dict[str, Any]) -> list[Any]:
    """The members of a `kind: List`, else the object itself."""
    items = content.get("items") if dict.get(content, "kind") == "List" else None
    return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else [content]


def _content(value: Value | None) -> Any:
    """Plain data with marks where it is not known."""
    if value is None or isinstance(value.state, Unset):
        return None if value is None else value.state.text  # type: ignore[union-attr]
    if not isinstance(value.state, Known):
        return _metadata_of_another(value) or NotKnown(value.state.text, _source(value))
    content = value.known
    if isinstance(content, list):
        return PartlyKnownList(_content(item) for item in content)
    if hasattr(content, "get"):
        names = content.names() if hasattr(content, "names") else content
        items = ((name, _content(content.get(name))) for name in list(names))
        return PartlyKnownMapping({name: item for name, item in items if item is not None})
    return content


_METADATA = re.compile(r"\.metadata(?:\[0\]|\.0)?\.?(?:\[0\])?\.(?P<field>name|namespace)$")


def _metadata_of_another(value: Value) -> str | None:
    """The name or namespace of the object that an expression such as `kubernetes_role.r.metadata[0].name` names."""
    match = _METADATA.search(getattr(value.state, "text", ""))
    if match is None or len(value.targets) != 1:
        return None
    return value.targets[0].text(f"metadata.{match['field']}")


_IDENTITY_TYPES = ("aws_iam_role", "azurerm_user_assigned_identity", "google_service_account")
_ATTRIBUTE = re.compile(r"[\w.-]+(?P<key>\[[^\]]*\])?\.(?P<name>\w+)")
_LITERAL_KEY = re.compile(r'(\[(\d+|"[^"$]*")\])?')


def _source(value: Value) -> str:
    """The resource attribute that will be a value; empty where an expression makes it from that.

    A plan tells the resource only. Of cloud identities that is enough, as each has one name, ARN and id.
    """
    if not isinstance(value.state, Reference) or len(value.targets) != 1:
        return ""
    target, text = value.targets[0], value.state.text
    metadata = _METADATA.search(text)
    if metadata or (text == AFTER_APPLY.text and target.type in (*ROLE_TYPES, *CLUSTER_ROLE_TYPES)):
        return _metadata_source(target, metadata["field"] if metadata else "name")
    if text == AFTER_APPLY.text:
        return target.address if target.type in _IDENTITY_TYPES else ""
    attribute = _ATTRIBUTE.fullmatch(text)
    # Of a resource whose instances are not known, the expression says which of them it is.
    key = attribute["key"] or "" if attribute and target.index is None else ""
    return f"{target.address}{key}.{attribute['name']}" if attribute and _LITERAL_KEY.fullmatch(key) else ""


def _metadata_source(resource: Resource, field: str) -> str:
    return f"{resource.address} metadata.{field}"


def _blocks(resource: Resource, path: str) -> PartlyKnownList:
    return PartlyKnownList(_content(block) for _, block in resource.blocks(path))


def _block(resource: Resource, path: str) -> Any:
    found = list.copy(_blocks(resource, path))
    return found[0] if found else PartlyKnownMapping()


def _object(resource: Resource, group: str, kind: str, **fields: Any) -> PartlyKnownMapping:
    metadata = _block(resource, "metadata")
    if isinstance(metadata, dict) and not kind.startswith("Cluster") and dict.get(metadata, "namespace") is None:
        metadata["namespace"] = "default"
    name = peek(metadata, "name") if isinstance(metadata, dict) else None
    if isinstance(name, NotKnown):
        metadata["name"] = NotKnown(name.text, _metadata_source(resource, "name"))
    given = {name: field for name, field in fields.items() if field is not None}
    version = f"{group}/v1" if group else "v1"
    return PartlyKnownMapping({"apiVersion": version, "kind": kind, "metadata": metadata, **given})


def _role(kind: str) -> Callable[[Resource], PartlyKnownMapping]:
    def make(resource: Resource) -> PartlyKnownMapping:
        selectors = _blocks(resource, "aggregation_rule.cluster_role_selectors") if kind == "ClusterRole" else []
        matches = [
            {"matchLabels": dict.get(one, "match_labels")} for one in list.copy(selectors) if isinstance(one, dict)
        ]
        aggregation = {"clusterRoleSelectors": matches} if matches else None
        return _object(resource, _RBAC, kind, rules=_blocks(resource, "rule"), aggregationRule=aggregation)

    return make


def _binding(kind: str) -> Callable[[Resource], PartlyKnownMapping]:
    def make(resource: Resource) -> PartlyKnownMapping:
        role, subjects = _block(resource, "role_ref"), _blocks(resource, "subject")
        for subject in list.copy(subjects):
            if isinstance(subject, dict) and dict.get(subject, "kind") == "ServiceAccount":
                subject.setdefault("namespace", default_of(resource.type, "subject.namespace"))
        return _object(resource, _RBAC, kind, roleRef=role, subjects=subjects)

    return make


def _account(resource: Resource) -> PartlyKnownMapping:
    mounts = _content(resource.value("automount_service_account_token"))
    account = _object(resource, "", "ServiceAccount", automountServiceAccountToken=mounts)
    name, metadata = default_of(resource.type, "metadata.name"), dict.get(account, "metadata")
    if name and isinstance(metadata, dict):
        metadata.setdefault("name", name)
    return account


def _data(kind: str) -> Callable[[Resource], PartlyKnownMapping]:
    def make(resource: Resource) -> PartlyKnownMapping:
        data, binary = (_content(resource.value(name)) for name in ("data", "binary_data"))
        fields = {"binaryData": binary} if kind == "ConfigMap" else {"stringData": binary}
        return _object(resource, "", kind, data=data, **fields)

    return make


def _versions(name: str) -> tuple[str, str]:
    return name, f"{name}_v1"


ROLE_TYPES = _versions("kubernetes_role")
CLUSTER_ROLE_TYPES = _versions("kubernetes_cluster_role")
BINDING_TYPES = _versions("kubernetes_role_binding")
CLUSTER_BINDING_TYPES = _versions("kubernetes_cluster_role_binding")
ACCOUNT_TYPES = (*_versions("kubernetes_service_account"), *_versions("kubernetes_default_service_account"))
CONFIG_MAP_TYPES = _versions("kubernetes_config_map")
SECRET_TYPES = _versions("kubernetes_secret")

_TYPED: Mapping[str, Callable[[Resource], PartlyKnownMapping]] = {
    **dict.fromkeys(ROLE_TYPES, _role("Role")),
    **dict.fromkeys(CLUSTER_ROLE_TYPES, _role("ClusterRole")),
    **dict.fromkeys(BINDING_TYPES, _binding("RoleBinding")),
    **dict.fromkeys(CLUSTER_BINDING_TYPES, _binding("ClusterRoleBinding")),
    **dict.fromkeys(ACCOUNT_TYPES, _account),
    **dict.fromkeys(CONFIG_MAP_TYPES, _data("ConfigMap")),
    **dict.fromkeys(SECRET_TYPES, _data("Secret")),
}
