"""The estate: one index of Checkov's resource graph, built once a scan and shared by all controls.

Checkov gives a check one resource and the whole graph. Controls that looked through the graph for each resource would
take quadratic time, so the graph is read once: resources by type and by name, who names whom, and what is AI/ML.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from checkov_aiml.terraform_view.hcl import ModuleScope, ResourceBody, Scopes
from checkov_aiml.terraform_view.plan import PlanBody, PlanFile, PlanProviderBody
from checkov_aiml.terraform_view.resources import Resource, split_index
from checkov_aiml.terraform_view.source import Sources
from checkov_aiml.terraform_view.state import UNSET

AI_TYPES = (
    "aws_agentregistry_",
    "aws_bedrock",
    "aws_chimesdkmediapipelines_",
    "aws_chimesdkvoice_voice_profile_domain",
    "aws_codegurureviewer_",
    "aws_comprehend_",
    "aws_devopsguru_",
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
    "microsoft.botservice/",
    "microsoft.cognitiveservices/",
    "microsoft.machinelearningservices/",
    "microsoft.search/",
    "microsoft.videoindexer/",
)
"""How the types of AI/ML resources start, ARM types in lower case."""

PARTS_OF = {
    "aws_ec2_managed_prefix_list_entry": "prefix_list_id",
    "aws_kms_key_policy": "key_id",
    "aws_rds_cluster_instance": "cluster_identifier",
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
    "aws_vpc_endpoint_policy": "vpc_endpoint_id",
    "aws_vpc_security_group_egress_rule": "security_group_id",
    "aws_vpc_security_group_ingress_rule": "security_group_id",
    "azurerm_cognitive_account_customer_managed_key": "cognitive_account_id",
    "azurerm_container_registry_scope_map": "container_registry_name",
    "azurerm_key_vault_key": "key_vault_id",
    "azurerm_kubernetes_cluster_extension": "cluster_id",
    "azurerm_network_security_perimeter_access_rule": "network_security_perimeter_profile_id",
    "azurerm_network_security_perimeter_association": "resource_id",
    "azurerm_network_security_rule": "network_security_group_name",
    "azurerm_storage_account_customer_managed_key": "storage_account_id",
    "azurerm_storage_account_network_rules": "storage_account_id",
    "azurerm_storage_container": "storage_account_id",
    "azurerm_subnet_network_security_group_association": "network_security_group_id",
}
"""Resource types that configure a part of another resource, and the attribute that names it."""

STANDS_FOR = {
    "aws_efs_access_point": "file_system_id",
    "aws_kms_alias": "target_key_id",
    "aws_s3_bucket_object": "bucket",
    "aws_s3_bucket_server_side_encryption_configuration": "bucket",
    "aws_s3_object": "bucket",
    "aws_s3vectors_index": "vector_bucket_name",
    "azurerm_key_vault_key": "key_vault_id",
    "azurerm_key_vault_managed_hardware_security_module_key": "managed_hsm_id",
    "azurerm_storage_account_customer_managed_key": "storage_account_id",
    "azurerm_storage_container": "storage_account_id",
    "azurerm_storage_share": "storage_account_id",
    "azurerm_storage_data_lake_gen2_filesystem": "storage_account_id",
}
"""Resource types that stand for the resource that an attribute names: who uses the one uses the other.

