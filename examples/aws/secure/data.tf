# Training data, model artefacts, captured requests and the offline feature store.
# expect: ENC_6 pass, ENC_7 pass, RES_3 pass
resource "aws_s3_bucket" "data" {
  #checkov:skip=CKV_AWS_144:A replica in another region would leave the United Kingdom
  #checkov:skip=CKV2_AWS_62:Nothing here is driven by object events

  bucket = "${var.name}-data-${local.account_id}"

  tags = { data_sensitivity = "confidential" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    bucket_key_enabled = true # one call to KMS for many objects

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# A model can be traced to the exact data that it was trained on, and a poisoned file can be undone.
resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    id     = "keep-one-year"
    status = "Enabled"

    filter {}

    expiration {
      days = 365
    }

    # An erased record must not live on in an old version.
    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  rule {
    id     = "captured-requests"
    status = "Enabled"

    filter {
      prefix = "capture/"
    }

    expiration {
      days = 30
    }
  }

  depends_on = [aws_s3_bucket_versioning.data]
}

resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.data.id
  target_bucket = aws_s3_bucket.access_logs.id
  target_prefix = "s3/"
}

# expect: IAM_12 pass
resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = data.aws_iam_policy_document.data_bucket.json
}

data "aws_iam_policy_document" "data_bucket" {
  statement {
    sid       = "DenyPlainTransport"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    sid       = "DenyOldTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "NumericLessThan"
      variable = "s3:TlsVersion"
      values   = ["1.2"]
    }
  }
}

# The copy that survives the loss of this account stays in the United Kingdom: another account's vault in London.
# expect: RES_4 pass
resource "aws_backup_plan" "data" {
  name = "${var.name}-data"

  rule {
    rule_name         = "nightly"
    target_vault_name = "${var.name}-data"
    schedule          = "cron(0 2 * * ? *)"

    copy_action {
      destination_vault_arn = "arn:aws:backup:${var.region}:444455556666:backup-vault:${var.name}-data"

      lifecycle {
        delete_after = 30
      }
    }

    lifecycle {
      delete_after = 30
    }
  }
}

resource "aws_backup_selection" "data" {
  name         = "${var.name}-data"
  plan_id      = aws_backup_plan.data.id
  iam_role_arn = "arn:aws:iam::${local.account_id}:role/service-role/AWSBackupDefaultServiceRole"
  resources    = [aws_s3_bucket.data.arn]
}
