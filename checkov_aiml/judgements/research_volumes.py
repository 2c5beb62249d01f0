"""SEC_11: the words and the judgement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, text
from checkov_aiml.kubernetes_view.objects import Objects, objects_of
from checkov_aiml.kubernetes_view.partly_known import NotKnownError, unless_unknown
from checkov_aiml.kubernetes_view.pods import POD_KINDS, Pod, pods_of
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed

_KEY = re.compile(r"(.*[/._-])?(data-?)?(env|environment|(?P<stage>stage))", re.IGNORECASE)
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
        "pod or its Namespace, and on the volume, its claim or its persistent volume. Volumes that say none, or one "
        "that is neither research nor production, such as masked or staging, are not judged."
    )
    kinds = dict.fromkeys(
        POD_KINDS, ("metadata.labels", "volumes.csi.volumeAttributes", "volumes.persistentVolumeClaim")
    )

    def concerns_manifest(self, manifest: Manifest) -> bool:
        return bool(_research_pods(manifest))

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return all_of(verdict for pod in _research_pods(manifest) for verdict in _judge_volumes(pod, manifest))


def _research_pods(manifest: Manifest) -> list[Pod]:
    namespace = objects_of(manifest).cluster_wide("Namespace", manifest.namespace or "default", manifest)
    inherited = [manifest.labels, *([namespace.labels] if namespace else [])]
    return [pod for pod in pods_of(manifest) if _environment(pod.labels, *inherited) == "research"]


def _judge_volumes(pod: Pod, manifest: Manifest) -> Iterator[Verdict]:
    for place, volume in pod.volumes:
        yield unless_unknown(lambda: _judge_volume(place, volume, manifest), place)  # noqa: B023  # called at once


def _judge_volume(place: str, volume: Mapping[str, Any], manifest: Manifest) -> Verdict:
    environment = _environment(*_marks(volume, manifest))
    if environment == "production":
        return failed(f"{place} is of production, and the workload of research", place)
    if environment == "research":
        return passed("every volume that says its environment is of research")
    return not_applicable("no volume says that it is of research or of production")


def _environment(*marks: Mapping[str, Any]) -> str:
    """`research`, `production` or `another`, as the first of some labels or attributes says; empty when none does.

    Of one object's, those named env or environment go before those named stage, which often is a step of a pipeline
    and then no environment; and of several, one that means research or production goes before any other.
    """
    for mark in marks:
        values = [
            (bool(match["stage"]), text(mark.get(key)).lower()) for key in mark if (match := _KEY.fullmatch(str(key)))
        ]
        for _, value in sorted(values):
            if meaning := next((name for name, words in _SAME.items() if value in words), ""):
                return meaning
        if any(value and not is_stage for is_stage, value in values):
            return "another"
    return ""


def _marks(volume: Mapping[str, Any], manifest: Manifest) -> Iterator[Mapping[str, Any]]:
    """The labels and attributes of a volume, of its claim and of the persistent volume that is bound to the claim."""
    yield mapping(mapping(volume.get("csi")).get("volumeAttributes"))
    template = mapping(mapping(volume.get("ephemeral")).get("volumeClaimTemplate"))
    yield mapping(mapping(template.get("metadata")).get("labels"))
    objects = objects_of(manifest)
    name = text(mapping(volume.get("persistentVolumeClaim")).get("claimName"))
    if not name:
        return
    claim = objects.named("PersistentVolumeClaim", name, manifest)
    bound = objects.cluster_wide("PersistentVolume", text(claim.read("spec.volumeName"))) if claim else None
    if bound is None:
        bound = _claimed(objects).get((manifest.namespace or "default", name))
    yield from ([claim.labels] if claim else [])
    if bound is not None:
        yield bound.labels
        yield mapping(bound.read("spec.csi.volumeAttributes"))


def _claimed(objects: Objects) -> dict[tuple[str, str], Manifest]:
    """The persistent volumes that name the claim that they are for, by its namespace and name."""
    if "claimed volumes" not in objects.memo:
        found: dict[tuple[str, str], Manifest] = {}
        for volume in objects.of_kind("PersistentVolume"):
            with suppress(NotKnownError):
                claim = mapping(volume.read("spec.claimRef"))
                found[text(claim.get("namespace")) or "default", text(claim.get("name"))] = volume
        objects.memo["claimed volumes"] = found
    claimed: dict[tuple[str, str], Manifest] = objects.memo["claimed volumes"]
    return claimed
