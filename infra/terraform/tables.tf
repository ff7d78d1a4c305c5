# The tables: MetadataTable holds one item per key, its newest delivery, and is made to be read by a plain scan;
# csvgate-deliveries holds every delivery, claims, and what the access patterns need; csvgate-rows holds the rows of
# feeds whose sink is dynamodb.

locals {
  # Rows lie under many keys, so that no partition is hot; what readers go by lies under the name of their table.
  tables = {
    metadata   = { name = "MetadataTable", keys = ["FileName"], indexes = {} }
    deliveries = { name = "csvgate-deliveries", keys = ["pk", "sk"], indexes = local.indexes }
    rows       = { name = "csvgate-rows", keys = ["pk", "sk"], indexes = {} }
  }

  # Newest first within a key, and within a day: never one constant partition, which would be hot.
  indexes = {
    by-key     = ["object", "arrived"]
    by-day     = ["day", "arrived"]
    by-state   = ["state_day", "arrived"]
    by-verdict = ["verdict_day", "arrived"]
  }
}

resource "aws_dynamodb_table" "this" {
  for_each = local.tables

  name                        = each.value.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = each.value.keys[0]
  range_key                   = try(each.value.keys[1], null)
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  dynamic "attribute" {
    for_each = toset(flatten([each.value.keys, values(each.value.indexes)]))

    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = each.value.indexes

    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value[0]
      range_key       = global_secondary_index.value[1]
      projection_type = "ALL"
    }
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.kms_key_arn
  }

  point_in_time_recovery {
    enabled = true
  }
}
