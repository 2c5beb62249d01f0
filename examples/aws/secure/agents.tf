# An agent of our own code on AgentCore, with its memory and the gateway through which it finds tools.
# expect: NET_8 pass, NET_9 pass, RES_2 pass, RES_7 pass, IAM_14 pass
resource "aws_bedrockagentcore_agent_runtime" "letters" {
  agent_runtime_name = "referral_letters"
  description        = "Drafts the answer to a referral letter"
  role_arn           = aws_iam_role.agentcore.arn

  agent_runtime_artifact {
    container_configuration {
      container_uri = "${var.agent_image}@${var.agent_image_digest}"
    }
  }

  # PUBLIC lets the agent, and whoever talks it into something, reach the whole internet.
  network_configuration {
    network_mode = "VPC"

    network_mode_config {
      security_groups = [aws_security_group.agents.id]
      subnets         = local.subnet_ids
    }
  }

  authorizer_configuration {
    custom_jwt_authorizer {
      discovery_url    = var.identity_provider
      allowed_audience = [var.name]
      allowed_clients  = [var.client_id]
    }
  }

  lifecycle_configuration {
    idle_runtime_session_timeout = 900
    max_lifetime                 = 3600
  }

  depends_on = [aws_iam_role_policy.agentcore]
}

# Conversations quote patients. The key that AWS manages is taken when none is named.
# expect: NET_8 pass, ENC_4 pass, RES_2 pass
resource "aws_bedrockagentcore_memory" "letters" {
  name                      = "referral_letters"
  description               = "Conversations of the last month"
  event_expiry_duration     = 30
  encryption_key_arn        = aws_kms_key.data.arn
  memory_execution_role_arn = aws_iam_role.agentcore.arn
}

# expect: NET_8 pass, ENC_4 pass, RES_2 pass, IAM_14 pass
resource "aws_bedrockagentcore_gateway" "tools" {
  name            = "${var.name}-tools"
  description     = "Tools that the agent may call"
  role_arn        = aws_iam_role.agentcore.arn
  protocol_type   = "MCP"
  authorizer_type = "CUSTOM_JWT"
  kms_key_arn     = aws_kms_key.data.arn

  authorizer_configuration {
    custom_jwt_authorizer {
      discovery_url    = var.identity_provider
      allowed_audience = [var.name]
      allowed_clients  = [var.client_id]
    }
  }
}