A key that encrypts a bucket is so used by whoever uses the bucket. The parts that only name other resources, such as a
rule that admits another security group, are not among them.
"""

ENCRYPTED_BY = {
    "aws_ebs_volume": "kms_key_id",
    "aws_ecr_repository": "encryption_configuration.kms_key",
    "aws_efs_file_system": "kms_key_id",
    "aws_fsx_lustre_file_system": "kms_key_id",
    "aws_fsx_ontap_file_system": "kms_key_id",
    "aws_fsx_openzfs_file_system": "kms_key_id",
    "aws_fsx_windows_file_system": "kms_key_id",
    "aws_neptunegraph_graph": "kms_key_identifier",
    "aws_opensearch_domain": "encrypt_at_rest.kms_key_id",
    "aws_opensearchserverless_collection": "encryption_config.kms_key_arn",
    "aws_rds_cluster": "kms_key_id",
    "aws_s3_bucket": (
        "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id"
    ),
    "aws_s3_bucket_server_side_encryption_configuration": (
        "rule.apply_server_side_encryption_by_default.kms_master_key_id"
    ),
    "aws_s3vectors_vector_bucket": "encryption_configuration.kms_key_arn",
    "azurerm_container_registry": "encryption.key_vault_key_id",
    "azurerm_storage_account": "customer_managed_key.key_vault_key_id",
}
"""Stores whose users use the key that an attribute names."""

NAMED_IN_TEXT = {
    "aws_cloudwatch_log_group": ("name", re.compile(r"^arn:aws[\w-]*:logs:[^:]*:[^:]*:log-group:([^:]+)")),
    "aws_dynamodb_table": ("name", re.compile(r"^arn:aws[\w-]*:dynamodb:[^:]*:[^:]*:table/([^/]+)")),
    "aws_ecr_repository": ("name", re.compile(r"\.dkr\.ecr[\w.-]*\.amazonaws\.com(?:\.cn)?/([\w./-]+)")),
    "aws_kinesis_firehose_delivery_stream": ("name", re.compile(r"^arn:aws[\w-]*:firehose:.*:deliverystream/(.+)$")),
    "aws_kinesis_stream": ("name", re.compile(r"^arn:aws[\w-]*:kinesis:[^:]*:[^:]*:stream/(.+)$")),
    "aws_kms_alias": ("name", re.compile(r"(?:^|:)(alias/[\w/-]+)$")),
    "aws_opensearch_domain": ("domain_name", re.compile(r"^arn:aws[\w-]*:es:[^:]*:[^:]*:domain/([^/]+)")),
    "aws_s3_bucket": ("bucket", re.compile(r"^(?:s3://|arn:aws[\w-]*:s3:::)([^/]+)")),
    "aws_s3vectors_vector_bucket": (
        "vector_bucket_name",
        re.compile(r"^arn:aws[\w-]*:s3vectors:[^:]*:[^:]*:bucket/([^/]+)"),
    ),
    "aws_secretsmanager_secret": ("name", re.compile(r"^arn:aws[\w-]*:secretsmanager:.*:secret:(.+)-\w{6}$")),
}
"""Types that AI resources may name in a literal address: which attribute is the name, and where the text has it."""


Answer = TypeVar("Answer")


class EstateError(Exception):
    """A resource cannot be found in the graph that Checkov gave with it."""


class Estate:
    """All resources and data sources of one graph."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.resources: list[Resource] = []
        self.providers: list[Resource] = []
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        self._by_root: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        self._ai_by_root: dict[str, list[Resource]] = defaultdict(list)
        self._by_configuration: dict[int, Resource] = {}
        self._by_address: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        self._plans: dict[str, PlanFile] = {}
        self._references: dict[Resource, tuple[Resource, ...]] = {}
        self._referrers: dict[Resource, dict[Resource, None]] = defaultdict(dict)
        self._inverted: set[tuple[str, str]] = set()
        self._ai_use: dict[Resource, str | None] = {}
        self._literal_users: dict[str, dict[tuple[str, str], Resource]] = {}
        self._groups: dict[Any, tuple[str, str]] = {}
        self._edges: dict[Any, list[Any]] = defaultdict(list)
        self._nodes: dict[Any, dict[str, Any]] = {}
        self._node_of: dict[Resource, Any] = {}
        self._members: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        self._answers: dict[Hashable, Any] = {}
        self._candidates: dict[tuple[str, str], list[Resource]] | None = None
        self._sources = Sources()
        self._scopes = Scopes(self._sources)
        self._knows_scanned_folder = False
        self._declared: list[tuple[Resource, str]] = []
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

    def note_scanned_file(self, resource: Resource, scanned_file: str) -> None:
        """Learn the scanned folder, of which Checkov tells a check only where in it a resource's file stands.

        Until then the folder that holds all files of the graph stands for it.
        """
        file, within = getattr(resource.body, "_file", ""), f"/{scanned_file.lstrip('/')}"
        if not self._knows_scanned_folder and file:
            self._knows_scanned_folder = True
            self._sources.folder = file.removesuffix(within) if file.endswith(within) else self._sources.folder

    def once(self, question: Hashable, find: Callable[[], Answer]) -> Answer:
        """What `find` answers, asked once a scan: for what is the same for many of the resources that are judged."""
        if question not in self._answers:
            self._answers[question] = find()
        return self._answers[question]

    def is_given_to_unread_module(self, resource: Resource) -> bool:
        """Whether a module of which the scan has no source takes the resource, and may so make anything for it."""
        return self._group_of(resource) in self.once("given to unread modules", self._given_to_unread_modules)

    def _given_to_unread_modules(self) -> set[tuple[str, str]]:
        return {group for key in self.once("unread modules", self._unread_modules) for group in self._named_groups(key)}

    def calls_unread_module(self, root: str) -> bool:
        """Whether a root module, or a module that it calls, calls one of which the scan has no source."""
        return root in {
            self._scopes.of(self._nodes[key]).root for key in self.once("unread modules", self._unread_modules)
        }

    def _unread_modules(self) -> list[Any]:
        """The nodes of the module calls that led to no resource."""
        calls = {key: node for key, node in self._nodes.items() if node.get("block_type_") == "module"}
        addresses = (resource.address for resource in self.resources) if calls else ()
        read = {name for address in addresses for name in re.findall(r"module\.([\w-]+)", address)}
        return [key for key, node in calls.items() if split_index(str(node.get("block_name_")))[0] not in read]

    def of_type(self, *kinds: str, root: str | None = None) -> Iterator[Resource]:
        """The managed resources of these types, of one root module or of all."""
        for kind in kinds:
            found = self._by_type.get(kind, ()) if root is None else self._by_root.get((kind, root), ())
            yield from (resource for resource in found if resource.is_planned)

    def parts_of(self, resource: Resource, *kinds: str) -> Iterator[Resource]:
        """The resources of these types that configure a part of a resource, such as a bucket's encryption."""
        for referrer in resource.referrers:
            for part in self.instances_of(referrer) if referrer.type in kinds else ():
                if resource in part.attribute(PARTS_OF[part.type]).targets:
                    yield part
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

    def instances_of(self, resource: Resource) -> list[Resource]:
        """The instances of a block of which Checkov keeps only one; the resource itself where it is one of its own."""
        bodies = resource.body.instances() if hasattr(resource.body, "instances") else {}
        instances = [
            replace(resource, index=key, address=f"{resource.address}[{json.dumps(key)}]", body=body)
            for key, body in bodies.items()
        ]
        return instances or [resource]

    def references_of(self, resource: Resource) -> tuple[Resource, ...]:
        """The resources and data sources that a resource names anywhere."""
        if resource not in self._references:
            self._references[resource] = tuple(dict.fromkeys(self._find_references(resource)))
        return self._references[resource]

    def referrers_of(self, resource: Resource) -> tuple[Resource, ...]:
        """The resources and data sources that name a resource."""
        group = self._group_of(resource)
        if group not in self._inverted:
            self._inverted.add(group)
            for candidate in self._referrer_candidates().get(group, ()):
                for target in self.references_of(candidate):
                    self._referrers[target][candidate] = None
        return tuple(self._referrers[resource])

    def provider_of(self, resource: Resource) -> Resource | None:
        """The provider configuration that makes a resource, through aliases and the `providers` of module calls.

        None where the files hold no block for it, so that the environment decides.
        """
        plan = self._plans.get(resource.root)
        if plan is not None:
            return plan.provider_of(resource)
        return resource.body.provider(resource.terraform_type.partition("_")[0])  # type: ignore[attr-defined]

    def provider(self, configuration: dict[str, Any], file: str) -> Resource:
        """The provider configuration that Checkov hands to a check together with the file that it stands in.

        Raises `EstateError` when the graph does not hold it.
        """
        found = self._by_configuration.get(id(configuration))
        if found is not None:
            return found
        address = str(configuration.get("__address__"))
        candidates = [p for p in self.providers if p.address == address and p.root in self._plans]
        named = [p for p in candidates if p.root.endswith(file.lstrip("/"))]
        if len(named or candidates) != 1:
            raise EstateError(f"{address}: {len(candidates)} providers of this address in Checkov's graph")
        return (named or candidates)[0]

    def is_ai(self, resource: Resource) -> bool:
        """Whether the resource itself is one of an AI/ML service."""
        return resource.mode == "managed" and resource.type.lower().startswith(AI_TYPES)

    def ai_resources(self, root: str | None = None) -> Iterator[Resource]:
        for own in self._ai_by_root.values() if root is None else [self._ai_by_root.get(root, [])]:
            yield from own

    def ai_use(self, resource: Resource) -> str | None:
        """Why a resource counts as AI/ML: "used by aws_sagemaker_model.fraud", or its marker; None when it does not."""
        if resource not in self._ai_use:
            user = self._ai_user(resource)
            self._ai_use[resource] = f"used by {user.address}" if user else self._marker(resource)
        return self._ai_use[resource]

    def _ai_user(self, resource: Resource) -> Resource | None:
        """The first AI resource, or store of AI data, that names this one, directly or through what stands for it."""
        seen, waiting = {resource}, [resource]
        for used in waiting:
            user = self._user_by_name(used)
            if user is not None:
                return user
            if used is not resource and used.type in ENCRYPTED_BY and self._marker(used):
                return used
            for referrer in used.referrers:
                if referrer.mode != "managed":
                    continue
                if self.is_ai(referrer):
                    return referrer
                for served in self._serving(referrer, used):
                    if served not in seen:
                        seen.add(served)
                        waiting.append(served)
        return None

    def _serving(self, referrer: Resource, used: Resource) -> Iterator[Resource]:
        """What is in use of a resource where a referrer of it is in use: the referrer, and what that stands for."""
        key = ENCRYPTED_BY.get(referrer.type)
        if referrer.type in STANDS_FOR or (key and used in referrer.attribute(key).targets):
            yield referrer
        if referrer.type in STANDS_FOR:
            yield from referrer.attribute(STANDS_FOR[referrer.type]).targets

    def _user_by_name(self, resource: Resource) -> Resource | None:
        """The AI resource of the same root module that names this one in a literal address such as `s3://training/`."""
        if resource.type not in NAMED_IN_TEXT:
            return None
        names = [instance.text(NAMED_IN_TEXT[resource.type][0]) for instance in self.instances_of(resource)]
        if resource.root not in self._literal_users:
            self._literal_users[resource.root] = dict(reversed(list(self._literal_names(resource.root))))
        users = self._literal_users[resource.root]
        return next((users[resource.type, name] for name in names if name and (resource.type, name) in users), None)

    def _literal_names(self, root: str) -> Iterator[tuple[tuple[str, str], Resource]]:
        for user in self.ai_resources(root):
            for text in user.body.strings():  # type: ignore[attr-defined]
                for kind, (_, pattern) in NAMED_IN_TEXT.items():
                    found = pattern.search(text)
                    if found:
                        yield (kind, found[1]), user

    def _marker(self, resource: Resource) -> str | None:
        from checkov_aiml import settings

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
        scopes = self._scopes
        for key, node in _graph_nodes(self.graph):
            self._nodes[key] = node
            if str(node.get("file_path_", "")).endswith(".json"):
                self._plan(node["file_path_"])
            else:
                self._add_hcl(key, node, scopes)
        folders = {os.path.dirname(file) for _, file in self._declared if os.path.isabs(file)}
        self._sources.folder = os.path.commonpath(folders) if folders else ""
        # Only now: the type of an azapi resource is read from its source, which may need any variable of its module.
        for resource, file in self._declared:
            self._add(resource, file)
        for origin, destination in _graph_edges(self.graph):
            self._edges[origin].append(destination)

    def _add_hcl(self, key: Any, node: dict[str, Any], scopes: Scopes) -> None:
        block_type, name = node.get("block_type_"), str(node.get("block_name_"))
        if block_type in ("resource", "data"):
            self._add_hcl_resource(key, node, scopes.of(node))
        elif block_type == "variable":
            scopes.of(node).variables[name] = node
        elif block_type == "tfvar":
            scopes.of_root(str(node["load_dir"])).given[name] = node
        elif block_type == "provider":
            self._add_hcl_provider(node, scopes.of(node))
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
        self._declared.append((resource, node["file_path_"]))

    def _add_hcl_provider(self, node: dict[str, Any], scope: ModuleScope) -> None:
        name, _, alias = str(node["block_name_"]).partition(".")
        configuration = node["config_"][name]
        provider = self._provider(name, alias, scope.root, ResourceBody(scope, node, configuration, None))
        scope.providers[str(node["block_name_"])] = provider
        self._by_configuration[id(configuration)] = provider

    def _provider(self, name: str, alias: str, root: str, body: Any, module: str = "") -> Resource:
        """A provider configuration, read like a resource; its address is the one that Checkov gives it.

        `module` is the module that it stands in, of a plan; Checkov takes none of those from it.
        """
        address = ".".join(filter(None, (module, name, alias or "default")))
        provider = Resource("provider", name, alias or "default", None, address, root, self, body)
        self._by_address[(root, address)].append(provider)
        self.providers.append(provider)
        return provider

    def _plan(self, path: str) -> None:
        if path in self._plans:
            return
        plan = self._plans[path] = PlanFile.read(path)
        unknown = plan.changes()
        for key, found in plan.provider_configurations().items():
            body = PlanProviderBody(plan, found)
            name, alias = str(found.get("name")), str(found.get("alias") or "")
            plan.providers[key] = self._provider(name, alias, path, body, str(found.get("module_address") or ""))
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
            for kind in dict.fromkeys((resource.terraform_type, resource.type)):
                self._by_type[kind].append(resource)
                self._by_root[kind, resource.root].append(resource)
            if self.is_ai(resource):
                self._ai_by_root[resource.root].append(resource)

    def _group_of(self, resource: Resource) -> tuple[str, str]:
        node = self._node_of.get(resource)
        return self._groups[node] if node is not None else (resource.root, resource.address)

    def _find_references(self, resource: Resource) -> Iterable[Resource]:
        if self._is_read_closely(resource):
            return resource.body.targets()  # type: ignore[attr-defined]
        groups = self._named_groups(self._node_of[resource])
        if all(len(self._members[group]) == 1 for group in groups):
            return [*(self._members[group][0] for group in groups), *_served(resource)]
        return resource.body.targets()  # type: ignore[attr-defined]

    def _is_read_closely(self, resource: Resource) -> bool:
        """Whether the source says whom the resource names, rather than Checkov's edges.

        An edge leads to all that a local or output names, to one instance of several, and from `one(module.key[*].arn)`
        to nothing. That must not decide what AI resources use; for all others the edges are good enough, and quick,
        with what the source says of those that a resource serves.
        """
        return resource not in self._node_of or self.is_ai(resource)

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
                if not resource.is_planned:
                    continue
                if self._is_read_closely(resource):
                    groups = [self._group_of(target) for target in self.references_of(resource)]
                else:
                    groups = self._named_groups(self._node_of[resource])
                    groups.extend(self._group_of(target) for target in _served(resource))
                for group in dict.fromkeys(groups):
                    self._candidates[group].append(resource)
        return self._candidates


def _served(resource: Resource) -> tuple[Resource, ...]:
    """What a resource serves, stands for or is a part of, as the source names it.

    Checkov's edges may be lost: before 3.3 many lead nowhere from a counted part to its resource.
    """
    tables = (ENCRYPTED_BY, PARTS_OF, STANDS_FOR)
    paths = dict.fromkeys(table[resource.type] for table in tables if resource.type in table)
    return tuple(target for path in paths for target in resource.attribute(path).targets)


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


_latest: list[tuple[Any, Estate | Exception]] = []


def estate_of(graph: Any) -> Estate:
    """The estate of a graph, built at the first call.

    Only the latest graph's is kept: a scan of several roots gives one graph after the other, and keeping the graph
    itself makes sure that no other object takes its identity. Raises `EstateError` when there is no graph, and what
    building the estate raised, without trying again for each resource.
    """
    if not _latest or _latest[0][0] is not graph:
        try:
            _latest[:] = [(graph, Estate(graph))]
        except Exception as error:
            _latest[:] = [(graph, error)]
    estate = _latest[0][1]
    if isinstance(estate, Exception):
        raise estate
    return estate
