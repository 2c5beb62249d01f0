"""Writes a Terraform estate of a chosen size, for measuring scans.

    python benchmarks/estate.py OUT_DIR --resources 2000 --seed 1

The estate is a set of teams. Each team has an AWS root and an Azure root, both made from the same deck of
workloads in another order, so that estates of different sizes have the same mix and their scans can be compared.
About one resource in fourteen is an AI/ML resource; the rest is what stands around it in a company.
The same size and seed give the same bytes. Only the standard library is used.
"""

from __future__ import annotations

import argparse
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from random import Random
from string import Template

RESOURCES_PER_FILE = 60
TEAMS = ("radiology", "pathology", "claims", "fraud", "lending", "payments", "benefits", "licensing", "triage", "audit")
IMAGE = "764974769150.dkr.ecr.eu-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1"
AI_TYPE = re.compile(r"aws_sagemaker_|azurerm_(machine_learning|cognitive)_")
RESOURCE = re.compile(r'^resource "(\w+)"', re.MULTILINE)


class Hcl(Template):
    """A template whose placeholders are `@name`, because `$` belongs to Terraform."""

    delimiter = "@"


@dataclass(frozen=True)
class Workload:
    """HCL by file topic, and the instances of each resource type that it creates, `count` and modules expanded."""

    hcl: Mapping[str, str]
    types: Counter[str]

    @property
    def size(self) -> int:
        """Resource instances, as Checkov counts them."""
        return self.types.total()


def workload(
    expanded: Counter[str] | None = None, /, *, values: Mapping[str, object] | None = None, **hcl: str
) -> Workload:
    """A workload from templates by topic; `expanded` are the instances that its text does not show."""
    text = {topic: Hcl(textwrap.dedent(body).strip()).substitute(values or {}) for topic, body in hcl.items()}
    return Workload(text, types_in(*text.values()) + (expanded or Counter()))


def types_in(*hcl: str) -> Counter[str]:
    return Counter(found for text in hcl for found in RESOURCE.findall(text))


def times(types: Counter[str], copies: int) -> Counter[str]:
    return Counter({kind: number * copies for kind, number in types.items()})


# --- modules, called by every team -----------------------------------------------------------------------------------

BUCKET_MODULE = {
    "main.tf": """
        locals {
          tags = merge({ Module = "bucket" }, var.tags)
        }

        resource "aws_s3_bucket" "this" {
          bucket = var.name
          tags   = local.tags
        }

        resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
          bucket = aws_s3_bucket.this.id

          rule {
            bucket_key_enabled = true
            apply_server_side_encryption_by_default {
              sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
              kms_master_key_id = var.kms_key_arn
            }
          }
        }

        resource "aws_s3_bucket_versioning" "this" {
          bucket = aws_s3_bucket.this.id

          versioning_configuration {
            status = var.versioned ? "Enabled" : "Suspended"
          }
        }

        resource "aws_s3_bucket_public_access_block" "this" {
          bucket                  = aws_s3_bucket.this.id
          block_public_acls       = true
          block_public_policy     = true
          ignore_public_acls      = true
          restrict_public_buckets = true
        }

        resource "aws_s3_bucket_lifecycle_configuration" "this" {
          bucket = aws_s3_bucket.this.id

          dynamic "rule" {
            for_each = var.expiry_days
            content {
              id     = rule.key
              status = "Enabled"
              filter {
                prefix = "${rule.key}/"
              }
              expiration {
                days = rule.value
              }
            }
          }
        }

        data "aws_iam_policy_document" "this" {
          statement {
            sid       = "DenyPlainTransport"
            effect    = "Deny"
            actions   = ["s3:*"]
            resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]

            principals {
              type        = "*"
              identifiers = ["*"]
            }

            condition {
              test     = "Bool"
              variable = "aws:SecureTransport"
              values   = ["false"]
            }
          }
        }

        resource "aws_s3_bucket_policy" "this" {
          bucket = aws_s3_bucket.this.id
          policy = data.aws_iam_policy_document.this.json
        }
    """,
    "variables.tf": """
        variable "name" {
          type = string
        }

        variable "kms_key_arn" {
          type    = string
          default = null
        }

        variable "versioned" {
          type    = bool
          default = true
        }

        variable "expiry_days" {
          type    = map(number)
          default = { tmp = 7, raw = 365 }
        }

        variable "tags" {
          type    = map(string)
          default = {}
        }
    """,
    "outputs.tf": """
        output "id" {
          value = aws_s3_bucket.this.id
        }

        output "arn" {
          value = aws_s3_bucket.this.arn
        }
    """,
}

SERVICE_MODULE = {
    "main.tf": """
        resource "aws_cloudwatch_log_group" "this" {
          name              = "/aws/lambda/${var.name}"
          retention_in_days = var.retention_days
        }

        resource "aws_iam_role" "this" {
          name = var.name
          assume_role_policy = jsonencode({
            Version = "2012-10-17"
            Statement = [{
              Effect    = "Allow"
              Action    = "sts:AssumeRole"
              Principal = { Service = "lambda.amazonaws.com" }
            }]
          })
        }

        resource "aws_iam_role_policy" "this" {
          name = "logs"
          role = aws_iam_role.this.id
          policy = jsonencode({
            Version = "2012-10-17"
            Statement = [{
              Effect   = "Allow"
              Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
              Resource = "${aws_cloudwatch_log_group.this.arn}:*"
            }]
          })
        }

        resource "aws_lambda_function" "this" {
          function_name = var.name
          role          = aws_iam_role.this.arn
          handler       = "app.handler"
          runtime       = "python3.12"
          s3_bucket     = var.artefact_bucket
          s3_key        = "${var.name}.zip"
          timeout       = var.timeout

          dynamic "environment" {
            for_each = length(var.environment) > 0 ? [var.environment] : []
            content {
              variables = environment.value
            }
          }
        }
    """,
    "variables.tf": """
        variable "name" {
          type = string
        }

        variable "artefact_bucket" {
          type = string
        }

        variable "retention_days" {
          type    = number
          default = 30
        }

        variable "timeout" {
          type    = number
          default = 15
        }

        variable "environment" {
          type    = map(string)
          default = {}
        }
    """,
    "outputs.tf": """
        output "arn" {
          value = aws_lambda_function.this.arn
        }
    """,
}

