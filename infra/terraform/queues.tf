# The queues: S3 puts an event on csvgate-arrivals for each object that comes or goes, the inspecting function puts a
# message on csvgate-inspected for each file that it read. What fails five times is kept for two weeks.

locals {
  queues = {
    # An S3 event has up to 64 KB, one that EventBridge or SNS wrapped up to 256 KB; a smaller limit would drop it.
    # Version 5 of the provider knows of no larger one.
    arrivals = { largest = 262144 }
    # Ids and a few facts, never column names: a message that is larger than this is a mistake of ours.
    inspected = { largest = 65536 }
  }

  max_receive_count = 5

  bucket_events = { service = "s3.amazonaws.com", source = local.arns.inbound }
  rule_events = {
    service = "events.amazonaws.com"
    source  = "arn:${local.partition}:events:${local.place}:rule/csvgate-arrivals"
  }

  # Who else may put something on a queue, under which name.
  senders = {
    csvgate-arrivals = {
      EventsOfTheInboundBucket = local.bucket_events
      EventsThroughEventBridge = local.rule_events
    }
    csvgate-arrivals-dead  = { WhatEventBridgeCouldNotDeliver = local.rule_events }
    csvgate-inspected      = {}
    csvgate-inspected-dead = {}
  }

  queue_urls = { for queue in concat(values(aws_sqs_queue.this), values(aws_sqs_queue.dead)) : queue.name => queue.url }
}

resource "aws_sqs_queue" "dead" {
  for_each = local.queues

  name                      = "csvgate-${each.key}-dead"
  message_retention_seconds = 1209600
  max_message_size          = each.value.largest
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn
  tags                      = var.tags

  # The name is written out, since each of the two queues would otherwise wait for the other.
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = ["${local.arns.queues}-${each.key}"]
  })
}

resource "aws_sqs_queue" "this" {
  for_each = local.queues

  name = "csvgate-${each.key}"
  # Six times the function's timeout, as AWS recommends: a message must not come back while the function,
  # throttled and retried, still works on it.
  visibility_timeout_seconds = 6 * var.function_timeout
  # Less than in the dead-letter queue: the age of a message that moves there counts from its first sending.
  message_retention_seconds = 345600
  max_message_size          = each.value.largest
  receive_wait_time_seconds = 20
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn
  tags                      = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead[each.key].arn
    maxReceiveCount     = local.max_receive_count
  })
}

resource "aws_sqs_queue_policy" "this" {
  for_each = local.senders

  queue_url = local.queue_urls[each.key]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for name, sender in each.value : {
        Sid       = name
        Effect    = "Allow"
        Principal = { Service = sender.service }
        Action    = "sqs:SendMessage"
        Resource  = "arn:${local.partition}:sqs:${local.place}:${each.key}"
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account }
          ArnEquals    = { "aws:SourceArn" = sender.source }
        }
      }],
      [{
        Sid       = "EncryptedTransportOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = "arn:${local.partition}:sqs:${local.place}:${each.key}"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
    )
  })
}

# Idle unless the bucket speaks to EventBridge.
resource "aws_cloudwatch_event_rule" "arrivals" {
  name        = "csvgate-arrivals"
  description = "Objects that came to or went from the inbound bucket, for csvgate-arrivals."
  tags        = var.tags

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created", "Object Deleted"]
    detail = merge(
      { bucket = { name = [local.inbound_bucket] } },
      var.key_prefix == null ? {} : { object = { key = [{ prefix = var.key_prefix }] } },
    )
  })
}

resource "aws_cloudwatch_event_target" "arrivals" {
  rule      = aws_cloudwatch_event_rule.arrivals.name
  target_id = "arrivals"
  arn       = aws_sqs_queue.this["arrivals"].arn

  dead_letter_config {
    arn = aws_sqs_queue.dead["arrivals"].arn
  }
}
