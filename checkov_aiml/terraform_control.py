"""The base of controls that judge Terraform resources, as HCL and as plan JSON."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from checkov.common.models.enums import CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck
from checkov.terraform.checks.resource.registry import resource_registry

from checkov_aiml.check_registry import run_only_what_concerns
from checkov_aiml.control import Control
from checkov_aiml.terraform_view import azapi
from checkov_aiml.terraform_view.estate import estate_of
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, not_applicable, unresolved


def terraform_types(resources: Mapping[str, object]) -> list[str]:
    """The Terraform types that carry these types: an ARM type comes as an azapi resource."""
    types = dict.fromkeys(kind for kind in resources if "/" not in kind)
    if len(types) < len(resources):
        types.update(dict.fromkeys(azapi.TYPES))
    return list(types)


def _read(scanned_file: str, entity: dict[str, Any]) -> Resource:
    kind, _, configuration = resource_registry.extract_entity_details(entity)
    estate = estate_of(resource_registry.graph)
    resource = estate.resource(configuration, kind)
    estate.note_scanned_file(resource, scanned_file)
    return resource


def address_of(configuration: Mapping[str, Any]) -> str:
    """The address that Checkov notes in a resource's configuration."""
    return str(configuration.get("__address__") or "unknown address")


class TerraformControl(Control, BaseResourceCheck):
    """A control on Terraform resources: `resources` maps a type to the attribute paths that it reads.

    For `azapi_resource` and `azapi_update_resource` the type is the ARM type that the resource names in `type`, such as
    `Microsoft.MachineLearningServices/workspaces/onlineEndpoints`, and the paths are those of its body.
    """

    framework = "terraform"
    resources: ClassVar[Mapping[str, tuple[str, ...]]]

    def __init__(self) -> None:
        run_only_what_concerns(resource_registry, _read)
        super().__init__(
            name=type(self).name,
            id=type(self).id,
            categories=[self.category],
            supported_resources=terraform_types(self.resources),
            guideline=self.guideline,
        )
        self.announce()

    @classmethod
    def attributes_read(cls) -> Mapping[str, tuple[str, ...]]:
        return cls.resources

    def scan_entity_conf(self, conf: dict[str, Any], entity_type: str) -> CheckResult:
        """Judge a resource, without what Checkov does first.

        Its expansion of `dynamic` blocks loses static ones, and it leaves out what it takes for a `count` of zero,
        which it also makes of a comparison with a variable that has no value.
        """
        self.entity_type = entity_type
        return self.scan_resource_conf(conf)

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        def judge() -> Verdict:
            estate = estate_of(self.graph)
            resource = estate.resource(conf, self.entity_type)
            estate.note_scanned_file(resource, self._scanned_file)
            if not self.is_asked(resource):
                return not_applicable("nothing to judge in it")
            if not self.paths(resource):
                return unresolved("the ARM type of the resource is not known", "type")
            return self._judge_instances(resource)

        return self.answer(judge, address_of(conf))

    def _judge_instances(self, resource: Resource) -> Verdict:
        """The verdict on a resource, or where that is unresolved, on the instances of which Checkov keeps only one."""
        verdict = self.judge(resource)
        instances = resource.estate.instances_of(resource) if verdict.outcome is Outcome.UNRESOLVED else [resource]
        if instances == [resource]:
            return verdict
        verdicts = [(instance, self.judge(instance)) for instance in instances]
        bad = [failed(f"{i.address}: {v.reason}", *v.attributes) for i, v in verdicts if v.outcome is Outcome.FAILED]
        good = [v for _, v in verdicts if v.outcome is Outcome.PASSED]
        return all_of(bad or good) if bad or len(good) == len(verdicts) else verdict

    def is_asked(self, subject: Resource) -> bool:
        """Whether a resource has instances, is of a type that is judged or may be, and concerns the control."""
        if not subject.is_planned:
            return False
        return self.concerns(subject) if self.paths(subject) else subject.type in azapi.TYPES

    def concerns(self, resource: Resource) -> bool:
        """Whether a resource of one of the types holds what the control judges.

        It is asked of every such resource, before anything else: controls that concern few of them answer it quickly.
        """
        return True

    def paths(self, resource: Resource) -> tuple[str, ...]:
        """The attribute paths that the head gives for the resource's type; none when it is not among them."""
        return self._paths.get(resource.type.lower(), ())

    @cached_property
    def _paths(self) -> dict[str, tuple[str, ...]]:
        return {name.lower(): paths for name, paths in self.resources.items()}

    @abstractmethod
    def judge(self, resource: Resource) -> Verdict:
        """The verdict on one resource."""
