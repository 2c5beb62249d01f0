"""ENC_5 encryption keys of other AWS AI services."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Known, Unset
from checkov_aiml.terraform_view.vocabulary import customer_managed_key, each, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, not_applicable, unresolved

_LEX_LOGS = "conversation_logs.log_settings"
_CALLS = "elements.amazon_transcribe_call_analytics_processor_configuration.post_call_analytics_settings"
_SWITCHES = {
    "kms_key_details.encryption_option": "CUSTOMER_MANAGED_CMK",
    "kms_server_side_encryption.opt_in_status": "ENABLED",
    "kms_server_side_encryption.type": "CUSTOMER_MANAGED_KEY",
}


class OtherServiceKeys(TerraformControl):
    id = "CKV_AIML_ENC_5"
    name = "Ensure Comprehend, Kendra, Q Business, Lex, Rekognition and other AI services use a customer-managed key"
    severity = MEDIUM
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_chimesdkmediapipelines_media_insights_pipeline_configuration": (f"{_CALLS}.output_encryption_kms_key_id",),
        "aws_chimesdkvoice_voice_profile_domain": ("server_side_encryption_configuration.kms_key_arn",),
        "aws_codegurureviewer_repository_association": (
            "kms_key_details.encryption_option",
            "kms_key_details.kms_key_id",
        ),
        "aws_comprehend_document_classifier": (
            "model_kms_key_id",
            "volume_kms_key_id",
            "output_data_config.kms_key_id",
        ),
        "aws_comprehend_entity_recognizer": ("model_kms_key_id", "volume_kms_key_id"),
        "aws_devopsguru_service_integration": (
            "kms_server_side_encryption.opt_in_status",
            "kms_server_side_encryption.type",
            "kms_server_side_encryption.kms_key_id",
        ),
        "aws_kendra_index": ("server_side_encryption_configuration.kms_key_id",),
        "aws_lex_bot_alias": (f"{_LEX_LOGS}.kms_key_arn", f"{_LEX_LOGS}.destination"),
        "aws_qbusiness_application": ("encryption_configuration.kms_key_id",),
        "aws_rekognition_stream_processor": ("kms_key_id",),
    }
    why = (
        "Indexes, classifiers, call recordings and conversation logs hold the documents and words of people. A key of "
        "your own is a second permission, and CloudTrail shows each use of it."
    )
    fix = "Name a customer-managed KMS key in every key argument that the resource has."
    guideline = "https://docs.aws.amazon.com/kms/latest/developerguide/services-integration.html"
    covers = ("ledger",)
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24")
    limits = (
        "Lex conversation logs in CloudWatch Logs take the log group's key, so only audio logs in S3 are judged. "
        "Transcribe, Lex V2 bots and Rekognition collections and projects take no key. A DevOps Guru integration "
        "without a kms_server_side_encryption block keeps what the account has set, which the files do not show."
    )
    fails = """
resource "aws_kendra_index" "guidance" {
  name     = "guidance"
  role_arn = "arn:aws:iam::111122223333:role/guidance"
}
"""
    passes = """
resource "aws_kms_key" "search" {
  enable_key_rotation = true
}
resource "aws_kendra_index" "guidance" {
  name     = "guidance"
  role_arn = "arn:aws:iam::111122223333:role/guidance"
  server_side_encryption_configuration {
    kms_key_id = aws_kms_key.search.arn
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        return all_of(self._verdicts(resource)) if resource.type != "aws_lex_bot_alias" else _lex_logs(resource)

    def _verdicts(self, resource: Resource) -> Iterator[Verdict]:
        implied = ("encryption_configuration", "kms_key_details", "server_side_encryption_configuration")
        for path in self.paths(resource):
            judge = one_of(_SWITCHES[path]) if path in _SWITCHES else customer_managed_key
            verdict = each(resource, [path], judge, implied)
            yield verdict
            if path in _SWITCHES and verdict.outcome is Outcome.FAILED:
                return


def _lex_logs(alias: Resource) -> Verdict:
    destinations = alias.attributes(f"{_LEX_LOGS}.destination")
    keys = alias.attributes(f"{_LEX_LOGS}.kms_key_arn")
    judged = [_log_key(*pair) for pair in zip(destinations, keys, strict=True)]
    return all_of(judged) if judged else not_applicable("no conversation is logged")


def _log_key(destination: Attribute, key: Attribute) -> Verdict:
    if destination.known == "CLOUDWATCH_LOGS":
        return not_applicable("CloudWatch Logs uses the log group's key")
    if isinstance(key.state, Unset) and not isinstance(destination.state, Known):
        return unresolved("the destination is not known").about(destination.path)
    return customer_managed_key(key)


check = OtherServiceKeys()
