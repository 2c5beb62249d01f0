output "endpoint_name" {
  description = "Endpoint that callers inside the VPC invoke."
  value       = aws_sagemaker_endpoint.triage.name
}

output "data_bucket" {
  description = "Bucket of training data, models and captures."
  value       = aws_s3_bucket.data.bucket
}