INFERENCE_MODULE = {
    "main.tf": """
        data "aws_iam_policy_document" "trust" {
          statement {
            actions = ["sts:AssumeRole"]
            principals {
              type        = "Service"
              identifiers = ["sagemaker.amazonaws.com"]
            }
          }
        }

        data "aws_iam_policy_document" "data" {
          statement {
            actions   = ["s3:GetObject", "s3:PutObject"]
            resources = ["${var.bucket_arn}/*"]
          }

          statement {
            actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
            resources = [var.kms_key_arn == null ? "*" : var.kms_key_arn]
          }
        }

        resource "aws_iam_role" "this" {
          name               = "${var.name}-inference"
          assume_role_policy = data.aws_iam_policy_document.trust.json
        }

        resource "aws_iam_role_policy" "data" {
          name   = "data"
          role   = aws_iam_role.this.id
          policy = data.aws_iam_policy_document.data.json
        }

        resource "aws_sagemaker_model" "this" {
          name                     = var.name
          execution_role_arn       = aws_iam_role.this.arn
          enable_network_isolation = var.isolated

          primary_container {
            image          = var.image
            model_data_url = "s3://${var.bucket}/model.tar.gz"
          }

          vpc_config {
            subnets            = var.subnet_ids
            security_group_ids = var.security_group_ids
          }
        }

        resource "aws_sagemaker_endpoint_configuration" "this" {
          name        = var.name
          kms_key_arn = var.kms_key_arn

          production_variants {
            variant_name           = "main"
            model_name             = aws_sagemaker_model.this.name
            initial_instance_count = var.instances
            instance_type          = "ml.m5.large"
          }
        }

        resource "aws_sagemaker_endpoint" "this" {
          name                 = var.name
          endpoint_config_name = aws_sagemaker_endpoint_configuration.this.name
        }
    """,
    "variables.tf": """
        variable "name" {
          type = string
        }

        variable "image" {
          type = string
        }

        variable "bucket" {
          type = string
        }

        variable "bucket_arn" {
          type = string
        }

        variable "subnet_ids" {
          type = list(string)
        }

        variable "security_group_ids" {
          type = list(string)
        }

        variable "kms_key_arn" {
          type    = string
          default = null
        }

        variable "isolated" {
          type    = bool
          default = true
        }

        variable "instances" {
          type    = number
          default = 2
        }
    """,
    "outputs.tf": """
        output "endpoint" {
          value = aws_sagemaker_endpoint.this.arn
        }
    """,
}

MODULES = {
    folder: {name: textwrap.dedent(body).strip() for name, body in files.items()}
    for folder, files in {"bucket": BUCKET_MODULE, "service": SERVICE_MODULE, "inference": INFERENCE_MODULE}.items()
}


def module(folder: str, copies: int = 1) -> Counter[str]:
    """What `copies` calls of a module create."""
    return times(types_in(*MODULES[folder].values()), copies)


# --- what every team has ---------------------------------------------------------------------------------------------


def aws_foundation(team: str, rng: Random) -> Workload:
    return workload(
        Counter({"aws_subnet": 2 + 1, "aws_route_table_association": 2}),
        values={"team": team, "octet": rng.randrange(1, 250), "cidr": rng.choice(("0.0.0.0/0", "10.0.0.0/8"))},
        providers="""
            terraform {
              required_version = ">= 1.5"

              required_providers {
                aws = {
                  source  = "hashicorp/aws"
                  version = "~> 6.0"
                }
              }
            }

            provider "aws" {
              region = var.region
            }
        """,
        variables='''
            variable "team" {
              type    = string
              default = "@team"
            }

            variable "region" {
              type    = string
              default = "eu-west-2"
            }

            variable "environment" {
              description = "Deployment stage; given by the pipeline."
              type        = string
            }

            variable "artefact_bucket" {
              description = "Bucket of build artefacts; given by the pipeline."
              type        = string
            }

            variable "image" {
              type    = string
              default = "'''
        + IMAGE
        + """"
            }

            variable "private_subnets" {
              type    = map(string)
              default = { a = "10.@octet.0.0/20", b = "10.@octet.16.0/20", c = "10.@octet.32.0/20" }
            }

            variable "open_ports" {
              type    = list(number)
              default = [443, 8443]
            }
        """,
        locals="""
            locals {
              prefix = "${var.team}-${var.environment}"
              tags   = { Team = var.team, Environment = var.environment, ManagedBy = "terraform" }
            }

            data "aws_caller_identity" "current" {}

            data "aws_availability_zones" "available" {}
        """,
        network="""
            resource "aws_vpc" "main" {
              cidr_block           = "10.@octet.0.0/16"
              enable_dns_support   = true
              enable_dns_hostnames = true
              tags                 = local.tags
            }

            resource "aws_subnet" "private" {
              for_each   = var.private_subnets
              vpc_id     = aws_vpc.main.id
              cidr_block = each.value
              tags       = merge(local.tags, { Name = "${local.prefix}-private-${each.key}" })
            }

            resource "aws_subnet" "public" {
              count             = 2
              vpc_id            = aws_vpc.main.id
              cidr_block        = cidrsubnet("10.@octet.128.0/17", 4, count.index)
              availability_zone = data.aws_availability_zones.available.names[count.index]
            }

            resource "aws_route_table" "private" {
              vpc_id = aws_vpc.main.id
              tags   = local.tags
            }

            resource "aws_route_table_association" "private" {
              for_each       = var.private_subnets
              subnet_id      = aws_subnet.private[each.key].id
              route_table_id = aws_route_table.private.id
            }

            resource "aws_internet_gateway" "main" {
              vpc_id = aws_vpc.main.id
            }

            resource "aws_security_group" "workload" {
              name        = "${local.prefix}-workload"
              description = "Services of the team"
              vpc_id      = aws_vpc.main.id

              dynamic "ingress" {
                for_each = var.open_ports
                content {
                  description = "Port ${ingress.value} inside the VPC"
                  from_port   = ingress.value
                  to_port     = ingress.value
                  protocol    = "tcp"
                  cidr_blocks = [aws_vpc.main.cidr_block]
                }
              }

              egress {
                description = "Outbound"
                from_port   = 443
                to_port     = 443
                protocol    = "tcp"
                cidr_blocks = ["@cidr"]
              }
            }

            resource "aws_vpc_endpoint" "s3" {
              vpc_id          = aws_vpc.main.id
              service_name    = "com.amazonaws.${var.region}.s3"
              route_table_ids = [aws_route_table.private.id]
            }

            resource "aws_vpc_endpoint" "sagemaker" {
              vpc_id              = aws_vpc.main.id
              service_name        = "com.amazonaws.${var.region}.sagemaker.runtime"
              vpc_endpoint_type   = "Interface"
              private_dns_enabled = true
              subnet_ids          = [for subnet in aws_subnet.private : subnet.id]
              security_group_ids  = [aws_security_group.workload.id]
            }
        """,
        identity="""
            resource "aws_kms_key" "data" {
              description         = "Data of the team"
              enable_key_rotation = true
            }

            resource "aws_kms_alias" "data" {
              name          = "alias/${local.prefix}-data"
              target_key_id = aws_kms_key.data.key_id
            }
        """,
    )


