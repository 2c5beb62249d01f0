# expect: NET_2 pass, NET_3 pass, ENC_1 pass, RES_2 pass, IAM_10 pass
resource "aws_sagemaker_notebook_instance" "workbench" {
  name                = "${var.name}-workbench"
  role_arn            = aws_iam_role.workbench.arn
  instance_type       = "ml.t3.medium"
  platform_identifier = "notebook-al2023-v1"

  subnet_id       = aws_subnet.private_a.id
  security_groups = [aws_security_group.sagemaker.id]

  # Left out, the notebook has a second network interface with a way to the internet past the VPC.
  direct_internet_access = "Disabled"

  # Left out, each user is root and can undo what the lifecycle scripts set up.
  root_access = "Disabled"
  kms_key_id  = aws_kms_key.data.arn

  # Version 1 hands the role's credentials to whoever makes the notebook fetch a URL.
  instance_metadata_service_configuration {
    minimum_instance_metadata_service_version = "2"
  }

  # The role attaches the notebook to the subnet.
  depends_on = [aws_iam_role_policy.workbench]
}

# expect: NET_4 pass, ENC_1 pass, RES_2 pass, IAM_10 pass
resource "aws_sagemaker_domain" "studio" {
  domain_name = var.name
  auth_mode   = "SSO"
  vpc_id      = aws_vpc.main.id
  subnet_ids  = local.subnet_ids
  kms_key_id  = aws_kms_key.data.arn # the home directories

  # The default, PublicInternetOnly, sends the apps' traffic out through a network of AWS that we cannot filter.
  app_network_access_type       = "VpcOnly"
  app_security_group_management = "Customer"

  domain_settings {
    docker_settings {
      enable_docker_access      = "ENABLED"
      vpc_only_trusted_accounts = [local.account_id, var.image_registry_account] # images from anywhere else are refused
    }
  }

  default_user_settings {
    execution_role  = aws_iam_role.workbench.arn
    security_groups = [aws_security_group.sagemaker.id]

    jupyter_lab_app_settings {
      app_lifecycle_management {
        idle_settings {
          lifecycle_management    = "ENABLED"
          idle_timeout_in_minutes = 60
        }
      }
    }
  }

  default_space_settings {
    execution_role  = aws_iam_role.workbench.arn
    security_groups = [aws_security_group.sagemaker.id]
  }
}
