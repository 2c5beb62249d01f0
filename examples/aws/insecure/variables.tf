variable "name" {
  description = "Name of the service; prefix of every resource."
  type        = string
  default     = "referral-triage"
}

# Ireland is near, but it is not in the United Kingdom.
variable "region" {
  description = "AWS region."
  type        = string
  default     = "eu-west-1"
}

variable "vpc_cidr" {
  description = "Address range of the VPC."
  type        = string
  default     = "10.40.0.0/20"
}

# A tag that moves, in a registry on another continent.
variable "serving_image" {
  description = "Model image."
  type        = string
  default     = "111122223333.dkr.ecr.us-east-1.amazonaws.com/referral-triage:latest"
}
