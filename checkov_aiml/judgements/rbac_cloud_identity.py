"""RBAC_10: the words and the judgement."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from typing import TypeAlias

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, text
from checkov_aiml.kubernetes_view.objects import Objects, Place, objects_of, place_of
from checkov_aiml.kubernetes_view.partly_known import NotKnown, NotKnownError, peek
from checkov_aiml.kubernetes_view.pods import POD_KINDS, is_ai_workload, is_marked_ai, pods_of
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed, unresolved

_IDENTITIES = (
    "eks.amazonaws.com/role-arn",
    "azure.workload.identity/client-id",
    "iam.gke.io/gcp-service-account",
)
_WAYS = _LITERAL, _RESOURCE, _UNKNOWN = ("literal", "resource", "unknown")

Account: TypeAlias = tuple[str, Place]
Identity: TypeAlias = "str | NotKnown"


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
        "Identity association or a workload pool, which no manifest shows. Identities that are known after apply are "
        "compared by the resource that they come from."
    )
    kinds = {"ServiceAccount": tuple(f"metadata.annotations.{name}" for name in _IDENTITIES)}

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        identities = _identities(manifest)
        if not identities or not (is_marked_ai(manifest) or _serves_ai(manifest)):
            return not_applicable("no service account of an AI/ML workload with a cloud identity")
        if manifest.name == "default":
            return failed(
                "the default service account, which every pod may use, has a cloud identity",
                *(f"metadata.annotations.{key}" for key in identities),
            )
        return all_of(_judge_identity(manifest, key, identity) for key, identity in identities.items())


def _judge_identity(account: Manifest, key: str, identity: Identity) -> Verdict:
    place, own = f"metadata.annotations.{key}", (account.name or "", place_of(account))
    holders, (way, value) = _holders(objects_of(account)), _told(identity)
    if way == _UNKNOWN:
        return unresolved("the cloud identity is not known", place)
    others = [one for one in holders.get((key, way, value), ()) if one != own]
    if others:
        names = (f"{namespace}/{name}" if namespace else name for name, (namespace, _) in others)
        return failed(f"shares its cloud identity with {', '.join(names)}", place)
    if any(one != own for other in {*_WAYS} - {way} for one in holders.get((key, other), ())):
        return unresolved("another service account's cloud identity is not known and may be the same", place)
    return passed("the service account has a cloud identity of its own")


def _identities(account: Manifest) -> dict[str, Identity]:
    """Annotation to the identity that it names."""
    annotations = account.read("metadata.annotations")
    # Looking for skips, Checkov wraps the mapping in a list before it runs any check.
    entries = mapping(annotations[0] if isinstance(annotations, list) and annotations else annotations)
    named = {key: peek(entries, key) for key in _IDENTITIES}
    return {key: one for key, one in named.items() if isinstance(one, NotKnown) or text(one)}


def _told(identity: Identity) -> tuple[str, str]:
    """In which way an identity is told, and the text that tells it; only what is told in one way can be compared."""
    if isinstance(identity, str):
        return _LITERAL, identity
    return (_RESOURCE, identity.source) if identity.source else (_UNKNOWN, "")


def _holders(objects: Objects) -> dict[tuple[str, ...], list[Account]]:
    """The service accounts by annotation, way and text of their identities, and by annotation and way."""
    if "identities" not in objects.memo:
        found: dict[tuple[str, ...], list[Account]] = defaultdict(list)
        for manifest in objects.of_kind("ServiceAccount"):
            account, told = _read(manifest)
            for key, (way, value) in told.items():
                found[key, way].append(account)
                found[key, way, value].append(account)
        objects.memo["identities"] = found
    holders: dict[tuple[str, ...], list[Account]] = objects.memo["identities"]
    return holders


def _read(manifest: Manifest) -> tuple[Account, dict[str, tuple[str, str]]]:
    """Name and place of a service account, and how its identities are told: not at all where the name is not known."""
    try:
        identities = _identities(manifest)
    except NotKnownError:
        identities = dict.fromkeys(_IDENTITIES, NotKnown("metadata.annotations"))
    try:
        return (manifest.name or "", place_of(manifest)), {key: _told(one) for key, one in identities.items()}
    except NotKnownError:
        return ("", place_of(manifest)), dict.fromkeys(identities, (_UNKNOWN, ""))


def _serves_ai(account: Manifest) -> bool:
    """Whether an AI workload beside the account names it."""
    objects = objects_of(account)
    if "accounts of AI" not in objects.memo:
        objects.memo["accounts of AI"] = {
            used for workload in objects.of_kind(*POD_KINDS) for used in _accounts_used(workload)
        }
    return (account.name, place_of(account)) in objects.memo["accounts of AI"]


def _accounts_used(workload: Manifest) -> set[Account]:
    """The service accounts that an AI workload names, as far as they are known."""
    used: set[Account] = set()
    with suppress(NotKnownError):
        for pod in pods_of(workload) if is_ai_workload(workload) else ():
            with suppress(NotKnownError):
                used.add((pod.service_account, place_of(workload)))
    return used
