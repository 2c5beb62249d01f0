# Requests to the model have no way but the internet: there is no endpoint for sagemaker.runtime.
# And without private DNS the SDK does not find this one.
# expect: NET_8 fail, RES_7 fail
resource "aws_vpc_endpoint" "sagemaker_api" {
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.${var.region}.sagemaker.api"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = local.subnet_ids
  security_group_ids  = [aws_security_group.studio.id]
  private_dns_enabled = false
}

# No policy: any bucket of any account may be written to.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.public.id]
}
