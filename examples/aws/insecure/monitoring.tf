# It is in a VPC, but not isolated, and the VPC is open (security_groups.tf).
# expect: NET_1 fail, NET_2 pass, NET_5 pass, ENC_1 fail, ENC_2 fail, RES_2 fail, RES_7 fail
resource "aws_sagemaker_data_quality_job_definition" "triage" {
  name     = "${var.name}-data-quality"
  role_arn = aws_iam_role.serving.arn

  data_quality_app_specification {
    image_uri = "468650794304.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-model-monitor-analyzer"
  }

  data_quality_job_input {
    endpoint_input {
      endpoint_name = aws_sagemaker_endpoint.triage.name
    }
  }

  data_quality_job_output_config {
    kms_key_id = "alias/aws/s3" # AWS's key, not ours

    monitoring_outputs {
      s3_output {
        s3_uri = "s3://${aws_s3_bucket.data.bucket}/monitoring"
      }
    }
  }

  job_resources {
    cluster_config {
      instance_count    = 2
      instance_type     = "ml.m5.large"
      volume_size_in_gb = 20
    }
  }

  network_config {
    enable_network_isolation                  = false
    enable_inter_container_traffic_encryption = false

    vpc_config {
      subnets            = local.subnet_ids
      security_group_ids = [aws_security_group.jobs.id]
    }
  }
}

# expect: RES_2 fail
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
