variable "name" {
  description = "Name of the service; prefix of every resource."
  type        = string
  default     = "referral-triage"
}

variable "region" {
  description = "AWS region. London is the only one in the United Kingdom."
  type        = string
  default     = "eu-west-2"

  validation {
    condition     = var.region == "eu-west-2"
    error_message = "Patient data stays in the United Kingdom: use eu-west-2."
  }
}

variable "environment" {
  description = "Stage: dev, staging, preprod or prod."
  type        = string
  default     = "prod"
}

variable "repository" {
  description = "GitHub repository whose pipeline deploys: owner and name."
  type        = string
  default     = "example/referral-triage"
}

variable "cost_center" {
  description = "Cost centre that pays for the service."
  type        = string
  default     = "clinical-analytics"
}

variable "vpc_cidr" {
  description = "Address range of the VPC."
  type        = string
  default     = "10.40.0.0/20"
}

variable "image_registry_account" {
  description = "Account of the shared registry that scans and signs model images."
  type        = string
  default     = "111122223333"
}

variable "serving_image" {
  description = "Repository of the model image."
  type        = string
  default     = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/referral-triage"
}

variable "serving_image_digest" {
  description = "Digest of the scanned image: a tag can be moved, a digest cannot."
  type        = string
  default     = "sha256:5f2c8d0e9b7a4613c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9"
}

variable "model_version" {
  description = "Approved version of the model."
  type        = string
  default     = "2.0.0"
}

variable "model_signature" {
  description = "Reference of the signature made when the version was approved."
  type        = string
  default     = "cosign-referral-triage-2.0.0"
}

variable "assistant_model" {
  description = "Model of the assistant and the agent, offered in the region itself."
  type        = string
  default     = "anthropic.claude-3-7-sonnet-20250219-v1:0"
}

variable "embedding_model" {
  description = "Model that turns guidelines into vectors."
  type        = string
  default     = "amazon.titan-embed-text-v2:0"
}

variable "base_model" {
  description = "Model that is tuned on letters."
  type        = string
  default     = "amazon.titan-text-express-v1:0:8k"
}

variable "agent_image" {
  description = "Repository of the agent's image."
  type        = string
  default     = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/referral-letters"
}

variable "agent_image_digest" {
  description = "Digest of the scanned image of the agent."
  type        = string
  default     = "sha256:9b1c7e3d5a2f4860b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4"
}

variable "identity_provider" {
  description = "OpenID Connect discovery address of those who may call the agent."
  type        = string
  default     = "https://login.example.nhs.uk/.well-known/openid-configuration"
}

variable "client_id" {
  description = "Application that calls the agent."
  type        = string
  default     = "referral-desk"
}