def azure_foundation(team: str, rng: Random) -> Workload:
    return workload(
        values={"team": team, "octet": rng.randrange(1, 250), "public": rng.choice(("true", "false"))},
        providers="""
            terraform {
              required_version = ">= 1.5"

              required_providers {
                azurerm = {
                  source  = "hashicorp/azurerm"
                  version = "~> 4.0"
                }
              }
            }

            provider "azurerm" {
              subscription_id = var.subscription_id
              features {}
            }
        """,
        variables="""
            variable "subscription_id" {
              type = string
            }

            variable "location" {
              type    = string
              default = "uksouth"
            }

            variable "subnets" {
              type    = map(string)
              default = { workload = "10.@octet.0.0/20", endpoints = "10.@octet.16.0/24" }
            }
        """,
        locals="""
            locals {
              prefix = "@team"
              tags   = { Team = "@team", ManagedBy = "terraform" }
            }

            data "azurerm_client_config" "current" {}
        """,
        network="""
            resource "azurerm_resource_group" "main" {
              name     = "${local.prefix}-rg"
              location = var.location
              tags     = local.tags
            }

            resource "azurerm_virtual_network" "main" {
              name                = "${local.prefix}-vnet"
              location            = azurerm_resource_group.main.location
              resource_group_name = azurerm_resource_group.main.name
              address_space       = ["10.@octet.0.0/16"]
            }

            resource "azurerm_subnet" "workload" {
              name                 = "workload"
              resource_group_name  = azurerm_resource_group.main.name
              virtual_network_name = azurerm_virtual_network.main.name
              address_prefixes     = [var.subnets["workload"]]
            }

            resource "azurerm_subnet" "endpoints" {
              name                 = "endpoints"
              resource_group_name  = azurerm_resource_group.main.name
              virtual_network_name = azurerm_virtual_network.main.name
              address_prefixes     = [var.subnets["endpoints"]]
            }

            resource "azurerm_network_security_group" "workload" {
              name                = "${local.prefix}-workload"
              location            = azurerm_resource_group.main.location
              resource_group_name = azurerm_resource_group.main.name

              security_rule {
                name                       = "https"
                priority                   = 100
                direction                  = "Inbound"
                access                     = "Allow"
                protocol                   = "Tcp"
                source_port_range          = "*"
                destination_port_range     = "443"
                source_address_prefix      = "VirtualNetwork"
                destination_address_prefix = "*"
              }
            }

            resource "azurerm_subnet_network_security_group_association" "workload" {
              subnet_id                 = azurerm_subnet.workload.id
              network_security_group_id = azurerm_network_security_group.workload.id
            }
        """,
        platform="""
            resource "azurerm_key_vault" "main" {
              name                          = "${local.prefix}-kv"
              location                      = azurerm_resource_group.main.location
              resource_group_name           = azurerm_resource_group.main.name
              tenant_id                     = data.azurerm_client_config.current.tenant_id
              sku_name                      = "premium"
              purge_protection_enabled      = true
              public_network_access_enabled = @public
            }

            resource "azurerm_log_analytics_workspace" "main" {
              name                = "${local.prefix}-logs"
              location            = azurerm_resource_group.main.location
              resource_group_name = azurerm_resource_group.main.name
              retention_in_days   = 30
            }

            resource "azurerm_application_insights" "main" {
              name                = "${local.prefix}-insights"
              location            = azurerm_resource_group.main.location
              resource_group_name = azurerm_resource_group.main.name
              workspace_id        = azurerm_log_analytics_workspace.main.id
              application_type    = "web"
            }

            resource "azurerm_servicebus_namespace" "main" {
              name                = "${local.prefix}-bus"
              location            = azurerm_resource_group.main.location
              resource_group_name = azurerm_resource_group.main.name
              sku                 = "Standard"
            }

            resource "azurerm_service_plan" "main" {
              name                = "${local.prefix}-plan"
              location            = azurerm_resource_group.main.location
              resource_group_name = azurerm_resource_group.main.name
              os_type             = "Linux"
              sku_name            = "B1"
            }
        """,
    )


# --- AWS: what has nothing to do with AI -----------------------------------------------------------------------------


