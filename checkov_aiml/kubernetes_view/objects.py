"""All objects of a scan: what a control needs to judge one manifest by another.

Checkov hands a Kubernetes check one object and nothing else. Its graph checks see all objects, but they run in a thread
pool whose exceptions nobody reads, their results lose the reason on the way into a record, and Checkov's graph drops
objects that have labels and no name. So a control across objects is an ordinary check here. What Checkov's runner is
about to check (`Runner.definitions`, every `kind: List` spread out) is noted when it starts (`kubernetes_runner`). Skip
annotations, exemptions, reasons and the containment of crashes are then those of every other control. The index is
built once a scan, when the first control asks for it.

Kinds are those of Kubernetes where several API groups have one of that name: cloud operators have a `Role` too.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import takewhile
from typing import Any

from checkov_aiml.kubernetes_view.manifest import Manifest, text
from checkov_aiml.kubernetes_view.partly_known import NotKnownError
from checkov_aiml.kubernetes_view.rbac import RBAC_API_GROUPS

Place = tuple[str, str]
"""A namespace and an empty text; for objects that name no namespace an empty text and their folder."""


class Objects:
    """The manifests that are scanned together.

    They are incomplete where it is known that something else makes more objects beside them.
    """

    def __init__(self, manifests: Iterable[Manifest] = ()) -> None:
        self.manifests = list(manifests)
        self.is_incomplete = False

    @classmethod
    def of_definitions(cls, definitions: Mapping[str, Iterable[Any]]) -> Objects:
        """The objects of Checkov's definitions: file to the objects in it."""
        objects = cls()
        for file, entries in definitions.items():
            folder = os.path.dirname(file)
            objects.manifests += [Manifest(entry, folder, objects) for entry in entries if isinstance(entry, dict)]
        return objects

    def of_kind(self, *kinds: str) -> Iterator[Manifest]:
        """The objects of some kinds, in the order in which they were read."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    def named(self, kind: str, name: str, beside: Manifest, namespace: str | None = None) -> Manifest | None:
        """The object of a kind and name in a namespace; None when there is none.

        Without a namespace it is searched where `beside` is: in the namespace that it names, else among the objects of
        its folder that name none.
        """
        wanted = (namespace, "") if namespace else place_of(beside)
        return self._by_name_and_place.get((kind, name, wanted))

    def cluster_wide(self, kind: str, name: str, beside: Manifest | None = None) -> Manifest | None:
        """The object of a kind that has no namespace, by name.

        Where several folders define it, as those of several environments do, it is the one that is closest to the file
        of `beside`.
        """
        found = self._by_name.get((kind, name), [])
        return closest(found, beside) if beside and found else next(iter(found), None)

    def may_lack(self, kind: str, name: str, beside: Manifest, namespace: str | None = None) -> bool:
        """Whether an object that `named` does not find may well exist outside the scan.

        It may where nothing else of its namespace is scanned, role bindings aside, which are often kept apart; where an
        object of that kind and name leaves its namespace to whoever applies it, or one of that kind has a name that is
        not known; where a chart or the like is installed in its namespace or from the folder of `beside`; when it is an
        account that a platform makes in every namespace; and in the namespaces of Kubernetes.
        """
        wanted = (namespace, "") if namespace else place_of(beside)
        if self.is_incomplete or wanted[0] in SYSTEM_NAMESPACES or wanted[0].startswith("openshift"):
            return True
        if (kind, name) in self._without_namespace or (kind == "ServiceAccount" and name in PLATFORM_ACCOUNTS):
            return True
        if not self._installed.isdisjoint({wanted, ("", beside.folder)}):
            return True
        if not self._nameless.isdisjoint({(kind, wanted[0]), (kind, ""), ("", wanted[0]), ("", "")}):
            return True
        return not any(one is not beside for one in self._by_place.get(wanted, ()))

    @cached_property
    def _by_kind(self) -> dict[str, list[Manifest]]:
        found: dict[str, list[Manifest]] = defaultdict(list)
        for manifest in self.manifests:
            found[_own_kind(manifest)].append(manifest)
        return found

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[Manifest]]:
        found: dict[tuple[str, str], list[Manifest]] = defaultdict(list)
        for manifest in self.manifests:
            found[_own_kind(manifest), _or_nothing(manifest, "name")].append(manifest)
        return found

    @cached_property
    def _by_name_and_place(self) -> dict[tuple[str, str, Place], Manifest]:
        found: dict[tuple[str, str, Place], Manifest] = {}
        for (kind, name), manifests in self._by_name.items():
            for manifest in manifests:
                found.setdefault((kind, name, place_of(manifest)), manifest)
        return found

    @cached_property
    def _without_namespace(self) -> set[tuple[str, str]]:
        return {(kind, name) for kind, name, (namespace, _) in self._by_name_and_place if not namespace}

    @cached_property
    def _by_place(self) -> dict[Place, list[Manifest]]:
        found: dict[Place, list[Manifest]] = defaultdict(list)
        for manifest in self.manifests:
            if not _is_cluster_wide(manifest):
                found[place_of(manifest)].append(manifest)
        return found

    @cached_property
    def _installed(self) -> set[Place]:
        """The namespaces and folders where something scanned installs objects that are not."""
        return {place for manifest in self.manifests for place in _installs_in(manifest)}

    @cached_property
    def _nameless(self) -> set[tuple[str, str]]:
        """Kind and namespace of the objects whose name is not known; what else is not known of them is empty."""
        return {
            (_own_kind(manifest), place_of(manifest)[0])
            for manifest in self.manifests
            if not (_is_known(manifest, "kind") and _is_known(manifest, "name"))
        }

    @cached_property
    def memo(self) -> dict[str, Any]:
        """What controls have worked out about all objects, by the name of what it is."""
        return {}


SYSTEM_NAMESPACES = ("kube-system", "kube-public", "kube-node-lease")
_NOT_IN_A_NAMESPACE = (
    "",
    "APIService",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "IngressClass",
    "Kustomization",
    "MutatingWebhookConfiguration",
    "Namespace",
    "PersistentVolume",
    "PriorityClass",
    "Profile",
    "RoleBinding",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
)

_GROUPS = {
    **dict.fromkeys(("Role", "ClusterRole"), RBAC_API_GROUPS),
    **dict.fromkeys(("ConfigMap", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "Secret"), ("",)),
    "ServiceAccount": ("",),
    "SecretProviderClass": ("secrets-store.csi.x-k8s.io",),
}
"""The API groups of the kinds that objects are looked up by, with the empty one of Kubernetes' own."""

