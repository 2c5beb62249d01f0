# expect: ENC_1 pass, RES_2 pass
resource "aws_sagemaker_feature_group" "referrals" {
  feature_group_name             = "${var.name}-referrals"
  description                    = "Pseudonymised features of each referral"
  record_identifier_feature_name = "referral_id"
  event_time_feature_name        = "event_time"
  role_arn                       = aws_iam_role.serving.arn

  feature_definition {
    feature_name = "referral_id"
    feature_type = "String"
  }

  feature_definition {
    feature_name = "event_time"
    feature_type = "String"
  }

  feature_definition {
    feature_name = "waiting_days"
    feature_type = "Integral"
  }

  feature_definition {
    feature_name = "urgency_score"
    feature_type = "Fractional"
  }

  # The two stores take a key each; neither inherits it from the other or from the bucket.
  online_store_config {
    enable_online_store = true

    security_config {
      kms_key_id = aws_kms_key.data.arn
    }

    ttl_duration {
      unit  = "Days"
      value = 90
    }
  }

  offline_store_config {
    s3_storage_config {
      s3_uri     = "s3://${aws_s3_bucket.data.bucket}/features"
      kms_key_id = aws_kms_key.data.arn
    }
  }

  tags = { data_sensitivity = "confidential" }

  depends_on = [aws_iam_role_policy.serving]
}