def function(name: str, rng: Random) -> Workload:
    return workload(
        values={"n": name, "days": rng.choice((7, 30, 365)), "queue": rng.choice(("SendMessage", "ReceiveMessage"))},
        apps="""
            resource "aws_cloudwatch_log_group" "@n" {
              name              = "/aws/lambda/${local.prefix}-@n"
              retention_in_days = @days
            }

            resource "aws_lambda_function" "@n" {
              function_name = "${local.prefix}-@n"
              role          = aws_iam_role.@n.arn
              handler       = "app.handler"
              runtime       = "python3.12"
              s3_bucket     = var.artefact_bucket
              s3_key        = "@n.zip"

              environment {
                variables = { STAGE = var.environment }
              }

              vpc_config {
                subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
                security_group_ids = [aws_security_group.workload.id]
              }
            }

            resource "aws_lambda_permission" "@n" {
              statement_id   = "events"
              action         = "lambda:InvokeFunction"
              function_name  = aws_lambda_function.@n.function_name
              principal      = "events.amazonaws.com"
              source_account = data.aws_caller_identity.current.account_id
            }
        """,
        identity="""
            resource "aws_iam_role" "@n" {
              name = "${local.prefix}-@n"
              tags = local.tags
              assume_role_policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Action    = "sts:AssumeRole"
                  Principal = { Service = "lambda.amazonaws.com" }
                }]
              })
            }

            resource "aws_iam_role_policy" "@n" {
              name = "@n"
              role = aws_iam_role.@n.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect   = "Allow"
                    Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
                    Resource = "${aws_cloudwatch_log_group.@n.arn}:*"
                  },
                  {
                    Effect   = "Allow"
                    Action   = "sqs:@queue"
                    Resource = "arn:aws:sqs:eu-west-2:123456789012:@n"
                  }
                ]
              })
            }
        """,
    )


def services(name: str, rng: Random) -> Workload:
    names = rng.sample(("intake", "export", "notify", "archive", "resize", "index"), 3)
    return workload(
        module("service", len(names)),
        values={"n": name, "names": ", ".join(f'"{each}"' for each in names)},
        apps="""
            module "@n" {
              for_each        = toset([@names])
              source          = "../../../modules/service"
              name            = "${local.prefix}-@n-${each.key}"
              artefact_bucket = var.artefact_bucket
              environment     = { STAGE = var.environment }
            }
        """,
    )


def queue(name: str, rng: Random) -> Workload:
    return workload(
        values={
            "n": name,
            "sse": rng.choice(("sqs_managed_sse_enabled = true", "kms_master_key_id = aws_kms_key.data.id")),
        },
        apps="""
            resource "aws_sqs_queue" "@{n}_dead" {
              name                      = "${local.prefix}-@n-dead"
              message_retention_seconds = 1209600
              sqs_managed_sse_enabled   = true
            }

            resource "aws_sqs_queue" "@n" {
              name = "${local.prefix}-@n"
              @sse
              redrive_policy = jsonencode({
                deadLetterTargetArn = aws_sqs_queue.@{n}_dead.arn
                maxReceiveCount     = 5
              })
            }

            resource "aws_sqs_queue_policy" "@n" {
              queue_url = aws_sqs_queue.@n.id
              policy    = data.aws_iam_policy_document.@n.json
            }

            resource "aws_cloudwatch_metric_alarm" "@n" {
              alarm_name          = "${local.prefix}-@n-dead"
              namespace           = "AWS/SQS"
              metric_name         = "ApproximateNumberOfMessagesVisible"
              comparison_operator = "GreaterThanThreshold"
              threshold           = 0
              evaluation_periods  = 1
              period              = 300
              statistic           = "Sum"
              dimensions          = { QueueName = aws_sqs_queue.@{n}_dead.name }
            }
        """,
        identity="""
            data "aws_iam_policy_document" "@n" {
              statement {
                actions   = ["sqs:SendMessage"]
                resources = [aws_sqs_queue.@n.arn]

                principals {
                  type        = "AWS"
                  identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
                }
              }
            }
        """,
    )


def topic(name: str, rng: Random) -> Workload:
    return workload(
        values={"n": name, "key": rng.choice(("aws_kms_key.data.id", '"alias/aws/sns"'))},
        apps="""
            resource "aws_sns_topic" "@n" {
              name              = "${local.prefix}-@n"
              kms_master_key_id = @key
              tags              = local.tags
            }

            resource "aws_sns_topic_subscription" "@n" {
              topic_arn = aws_sns_topic.@n.arn
              protocol  = "https"
              endpoint  = "https://hooks.example.org/@n"
            }
        """,
    )


def table(name: str, rng: Random) -> Workload:
    return workload(
        values={"n": name, "recovery": rng.choice(("true", "false"))},
        storage="""
            resource "aws_dynamodb_table" "@n" {
              name         = "${local.prefix}-@n"
              billing_mode = "PAY_PER_REQUEST"
              hash_key     = "id"

              attribute {
                name = "id"
                type = "S"
              }

              server_side_encryption {
                enabled     = true
                kms_key_arn = aws_kms_key.data.arn
              }

              point_in_time_recovery {
                enabled = @recovery
              }
            }

            resource "aws_cloudwatch_metric_alarm" "@n" {
              alarm_name          = "${local.prefix}-@n-throttled"
              namespace           = "AWS/DynamoDB"
              metric_name         = "ThrottledRequests"
              comparison_operator = "GreaterThanThreshold"
              threshold           = 10
              evaluation_periods  = 2
              period              = 300
              statistic           = "Sum"
              dimensions          = { TableName = aws_dynamodb_table.@n.name }
            }
        """,
    )