PLATFORM_ACCOUNTS = ("builder", "default-editor", "default-viewer", "deployer", "pipeline")
"""The service accounts that a platform makes in each namespace of its users, beside `default`.

OpenShift makes `builder` and `deployer` (its documentation, "Using service accounts in applications"), OpenShift
Pipelines `pipeline`, and Kubeflow's profile controller `default-editor` and `default-viewer` (`DEFAULT_EDITOR` and
`DEFAULT_VIEWER` of its `profile_controller.go`).
"""

_INSTALLERS = {
    ("HelmRelease", "helm.toolkit.fluxcd.io"): "spec.targetNamespace",
    ("HelmChart", "helm.cattle.io"): "spec.targetNamespace",
    ("Application", "argoproj.io"): "spec.destination.namespace",
    ("ApplicationSet", "argoproj.io"): "spec.template.spec.destination.namespace",
    ("Subscription", "operators.coreos.com"): "metadata.namespace",
    ("Kustomization", "kustomize.config.k8s.io"): "namespace",
}
"""Kind and API group of what installs objects that are not scanned, and where it says the namespace that it fills: the
references of Flux, K3s, Argo CD, the Operator Lifecycle Manager and Kustomize."""


def _installs_in(manifest: Manifest) -> Iterator[Place]:
    kind = _or_nothing(manifest, "kind")
    target = _INSTALLERS.get((kind, _or_nothing(manifest, "api_group")))
    if target is None:
        return
    with suppress(NotKnownError):
        if kind == "Kustomization" and not manifest.read("helmCharts"):
            return
        yield place_of(manifest)
        yield "", manifest.folder
        if namespace := text(manifest.read(target)):
            yield namespace, ""


