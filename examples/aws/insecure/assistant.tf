# A guardrail in name: it lets attacks on its instructions through, has no key of ours, no agent names it, and it reads
# prompts in whichever region of the European Union has room.
# expect: NET_8 fail, ENC_3 fail, RES_2 fail, RES_6 fail
resource "aws_bedrock_guardrail" "assistant" {
  name                      = "${var.name}-assistant"
  blocked_input_messaging   = "Sorry."
  blocked_outputs_messaging = "Sorry."

  cross_region_config {
    guardrail_profile_identifier = "eu.guardrail.v1:0"
  }

  content_policy_config {
    filters_config {
      type            = "PROMPT_ATTACK"
      input_strength  = "LOW"
      output_strength = "NONE"
    }
  }
}

# No key, no guardrail, and a profile that lets any region of the European Union answer.
# expect: NET_8 fail, ENC_3 fail, RES_2 fail, RES_5 fail, IAM_9 fail
resource "aws_bedrockagent_agent" "assistant" {
  agent_name              = "${var.name}-assistant"
  agent_resource_role_arn = aws_iam_role.serving.arn
  foundation_model        = "eu.anthropic.claude-3-7-sonnet-20250219-v1:0"
  instruction             = "Answer whatever the clinician asks, with everything that is known about the patient."
}
