# Compares the captured requests with the training data every day.
# Model Monitor takes no new customers: an account that never used it leaves this file out.
locals {
  monitor_account = "749857270468" # AWS's own registry account for Model Monitor in eu-west-2
}

# expect: NET_1 pass, NET_2 pass, NET_5 pass, ENC_1 pass, ENC_2 pass, RES_2 pass, RES_7 pass
resource "aws_sagemaker_data_quality_job_definition" "triage" {
  name     = "${var.name}-data-quality"
  role_arn = aws_iam_role.serving.arn

  data_quality_app_specification {
    image_uri = "${local.monitor_account}.dkr.ecr.${var.region}.amazonaws.com/sagemaker-model-monitor-analyzer"
  }

  data_quality_baseline_config {
    constraints_resource {
      s3_uri = "s3://${aws_s3_bucket.data.bucket}/baseline/constraints.json"
    }

    statistics_resource {
      s3_uri = "s3://${aws_s3_bucket.data.bucket}/baseline/statistics.json"
    }
  }

  data_quality_job_input {
    endpoint_input {
      endpoint_name = aws_sagemaker_endpoint.triage.name
    }
  }

  data_quality_job_output_config {
    kms_key_id = aws_kms_key.data.arn # the report quotes values that it found odd

    monitoring_outputs {
      s3_output {
        s3_uri = "s3://${aws_s3_bucket.data.bucket}/monitoring"
      }
    }
  }

  job_resources {
    cluster_config {
      instance_count    = 1
      instance_type     = "ml.m5.large"
      volume_size_in_gb = 20
      volume_kms_key_id = aws_kms_key.data.arn
    }
  }

  network_config {
    enable_network_isolation                  = true
    enable_inter_container_traffic_encryption = true

    vpc_config {
      subnets            = local.subnet_ids
      security_group_ids = [aws_security_group.sagemaker.id]
    }
  }

  stopping_condition {
    max_runtime_in_seconds = 3600
  }
}

# Network and keys are those of the job definition that it names.
# expect: RES_2 pass
resource "aws_sagemaker_monitoring_schedule" "triage" {
  name = "${var.name}-data-quality"

  monitoring_schedule_config {
    monitoring_job_definition_name = aws_sagemaker_data_quality_job_definition.triage.name
    monitoring_type                = "DataQuality"

    schedule_config {
      schedule_expression = "cron(0 3 ? * * *)"
    }
  }
}
