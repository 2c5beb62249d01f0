# Encrypted, but with S3's own key: whoever may read the bucket may read the data, and no key policy stands between.
# expect: ENC_6 fail, ENC_7 fail
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
# expect: ENC_6 fail, ENC_7 fail
resource "aws_s3_bucket" "features" {
  bucket = "${var.name}-features-${local.account_id}"
}
