# Neither network isolation nor a VPC: the container may call any address with the role's credentials in its hands.
# expect: NET_1 fail, NET_2 fail, NET_5 pass, RES_2 fail, RES_7 fail
resource "aws_sagemaker_model" "triage" {
  execution_role_arn = aws_iam_role.serving.arn

  primary_container {
    image          = var.serving_image
    model_data_url = "s3://${aws_s3_bucket.data.bucket}/models/latest/model.tar.gz"
  }
}

# The volumes have a key, the captured requests have none.
# expect: NET_1 fail, ENC_1 fail, RES_2 fail
resource "aws_sagemaker_endpoint_configuration" "triage" {
  name_prefix = "${var.name}-"
  kms_key_arn = aws_kms_key.data.arn

  production_variants {
    variant_name           = "main"
    model_name             = aws_sagemaker_model.triage.name
    instance_type          = "ml.m5.xlarge"
    initial_instance_count = 1
    enable_ssm_access      = true # a shell inside the container that holds the model
  }

  data_capture_config {
    enable_capture              = true
    initial_sampling_percentage = 100
    destination_s3_uri          = "s3://${aws_s3_bucket.data.bucket}/capture"

    capture_options {
      capture_mode = "InputAndOutput"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

# expect: NET_6 fail, RES_2 fail
resource "aws_sagemaker_endpoint" "triage" {
  name                 = var.name
  endpoint_config_name = aws_sagemaker_endpoint_configuration.triage.name
}

# Kept for ever, with no key.
# expect: RES_3 fail
resource "aws_cloudwatch_log_group" "endpoint" {
  name = "/aws/sagemaker/Endpoints/${var.name}"
}
