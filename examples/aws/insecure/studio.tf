# In a subnet, with a security group, and yet on the internet: direct_internet_access is Enabled when left out,
# and root_access likewise.
# expect: NET_2 pass, NET_3 fail, ENC_1 fail, RES_2 fail, IAM_10 fail
resource "aws_sagemaker_notebook_instance" "workbench" {
  name            = "${var.name}-workbench"
  role_arn        = aws_iam_role.serving.arn
  instance_type   = "ml.t3.medium"
  subnet_id       = aws_subnet.public_a.id
  security_groups = [aws_security_group.workbench.id]
  kms_key_id      = "alias/aws/sagemaker" # looks like a key of ours, is AWS's
}

# expect: NET_4 fail, ENC_1 fail, RES_2 fail, IAM_10 fail
resource "aws_sagemaker_domain" "studio" {
  domain_name             = var.name
  auth_mode               = "IAM"
  vpc_id                  = aws_vpc.main.id
  subnet_ids              = local.subnet_ids
  app_network_access_type = "PublicInternetOnly"

  domain_settings {
    docker_settings {
      enable_docker_access = "ENABLED"
    }
  }

  default_user_settings {
    execution_role  = aws_iam_role.serving.arn
    security_groups = [aws_security_group.studio.id]

    sharing_settings {
      notebook_output_option = "Allowed" # cell output, patients included, lands in a shared folder without a key
      s3_output_path         = "s3://${aws_s3_bucket.data.bucket}/shared-notebooks"
    }
  }
}
