# Two roles: what serves requests cannot open a notebook, and a notebook cannot replace what is served.
# expect: IAM_6 pass, IAM_7 pass
resource "aws_iam_role" "serving" {
  name               = "${var.name}-serving"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

# expect: IAM_6 pass, IAM_7 pass
resource "aws_iam_role" "workbench" {
  name               = "${var.name}-workbench"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

# expect: IAM_1 pass, IAM_2 pass, IAM_3 pass, IAM_4 pass, IAM_5 pass, IAM_8 pass
resource "aws_iam_role_policy" "serving" {
  name   = "serving"
  role   = aws_iam_role.serving.id
  policy = data.aws_iam_policy_document.serving.json
}

# expect: IAM_1 pass, IAM_2 pass, IAM_3 pass, IAM_4 pass, IAM_5 pass, IAM_8 pass
resource "aws_iam_role_policy" "workbench" {
  name   = "workbench"
  role   = aws_iam_role.workbench.id
  policy = data.aws_iam_policy_document.workbench.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }

    # SageMaker acting for another customer must not be able to borrow the role (confused deputy).
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

# What either role needs to run in the VPC, on our data, under our key.
data "aws_iam_policy_document" "common" {
  statement {
    sid       = "Bucket"
    actions   = ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket"]
    resources = [aws_s3_bucket.data.arn]
  }

  statement {
    sid       = "Objects"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"]
    resources = ["${aws_s3_bucket.data.arn}/*"]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.data.arn]
  }

  statement {
    sid       = "KeyForVolumes"
    actions   = ["kms:CreateGrant"]
    resources = [aws_kms_key.data.arn]

    condition {
      test     = "Bool"
      variable = "kms:GrantIsForAWSResource"
      values   = ["true"]
    }
  }

  statement {
    sid     = "NetworkInterfaces"
    actions = ["ec2:CreateNetworkInterface"]
    resources = [
      aws_subnet.private_a.arn,
      aws_subnet.private_b.arn,
      aws_security_group.sagemaker.arn,
      "arn:aws:ec2:${var.region}:${local.account_id}:network-interface/*",
    ]
  }

  statement {
    sid = "NetworkInterfacePermissions"
    actions = [
      "ec2:CreateNetworkInterfacePermission",
      "ec2:DeleteNetworkInterface",
      "ec2:DeleteNetworkInterfacePermission",
    ]
    resources = ["arn:aws:ec2:${var.region}:${local.account_id}:network-interface/*"]
  }

  # EC2 describes the whole account or nothing: these actions take no resource.
  statement {
    sid = "DescribeNetwork"
    actions = [
      "ec2:DescribeDhcpOptions",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcEndpoints",
      "ec2:DescribeVpcs",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = [local.log_groups]
  }

  statement {
    sid       = "Metrics"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]

    condition {
      test     = "StringLike"
      variable = "cloudwatch:namespace"
      values   = ["/aws/sagemaker/*", "aws/sagemaker/*"]
    }
  }
}

data "aws_iam_policy_document" "serving" {
  source_policy_documents = [data.aws_iam_policy_document.common.json]

  statement {
    sid     = "PullImages"
    actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [
      "arn:aws:ecr:${var.region}:${var.image_registry_account}:repository/${var.name}",
      "arn:aws:ecr:${var.region}:${local.monitor_account}:repository/sagemaker-model-monitor-analyzer",
    ]
  }

  # A registry token is for the whole registry: this action takes no resource.
  statement {
    sid       = "RegistryToken"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "workbench" {
  source_policy_documents = [data.aws_iam_policy_document.common.json]

  statement {
    sid       = "AskTheModel"
    actions   = ["sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint"]
    resources = [aws_sagemaker_endpoint.triage.arn]
  }

  statement {
    sid       = "Features"
    actions   = ["sagemaker:DescribeFeatureGroup", "sagemaker:GetRecord", "sagemaker:PutRecord"]
    resources = [aws_sagemaker_feature_group.referrals.arn]
  }

  # Studio's own applications and spaces; no training, no deployment and no iam:PassRole, which go through CI.
  statement {
    sid = "Studio"
    actions = [
      "sagemaker:AddTags",
      "sagemaker:CreateApp",
      "sagemaker:CreateSpace",
      "sagemaker:DeleteApp",
      "sagemaker:DeleteSpace",
      "sagemaker:DescribeApp",
      "sagemaker:DescribeDomain",
      "sagemaker:DescribeSpace",
      "sagemaker:DescribeUserProfile",
      "sagemaker:UpdateSpace",
    ]
    resources = [
      aws_sagemaker_domain.studio.arn,
      "arn:aws:sagemaker:${var.region}:${local.account_id}:app/${aws_sagemaker_domain.studio.id}/*",
      "arn:aws:sagemaker:${var.region}:${local.account_id}:space/${aws_sagemaker_domain.studio.id}/*",
      "arn:aws:sagemaker:${var.region}:${local.account_id}:user-profile/${aws_sagemaker_domain.studio.id}/*",
    ]
  }

  # Listing takes no resource.
  statement {
    sid       = "StudioLists"
    actions   = ["sagemaker:ListApps", "sagemaker:ListDomains", "sagemaker:ListSpaces", "sagemaker:ListUserProfiles"]
    resources = ["*"]
  }
}
