# Any branch of any repository of the organisation, and whoever opens a pull request there, may deploy.
# expect: IAM_11 fail
resource "aws_iam_role" "deploy" {
  name = "${var.name}-deploy"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::${local.account_id}:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
        StringLike   = { "token.actions.githubusercontent.com:sub" = "repo:example/*" }
      }
    }]
  })
}

resource "aws_iam_user" "assistant" {
  name = "${var.name}-assistant"
}

# Any model, in any region, without the guardrail.
# expect: IAM_1 pass, IAM_2 pass, IAM_3 pass, IAM_4 pass, IAM_5 pass, IAM_8 fail
resource "aws_iam_user_policy" "assistant" {
  name = "models"
  user = aws_iam_user.assistant.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["bedrock:InvokeModel*"], Resource = "*" }]
  })
}

# "For the demo": a password for every model, which never expires and is in three notebooks by now.
# expect: IAM_13 fail
resource "aws_iam_service_specific_credential" "assistant" {
  service_name = "bedrock.amazonaws.com"
  user_name    = aws_iam_user.assistant.name
}
