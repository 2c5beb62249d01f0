"""RBAC_10: the words and the judgement."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.objects import Objects, objects_of, place_of
from checkov_aiml.kubernetes_view.pods import POD_KINDS, is_ai_workload, is_marked_ai, pods_of
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed

_IDENTITIES = (
    "eks.amazonaws.com/role-arn",
    "azure.workload.identity/client-id",
    "iam.gke.io/gcp-service-account",
)


class CloudIdentity(ManifestJudgement):
    """The service account of an AI workload has a cloud identity that no other has."""

    id = "CKV_AIML_RBAC_10"
    name = "Ensure service accounts of AI workloads map to a cloud identity of their own"
    severity = MEDIUM
    category = CheckCategories.IAM
    why = (
        "A cloud role that several service accounts share has the rights of all of them: the notebook reads what only "
        "the training job needs, and the audit log cannot tell which of them it was. On the default account it is "
        "every pod's."
    )
    fix = "Give each service account its own IAM role or managed identity, and name that in its annotation."
    guideline = "https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html"
    covers = ("N12",)
    maps = ("NCSC-CAF:B2.a", "UKGDPR:32(1)(b)", "ATLAS:AML.T0012", "CIS-EKS:5.2.1", "CIS-AKS:5.2.1")
    limits = (
        "Judged are service accounts that a scanned AI workload uses, or that the settings' namespaces or labels mark. "
        "An account without an identity in its annotations is not judged: it may need none, or get it from an EKS Pod "
        "Identity association or a workload pool, which no manifest shows."
    )
    kinds = {"ServiceAccount": tuple(f"metadata.annotations.{name}" for name in _IDENTITIES)}

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        identities = list(_identities(manifest))
        if not identities or not (is_marked_ai(manifest) or _serves_ai(manifest)):
            return not_applicable("no service account of an AI/ML workload with a cloud identity")
        if manifest.name == "default":
            return failed(
                "the default service account, which every pod may use, has a cloud identity",
                *(f"metadata.annotations.{key}" for key in identities),
            )
        for key in identities:
            value = manifest.annotations[key]
            others = [one for one in _holders(objects_of(manifest)).get((key, value), ()) if one is not manifest]
            others = [one for one in others if (one.name, place_of(one)) != (manifest.name, place_of(manifest))]
            if others:
                names = ", ".join(f"{one.namespace}/{one.name}" if one.namespace else str(one.name) for one in others)
                return failed(f"shares its cloud identity with {names}", f"metadata.annotations.{key}")
        return passed("the service account has a cloud identity of its own")


def _identities(account: Manifest) -> Iterator[str]:
    annotations = account.annotations
    return (key for key in _IDENTITIES if annotations.get(key))


def _holders(objects: Objects) -> dict[tuple[str, str], list[Manifest]]:
    """Annotation and identity to the service accounts that hold it."""
    if "identities" not in objects.memo:
        found: dict[tuple[str, str], list[Manifest]] = {}
        for account in objects.of_kind("ServiceAccount"):
            for key in _identities(account):
                found.setdefault((key, account.annotations[key]), []).append(account)
        objects.memo["identities"] = found
    holders: dict[tuple[str, str], list[Manifest]] = objects.memo["identities"]
    return holders


def _serves_ai(account: Manifest) -> bool:
    """Whether an AI workload beside the account names it."""
    objects = objects_of(account)
    if "accounts of AI" not in objects.memo:
        objects.memo["accounts of AI"] = {
            (pod.service_account, place_of(workload))
            for workload in objects.of_kind(*POD_KINDS)
            if is_ai_workload(workload)
            for pod in pods_of(workload)
        }
    return (account.name, place_of(account)) in objects.memo["accounts of AI"]
