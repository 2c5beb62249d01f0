# An assistant that answers clinicians' questions from the referral guidelines.

# What the model may neither take in nor give out.
# expect: NET_8 pass, ENC_3 pass, RES_2 pass, RES_6 pass
resource "aws_bedrock_guardrail" "assistant" {
  name                      = "${var.name}-assistant"
  description               = "No patient identifiers, no way around the instructions, no answer without a source"
  blocked_input_messaging   = "This question cannot be taken. Leave out what identifies a patient."
  blocked_outputs_messaging = "There is no answer that can be given safely."
  kms_key_arn               = aws_kms_key.data.arn # its word lists and examples tell what we fear

  content_policy_config {
    filters_config {
      type            = "PROMPT_ATTACK"
      input_strength  = "HIGH"
      output_strength = "NONE" # attacks come in; the service takes no other value here
    }

    filters_config {
      type            = "HATE"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }

    filters_config {
      type            = "INSULTS"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }

    filters_config {
      type            = "SEXUAL"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }

    filters_config {
      type            = "VIOLENCE"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }

    filters_config {
      type            = "MISCONDUCT"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }
  }

  sensitive_information_policy_config {
    dynamic "pii_entities_config" {
      for_each = toset([
        "ADDRESS",
        "EMAIL",
        "NAME",
        "PHONE",
        "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
        "UK_NATIONAL_INSURANCE_NUMBER",
        "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
      ])

      content {
        type   = pii_entities_config.key
        action = "ANONYMIZE"
      }
    }
  }

  contextual_grounding_policy_config {
    filters_config {
      type      = "GROUNDING"
      threshold = 0.8
    }

    filters_config {
      type      = "RELEVANCE"
      threshold = 0.8
    }
  }
}

# Agents name a version: a change of the guardrail reaches them when somebody has approved it.
# expect: RES_2 pass
resource "aws_bedrock_guardrail_version" "assistant" {
  guardrail_arn = aws_bedrock_guardrail.assistant.guardrail_arn
  description   = "Approved with model ${var.assistant_model}"
  skip_destroy  = true
}

# expect: NET_8 pass, ENC_3 pass, RES_2 pass, RES_5 pass, IAM_9 pass
resource "aws_bedrockagent_agent" "assistant" {
  agent_name                  = "${var.name}-assistant"
  agent_resource_role_arn     = aws_iam_role.agent.arn
  foundation_model            = var.assistant_model # in this region; an inference profile would leave it
  instruction                 = "Answer questions on referral guidelines from the knowledge base, and name the source."
  idle_session_ttl_in_seconds = 900
  customer_encryption_key_arn = aws_kms_key.data.arn # instructions and what sessions remember

  guardrail_configuration = [{
    guardrail_identifier = aws_bedrock_guardrail.assistant.guardrail_id
    guardrail_version    = aws_bedrock_guardrail_version.assistant.version
  }]

  depends_on = [aws_iam_role_policy.agent]
}

# expect: RES_2 pass
resource "aws_bedrockagent_agent_knowledge_base_association" "assistant" {
  agent_id             = aws_bedrockagent_agent.assistant.agent_id
  knowledge_base_id    = aws_bedrockagent_knowledge_base.guidelines.id
  knowledge_base_state = "ENABLED"
  description          = "Referral guidelines by specialty"
}

# expect: RES_2 pass
resource "aws_bedrockagent_agent_alias" "assistant" {
  agent_alias_name = "live"
  agent_id         = aws_bedrockagent_agent.assistant.agent_id

  depends_on = [aws_bedrockagent_agent_knowledge_base_association.assistant]
}
