# A model tuned on our letters: its weights repeat what it was tuned on, and are kept as the letters are.
# expect: NET_7 pass, NET_8 pass, ENC_3 pass, RES_2 pass, RES_5 pass
resource "aws_bedrock_custom_model" "letters" {
  custom_model_name       = "${var.name}-letters"
  job_name                = "${var.name}-letters-1"
  base_model_identifier   = "arn:aws:bedrock:${var.region}::foundation-model/${var.base_model}"
  customization_type      = "FINE_TUNING"
  role_arn                = aws_iam_role.customisation.arn
  custom_model_kms_key_id = aws_kms_key.data.arn

  hyperparameters = {
    epochCount              = "1"
    batchSize               = "1"
    learningRate            = "0.00001"
    learningRateWarmupSteps = "0"
  }

  training_data_config {
    s3_uri = "s3://${aws_s3_bucket.data.bucket}/letters/train.jsonl"
  }

  output_data_config {
    s3_uri = "s3://${aws_s3_bucket.data.bucket}/letters/output/"
  }

  # Left out, Bedrock reads the bucket over its own network, past our endpoint policies.
  vpc_config {
    security_group_ids = [aws_security_group.agents.id]
    subnet_ids         = local.subnet_ids
  }

  depends_on = [aws_iam_role_policy.customisation]
}
