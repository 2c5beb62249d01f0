# The agent may call every address on the internet, and anyone in the account may call the agent.
# expect: NET_8 fail, NET_9 fail
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
}

# A year of conversations, under AWS's key.
# expect: NET_8 fail, ENC_4 fail
resource "aws_bedrockagentcore_memory" "letters" {
  name                  = "referral_letters"
  event_expiry_duration = 365
}

# Errors come back in full, credentials of tools included.
# expect: NET_8 fail, ENC_4 fail
resource "aws_bedrockagentcore_gateway" "tools" {
  name            = "${var.name}-tools"
  role_arn        = aws_iam_role.serving.arn
  protocol_type   = "MCP"
  authorizer_type = "NONE"
  exception_level = "DEBUG"
}
