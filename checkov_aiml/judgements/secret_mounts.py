"""SEC_8: the words and the judgement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, members, text
from checkov_aiml.kubernetes_view.objects import objects_of
from checkov_aiml.kubernetes_view.partly_known import unless_unknown
from checkov_aiml.kubernetes_view.pods import POD_KINDS, Pod, mounts_secrets, pods_of
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed

_GOOD = "secrets are mounted read-only, of classes that exist"


class SecretMounts(ManifestJudgement):
    """Secrets are mounted read-only, and the class that a pod names is there."""

    id = "CKV_AIML_SEC_8"
    name = "Ensure pods mount CSI secrets read-only, of a SecretProviderClass that exists in their namespace"
    severity = HIGH
    category = CheckCategories.SECRETS
    why = (
        "The driver refuses a volume that is not read-only, and a class of another namespace is not found: the pod "
        "never starts, and the secret ends up in an environment variable. A class that is made later under the name "
        "that is missing decides what the pod gets."
    )
    fix = "Set `readOnly: true` on the CSI volume, and name a SecretProviderClass of the pod's own namespace."
    guideline = "https://secrets-store-csi-driver.sigs.k8s.io/getting-started/usage"
    covers = ("P9",)
    maps = ("NCSC-CAF:B4.b", "UKGDPR:32(1)(b)")
    limits = (
        "A class that is not scanned is a finding only where other objects of the namespace are and no class of that "
        "name leaves its namespace open. A volume also counts as read-only when every mount of it is."
    )
    kinds = dict.fromkeys(POD_KINDS, ("volumes.csi", "containers.volumeMounts"))

    def concerns_manifest(self, manifest: Manifest) -> bool:
        return mounts_secrets(manifest)

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return all_of(verdict for pod in pods_of(manifest) for verdict in _judge_pod(pod, manifest))


def _judge_pod(pod: Pod, manifest: Manifest) -> Iterator[Verdict]:
    for place, name, csi in pod.secret_volumes:
        if csi.get("readOnly") is True or _is_mounted_read_only(pod, name):
            yield passed(_GOOD)
        else:
            yield failed(f"{place} is not read-only", f"{place}.csi.readOnly")
        yield unless_unknown(lambda: _judge_class(place, csi, manifest), place)  # noqa: B023  # called at once


def _judge_class(place: str, csi: Mapping[str, Any], manifest: Manifest) -> Verdict:
    field = f"{place}.csi.volumeAttributes.secretProviderClass"
    name = text(mapping(csi.get("volumeAttributes")).get("secretProviderClass"))
    objects = objects_of(manifest)
    if not name:
        return failed(f"{place} names no SecretProviderClass", field)
    if objects.named("SecretProviderClass", name, manifest) is not None:
        return passed(_GOOD)
    if objects.may_lack("SecretProviderClass", name, manifest):
        return not_applicable("the class is not in what is scanned")
    where = f"namespace {manifest.namespace}" if manifest.namespace else "what is applied with it"
    return failed(f"{place} names the SecretProviderClass {name}, which is not in {where}", field)


def _is_mounted_read_only(pod: Pod, volume: str) -> bool:
    mounts = [mapping(one) for _, container in pod.containers for one in members(container.get("volumeMounts"))]
    of_volume = [one for one in mounts if one.get("name") == volume]
    return bool(of_volume) and all(one.get("readOnly") is True for one in of_volume)
