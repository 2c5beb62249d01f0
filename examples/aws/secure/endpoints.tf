locals {
  interface_services = [
    "sagemaker.api",
    "sagemaker.runtime",
    "sagemaker.featurestore-runtime",
    "sts",
    "logs",
    "monitoring",
    "kms",
    "ecr.api",
    "ecr.dkr",
    "bedrock-runtime",
    "bedrock-agent",
    "bedrock-agent-runtime",
    "bedrock-agentcore",
    "bedrock-agentcore.gateway",
  ]
}

# Callers inside the VPC reach the model without crossing the internet.
# expect["bedrock-agent", "bedrock-agent-runtime", "bedrock-agentcore", "bedrock-agentcore.gateway", "bedrock-runtime", "sagemaker.api", "sagemaker.featurestore-runtime", "sagemaker.runtime"]: NET_8 pass, RES_7 pass
resource "aws_vpc_endpoint" "interface" {
  for_each = toset(local.interface_services)

  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = local.subnet_ids
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true # otherwise the SDK's default host name still resolves to the public address
  policy              = data.aws_iam_policy_document.interface_endpoints.json

  tags = { Name = "${var.name}-${each.key}" }
}

# Stops credentials of another account from being used to carry data out through our endpoints.
data "aws_iam_policy_document" "interface_endpoints" {
  statement {
    sid       = "OnlyThisAccount"
    resources = ["*"]

    actions = [
      "bedrock-agentcore:*",
      "bedrock:*",
      "cloudwatch:*",
      "ecr:*",
      "kms:*",
      "logs:*",
      "sagemaker:*",
      "sts:*",
    ]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]
  policy            = data.aws_iam_policy_document.s3_endpoint.json

  tags = { Name = "${var.name}-s3" }
}

# A notebook can write to our bucket and to no other one.
data "aws_iam_policy_document" "s3_endpoint" {
  #checkov:skip=CKV_AWS_283:ECR signs layer downloads itself, so no principal of ours can be named

  statement {
    sid       = "OurData"
    actions   = ["s3:GetBucketAcl", "s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:PutObjectAcl"]
    resources = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [local.account_id]
    }
  }

  # ECR keeps the layers of every image in this bucket of its own.
  statement {
    sid       = "ImageLayers"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::prod-${var.region}-starport-layer-bucket/*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
