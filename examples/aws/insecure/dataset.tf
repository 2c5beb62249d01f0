# Referrals as they came, for "a realistic test": names, dates of birth and addresses. All of them are invented.
# expect: PII_1 fail, PII_4 pass
# expect in plan: PII_1 unknown, PII_4 fail — the committed plan lies in another folder than the dataset
resource "aws_s3_object" "referrals" {
  bucket = aws_s3_bucket.data.id
  key    = "samples/referrals.csv"
  source = "${path.module}/samples/referrals.csv"
  etag   = filemd5("${path.module}/samples/referrals.csv")
}
