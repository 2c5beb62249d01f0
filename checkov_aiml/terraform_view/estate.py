"""The estate: one index of Checkov's resource graph, built once a scan and shared by all controls.

Checkov gives a check one resource and the whole graph. Controls that looked through the graph for each resource would
take quadratic time, so the graph is read once: resources by type and by name, who names whom, and what is AI/ML.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from checkov_aiml import settings
from checkov_aiml.terraform_view.hcl import ModuleScope, ResourceBody, Scopes
from checkov_aiml.terraform_view.plan import PlanBody, PlanFile
from checkov_aiml.terraform_view.resource import Resource, split_index
from checkov_aiml.terraform_view.source import Sources
from checkov_aiml.terraform_view.state import UNSET, merged_targets

AI_TYPES = (
    "aws_agentregistry_",
    "aws_bedrock",
    "aws_comprehend_",
    "aws_kendra_",
    "aws_lex_",
    "aws_lexv2models_",
    "aws_qbusiness_",
    "aws_rekognition_",
    "aws_sagemaker_",
    "aws_transcribe_",
    "azurerm_ai_",
    "azurerm_bot_",
    "azurerm_cognitive_",
    "azurerm_healthbot",
    "azurerm_machine_learning_",
    "azurerm_search_",
    "azurerm_video_indexer_",
    "microsoft.cognitiveservices/",
    "microsoft.machinelearningservices/",
)
"""How the types of AI/ML resources start, ARM types in lower case."""

PARTS_OF = {
    "aws_s3_bucket_acl": "bucket",
    "aws_s3_bucket_lifecycle_configuration": "bucket",
    "aws_s3_bucket_logging": "bucket",
    "aws_s3_bucket_object": "bucket",
    "aws_s3_bucket_ownership_controls": "bucket",
    "aws_s3_bucket_policy": "bucket",
    "aws_s3_bucket_public_access_block": "bucket",
    "aws_s3_bucket_server_side_encryption_configuration": "bucket",
    "aws_s3_bucket_versioning": "bucket",
    "aws_s3_object": "bucket",
    "aws_security_group_rule": "security_group_id",
    "aws_vpc_security_group_egress_rule": "security_group_id",
    "aws_vpc_security_group_ingress_rule": "security_group_id",
    "azurerm_container_registry_scope_map": "container_registry_name",
    "azurerm_key_vault_key": "key_vault_id",
    "azurerm_storage_account_network_rules": "storage_account_id",
    "azurerm_storage_container": "storage_account_id",
}
"""Resource types that configure a part of another resource, and the attribute that names it."""

STANDS_FOR = {
    "aws_kms_alias": "target_key_id",
    "aws_s3_bucket_object": "bucket",
    "aws_s3_bucket_server_side_encryption_configuration": "bucket",
    "aws_s3_object": "bucket",
    "azurerm_key_vault_key": "key_vault_id",
    "azurerm_storage_container": "storage_account_id",
}
"""Resource types that stand for the resource that an attribute names: who uses the one uses the other.

