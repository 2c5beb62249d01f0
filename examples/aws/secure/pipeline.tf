# The pipeline that rolls out a reviewed model. GitHub gives it a token for each run, so that no key can be copied.
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# One repository, and an environment of it that waits for a second person. A bare repo:…:* takes pull requests too.
# expect: IAM_11 pass
resource "aws_iam_role" "deploy" {
  name               = "${var.name}-deploy"
  assume_role_policy = data.aws_iam_policy_document.deploy_trust.json
}

data "aws_iam_policy_document" "deploy_trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:${var.repository}:environment:${var.environment}"]
    }
  }
}

# expect: IAM_1 pass, IAM_2 pass, IAM_3 pass, IAM_4 pass, IAM_5 pass, IAM_8 pass
resource "aws_iam_role_policy" "deploy" {
  name   = "deploy"
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.deploy.json
}

# It may point the endpoint at a configuration that exists, and no more: no role to pass, no data to read.
data "aws_iam_policy_document" "deploy" {
  statement {
    sid     = "RollOut"
    actions = ["sagemaker:DescribeEndpoint", "sagemaker:UpdateEndpoint"]
    resources = [
      aws_sagemaker_endpoint.triage.arn,
      aws_sagemaker_endpoint_configuration.triage.arn,
    ]
  }
}
