# expect: IAM_6 fail, IAM_7 fail
resource "aws_iam_role" "serving" {
  name               = "${var.name}-serving"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

# More services than need it, and no aws:SourceAccount: the confused deputy may ask as well.
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com", "lambda.amazonaws.com", "ec2.amazonaws.com"]
    }
  }
}

# expect: IAM_1 pass, IAM_2 fail
resource "aws_iam_role_policy_attachment" "sagemaker_full_access" {
  role       = aws_iam_role.serving.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
}

# expect: IAM_1 pass, IAM_2 fail, IAM_3 fail, IAM_4 fail, IAM_5 fail, IAM_13 fail
resource "aws_iam_role_policy" "serving" {
  name   = "serving"
  role   = aws_iam_role.serving.id
  policy = data.aws_iam_policy_document.serving.json
}

# "Only until it runs."
# expect: IAM_1 fail
resource "aws_iam_role_policy" "debugging" {
  name = "debugging"
  role = aws_iam_role.serving.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

data "aws_iam_policy_document" "serving" {
  # Every model, every bucket, every key of the account.
  statement {
    actions   = ["sagemaker:*", "s3:*", "kms:*", "secretsmanager:GetSecretValue"]
    resources = ["*"]
  }

  # With sagemaker:* this is the way to every other role: start a notebook that runs as an administrator.
  statement {
    actions   = ["iam:PassRole"]
    resources = ["*"]
  }

  # Whatever a model's provider charges: the workload may accept it.
  statement {
    actions   = ["aws-marketplace:Subscribe"]
    resources = ["*"]
  }
}
