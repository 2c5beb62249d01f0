"""IAM_10 root, instance metadata and sign-in of SageMaker notebooks and domains."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Verdict, all_of

_METADATA = "instance_metadata_service_configuration"
_VERSION = f"{_METADATA}.minimum_instance_metadata_service_version"


class NotebookUsers(TerraformControl):
    id = "CKV_AIML_IAM_10"
    name = "Ensure SageMaker notebooks give no root and require IMDSv2, and domains sign in by single sign-on"
    severity = MEDIUM
    category = CheckCategories.IAM
    resources = {
        "aws_sagemaker_notebook_instance": ("root_access", _VERSION),
        "aws_sagemaker_domain": ("auth_mode",),
    }
    why = (
        "Root undoes what the lifecycle scripts set up, and version 1 of the metadata service hands the notebook's "
        "role to whoever makes it fetch a URL. A domain that is entered through IAM leaves people who have left with "
        "their access, because nobody ends it where they are employed."
    )
    fix = (
        'Set root_access to "Disabled", minimum_instance_metadata_service_version to "2" and a domain\'s auth_mode to '
        '"SSO".'
    )
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-root-access.html"
    covers = ("S3", "S5", "S17")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.2", "ATLAS:AML.T0012", "FSBP:SageMaker.3")
    limits = (
        "Lifecycle scripts run as root whatever is set. A domain's auth_mode cannot be changed once it is made. Users "
        "inside the containers of Studio are not judged: SageMaker maps them to users without rights on the host."
    )
    fails = """
resource "aws_sagemaker_notebook_instance" "analysis" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/analysis"
  instance_type = "ml.t3.medium"
}
"""
    passes = """
resource "aws_sagemaker_notebook_instance" "analysis" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/analysis"
  instance_type = "ml.t3.medium"
  root_access   = "Disabled"
  instance_metadata_service_configuration {
    minimum_instance_metadata_service_version = "2"
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type == "aws_sagemaker_domain":
            return one_of("SSO")(resource.attribute("auth_mode"))
        return all_of(
            [
                one_of("Disabled")(resource.attribute("root_access")),
                each(resource, [_VERSION], one_of("2"), (_METADATA,)),
            ]
        )


check = NotebookUsers()
