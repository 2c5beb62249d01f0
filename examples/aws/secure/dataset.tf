# The same referrals, masked by `checkov-aiml pii mask`: whoever reads them learns nothing about anybody.
# expect: PII_4 fail
resource "aws_s3_object" "referrals" {
  bucket = aws_s3_bucket.data.id
  key    = "samples/referrals.csv"
  source = "${path.module}/samples/referrals.csv"
  etag   = filemd5("${path.module}/samples/referrals.csv")
}