def bucket(name: str, rng: Random) -> Workload:
    algorithm = rng.choice(('"AES256"', '"aws:kms"\n      kms_master_key_id = aws_kms_key.data.arn'))
    return workload(
        values={"n": name, "algorithm": algorithm, "status": rng.choice(("Enabled", "Suspended"))},
        storage="""
            resource "aws_s3_bucket" "@n" {
              bucket = "${local.prefix}-@n"
              tags   = local.tags
            }

            resource "aws_s3_bucket_server_side_encryption_configuration" "@n" {
              bucket = aws_s3_bucket.@n.id
              rule {
                apply_server_side_encryption_by_default {
                  sse_algorithm = @algorithm
                }
              }
            }

            resource "aws_s3_bucket_versioning" "@n" {
              bucket = aws_s3_bucket.@n.id
              versioning_configuration {
                status = "@status"
              }
            }

            resource "aws_s3_bucket_public_access_block" "@n" {
              bucket                  = aws_s3_bucket.@n.id
              block_public_acls       = true
              block_public_policy     = true
              ignore_public_acls      = true
              restrict_public_buckets = true
            }

            resource "aws_s3_bucket_policy" "@n" {
              bucket = aws_s3_bucket.@n.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Deny"
                  Action    = "s3:*"
                  Principal = "*"
                  Resource  = [aws_s3_bucket.@n.arn, "${aws_s3_bucket.@n.arn}/*"]
                  Condition = { Bool = { "aws:SecureTransport" = "false" } }
                }]
              })
            }
        """,
    )


def buckets(name: str, rng: Random) -> Workload:
    kinds = rng.sample(("reports", "exports", "uploads", "backups", "media"), 3)
    return workload(
        module("bucket", len(kinds)),
        values={"n": name, "kinds": ", ".join(f"{kind} = {rng.choice(('true', 'false'))}" for kind in kinds)},
        storage="""
            module "@n" {
              for_each    = { @kinds }
              source      = "../../../modules/bucket"
              name        = "${local.prefix}-@n-${each.key}"
              versioned   = each.value
              kms_key_arn = aws_kms_key.data.arn
              tags        = local.tags
            }
        """,
    )


def firewall(name: str, rng: Random) -> Workload:
    return workload(
        values={"n": name, "port": rng.choice((443, 5432, 6379)), "cidr": rng.choice(("10.0.0.0/8", "0.0.0.0/0"))},
        network="""
            resource "aws_security_group" "@n" {
              name        = "${local.prefix}-@n"
              description = "Rules of @n"
              vpc_id      = aws_vpc.main.id
            }

            resource "aws_vpc_security_group_ingress_rule" "@n" {
              security_group_id            = aws_security_group.@n.id
              description                  = "From the services"
              ip_protocol                  = "tcp"
              from_port                    = @port
              to_port                      = @port
              referenced_security_group_id = aws_security_group.workload.id
            }

            resource "aws_vpc_security_group_egress_rule" "@n" {
              security_group_id = aws_security_group.@n.id
              description       = "Outbound"
              ip_protocol       = "tcp"
              from_port         = 443
              to_port           = 443
              cidr_ipv4         = "@cidr"
            }

            resource "aws_security_group_rule" "@n" {
              security_group_id = aws_security_group.@n.id
              description       = "Metrics"
              type              = "ingress"
              protocol          = "tcp"
              from_port         = 9100
              to_port           = 9100
              cidr_blocks       = [aws_vpc.main.cidr_block]
            }
        """,
    )


def pipeline_role(name: str, rng: Random) -> Workload:
    action = rng.choice(("ecs:UpdateService", "cloudformation:DescribeStacks", "ec2:DescribeInstances"))
    return workload(
        values={"n": name, "action": action},
        identity="""
            data "aws_iam_policy_document" "@{n}_trust" {
              statement {
                actions = ["sts:AssumeRole"]
                principals {
                  type        = "Service"
                  identifiers = ["codebuild.amazonaws.com"]
                }
              }
            }

            data "aws_iam_policy_document" "@n" {
              statement {
                actions   = ["@action"]
                resources = ["*"]
              }

              statement {
                actions   = ["s3:GetObject"]
                resources = ["arn:aws:s3:::${var.artefact_bucket}/@n/*"]
              }
            }

            resource "aws_iam_role" "@n" {
              name               = "${local.prefix}-@n"
              assume_role_policy = data.aws_iam_policy_document.@{n}_trust.json
            }

            resource "aws_iam_policy" "@n" {
              name   = "${local.prefix}-@n"
              policy = data.aws_iam_policy_document.@n.json
            }

            resource "aws_iam_role_policy_attachment" "@n" {
              role       = aws_iam_role.@n.name
              policy_arn = aws_iam_policy.@n.arn
            }
        """,
    )


def key(name: str, rng: Random) -> Workload:
    return workload(
        values={"n": name, "rotation": rng.choice(("true", "false"))},
        identity="""
            resource "aws_kms_key" "@n" {
              description         = "Key of @n"
              enable_key_rotation = @rotation
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Action    = "kms:*"
                  Resource  = "*"
                  Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
                }]
              })
            }

            resource "aws_kms_alias" "@n" {
              name          = "alias/${local.prefix}-@n"
              target_key_id = aws_kms_key.@n.key_id
            }
        """,
    )


def log_group(name: str, rng: Random) -> Workload:
    return workload(
        values={"n": name, "days": rng.choice((30, 90, 365))},
        apps="""
            resource "aws_cloudwatch_log_group" "@n" {
              name              = "/${local.prefix}/@n"
              retention_in_days = @days
              kms_key_id        = aws_kms_key.data.arn
            }
        """,
    )


# --- AWS: SageMaker --------------------------------------------------------------------------------------------------


def sagemaker_role(rng: Random) -> str:
    """A role with one of three kinds of permission: an inline policy, a policy document, a managed policy."""
    permission = rng.choice(
        (
            """
            resource "aws_iam_role_policy" "@n" {
              name = "data"
              role = aws_iam_role.@n.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect   = "Allow"
                    Action   = ["s3:GetObject", "s3:PutObject"]
                    Resource = "${aws_s3_bucket.@n.arn}/*"
                  },
                  {
                    Effect   = "Allow"
                    Action   = "kms:Decrypt"
                    Resource = aws_kms_key.data.arn
                  }
                ]
              })
            }
        """,
            """
            data "aws_iam_policy_document" "@n" {
              statement {
                actions   = ["s3:*"]
                resources = [aws_s3_bucket.@n.arn, "${aws_s3_bucket.@n.arn}/*"]
              }
            }

            resource "aws_iam_role_policy" "@n" {
              name   = "data"
              role   = aws_iam_role.@n.id
              policy = data.aws_iam_policy_document.@n.json
            }
        """,
            """
            resource "aws_iam_role_policy_attachment" "@n" {
              role       = aws_iam_role.@n.name
              policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
            }
        """,
        )
    )
    return (
        """
            data "aws_iam_policy_document" "@{n}_trust" {
              statement {
                actions = ["sts:AssumeRole"]
                principals {
                  type        = "Service"
                  identifiers = ["sagemaker.amazonaws.com"]
                }
              }
            }

            resource "aws_iam_role" "@n" {
              name               = "${local.prefix}-@n"
              assume_role_policy = data.aws_iam_policy_document.@{n}_trust.json
            }
    """
        + permission
    )


