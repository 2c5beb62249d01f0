# A role for each thing that runs: the agent cannot read the letters, nor the tuning job call an agent.
# expect: IAM_6 pass, IAM_7 pass
resource "aws_iam_role" "agent" {
  name               = "${var.name}-agent"
  assume_role_policy = data.aws_iam_policy_document.bedrock_trust.json
}

# expect: IAM_6 pass, IAM_7 pass
resource "aws_iam_role" "knowledge" {
  name               = "${var.name}-knowledge"
  assume_role_policy = data.aws_iam_policy_document.bedrock_trust.json
}

# expect: IAM_6 pass, IAM_7 pass
resource "aws_iam_role" "customisation" {
  name               = "${var.name}-customisation"
  assume_role_policy = data.aws_iam_policy_document.bedrock_trust.json
}

# expect: IAM_6 pass, IAM_7 pass
resource "aws_iam_role" "agentcore" {
  name               = "${var.name}-agentcore"
  assume_role_policy = data.aws_iam_policy_document.agentcore_trust.json
}

data "aws_iam_policy_document" "bedrock_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["bedrock.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

data "aws_iam_policy_document" "agentcore_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["bedrock-agentcore.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

# expect: IAM_1 pass, IAM_2 pass, IAM_3 pass, IAM_4 pass, IAM_5 pass, IAM_8 pass
resource "aws_iam_role_policy" "agent" {
  name   = "agent"
  role   = aws_iam_role.agent.id
  policy = data.aws_iam_policy_document.agent.json
}

# expect: IAM_1 pass, IAM_2 pass, IAM_3 pass, IAM_4 pass, IAM_5 pass, IAM_8 pass
resource "aws_iam_role_policy" "knowledge" {
  name   = "knowledge"
  role   = aws_iam_role.knowledge.id
  policy = data.aws_iam_policy_document.knowledge.json
}

# expect: IAM_1 pass, IAM_2 pass, IAM_3 pass, IAM_4 pass, IAM_5 pass, IAM_8 pass
resource "aws_iam_role_policy" "customisation" {
  name   = "customisation"
  role   = aws_iam_role.customisation.id
  policy = data.aws_iam_policy_document.customisation.json
}

# expect: IAM_1 pass, IAM_2 pass, IAM_3 pass, IAM_4 pass, IAM_5 pass, IAM_8 pass
resource "aws_iam_role_policy" "agentcore" {
  name   = "agentcore"
  role   = aws_iam_role.agentcore.id
  policy = data.aws_iam_policy_document.agentcore.json
}

data "aws_iam_policy_document" "bedrock_key" {
  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.data.arn]
  }
}

data "aws_iam_policy_document" "agent" {
  source_policy_documents = [data.aws_iam_policy_document.bedrock_key.json]

  statement {
    sid       = "OneModel"
    actions   = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
    resources = ["arn:aws:bedrock:${var.region}::foundation-model/${var.assistant_model}"]
  }

  statement {
    sid       = "Guardrail"
    actions   = ["bedrock:ApplyGuardrail", "bedrock:GetGuardrail"]
    resources = [aws_bedrock_guardrail.assistant.guardrail_arn]
  }

  statement {
    sid       = "Knowledge"
    actions   = ["bedrock:Retrieve", "bedrock:RetrieveAndGenerate"]
    resources = [aws_bedrockagent_knowledge_base.guidelines.arn]
  }
}

data "aws_iam_policy_document" "knowledge" {
  source_policy_documents = [data.aws_iam_policy_document.bedrock_key.json]

  statement {
    sid       = "Embeddings"
    actions   = ["bedrock:InvokeModel"]
    resources = ["arn:aws:bedrock:${var.region}::foundation-model/${var.embedding_model}"]
  }

  statement {
    sid       = "Vectors"
    actions   = ["aoss:APIAccessAll"]
    resources = [aws_opensearchserverless_collection.guidelines.arn]
  }

  statement {
    sid       = "Guidelines"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.data.arn}/guidelines/*"]
  }

  statement {
    sid       = "GuidelinesList"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.data.arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["guidelines/*"]
    }
  }
}

data "aws_iam_policy_document" "customisation" {
  source_policy_documents = [data.aws_iam_policy_document.bedrock_key.json]

  statement {
    sid       = "Letters"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.data.arn}/letters/*"]
  }

  statement {
    sid       = "LettersList"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.data.arn]
  }

  statement {
    sid     = "NetworkInterfaces"
    actions = ["ec2:CreateNetworkInterface"]
    resources = [
      aws_subnet.private_a.arn,
      aws_subnet.private_b.arn,
      aws_security_group.agents.arn,
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
      "ec2:DescribeVpcs",
    ]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "agentcore" {
  source_policy_documents = [data.aws_iam_policy_document.bedrock_key.json]

  statement {
    sid       = "OneModel"
    actions   = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
    resources = ["arn:aws:bedrock:${var.region}::foundation-model/${var.assistant_model}"]
  }

  statement {
    sid     = "PullImage"
    actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [
      "arn:aws:ecr:${var.region}:${var.image_registry_account}:repository/referral-letters",
    ]
  }

  # A registry token is for the whole registry: this action takes no resource.
  statement {
    sid       = "RegistryToken"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:${var.region}:${local.account_id}:log-group:/aws/bedrock-agentcore/runtimes/*"]
  }
}
