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

resource "aws_iam_role_policy_attachment" "sagemaker_full_access" {
  role       = aws_iam_role.serving.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
}

resource "aws_iam_role_policy" "serving" {
  name   = "serving"
  role   = aws_iam_role.serving.id
  policy = data.aws_iam_policy_document.serving.json
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
}
