# Two stores of patients' features, no key for either.
# expect: ENC_1 fail, RES_2 fail
resource "aws_sagemaker_feature_group" "referrals" {
  feature_group_name             = "${var.name}-referrals"
  record_identifier_feature_name = "nhs_number"
  event_time_feature_name        = "event_time"
  role_arn                       = aws_iam_role.serving.arn

  feature_definition {
    feature_name = "nhs_number"
    feature_type = "String"
  }

  feature_definition {
    feature_name = "event_time"
    feature_type = "String"
  }

  feature_definition {
    feature_name = "urgency_score"
    feature_type = "Fractional"
  }

  online_store_config {
    enable_online_store = true
  }

  offline_store_config {
    s3_storage_config {
      s3_uri = "s3://${aws_s3_bucket.features.bucket}/features"
    }
  }
}
