"""The base of controls that judge the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from checkov_aiml.kubernetes_view import in_terraform
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.partly_known import NotKnownError, unless_unknown
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, all_of, not_applicable, unresolved

_RULE = ("rule.api_groups", "rule.resources", "rule.verbs", "rule.resource_names")
_BINDING = ("role_ref", "subject")

BODIES = {kind: (attribute,) for kind, attribute in in_terraform.BODIES.items()}
"""The resources that hold any object."""

ROLES = {
    **dict.fromkeys(in_terraform.ROLE_TYPES, _RULE),
    **dict.fromkeys(in_terraform.CLUSTER_ROLE_TYPES, (*_RULE, "rule.non_resource_urls", "aggregation_rule")),
    **BODIES,
}
CONFIG_MAPS = dict.fromkeys(in_terraform.CONFIG_MAP_TYPES, ("data", "binary_data"))
ACCOUNTS = {**dict.fromkeys(in_terraform.ACCOUNT_TYPES, ("metadata.annotations",)), **BODIES}
BINDINGS = {**dict.fromkeys((*in_terraform.BINDING_TYPES, *in_terraform.CLUSTER_BINDING_TYPES), _BINDING), **BODIES}


class TerraformManifestControl(TerraformControl):
    """A `ManifestJudgement` on Terraform's Kubernetes objects: the judgement class comes first among the bases."""

    kinds: Mapping[str, tuple[str, ...]]  # type: ignore[misc]  # the judgement class gives them
    verdict_on: Callable[[Manifest], Verdict]

    def judge(self, resource: Resource) -> Verdict:
        try:
            manifests = in_terraform.manifests_of(resource)
        except NotKnownError as error:
            return unresolved(f"the object is not known ({error})", *self.paths(resource)[:1])
        verdict = all_of(self._judge_one(manifest) for manifest in manifests)
        places = [in_terraform.attribute_of(resource, path) for path in verdict.attributes]
        return replace(verdict, attributes=tuple(dict.fromkeys(places or self.paths(resource)[:1])))

    def _judge_one(self, manifest: Manifest) -> Verdict:
        def judge() -> Verdict:
            if manifest.kind not in self.kinds:
                return not_applicable(f"a {manifest.kind or 'object of no kind'} is not judged")
            return self.verdict_on(manifest)

        return unless_unknown(judge)
