"""NET_6 interface endpoints for SageMaker."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.interface_endpoints import has_interface_endpoint, vpcs_of_ai_resources
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, all_of, not_applicable


class SageMakerInterfaceEndpoints(TerraformControl):
    id = "CKV_AIML_NET_6"
    name = "Ensure estates with SageMaker endpoints have interface endpoints for the SageMaker runtime and API"
    severity = MEDIUM
    category = CheckCategories.NETWORKING
    resources = {"aws_sagemaker_endpoint": ("endpoint_config_name",)}
    why = (
        "Without interface endpoints (AWS PrivateLink) requests to the model and to the SageMaker API leave the VPC "
        "for the service's public address: prompts and predictions cross the internet gateway, or need one."
    )
    fix = "Add aws_vpc_endpoint resources for sagemaker.runtime and sagemaker.api, of type Interface with private DNS."
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html"
    covers = ("S31", "rego")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0040")
    limits = (
        "Decided only where the files own the VPC; endpoints that another configuration makes, or a central VPC shares "
        "through a transit gateway and private zones, are not seen."
    )
    fails = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_sagemaker_endpoint" "triage" {
  endpoint_config_name = "triage"
}
"""
    passes = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc_endpoint" "sagemaker" {
  for_each            = toset(["sagemaker.runtime", "sagemaker.api"])
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.eu-west-2.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
}
resource "aws_sagemaker_endpoint" "triage" {
  endpoint_config_name = "triage"
}
"""

    def judge(self, resource: Resource) -> Verdict:
        vpcs = vpcs_of_ai_resources(resource)
        if not vpcs:
            return not_applicable("the VPC is not in the files")
        services = ("sagemaker.runtime", "sagemaker.api")
        return all_of(has_interface_endpoint(vpc, service) for vpc in vpcs for service in services)


check = SageMakerInterfaceEndpoints()
