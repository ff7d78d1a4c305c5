# The buckets: files arrive in the inbound bucket, and what was found in them is written to the results bucket.

locals {
  # What the upload service notes in the results bucket, and for how many days: uploads in parts, repeated requests,
  # links for senders.
  notes = {
    notes-of-uploads  = { prefix = "uploads/", days = 7 }
    notes-of-requests = { prefix = "requests/", days = 7 }
    links-for-senders = { prefix = "shares/", days = 31 }
  }

  buckets = {
    inbound = { name = local.inbound_bucket, notes = {}, replaced = [], forgotten = {} }
    # Rows that were taken back, and what was written again: for a month it could be brought back.
    results = { name = local.results_bucket, notes = local.notes, replaced = [30], forgotten = local.forgotten }
  }

  # What is deleted after some days, where somebody wants that.
  forgotten = { for name, days in { inspections = var.inspection_days, quarantine = var.quarantine_days } : name => days if days > 0 }

  # What somebody encrypts with another key nobody here could read: it is refused at the door, not failed behind it.
  foreign_key = merge(
    { Null = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" } },
    var.kms_key_arn == null ? {} : { StringNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = var.kms_key_arn } },
  )

  # What goes is told as well as what comes, also what a lifecycle rule takes away:
  # a late event must not bring a deleted object back.
  told = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"]
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18:With access_log_bucket_name there is; the bucket for it is somebody's own.
  #checkov:skip=CKV_AWS_144:A second region is a choice that costs; versions, and a catalog that can be compared, are the backup here.
  #checkov:skip=CKV2_AWS_62:The inbound bucket tells of everything; nobody waits for what is written to the results bucket.
  for_each = local.buckets

  bucket        = each.value.name
  force_destroy = var.force_destroy
  tags          = var.tags
}

# A delivery is one version of an object: without versions, a file could change between its event and its reading.
resource "aws_s3_bucket_versioning" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.buckets

  bucket                  = aws_s3_bucket.this[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_logging" "this" {
  for_each = var.access_log_bucket_name == null ? {} : { inbound = "arrivals/", results = "results/" }

  bucket        = aws_s3_bucket.this[each.key].id
  target_bucket = var.access_log_bucket_name
  target_prefix = each.value
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    id     = "unfinished-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  dynamic "rule" {
    for_each = each.value.replaced

    content {
      id     = "what-was-replaced"
      status = "Enabled"

      filter {}

      noncurrent_version_expiration {
        noncurrent_days = rule.value
      }
    }
  }

  dynamic "rule" {
    for_each = each.value.notes

    content {
      id     = rule.key
      status = "Enabled"

      filter {
        prefix = rule.value.prefix
      }

      expiration {
        days = rule.value.days
      }

      noncurrent_version_expiration {
        noncurrent_days = 1
      }
    }
  }

  dynamic "rule" {
    for_each = each.value.forgotten

    content {
      id     = rule.key
      status = "Enabled"

      filter {
        prefix = "${rule.key}/"
      }

      expiration {
        days = rule.value
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_policy" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "EncryptedTransportOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.arns[each.key], "${local.arns[each.key]}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
      [for condition in [local.foreign_key] : {
        Sid       = "NoKeyOfOthers"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${local.arns[each.key]}/*"
        Condition = condition
      } if each.key == "inbound"],
    )
  })

  # S3 refuses two changes of a bucket's access at the same time.
  depends_on = [aws_s3_bucket_public_access_block.this]
}

# A browser sends parts to addresses that were signed for them, and is told no more than whether they arrived.
resource "aws_s3_bucket_cors_configuration" "inbound" {
  count = var.page_origin == null ? 0 : 1

  bucket = aws_s3_bucket.this["inbound"].id

  cors_rule {
    allowed_origins = [var.page_origin]
    allowed_methods = ["PUT"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_notification" "inbound" {
  bucket      = aws_s3_bucket.this["inbound"].id
  eventbridge = var.trigger == "eventbridge"

  dynamic "queue" {
    for_each = var.trigger == "queue" ? local.told : []

    content {
      events        = [queue.value]
      queue_arn     = aws_sqs_queue.this["arrivals"].arn
      filter_prefix = var.key_prefix
    }
  }

  dynamic "lambda_function" {
    for_each = var.trigger == "function" ? local.told : []

    content {
      events              = [lambda_function.value]
      lambda_function_arn = aws_lambda_function.this["inspect"].arn
      filter_prefix       = var.key_prefix
    }
  }

  # S3 tries whether it may tell, before it takes this.
  depends_on = [aws_sqs_queue_policy.this, aws_lambda_permission.inbound_bucket]
}
