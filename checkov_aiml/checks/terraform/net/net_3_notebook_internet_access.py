"""NET_3 SageMaker notebooks and the internet."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Verdict


class NotebookInternetAccess(TerraformControl):
    id = "CKV_AIML_NET_3"
    name = "Ensure SageMaker notebook instances have no direct internet access"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {"aws_sagemaker_notebook_instance": ("direct_internet_access",)}
    why = (
        "A notebook reads training data with its role. With direct internet access everything it reads can be uploaded "
        "past the organisation's network controls and logs, and packages come in unchecked."
    )
    fix = 'Set direct_internet_access to "Disabled" and give subnet_id and security_groups of your VPC.'
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html"
    covers = ("S1",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.22", "ATLAS:AML.T0025", "FSBP:SageMaker.1")
    limits = "A VPC that routes to the internet by itself still gives the notebook a way out."
    fails = """
resource "aws_sagemaker_notebook_instance" "analysis" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/analysis"
  instance_type = "ml.t3.medium"
}
"""
    passes = """
resource "aws_sagemaker_notebook_instance" "analysis" {
  name                   = "analysis"
  role_arn               = "arn:aws:iam::111122223333:role/analysis"
  instance_type          = "ml.t3.medium"
  direct_internet_access = "Disabled"
  subnet_id              = "subnet-0a1b2c3d"
  security_groups        = ["sg-0a1b2c3d"]
}
"""

    def judge(self, resource: Resource) -> Verdict:
        return each(resource, self.paths(resource), one_of("Disabled"))


check = NotebookInternetAccess()
