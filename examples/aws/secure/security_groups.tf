# Everything SageMaker runs in this VPC. It has no inline rules: each rule below is a resource of its own.
# expect: NET_11 pass
resource "aws_security_group" "sagemaker" {
  name        = "${var.name}-sagemaker"
  description = "Models, monitoring jobs, notebooks and Studio"
  vpc_id      = aws_vpc.main.id
}

# Containers of one job and Studio apps talk among themselves.
# expect: NET_11 pass
resource "aws_vpc_security_group_ingress_rule" "sagemaker_self" {
  security_group_id            = aws_security_group.sagemaker.id
  description                  = "From members of the group"
  referenced_security_group_id = aws_security_group.sagemaker.id
  ip_protocol                  = "-1"
}

# expect: NET_11 pass
resource "aws_vpc_security_group_egress_rule" "sagemaker_self" {
  security_group_id            = aws_security_group.sagemaker.id
  description                  = "To members of the group"
  referenced_security_group_id = aws_security_group.sagemaker.id
  ip_protocol                  = "-1"
}

# expect: NET_11 pass
resource "aws_vpc_security_group_egress_rule" "sagemaker_to_endpoints" {
  security_group_id            = aws_security_group.sagemaker.id
  description                  = "AWS APIs through the interface endpoints"
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

# expect: NET_11 pass
resource "aws_vpc_security_group_egress_rule" "sagemaker_to_s3" {
  security_group_id = aws_security_group.sagemaker.id
  description       = "S3 through the gateway endpoint"
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_security_group" "endpoints" {
  name        = "${var.name}-endpoints"
  description = "Interface endpoints; they answer and never open a connection"
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_sagemaker" {
  security_group_id            = aws_security_group.endpoints.id
  description                  = "HTTPS from SageMaker workloads"
  referenced_security_group_id = aws_security_group.sagemaker.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

# Agents and tuning jobs of Bedrock: they reach AWS's APIs and our bucket, and nothing reaches them.
# expect: NET_11 pass
resource "aws_security_group" "agents" {
  #checkov:skip=CKV2_AWS_5:Attached by Bedrock's and AgentCore's own VPC settings, which the check does not know

  name        = "${var.name}-agents"
  description = "Bedrock agents and tuning jobs"
  vpc_id      = aws_vpc.main.id
}

# expect: NET_11 pass
resource "aws_vpc_security_group_egress_rule" "agents_to_endpoints" {
  security_group_id            = aws_security_group.agents.id
  description                  = "AWS APIs through the interface endpoints"
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

# expect: NET_11 pass
resource "aws_vpc_security_group_egress_rule" "agents_to_s3" {
  security_group_id = aws_security_group.agents.id
  description       = "S3 through the gateway endpoint"
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_agents" {
  security_group_id            = aws_security_group.endpoints.id
  description                  = "HTTPS from Bedrock agents and tuning jobs"
  referenced_security_group_id = aws_security_group.agents.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
