locals {
  collection = "${var.name}-guidelines"
}

# OpenSearch Serverless takes the key and the network rules from policies that name the collection.
# expect: ENC_8 pass
resource "aws_opensearchserverless_security_policy" "encryption" {
  name = local.collection
  type = "encryption"

  policy = jsonencode({
    Rules       = [{ ResourceType = "collection", Resource = ["collection/${local.collection}"] }]
    AWSOwnedKey = false
    KmsARN      = aws_kms_key.data.arn
  })
}

# Bedrock, and our own VPC to build the index; nobody else has a way to it.
# expect: NET_10 pass
# expect in plan: NET_10 unknown — the id of the VPC endpoint, and so the text, is known after apply
resource "aws_opensearchserverless_security_policy" "network" {
  name = local.collection
  type = "network"

  policy = jsonencode([{
    Rules = [
      { ResourceType = "collection", Resource = ["collection/${local.collection}"] },
      { ResourceType = "dashboard", Resource = ["collection/${local.collection}"] },
    ]
    AllowFromPublic = false
    SourceServices  = ["bedrock.amazonaws.com"]
    SourceVPCEs     = [aws_opensearchserverless_vpc_endpoint.main.id]
  }])
}

resource "aws_opensearchserverless_access_policy" "guidelines" {
  name = local.collection
  type = "data"

  policy = jsonencode([{
    Rules = [
      {
        ResourceType = "index"
        Resource     = ["index/${local.collection}/*"]
        Permission   = ["aoss:DescribeIndex", "aoss:ReadDocument", "aoss:WriteDocument"]
      },
      {
        ResourceType = "collection"
        Resource     = ["collection/${local.collection}"]
        Permission   = ["aoss:DescribeCollectionItems"]
      },
    ]
    Principal = [aws_iam_role.knowledge.arn]
  }])
}

resource "aws_opensearchserverless_vpc_endpoint" "main" {
  name               = var.name
  vpc_id             = aws_vpc.main.id
  subnet_ids         = local.subnet_ids
  security_group_ids = [aws_security_group.endpoints.id]
}

# expect: RES_3 pass
resource "aws_opensearchserverless_collection" "guidelines" {
  name             = local.collection
  type             = "VECTORSEARCH"
  standby_replicas = "ENABLED"

  # Both policies must be there first: without them the collection cannot be made.
  depends_on = [
    aws_opensearchserverless_security_policy.encryption,
    aws_opensearchserverless_security_policy.network,
  ]
}

# The index is made inside the VPC before this is; no AWS resource makes one.
# expect: NET_8 pass, RES_2 pass, RES_5 pass, RES_8 pass
resource "aws_bedrockagent_knowledge_base" "guidelines" {
  name     = local.collection
  role_arn = aws_iam_role.knowledge.arn

  knowledge_base_configuration {
    type = "VECTOR"

    vector_knowledge_base_configuration {
      embedding_model_arn = "arn:aws:bedrock:${var.region}::foundation-model/${var.embedding_model}"
    }
  }

  storage_configuration {
    type = "OPENSEARCH_SERVERLESS"

    opensearch_serverless_configuration {
      collection_arn    = aws_opensearchserverless_collection.guidelines.arn
      vector_index_name = "guidelines"

      field_mapping {
        vector_field   = "embedding"
        text_field     = "text"
        metadata_field = "metadata"
      }
    }
  }

  depends_on = [
    aws_iam_role_policy.knowledge,
    aws_opensearchserverless_access_policy.guidelines,
  ]
}

# expect: NET_8 pass, ENC_3 pass, RES_2 pass
resource "aws_bedrockagent_data_source" "guidelines" {
  name                 = local.collection
  knowledge_base_id    = aws_bedrockagent_knowledge_base.guidelines.id
  data_deletion_policy = "DELETE" # what is erased from the bucket must not live on as a vector

  data_source_configuration {
    type = "S3"

    s3_configuration {
      bucket_arn         = aws_s3_bucket.data.arn
      inclusion_prefixes = ["guidelines/"]
    }
  }

  # The transient copies that ingestion makes.
  server_side_encryption_configuration {
    kms_key_arn = aws_kms_key.data.arn
  }
}
