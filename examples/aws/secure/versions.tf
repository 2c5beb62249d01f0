terraform {
  required_version = ">= 1.8"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.25"
    }
  }
}

# expect: RES_1 pass
provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = var.name
      Environment = var.environment
      CostCenter  = var.cost_center
    }
  }
}

data "aws_caller_identity" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  subnet_ids = [aws_subnet.private_a.id, aws_subnet.private_b.id]
  log_groups = "arn:aws:logs:${var.region}:${local.account_id}:log-group:/aws/sagemaker/*"
}
