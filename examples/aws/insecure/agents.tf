# The agent may call every address on the internet, and any application that the identity provider knows may call it.
# expect: NET_8 fail, NET_9 fail, RES_2 fail, RES_7 fail, IAM_14 fail
resource "aws_bedrockagentcore_agent_runtime" "letters" {
  agent_runtime_name = "referral_letters"
  role_arn           = aws_iam_role.serving.arn

  agent_runtime_artifact {
    container_configuration {
      container_uri = "111122223333.dkr.ecr.us-east-1.amazonaws.com/referral-letters:latest"
    }
  }

  network_configuration {
    network_mode = "PUBLIC"
  }

  authorizer_configuration {
    custom_jwt_authorizer {
      discovery_url = "https://login.example.org/.well-known/openid-configuration"
    }
  }
}

# A year of conversations, under AWS's key.
# expect: NET_8 fail, ENC_4 fail, RES_2 fail
resource "aws_bedrockagentcore_memory" "letters" {
  name                  = "referral_letters"
  event_expiry_duration = 365
}

# Errors come back in full, credentials of tools included.
# expect: NET_8 fail, ENC_4 fail, RES_2 fail, IAM_14 fail
resource "aws_bedrockagentcore_gateway" "tools" {
  name            = "${var.name}-tools"
  role_arn        = aws_iam_role.serving.arn
  protocol_type   = "MCP"
  authorizer_type = "NONE"
  exception_level = "DEBUG"
}

# What clinicians write goes to a company outside the account, under its terms.
# expect: NET_9 fail, RES_2 fail, RES_7 fail, RES_8 fail, IAM_14 pass
resource "aws_bedrockagentcore_harness" "letters" {
  harness_name       = "referral_letters"
  execution_role_arn = aws_iam_role.serving.arn

  environment {
    agentcore_runtime_environment {
      network_configuration {
        network_mode = "PUBLIC"
      }
    }
  }

  model {
    openai_model_config {
      model_id    = "gpt-4o"
      api_key_arn = "arn:aws:secretsmanager:${var.region}:${local.account_id}:secret:openai-AbCdEf"
    }
  }
}
