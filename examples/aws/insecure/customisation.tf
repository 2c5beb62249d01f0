# Tuned on patients' letters without a VPC, and its weights, which repeat them, have no key of ours.
# expect: NET_7 fail, NET_8 fail, ENC_3 fail, RES_2 fail, RES_5 fail
resource "aws_bedrock_custom_model" "letters" {
  custom_model_name     = "${var.name}-letters"
  job_name              = "${var.name}-letters-1"
  base_model_identifier = "arn:aws:bedrock:${var.region}::foundation-model/amazon.titan-text-express-v1:0:8k"
  customization_type    = "FINE_TUNING"
  role_arn              = aws_iam_role.serving.arn

  hyperparameters = {
    epochCount = "1"
  }

  training_data_config {
    s3_uri = "s3://${aws_s3_bucket.data.bucket}/letters/train.jsonl"
  }

  output_data_config {
    s3_uri = "s3://${aws_s3_bucket.data.bucket}/letters/output/"
  }
}
