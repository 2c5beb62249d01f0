terraform {
  required_version = ">= 1.8"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.25"
    }
  }
}

# No default_tags: nothing tells whose this is, nor how sensitive its data are.
# expect: RES_1 fail
provider "aws" {
  region = var.region
}

data "aws_caller_identity" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  subnet_ids = [aws_subnet.public_a.id, aws_subnet.public_b.id]
}
