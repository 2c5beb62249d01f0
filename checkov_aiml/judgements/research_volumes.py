"""SEC_11: the words and the judgement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, text
from checkov_aiml.kubernetes_view.objects import objects_of
from checkov_aiml.kubernetes_view.pods import POD_KINDS, Pod, pods_of
from checkov_aiml.verdict import Verdict, all_of, failed, passed

_KEY = re.compile(r"(.*[/._-])?(data-?)?(env|environment|stage)", re.IGNORECASE)
_SAME = {
    "research": ("research", "experiment", "experiments", "experimental", "exploration", "sandbox"),
    "production": ("production", "prod", "live"),
}


class ResearchVolumes(ManifestJudgement):
    """Research does not mount production's data."""

    id = "CKV_AIML_SEC_11"
    name = "Ensure research workloads do not mount data volumes of production"
    severity = HIGH
    category = CheckCategories.SECRETS
    why = (
        "Research runs code that nobody reviewed on whatever it can read. With a volume of production it reads "
        "personal data that was not masked for it, and can change what production trains on."
    )
    fix = "Mount a volume with masked data that carries the workload's own environment."
    guideline = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/"
    covers = ("rego",)
    maps = ("NCSC-CAF:B3.a", "UKGDPR:5(1)(c)", "UKGDPR:32(1)(b)", "ATLAS:AML.T0036")
    limits = (
        "Environments are read from labels and volume attributes named env, environment or stage, on the workload, its "
        "pod or its Namespace, and on the volume, its claim or its persistent volume. Volumes that say none are not "
        "judged."
    )
    kinds = dict.fromkeys(
        POD_KINDS, ("metadata.labels", "volumes.csi.volumeAttributes", "volumes.persistentVolumeClaim")
    )

    def concerns_manifest(self, manifest: Manifest) -> bool:
        return bool(_research_pods(manifest))

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return all_of(verdict for pod in _research_pods(manifest) for verdict in _judge_volumes(pod, manifest))


def _research_pods(manifest: Manifest) -> list[Pod]:
    namespace = objects_of(manifest).cluster_wide("Namespace", manifest.namespace or "default")
    inherited = [manifest.labels, *([namespace.labels] if namespace else [])]
    return [pod for pod in pods_of(manifest) if _environment(pod.labels, *inherited) == "research"]


def _judge_volumes(pod: Pod, manifest: Manifest) -> Iterator[Verdict]:
    for place, volume in pod.volumes:
        environment = _environment(*_marks(volume, manifest))
        if environment == "research":
            yield passed("every volume that says its environment is of research")
        elif environment:
            yield failed(f"{place} is of {environment}, and the workload of research", place)


def _environment(*marks: Mapping[str, Any]) -> str:
    """The environment that the first of some labels or attributes names, in one word for those that mean the same."""
    for mark in marks:
        for key in mark:
            value = text(mark.get(key)).lower()
            if value and _KEY.fullmatch(str(key)):
                return next((name for name, words in _SAME.items() if value in words), value)
    return ""


def _marks(volume: Mapping[str, Any], manifest: Manifest) -> Iterator[Mapping[str, Any]]:
    """The labels and attributes of a volume, of its claim and of the persistent volume that the claim names."""
    yield mapping(mapping(volume.get("csi")).get("volumeAttributes"))
    template = mapping(mapping(volume.get("ephemeral")).get("volumeClaimTemplate"))
    yield mapping(mapping(template.get("metadata")).get("labels"))
    objects = objects_of(manifest)
    name = text(mapping(volume.get("persistentVolumeClaim")).get("claimName"))
    claim = objects.named("PersistentVolumeClaim", name, manifest) if name else None
    if claim is None:
        return
    yield claim.labels
    bound = objects.cluster_wide("PersistentVolume", text(claim.read("spec.volumeName")))
    if bound is not None:
        yield bound.labels
        yield mapping(bound.read("spec.csi.volumeAttributes"))
