# Inline rules: Jupyter open to the world, and every way out.
# expect: NET_11 fail
resource "aws_security_group" "workbench" {
  name   = "${var.name}-workbench"
  vpc_id = aws_vpc.main.id

  ingress {
    from_port   = 8888
    to_port     = 8888
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# Nothing inline; what is wrong is in the two rules.
# expect: NET_11 pass
resource "aws_security_group" "studio" {
  name   = "${var.name}-studio"
  vpc_id = aws_vpc.main.id
}

# expect: NET_11 fail
resource "aws_vpc_security_group_egress_rule" "studio_anywhere" {
  security_group_id = aws_security_group.studio.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

# The other half of the internet.
# expect: NET_11 fail
resource "aws_vpc_security_group_ingress_rule" "studio_anywhere_v6" {
  security_group_id = aws_security_group.studio.id
  cidr_ipv6         = "::/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# expect: NET_11 pass
resource "aws_security_group" "jobs" {
  name   = "${var.name}-jobs"
  vpc_id = aws_vpc.main.id
}

# A scanner complained of 0.0.0.0/0, so somebody cut it in two.
# expect: NET_11 fail
resource "aws_security_group_rule" "jobs_out" {
  security_group_id = aws_security_group.jobs.id
  type              = "egress"
  protocol          = "tcp"
  from_port         = 0
  to_port           = 65535
  cidr_blocks       = ["0.0.0.0/1", "128.0.0.0/1"]
}
