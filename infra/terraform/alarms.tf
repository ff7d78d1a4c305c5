# The alarms: what needs a person. Without a topic that is told of them they still show in CloudWatch.

locals {
  queue_alarms = {
    csvgate-arrivals-dead = {
      metric      = "ApproximateNumberOfMessagesVisible"
      queue       = "csvgate-arrivals-dead"
      threshold   = 1
      periods     = 1
      description = "Files arrived that could not be inspected. Find the cause in the logs, then run csvgate redrive."
    }
    csvgate-inspected-dead = {
      metric      = "ApproximateNumberOfMessagesVisible"
      queue       = "csvgate-inspected-dead"
      threshold   = 1
      periods     = 1
      description = "Inspected files could not be recorded. Find the cause in the logs, then run csvgate redrive."
    }
    csvgate-arrivals-age = {
      metric      = "ApproximateAgeOfOldestMessage"
      queue       = "csvgate-arrivals"
      threshold   = 900
      periods     = 5
      description = "A file has been waiting for its inspection for a quarter of an hour."
    }
    csvgate-inspected-age = {
      metric      = "ApproximateAgeOfOldestMessage"
      queue       = "csvgate-inspected"
      threshold   = 900
      periods     = 5
      description = "An inspected file has been waiting to be recorded for a quarter of an hour."
    }
  }

  # Only where the bucket calls the function itself.
  event_alarms = {
    csvgate-events-dropped = {
      metric      = "AsyncEventsDropped"
      description = "Lambda gave up on events before process_csv could take them. Run csvgate reconcile."
    }
    csvgate-events-lost = {
      metric      = "DestinationDeliveryFailures"
      description = "Failed events could not be put on csvgate-arrivals-dead. Run csvgate reconcile."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "queue" {
  for_each = local.queue_alarms

  alarm_name          = each.key
  alarm_description   = each.value.description
  namespace           = "AWS/SQS"
  metric_name         = each.value.metric
  dimensions          = { QueueName = each.value.queue }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = each.value.periods
  threshold           = each.value.threshold
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "event" {
  for_each = var.trigger == "function" ? local.event_alarms : {}

  alarm_name          = each.key
  alarm_description   = each.value.description
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = aws_lambda_function.this["inspect"].function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  tags                = var.tags
}
