locals {
  collection = "${var.name}-guidelines"
}

# The key is Amazon's own: no key policy, no record of its use.
# expect: ENC_8 fail
resource "aws_opensearchserverless_security_policy" "encryption" {
  name = local.collection
  type = "encryption"

  policy = jsonencode({
    Rules       = [{ ResourceType = "collection", Resource = ["collection/${local.collection}"] }]
    AWSOwnedKey = true
  })
}

# "It has a data access policy anyway": and a way to it from everywhere.
# expect: NET_10 fail
resource "aws_opensearchserverless_security_policy" "network" {
  name = local.collection
  type = "network"

  policy = jsonencode([{
    Rules           = [{ ResourceType = "collection", Resource = ["collection/${local.collection}"] }]
    AllowFromPublic = true
  }])
}

# expect: RES_3 fail
resource "aws_opensearchserverless_collection" "guidelines" {
  name = local.collection
  type = "VECTORSEARCH"

  depends_on = [
    aws_opensearchserverless_security_policy.encryption,
    aws_opensearchserverless_security_policy.network,
  ]
}

# expect: NET_8 fail, RES_2 fail, RES_5 fail, RES_8 pass
resource "aws_bedrockagent_knowledge_base" "guidelines" {
  name     = local.collection
  role_arn = aws_iam_role.serving.arn

  knowledge_base_configuration {
    type = "VECTOR"

    vector_knowledge_base_configuration {
      embedding_model_arn = "arn:aws:bedrock:${var.region}::foundation-model/amazon.titan-embed-text-v2:0"
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
}

# Vectors of erased documents are kept, and the copies that ingestion makes have no key of ours.
# expect: NET_8 fail, ENC_3 fail, RES_2 fail
resource "aws_bedrockagent_data_source" "guidelines" {
  name                 = local.collection
  knowledge_base_id    = aws_bedrockagent_knowledge_base.guidelines.id
  data_deletion_policy = "RETAIN"

  data_source_configuration {
    type = "S3"

    s3_configuration {
      bucket_arn = aws_s3_bucket.data.arn
    }
  }
}