def platform_role(name: str, rng: Random) -> Workload:
    """A role with 40 policies of its own, as years of tickets make it."""
    policies = "".join(
        f"""
            resource "aws_iam_policy" "@n_{number}" {{
              name = "${{local.prefix}}-@n-{number}"
              policy = jsonencode({{
                Version = "2012-10-17"
                Statement = [
                  {{
                    Effect   = "Allow"
                    Action   = ["{rng.choice(("s3:GetObject", "dynamodb:GetItem", "sagemaker:Describe*"))}"]
                    Resource = "arn:aws:{rng.choice(("s3", "dynamodb", "sagemaker"))}:::${{local.prefix}}-{number}/*"
                  }},
                  {{
                    Effect   = "Allow"
                    Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
                    Resource = "arn:aws:logs:eu-west-2:*:log-group:/${{local.prefix}}/{number}:*"
                  }}
                ]
              }})
            }}

            resource "aws_iam_role_policy_attachment" "@n_{number}" {{
              role       = aws_iam_role.@n.name
              policy_arn = aws_iam_policy.@n_{number}.arn
            }}
        """.replace("@n_", "@{n}_")
        for number in range(40)
    )
    return workload(
        values={"n": name},
        identity="""
            resource "aws_iam_role" "@n" {
              name = "${local.prefix}-@n"
              assume_role_policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Action    = "sts:AssumeRole"
                  Principal = { Service = "sagemaker.amazonaws.com" }
                }]
              })
            }
        """
        + policies,
    )


def data_bucket(name: str, rng: Random) -> str:
    return bucket(name, rng).hcl["storage"]


def endpoint(name: str, rng: Random) -> Workload:
    return workload(
        values={
            "n": name,
            "isolation": rng.choice(("enable_network_isolation = true", "enable_network_isolation = false", "")),
            "kms": rng.choice(("kms_key_arn = aws_kms_key.data.arn", "")),
            "instances": rng.choice((1, 2, 4)),
        },
        identity=sagemaker_role(rng),
        storage=data_bucket(name, rng),
        ml="""
            resource "aws_sagemaker_model" "@n" {
              name               = "${local.prefix}-@n"
              execution_role_arn = aws_iam_role.@n.arn
              @isolation

              primary_container {
                image          = var.image
                model_data_url = "s3://${aws_s3_bucket.@n.id}/model.tar.gz"
              }

              vpc_config {
                subnets            = [for subnet in aws_subnet.private : subnet.id]
                security_group_ids = [aws_security_group.workload.id]
              }

              tags = local.tags
            }

            resource "aws_sagemaker_endpoint_configuration" "@n" {
              name = "${local.prefix}-@n"
              @kms

              production_variants {
                variant_name           = "main"
                model_name             = aws_sagemaker_model.@n.name
                initial_instance_count = @instances
                instance_type          = "ml.m5.large"
              }

              data_capture_config {
                enable_capture              = true
                initial_sampling_percentage = 100
                destination_s3_uri          = "s3://${aws_s3_bucket.@n.id}/capture"

                capture_options {
                  capture_mode = "Input"
                }
              }
            }

            resource "aws_sagemaker_endpoint" "@n" {
              name                 = "${local.prefix}-@n"
              endpoint_config_name = aws_sagemaker_endpoint_configuration.@n.name
            }
        """,
    )


def endpoints(name: str, rng: Random) -> Workload:
    return workload(
        module("bucket") + module("inference", 2),
        values={"n": name, "isolated": rng.choice(("true", "false"))},
        storage="""
            module "@{n}_data" {
              source      = "../../../modules/bucket"
              name        = "${local.prefix}-@n"
              kms_key_arn = aws_kms_key.data.arn
            }
        """,
        ml="""
            module "@n" {
              count              = 2
              source             = "../../../modules/inference"
              name               = "${local.prefix}-@n-${count.index}"
              image              = var.image
              isolated           = @isolated
              bucket             = module.@{n}_data.id
              bucket_arn         = module.@{n}_data.arn
              kms_key_arn        = aws_kms_key.data.arn
              subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
              security_group_ids = [aws_security_group.workload.id]
            }
        """,
    )


def notebook(name: str, rng: Random) -> Workload:
    return workload(
        values={
            "n": name,
            "internet": rng.choice(('direct_internet_access = "Disabled"', 'direct_internet_access = "Enabled"', "")),
            "root": rng.choice(("Enabled", "Disabled")),
        },
        identity=sagemaker_role(rng),
        storage=data_bucket(name, rng),
        ml="""
            resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "@n" {
              name     = "${replace(local.prefix, "_", "-")}-start"
              on_start = base64encode("echo started")
            }

            resource "aws_sagemaker_notebook_instance" "@n" {
              name                  = "${local.prefix}-@n"
              role_arn              = aws_iam_role.@n.arn
              instance_type         = "ml.t3.medium"
              kms_key_id            = aws_kms_key.data.key_id
              subnet_id             = aws_subnet.private["a"].id
              security_groups       = [aws_security_group.workload.id]
              root_access           = "@root"
              lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.@n.name
              @internet
            }
        """,
    )