A key that encrypts a bucket is so used by whoever uses the bucket. The parts that only name other resources, such as a
rule that admits another security group, are not among them.
"""


class EstateError(Exception):
    """A resource cannot be found in the graph that Checkov gave with it."""


class Estate:
    """All resources and data sources of one graph."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.resources: list[Resource] = []
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        self._by_configuration: dict[int, Resource] = {}
        self._by_address: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        self._plans: dict[str, PlanFile] = {}
        self._references: dict[Resource, tuple[Resource, ...]] = {}
        self._referrers: dict[Resource, tuple[Resource, ...]] = {}
        self._ai_use: dict[Resource, str | None] = {}
        self._groups: dict[Any, tuple[str, str]] = {}
        self._edges: dict[Any, list[Any]] = defaultdict(list)
        self._nodes: dict[Any, dict[str, Any]] = {}
        self._node_of: dict[Resource, Any] = {}
        self._members: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        self._candidates: dict[tuple[str, str], list[Resource]] | None = None
        self._index()

    def resource(self, configuration: dict[str, Any], kind: str) -> Resource:
        """The resource that Checkov hands to a check. Raises `EstateError` when the graph does not hold it."""
        found = self._by_configuration.get(id(configuration))
        if found is not None:
            return found
        address = str(configuration.get("__address__"))
        file = configuration.get("__file__")
        candidates = self._by_address.get((_first(file), address)) or [
            resource for resource in self._by_type.get(kind, ()) if resource.address == address
        ]
        if len(candidates) != 1:
            raise EstateError(f"{address}: {len(candidates)} resources of this address in Checkov's graph")
        return candidates[0]

    def of_type(self, *kinds: str, root: str | None = None) -> Iterator[Resource]:
        """The managed resources of these types, of one root module or of all."""
        for kind in kinds:
            for resource in self._by_type.get(kind, ()):
                if root is None or resource.root == root:
                    yield resource

    def parts_of(self, resource: Resource, *kinds: str) -> Iterator[Resource]:
        """The resources of these types that configure a part of a resource, such as a bucket's encryption."""
        for referrer in resource.referrers:
            if referrer.type in kinds and resource in referrer.attribute(PARTS_OF[referrer.type]).targets:
                yield referrer
        for part in self._parts_by_name(resource, kinds):
            yield part

    def _parts_by_name(self, resource: Resource, kinds: Iterable[str]) -> Iterator[Resource]:
        """Parts that name the resource by its literal name."""
        name = resource.text("bucket") or resource.text("name")
        if name is None:
            return
        for part in self.of_type(*kinds, root=resource.root):
            named = part.attribute(PARTS_OF[part.type])
            if named.known == name and resource not in named.targets:
                yield part

    def references_of(self, resource: Resource) -> tuple[Resource, ...]:
        """The resources and data sources that a resource names anywhere."""
        if resource not in self._references:
            self._references[resource] = tuple(dict.fromkeys(self._find_references(resource)))
        return self._references[resource]

    def referrers_of(self, resource: Resource) -> tuple[Resource, ...]:
        """The resources and data sources that name a resource."""
        if resource not in self._referrers:
            candidates = self._referrer_candidates().get(self._group_of(resource), ())
            self._referrers[resource] = tuple(r for r in candidates if resource in self.references_of(r))
        return self._referrers[resource]

    def is_ai(self, resource: Resource) -> bool:
        """Whether the resource itself is one of an AI/ML service."""
        return resource.mode == "managed" and resource.type.lower().startswith(AI_TYPES)

    def ai_resources(self, root: str | None = None) -> Iterator[Resource]:
        for resource in self.resources:
            if self.is_ai(resource) and (root is None or resource.root == root):
                yield resource

    def ai_use(self, resource: Resource) -> str | None:
        """Why a resource counts as AI/ML: "used by aws_sagemaker_model.fraud", or its marker; None when it does not."""
        if resource not in self._ai_use:
            user = self._ai_user(resource)
            self._ai_use[resource] = f"used by {user.address}" if user else self._marker(resource)
        return self._ai_use[resource]

    def _ai_user(self, resource: Resource) -> Resource | None:
        """The first AI resource that names this one, directly or through what stands for it."""
        seen, waiting = {resource}, [resource]
        while waiting:
            for referrer in waiting.pop(0).referrers:
                if referrer in seen or referrer.mode != "managed":
                    continue
                seen.add(referrer)
                if self.is_ai(referrer):
                    return referrer
                if referrer.type in STANDS_FOR:
                    waiting.append(referrer)
                    waiting.extend(w for w in referrer.attribute(STANDS_FOR[referrer.type]).targets if w not in seen)
        return None

    def _marker(self, resource: Resource) -> str | None:
        markers = settings.current().markers
        tags = resource.value("tags").known
        if hasattr(tags, "get"):
            for marker in markers.tags:
                found = (tags.get(marker.key) or UNSET).known
                if found is not None and marker.value in (None, str(found)):
                    return f"tagged {marker.key}={found}"
        names = " ".join(filter(None, (resource.name, resource.text("name"), resource.text("bucket"))))
        words = re.split(r"[^A-Za-z0-9]+", names.lower())
        return next((f"named as {word}" for word in markers.names if word.lower() in words), None)

    def _index(self) -> None:
        scopes = Scopes(Sources())
        for key, node in _graph_nodes(self.graph):
            self._nodes[key] = node
            if str(node.get("file_path_", "")).endswith(".json"):
                self._plan(node["file_path_"])
            else:
                self._add_hcl(key, node, scopes)
        for origin, destination in _graph_edges(self.graph):
            self._edges[origin].append(destination)

    def _add_hcl(self, key: Any, node: dict[str, Any], scopes: Scopes) -> None:
        block_type, name = node.get("block_type_"), str(node.get("block_name_"))
        if block_type in ("resource", "data"):
            self._add_hcl_resource(key, node, scopes.of(node))
        elif block_type == "variable":
            scopes.of(node).variables[name] = node
        elif block_type == "locals":
            scopes.of(node).local_files[name] = node["file_path_"]
        elif block_type == "output":
            scopes.of(node).output_files[name] = node["file_path_"]
        elif block_type == "module":
            call, index = split_index(name)
            scopes.of(node).calls.setdefault(call, {})[index] = node

    def _add_hcl_resource(self, key: Any, node: dict[str, Any], scope: ModuleScope) -> None:
        kind, _, full_name = str(node["block_name_"]).partition(".")
        configuration = node["config_"][kind][full_name]
        name, index = split_index(full_name)
        mode = "data" if node["block_type_"] == "data" else "managed"
        resource = Resource(
            mode=mode,
            terraform_type=kind,
            name=name,
            index=index,
            address=("data." if mode == "data" else "") + str(node.get("__address__") or node["block_name_"]),
            root=scope.root,
            estate=self,
            body=ResourceBody(scope, node, configuration, index),
        )
        scope.resources.setdefault((mode, kind, name), []).append(resource)
        group = (node["file_path_"], f"{mode} {kind}.{name}")
        self._groups[key] = group
        self._node_of[resource] = key
        self._members[group].append(resource)
        self._by_configuration[id(configuration)] = resource
        self._add(resource, node["file_path_"])

    def _plan(self, path: str) -> None:
        if path in self._plans:
            return
        plan = self._plans[path] = PlanFile.read(path)
        unknown = plan.changes()
        for entry, configuration in plan.entries():
            address = str(entry.get("address"))
            resource = Resource(
                mode=str(entry.get("mode")),
                terraform_type=str(entry.get("type")),
                name=str(entry.get("name")),
                index=entry.get("index"),
                address=address,
                root=path,
                estate=self,
                body=PlanBody(
                    entry.get("values"), unknown.get(address), configuration.expressions(entry), configuration
                ),
            )
            plan.add(resource, configuration.address)
            self._members[(path, address)].append(resource)
            self._add(resource, path)

    def _add(self, resource: Resource, file: str) -> None:
        self._by_address[(file, resource.address)].append(resource)
        self.resources.append(resource)
        if resource.mode == "managed":
            self._by_type[resource.terraform_type].append(resource)
            if resource.type != resource.terraform_type:
                self._by_type[resource.type].append(resource)

    def _group_of(self, resource: Resource) -> tuple[str, str]:
        node = self._node_of.get(resource)
        return self._groups[node] if node is not None else (resource.root, resource.address)

    def _find_references(self, resource: Resource) -> Iterable[Resource]:
        if resource not in self._node_of:
            return resource.body.targets()  # type: ignore[attr-defined]
        groups = self._named_groups(self._node_of[resource])
        if all(len(self._members[group]) == 1 for group in groups):
            return [self._members[group][0] for group in groups]
        # Checkov links one instance of a module or of a counted resource; the source says which one is meant.
        return merged_targets(resource.body.get(name) for name in resource.body.names())  # type: ignore[attr-defined]

    def _named_groups(self, start: Any) -> list[tuple[str, str]]:
        """The resources that a node leads to through variables, locals, outputs and module calls."""
        found: dict[tuple[str, str], None] = {}
        seen, waiting = {start}, [start]
        while waiting:
            for destination in self._edges.get(waiting.pop(), ()):
                if destination in seen:
                    continue
                seen.add(destination)
                if destination in self._groups:
                    found[self._groups[destination]] = None
                else:
                    waiting.append(destination)
        return list(found)

    def _referrer_candidates(self) -> dict[tuple[str, str], list[Resource]]:
        if self._candidates is None:
            self._candidates = defaultdict(list)
            for resource in self.resources:
                node = self._node_of.get(resource)
                if node is None:
                    groups = [self._group_of(target) for target in self.references_of(resource)]
                else:
                    groups = self._named_groups(node)
                for group in groups:
                    self._candidates[group].append(resource)
        return self._candidates


def _first(content: Any) -> str:
    return str(content[0]) if isinstance(content, list) and content else str(content)


def _graph_nodes(graph: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The nodes of a rustworkx or networkx graph, each with its key and Checkov's attributes."""
    if graph is None:
        raise EstateError("Checkov gave no resource graph")
    if hasattr(graph, "weighted_edge_list"):
        for position, (_, attributes) in enumerate(graph.nodes()):
            yield position, attributes
    else:
        yield from graph.nodes(data=True)


def _graph_edges(graph: Any) -> Iterator[tuple[Any, Any]]:
    edges = graph.weighted_edge_list() if hasattr(graph, "weighted_edge_list") else graph.edges(data=True)
    for origin, destination, _ in edges:
        yield origin, destination


_latest: list[Estate] = []


def estate_of(graph: Any) -> Estate:
    """The estate of a graph, built at the first call.

    Only the latest graph's is kept: a scan of several roots gives one graph after the other, and keeping the graph
    itself makes sure that no other object takes its identity. Raises `EstateError` when there is no graph.
    """
    if not _latest or _latest[0].graph is not graph:
        _latest[:] = [Estate(graph)]
    return _latest[0]
