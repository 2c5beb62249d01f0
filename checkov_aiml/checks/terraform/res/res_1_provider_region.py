"""RES_1 the regions of provider configurations."""

from __future__ import annotations

from collections import defaultdict

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.ai_data import AWS_STORES, why_ai_data
from checkov_aiml.judgements.residency import allowance, judge_place
from checkov_aiml.provider_control import ProviderControl
from checkov_aiml.terraform_view.estate import Estate
from checkov_aiml.terraform_view.regions import Place, region_of
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, failed, not_applicable


class ProviderRegion(ProviderControl):
    id = "CKV_AIML_RES_1"
    name = "Ensure provider configurations that AI resources or AI data use name an allowed region"
    severity = HIGH
    category = CheckCategories.GENERAL_SECURITY
    providers = {"aws": ("region",)}
    why = (
        "One provider block decides where everything stands that uses it. A wrong one takes all AI resources and AI "
        "data abroad at once; one without a region leaves the decision to the machine that happens to run Terraform."
    )
    fix = "Name an allowed region in the provider block, or list the region in the setting regions.aws."
    guideline = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs#provider-configuration"
    covers = ("R1",)
    maps = ("UKGDPR:44", "ISO27001:5.31")
    limits = (
        "Provider blocks that no AI resource and no AI data store uses are not judged. Law does not ask for UK "
        "residency as such: an allowed list is the organisation's policy, and supports its duties on transfers."
    )
    fails = """
provider "aws" {
  region = "us-east-1"
}
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
}
"""
    passes = """
provider "aws" {
  region = "eu-west-2"
}
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
}
"""

    def judge(self, provider: Resource) -> Verdict:
        placed = _placed(provider.estate, provider.root).get(provider, [])
        if not placed:
            return not_applicable("no AI resource and no AI data store takes its region from the provider")
        place = Place(provider.value("region"), "where it places " + _counted(placed), provider)
        planned = {region_of(resource).name for resource in placed}
        if place.is_missing:
            verdict = failed(f"not set, so that the environment decides {place.cause}; {allowance('aws')}")
        elif place.name is None and len(planned) == 1:
            verdict = judge_place(Place(region_of(placed[0]).value, place.cause), "aws")
        else:
            verdict = judge_place(place, "aws")
        return verdict.about("region")


def _placed(estate: Estate, root: str) -> dict[Resource, list[Resource]]:
    """Provider to the AI resources and AI data stores of a root module that take their region from it."""

    def find() -> dict[Resource, list[Resource]]:
        found: dict[Resource, list[Resource]] = defaultdict(list)
        stores = (store for store in estate.of_type(*AWS_STORES, root=root) if why_ai_data(store))
        for resource in (*estate.ai_resources(root), *stores):
            source = region_of(resource).source if resource.terraform_type.startswith("aws_") else None
            if source is not None and resource.is_planned:
                found[source].append(resource)
        return found

    return estate.once(("placed by provider", root), find)


def _counted(placed: list[Resource]) -> str:
    stores = sum(resource.terraform_type in AWS_STORES for resource in placed)
    counts = ((len(placed) - stores, "AI resource"), (stores, "AI data store"))
    return " and ".join(f"{number} {noun}{'s' * (number > 1)}" for number, noun in counts if number)


check = ProviderRegion()