def domain(name: str, rng: Random) -> Workload:
    users = rng.sample(("analyst", "engineer", "reviewer", "trainer"), 2)
    return workload(
        Counter({"aws_sagemaker_user_profile": len(users) - 1}),
        values={
            "n": name,
            "users": ", ".join(f'"{user}"' for user in users),
            "access": rng.choice(("VpcOnly", "PublicInternetOnly")),
            "kms": rng.choice(("kms_key_id = aws_kms_key.data.arn", "")),
        },
        identity=sagemaker_role(rng),
        storage=data_bucket(name, rng),
        ml="""
            resource "aws_sagemaker_domain" "@n" {
              domain_name             = "${local.prefix}-@n"
              auth_mode               = "SSO"
              vpc_id                  = aws_vpc.main.id
              subnet_ids              = [for subnet in aws_subnet.private : subnet.id]
              app_network_access_type = "@access"
              @kms

              default_user_settings {
                execution_role  = aws_iam_role.@n.arn
                security_groups = [aws_security_group.workload.id]

                sharing_settings {
                  notebook_output_option = "Allowed"
                  s3_output_path         = "s3://${aws_s3_bucket.@n.id}/shared"
                  s3_kms_key_id          = aws_kms_key.data.arn
                }
              }
            }

            resource "aws_sagemaker_user_profile" "@n" {
              for_each          = toset([@users])
              domain_id         = aws_sagemaker_domain.@n.id
              user_profile_name = each.key
            }
        """,
    )


def feature_group(name: str, rng: Random) -> Workload:
    features = rng.sample(("age_band", "visits", "balance", "tenure", "postcode_area", "risk"), 3)
    return workload(
        values={"n": name, "features": ", ".join(f'"{feature}"' for feature in ("id", "at", *features))},
        identity=sagemaker_role(rng),
        storage=data_bucket(name, rng),
        ml="""
            resource "aws_sagemaker_feature_group" "@n" {
              feature_group_name             = "@n"
              record_identifier_feature_name = "id"
              event_time_feature_name        = "at"
              role_arn                       = aws_iam_role.@n.arn

              dynamic "feature_definition" {
                for_each = [@features]
                content {
                  feature_name = feature_definition.value
                  feature_type = "String"
                }
              }

              online_store_config {
                enable_online_store = true
                security_config {
                  kms_key_id = aws_kms_key.data.arn
                }
              }

              offline_store_config {
                s3_storage_config {
                  s3_uri = "s3://${aws_s3_bucket.@n.id}/features"
                }
              }
            }
        """,
    )


# --- Azure -----------------------------------------------------------------------------------------------------------


def storage_account(name: str, rng: Random) -> Workload:
    return workload(
        values={"n": name, "short": name.replace("_", ""), "public": rng.choice(("true", "false"))},
        storage="""
            resource "azurerm_storage_account" "@n" {
              name                          = "@short"
              location                      = azurerm_resource_group.main.location
              resource_group_name           = azurerm_resource_group.main.name
              account_tier                  = "Standard"
              account_replication_type      = "ZRS"
              min_tls_version               = "TLS1_2"
              public_network_access_enabled = @public
            }

            resource "azurerm_storage_container" "@n" {
              name               = "data"
              storage_account_id = azurerm_storage_account.@n.id
            }

            resource "azurerm_storage_account_network_rules" "@n" {
              storage_account_id = azurerm_storage_account.@n.id
              default_action     = "Deny"
              bypass             = ["AzureServices"]
            }
        """,
    )


def function_app(name: str, rng: Random) -> Workload:
    return workload(
        values={"n": name, "short": name.replace("_", ""), "https": rng.choice(("true", "false"))},
        storage="""
            resource "azurerm_storage_account" "@n" {
              name                     = "@short"
              location                 = azurerm_resource_group.main.location
              resource_group_name      = azurerm_resource_group.main.name
              account_tier             = "Standard"
              account_replication_type = "LRS"
            }
        """,
        platform="""
            resource "azurerm_user_assigned_identity" "@n" {
              name                = "${local.prefix}-@n"
              location            = azurerm_resource_group.main.location
              resource_group_name = azurerm_resource_group.main.name
            }

            resource "azurerm_linux_function_app" "@n" {
              name                          = "${local.prefix}-@n"
              location                      = azurerm_resource_group.main.location
              resource_group_name           = azurerm_resource_group.main.name
              service_plan_id               = azurerm_service_plan.main.id
              storage_account_name          = azurerm_storage_account.@n.name
              storage_uses_managed_identity = true
              https_only                    = @https

              identity {
                type         = "UserAssigned"
                identity_ids = [azurerm_user_assigned_identity.@n.id]
              }

              site_config {}
            }

            resource "azurerm_servicebus_queue" "@n" {
              name         = "@n"
              namespace_id = azurerm_servicebus_namespace.main.id
            }
        """,
    )


def workspace(name: str, rng: Random) -> Workload:
    return workload(
        values={"n": name, "short": name.replace("_", ""), "public": rng.choice(("true", "false"))},
        storage="""
            resource "azurerm_storage_account" "@n" {
              name                          = "@short"
              location                      = azurerm_resource_group.main.location
              resource_group_name           = azurerm_resource_group.main.name
              account_tier                  = "Standard"
              account_replication_type      = "ZRS"
              public_network_access_enabled = @public
            }
        """,
        ml="""
            resource "azurerm_machine_learning_workspace" "@n" {
              name                          = "${local.prefix}-@n"
              location                      = azurerm_resource_group.main.location
              resource_group_name           = azurerm_resource_group.main.name
              application_insights_id       = azurerm_application_insights.main.id
              key_vault_id                  = azurerm_key_vault.main.id
              storage_account_id            = azurerm_storage_account.@n.id
              public_network_access_enabled = @public

              identity {
                type = "SystemAssigned"
              }

              managed_network {
                isolation_mode = "AllowOnlyApprovedOutbound"
              }
            }

            resource "azurerm_machine_learning_compute_instance" "@n" {
              name                          = "@n"
              machine_learning_workspace_id = azurerm_machine_learning_workspace.@n.id
              virtual_machine_size          = "STANDARD_DS2_V2"
              node_public_ip_enabled        = @public
              subnet_resource_id            = azurerm_subnet.workload.id
            }

            resource "azurerm_monitor_diagnostic_setting" "@n" {
              name                       = "logs"
              target_resource_id         = azurerm_machine_learning_workspace.@n.id
              log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id

              enabled_log {
                category_group = "allLogs"
              }
            }
        """,
    )


