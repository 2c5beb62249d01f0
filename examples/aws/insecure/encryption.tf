# The key is ours in name only: it is never rotated, and its policy lets every AWS account use it.
# expect: ENC_9 fail
resource "aws_kms_key" "data" {
  description             = "Data of ${var.name}"
  deletion_window_in_days = 7
  policy                  = data.aws_iam_policy_document.key.json
}

data "aws_iam_policy_document" "key" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
