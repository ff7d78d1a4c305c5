# What several files go by: where this is, what things are called, and what was asked for.
# Names are made here and not taken from resources, so that a plan shows every right in full.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id
  place     = "${local.region}:${local.account}"

  # Bucket names are global, so the account and the region are part of them.
  inbound_bucket = coalesce(var.bucket_name, "csvgate-arrivals-${local.account}-${local.region}")
  results_bucket = coalesce(var.results_bucket_name, "csvgate-results-${local.account}-${local.region}")

  arns = {
    inbound    = "arn:${local.partition}:s3:::${local.inbound_bucket}"
    results    = "arn:${local.partition}:s3:::${local.results_bucket}"
    queues     = "arn:${local.partition}:sqs:${local.place}:csvgate"
    metadata   = "arn:${local.partition}:dynamodb:${local.place}:table/MetadataTable"
    deliveries = "arn:${local.partition}:dynamodb:${local.place}:table/csvgate-deliveries"
    rows       = "arn:${local.partition}:dynamodb:${local.place}:table/csvgate-rows"
    logs       = "arn:${local.partition}:logs:${local.place}:log-group:/aws/lambda"
    topic      = "arn:${local.partition}:sns:${local.place}:csvgate-deliveries"
  }

  # A state machine is started by the events on a bus: without one that is named, on the account's own.
  event_bus = var.state_machine_arn == null ? var.event_bus_name : coalesce(var.event_bus_name, "default")

  has_feeds    = var.feeds_uri != null
  loads_rows   = local.has_database || local.has_feeds
  tells_bus    = local.event_bus != null
  is_telling   = var.tell_topic || local.tells_bus
  sweeps       = local.is_telling || local.loads_rows
  reconciles   = var.reconcile_schedule != null
  has_schedule = local.sweeps || local.reconciles

  alarm_actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}
