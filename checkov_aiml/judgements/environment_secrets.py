"""SEC_9: the words and the judgement."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.pods import POD_KINDS, environment_secrets, is_ai_workload, pods_of
from checkov_aiml.verdict import Verdict, failed, passed


class EnvironmentSecrets(ManifestJudgement):
    """AI workloads read secrets from files."""

    id = "CKV_AIML_SEC_9"
    name = "Ensure AI workloads read secrets from files, not from environment variables"
    severity = MEDIUM
    category = CheckCategories.SECRETS
    why = (
        "Environment variables are handed to every child process and library, and end up in crash reports, experiment "
        "trackers that log the run's environment, and notebooks' outputs. A file is read by who opens it, and changes "
        "when the secret is rotated."
    )
    fix = "Mount the secret as a volume, best through a SecretProviderClass, and read the file."
    guideline = "https://kubernetes.io/docs/concepts/security/secrets-good-practices/"
    covers = ("N10", "P12")
    maps = ("NCSC-CAF:B2.d", "UKGDPR:32(1)(b)", "ATLAS:AML.T0055", "CIS-EKS:4.4.1", "CIS-AKS:4.5.1")
    limits = "AI workloads are the kinds of AI operators, and what the settings' namespaces, labels and images name."
    kinds = dict.fromkeys(POD_KINDS, ("containers.env.valueFrom.secretKeyRef", "containers.envFrom.secretRef"))

    def concerns_manifest(self, manifest: Manifest) -> bool:
        return is_ai_workload(manifest) and bool(pods_of(manifest))

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        found = [source for pod in pods_of(manifest) for source in environment_secrets(pod)]
        if found:
            told = "; ".join(f"{place} takes the Secret {name} into the environment" for place, name in found)
            return failed(told, *(place for place, _ in found))
        return passed("no container takes a Secret into its environment")
