"""The base of controls that judge Terraform provider configurations, as HCL and as plan JSON."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from checkov.common.models.enums import CheckResult
from checkov.terraform.checks.provider.base_check import BaseProviderCheck

from checkov_aiml.control import Control
from checkov_aiml.terraform_control import address_of
from checkov_aiml.terraform_view.estate import estate_of
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict


class ProviderControl(Control, BaseProviderCheck):
    """A control on provider configurations: `providers` maps a provider's name to the arguments that it reads."""

    framework = "terraform"
    providers: ClassVar[Mapping[str, tuple[str, ...]]]

    def __init__(self) -> None:
        super().__init__(
            name=type(self).name,
            id=type(self).id,
            categories=[self.category],
            supported_provider=list(self.providers),
            guideline=self.guideline,
        )
        self.announce()

    @classmethod
    def attributes_read(cls) -> Mapping[str, tuple[str, ...]]:
        return cls.providers

    def scan_provider_conf(self, conf: dict[str, Any]) -> CheckResult:
        def judge() -> Verdict:
            return self.judge(estate_of(self.graph).provider(conf, self._scanned_file))

        return self.answer(judge, address_of(conf))

    @abstractmethod
    def judge(self, provider: Resource) -> Verdict:
        """The verdict on one provider configuration."""
