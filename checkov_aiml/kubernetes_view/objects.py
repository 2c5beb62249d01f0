"""All objects of a scan: what a control needs to judge one manifest by another.

Checkov hands a Kubernetes check one object and nothing else. Its graph checks see all objects, but they run in a thread
pool whose exceptions nobody reads, their results lose the reason on the way into a record, and Checkov's graph drops
objects that have labels and no name. So a control across objects is an ordinary check here. What Checkov's runner is
about to check (`Runner.definitions`, every `kind: List` spread out) is noted when it starts (`kubernetes_runner`). Skip
annotations, exemptions, reasons and the containment of crashes are then those of every other control. The index is
built once a scan, when the first control asks for it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.partly_known import NotKnownError

Place = tuple[str, str]
"""A namespace and an empty text; for objects that name no namespace an empty text and their folder."""


class Objects:
    """The manifests that are scanned together."""

    def __init__(self, manifests: Iterable[Manifest] = ()) -> None:
        self.manifests = list(manifests)

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

    def cluster_wide(self, kind: str, name: str) -> Manifest | None:
        """The object of a kind that has no namespace, by name."""
        return next(iter(self._by_name.get((kind, name), ())), None)

    def may_lack(self, kind: str, name: str, beside: Manifest, namespace: str | None = None) -> bool:
        """Whether an object that `named` does not find may well exist outside the scan.

        It may where nothing else of its namespace is scanned, role bindings aside, which are often kept apart; where an
        object of that kind and name leaves its namespace to whoever applies it; and in the namespaces of Kubernetes.
        """
        wanted = (namespace, "") if namespace else place_of(beside)
        if wanted[0] in SYSTEM_NAMESPACES or wanted[0].startswith("openshift"):
            return True
        if (kind, name) in self._without_namespace:
            return True
        return not any(one is not beside for one in self._by_place.get(wanted, ()))

    @cached_property
    def _by_kind(self) -> dict[str, list[Manifest]]:
        found: dict[str, list[Manifest]] = defaultdict(list)
        for manifest in self.manifests:
            found[_or_nothing(manifest, "kind")].append(manifest)
        return found

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[Manifest]]:
        found: dict[tuple[str, str], list[Manifest]] = defaultdict(list)
        for manifest in self.manifests:
            found[_or_nothing(manifest, "kind"), _or_nothing(manifest, "name")].append(manifest)
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
            if _or_nothing(manifest, "kind") not in _NOT_IN_A_NAMESPACE:
                found[place_of(manifest)].append(manifest)
        return found

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
    "RoleBinding",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
)


def place_of(manifest: Manifest) -> Place:
    """Where an object is: its namespace, or its folder when it names none or one that is not known."""
    namespace = _or_nothing(manifest, "namespace")
    return (namespace, "") if namespace else ("", manifest.folder)


def objects_of(manifest: Manifest) -> Objects:
    """The objects that are scanned with a manifest; the manifest alone when nobody scans it."""
    return manifest.objects if manifest.objects is not None else Objects([manifest])


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
