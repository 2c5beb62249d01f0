"""The base of controls that judge Kubernetes manifests."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from checkov.common.models.enums import CheckResult
from checkov.kubernetes.checks.resource.base_spec_check import BaseK8Check

from checkov_aiml.control import Control
from checkov_aiml.kubernetes_runner import adapt_the_runner
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.objects import manifest_of
from checkov_aiml.kubernetes_view.partly_known import unless_unknown
from checkov_aiml.verdict import Verdict


class KubernetesControl(Control, BaseK8Check):
    """A control on manifests: `kinds` maps a kind to the field paths that it reads."""

    framework = "kubernetes"
    kinds: ClassVar[Mapping[str, tuple[str, ...]]]

    def __init__(self) -> None:
        adapt_the_runner()
        super().__init__(
            name=type(self).name,
            id=type(self).id,
            categories=[self.category],
            supported_entities=list(self.kinds),
            guideline=self.guideline,
        )
        self.announce()

    @classmethod
    def attributes_read(cls) -> Mapping[str, tuple[str, ...]]:
        return cls.kinds

    def scan_entity_conf(self, conf: dict[str, Any], entity_type: str) -> CheckResult:
        self.entity_type = entity_type
        return self.scan_spec_conf(conf)

    def scan_spec_conf(self, conf: dict[str, Any]) -> CheckResult:
        return self.answer(lambda: self.judge(manifest_of(conf)), Manifest(conf).resource_id)

    @abstractmethod
    def judge(self, manifest: Manifest) -> Verdict:
        """The verdict on one manifest."""


class KubernetesManifestControl(KubernetesControl):
    """A `ManifestJudgement` on manifests: the judgement class comes first among the bases."""

    concerns_manifest: Callable[[Manifest], bool]
    verdict_on: Callable[[Manifest], Verdict]

    def is_asked(self, subject: Manifest) -> bool:
        return self.concerns_manifest(subject)

    def judge(self, manifest: Manifest) -> Verdict:
        return unless_unknown(lambda: self.verdict_on(manifest))