def openai(name: str, rng: Random) -> Workload:
    return workload(
        values={"n": name, "public": rng.choice(("true", "false")), "sku": rng.choice(("Standard", "GlobalStandard"))},
        ml="""
            resource "azurerm_cognitive_account" "@n" {
              name                          = "${local.prefix}-@n"
              location                      = azurerm_resource_group.main.location
              resource_group_name           = azurerm_resource_group.main.name
              kind                          = "OpenAI"
              sku_name                      = "S0"
              custom_subdomain_name         = "${local.prefix}-@n"
              public_network_access_enabled = @public
            }

            resource "azurerm_cognitive_deployment" "@n" {
              name                 = "chat"
              cognitive_account_id = azurerm_cognitive_account.@n.id

              model {
                format  = "OpenAI"
                name    = "gpt-4o"
                version = "2024-08-06"
              }

              sku {
                name = "@sku"
              }
            }

            resource "azurerm_private_endpoint" "@n" {
              name                = "${local.prefix}-@n"
              location            = azurerm_resource_group.main.location
              resource_group_name = azurerm_resource_group.main.name
              subnet_id           = azurerm_subnet.endpoints.id

              private_service_connection {
                name                           = "@n"
                private_connection_resource_id = azurerm_cognitive_account.@n.id
                is_manual_connection           = false
                subresource_names              = ["account"]
              }
            }
        """,
    )


# --- the estate ------------------------------------------------------------------------------------------------------

Maker = Callable[[str, Random], Workload]

FOUNDATIONS: Mapping[str, Maker] = {"aws": aws_foundation, "azure": azure_foundation}
DECK: Mapping[str, Mapping[Maker, int]] = {
    "aws": {
        function: 9,
        services: 1,
        queue: 6,
        topic: 5,
        table: 5,
        bucket: 4,
        buckets: 1,
        firewall: 5,
        pipeline_role: 5,
        key: 3,
        log_group: 6,
        endpoint: 2,
        endpoints: 1,
        notebook: 1,
        domain: 1,
        feature_group: 1,
    },
    "azure": {storage_account: 3, function_app: 5, workspace: 1, openai: 1},
}
IN_LARGE: Mapping[str, Maker] = {"aws": platform_role}
LARGE = 10_000
"""What the first team of an estate of so many resources has besides."""


def deal(resources: int, rng: Random) -> Iterator[tuple[str, str, Workload]]:
    """(team, cloud, workload) of exactly `resources` instances: whole decks, what fits of another, then log groups.

    Raises ValueError if `resources` is too small for one team.
    """
    left, team = resources, ""
    for number in count():
        name = f"{TEAMS[number % len(TEAMS)]}_{number:02d}"
        foundations = {cloud: make(name, rng) for cloud, make in FOUNDATIONS.items()}
        if sum(part.size for part in foundations.values()) > left:
            break
        team = name
        deck = [(cloud, make) for cloud, makers in DECK.items() for make in Counter(makers).elements()]
        rng.shuffle(deck)
        dealt = (
            (cloud, make(f"{make.__name__}_{number:02d}{card:02d}", rng)) for card, (cloud, make) in enumerate(deck)
        )
        besides = IN_LARGE if number == 0 and resources >= LARGE else {}
        extra = ((cloud, make(f"{make.__name__}_{number:02d}", rng)) for cloud, make in besides.items())
        for cloud, part in chain(foundations.items(), dealt, extra):
            if part.size <= left:
                yield team, cloud, part
                left -= part.size
    if not team:
        raise ValueError(f"{resources} resources are too few for one team")
    for position in range(left):
        yield team, "aws", log_group(f"filler_{position}", rng)


def generate(out: Path, resources: int, seed: int = 1) -> Counter[str]:
    """Write an estate into `out` and return its resource instances by type.

    `out` is made if need be. Raises FileExistsError if it holds anything (old files would be scanned too),
    ValueError if `resources` is too small for one team.
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty")
    rng = Random(seed)
    files: dict[Path, list[str]] = {}
    types: Counter[str] = Counter()
    for team, cloud, part in deal(resources, rng):
        types += part.types
        for subject, text in part.hcl.items():
            files.setdefault(Path("teams", team, cloud, subject), []).append(text)
    for folder, contents in MODULES.items():
        for name, text in contents.items():
            write(out / "modules" / folder / name, text)
    for path, texts in files.items():
        for index, text in enumerate(pages(texts), start=1):
            write(out / path.with_name(f"{path.name}.tf" if index == 1 else f"{path.name}_{index}.tf"), text)
    return types


def pages(texts: list[str]) -> Iterator[str]:
    """The texts joined into files of about RESOURCES_PER_FILE resource blocks."""
    page: list[str] = []
    for text in texts:
        if page and types_in(*page, text).total() > RESOURCES_PER_FILE:
            yield "\n\n".join(page)
            page = []
        page.append(text)
    yield "\n\n".join(page)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a Terraform estate of a chosen size, for measuring scans.")
    parser.add_argument("out", type=Path, metavar="OUT_DIR", help="an empty or new directory")
    parser.add_argument("--resources", type=int, default=2000, help="instances, modules expanded (default 2000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes (default 1)")
    arguments = parser.parse_args()
    try:
        types = generate(arguments.out, arguments.resources, arguments.seed)
    except (FileExistsError, ValueError) as error:
        parser.error(str(error))
    ai = sum(number for kind, number in types.items() if AI_TYPE.match(kind))
    files = sum(1 for _ in arguments.out.rglob("*.tf"))
    print(f"{types.total()} resources ({ai} of AI/ML types) of {len(types)} types in {files} files: {arguments.out}")


if __name__ == "__main__":
    main()
