# expect: NET_1 pass, NET_2 pass, NET_5 pass, RES_2 pass, RES_7 pass
resource "aws_sagemaker_model" "triage" {
  execution_role_arn = aws_iam_role.serving.arn

  # The container gets no network and no credentials: SageMaker itself fetches the model and carries the requests.
  # A backdoor in a library then has nowhere to send what it reads.
  enable_network_isolation = true

  primary_container {
    image          = "${var.serving_image}@${var.serving_image_digest}"
    model_data_url = "s3://${aws_s3_bucket.data.bucket}/models/${var.model_version}/model.tar.gz"
  }

  vpc_config {
    subnets            = local.subnet_ids
    security_group_ids = [aws_security_group.sagemaker.id]
  }

  tags = {
    version   = var.model_version
    signature = var.model_signature
  }

  # SageMaker reads the artefact with the role while it makes the model.
  depends_on = [aws_iam_role_policy.serving]

  lifecycle {
    create_before_destroy = true
  }
}

# expect: ENC_1 pass, RES_2 pass
resource "aws_sagemaker_endpoint_configuration" "triage" {
  name_prefix = "${var.name}-"
  kms_key_arn = aws_kms_key.data.arn # the instances' volumes

  production_variants {
    variant_name = "main"
    model_name   = aws_sagemaker_model.triage.name

    # Types with local NVMe storage encrypt it in hardware and refuse a key of ours.
    instance_type          = "ml.m5.xlarge"
    initial_instance_count = 2 # one in each zone
  }

  # Captured requests are patient data like any other: our key, and 30 days (data.tf).
  data_capture_config {
    enable_capture              = true
    initial_sampling_percentage = 10
    destination_s3_uri          = "s3://${aws_s3_bucket.data.bucket}/capture"
    kms_key_id                  = aws_kms_key.data.arn

    capture_options {
      capture_mode = "Input"
    }

    capture_options {
      capture_mode = "Output"
    }

    capture_content_type_header {
      json_content_types = ["application/json"]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

# expect: NET_6 pass, RES_2 pass
resource "aws_sagemaker_endpoint" "triage" {
  name                 = var.name
  endpoint_config_name = aws_sagemaker_endpoint_configuration.triage.name

  depends_on = [aws_cloudwatch_log_group.endpoint]
}

# Made before the endpoint, which would otherwise make it without a key and keep it for ever.
# expect: RES_3 pass
resource "aws_cloudwatch_log_group" "endpoint" {
  #checkov:skip=CKV_AWS_338:May hold patient data, which is not kept longer than it is of use

  name              = "/aws/sagemaker/Endpoints/${var.name}"
  retention_in_days = 30
  kms_key_id        = aws_kms_key.data.arn
}