def _is_cluster_wide(manifest: Manifest) -> bool:
    """Whether an object shows nothing of a namespace: its kind has none, or belongs to role bindings.

    Operators call the kind that has none after the one that has: ClusterIssuer, ClusterPolicy, ClusterQueue.
    """
    kind = _or_nothing(manifest, "kind")
    named_so = re.match("Cluster[A-Z]", kind) is not None and not place_of(manifest)[0]
    return named_so or kind in _NOT_IN_A_NAMESPACE


def _own_kind(manifest: Manifest) -> str:
    """The kind, with its API group where that is not the one whose kind is looked up."""
    kind = _or_nothing(manifest, "kind")
    group = _or_nothing(manifest, "api_group")
    return kind if group in _GROUPS.get(kind, (group,)) else f"{group}/{kind}"


def closest(candidates: Sequence[Manifest], beside: Manifest) -> Manifest:
    """The one of several objects whose folder has most in common with that of another, the first of those that do."""
    if len(candidates) == 1:
        return candidates[0]
    here = beside.folder.split(os.sep)

    def in_common(one: Manifest) -> int:
        pairs = zip(one.folder.split(os.sep), here, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    return max(candidates, key=in_common)


def place_of(manifest: Manifest) -> Place:
    """Where an object is: its namespace, or its folder when it names none or one that is not known."""
    namespace = _or_nothing(manifest, "namespace")
    return (namespace, "") if namespace else ("", manifest.folder)


def objects_of(manifest: Manifest) -> Objects:
    """The objects that are scanned with a manifest; the manifest alone when nobody scans it."""
    return manifest.objects if manifest.objects is not None else Objects([manifest])


def _is_known(manifest: Manifest, field: str) -> bool:
    try:
        getattr(manifest, field)
    except NotKnownError:
        return False
    return True


def _or_nothing(manifest: Manifest, field: str) -> str:
    try:
        return getattr(manifest, field) or ""
    except NotKnownError:
        return ""


class RunnerError(Exception):
    """Checkov's Kubernetes runner is not the one that the package was written for."""


_noted: list[Any] = []
"""The definitions that a runner last began to check, and their index once it is asked for."""


def note(definitions: Mapping[str, Iterable[Any]]) -> None:
    """Make these the objects of the running scan."""
    _noted[:] = [definitions]


def manifest_of(configuration: Any) -> Manifest:
    """The manifest that Checkov hands to a check, among the objects of its scan.

    A configuration that no runner checks is a manifest alone. Raises `RunnerError` when Checkov's runner has no method
    to watch, because every control across objects would then keep silent.
    """
    if len(_noted) == 1:
        objects = Objects.of_definitions(_noted[0])
        _noted[:] = [_noted[0], {id(manifest.conf): manifest for manifest in objects.manifests}]
    if _noted and id(configuration) in _noted[1]:
        found: Manifest = _noted[1][id(configuration)]
        return found
    from checkov.kubernetes.runner import Runner

    if not hasattr(Runner, "check_definitions"):
        raise RunnerError("this Checkov's Kubernetes runner has no check_definitions")
    return Manifest(configuration)


def let_go(configuration: Any) -> None:
    """Forget what the manifest of a configuration has read, because it has been checked."""
    if len(_noted) == 2 and id(configuration) in _noted[1]:
        _noted[1][id(configuration)].let_go()
