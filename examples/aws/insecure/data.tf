# Encrypted, but with S3's own key: whoever may read the bucket may read the data, and no key policy stands between.
# expect: ENC_6 fail, ENC_7 fail, RES_3 fail
resource "aws_s3_bucket" "data" {
  bucket = "${var.name}-data-${local.account_id}"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = false
  block_public_policy     = false
  ignore_public_acls      = false
  restrict_public_buckets = false
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id

  versioning_configuration {
    status = "Suspended"
  }
}

# "So that the partner can fetch the model": anyone can, over plain HTTP too.
# expect: IAM_12 fail
resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = data.aws_iam_policy_document.data_bucket.json
}

data "aws_iam_policy_document" "data_bucket" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.data.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

# Nothing said about encryption, so S3's own key again.
# expect: ENC_6 fail, ENC_7 fail, RES_3 fail
resource "aws_s3_bucket" "features" {
  bucket = "${var.name}-features-${local.account_id}"
}

# Every night a copy of the data leaves for another country, and nobody looks for it there.
# expect: RES_4 fail
resource "aws_backup_plan" "data" {
  name = "${var.name}-data"

  rule {
    rule_name         = "nightly"
    target_vault_name = "Default"
    schedule          = "cron(0 2 * * ? *)"

    copy_action {
      destination_vault_arn = "arn:aws:backup:us-east-1:${local.account_id}:backup-vault:Default"
    }
  }
}

resource "aws_backup_selection" "data" {
  name         = "${var.name}-data"
  plan_id      = aws_backup_plan.data.id
  iam_role_arn = "arn:aws:iam::${local.account_id}:role/service-role/AWSBackupDefaultServiceRole"
  resources    = [aws_s3_bucket.data.arn]
}
