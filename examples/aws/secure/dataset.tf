# The same referrals, masked by `checkov-aiml pii mask`: whoever reads them learns nothing about anybody.
# expect: PII_1 pass, PII_4 pass
# expect in plan: PII_1 unknown, PII_4 fail — the committed plan lies in another folder than the dataset
resource "aws_s3_object" "referrals" {
  bucket = aws_s3_bucket.data.id
  key    = "samples/referrals.csv"
  source = "${path.module}/samples/referrals.csv"
  etag   = filemd5("${path.module}/samples/referrals.csv")
}
