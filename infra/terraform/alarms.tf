# The alarms: what needs a person. Without a topic that is told of them they still show in CloudWatch.

locals {
  queue_alarms = {
    csvgate-arrivals-dead = {
      metric      = "ApproximateNumberOfMessagesVisible"
      of          = "csvgate-arrivals-dead"
      threshold   = 1
      periods     = 1
      description = "Files arrived that could not be inspected. Find the cause in the logs, then run csvgate redrive."
    }
    csvgate-inspected-dead = {
      metric      = "ApproximateNumberOfMessagesVisible"
      of          = "csvgate-inspected-dead"
      threshold   = 1
      periods     = 1
      description = "Inspected files could not be recorded. Find the cause in the logs, then run csvgate redrive."
    }
    csvgate-arrivals-age = {
      metric      = "ApproximateAgeOfOldestMessage"
      of          = "csvgate-arrivals"
      threshold   = 900
      periods     = 5
      description = "A file has been waiting for its inspection for a quarter of an hour."
    }
    csvgate-inspected-age = {
      metric      = "ApproximateAgeOfOldestMessage"
      of          = "csvgate-inspected"
      threshold   = 900
      periods     = 5
      description = "An inspected file has been waiting to be recorded for a quarter of an hour."
    }
  }

  # A rule of the account's own bus is known by its name alone.
  own_bus = coalesce(var.event_bus_name, "default") == "default" ? {} : { EventBusName = var.event_bus_name }

  rule_alarms = {
    # What EventBridge can put neither on the queue nor beside it nobody else tells of.
    csvgate-events-undelivered = {
      metric      = "InvocationsFailedToBeSentToDlq"
      dimensions  = { RuleName = "csvgate-arrivals" }
      description = "EventBridge could put events on no queue. Look at the policies of queues and key, then run csvgate reconcile."
    }
    # Word that starts no state machine, since that is gone or may not be started, is not tried again by anybody.
    csvgate-state-machine = {
      metric      = "FailedInvocations"
      dimensions  = merge(local.own_bus, { RuleName = "csvgate-state-machine" })
      description = "EventBridge could not start the state machine with word about a delivery. Look at its ARN and its rule's role."
    }
  }

  # Only where the bucket calls the function itself.
  event_alarms = var.trigger != "function" ? {} : {
    csvgate-events-dropped = {
      metric      = "AsyncEventsDropped"
      description = "Lambda gave up on events before process_csv could take them. Run csvgate reconcile."
    }
    csvgate-events-lost = {
      metric      = "DestinationDeliveryFailures"
      description = "Failed events could not be put on csvgate-arrivals-dead. Run csvgate reconcile."
    }
  }

  # What fails is received again: an error is a crash, a call that ran out of time, or a setting that is wrong.
  function_alarms = {
    errors = {
      metric      = "Errors"
      statistic   = "Sum"
      periods     = 1
      description = "Calls of %s ended by an error. Look into its log with csvgate logs."
    }
    throttles = {
      metric      = "Throttles"
      statistic   = "Sum"
      periods     = 3
      description = "For a quarter of an hour calls of %s were turned away. The account has too few of them at once."
    }
    slow = {
      metric      = "Duration"
      statistic   = "Maximum"
      periods     = 1
      description = "A call of %s took four fifths of its time. Give it more, or leave large files to a worker."
    }
  }

  # What csvgate itself counts.
  own_alarms = {
    # It stays as the last comparison left it: the next one may be a day away.
    csvgate-reconcile-differences = {
      metric      = "reconcile_differences"
      period      = 3600
      threshold   = 1
      missing     = "ignore"
      description = "Bucket, sinks and catalog differ. csvgate reconcile names what and puts right what it can."
    }
    csvgate-feed-overdue = {
      metric      = "feed_overdue"
      period      = 3600
      threshold   = 1
      missing     = "notBreaching"
      description = "A feed has sent no file for longer than its expect_every. Ask its sender."
    }
    csvgate-outbox-age = {
      metric      = "outbox_age_seconds"
      period      = 900
      threshold   = 3600
      missing     = "notBreaching"
      description = "Somebody is still to be told of a delivery that is an hour old. Look for postponed notices in the logs."
    }
  }

  alarms = merge(
    { for name, alarm in local.queue_alarms : name => merge(alarm, {
      namespace  = "AWS/SQS"
      dimensions = { QueueName = alarm.of }
      statistic  = "Maximum"
      period     = 60
    }) },
    { for name, alarm in local.rule_alarms : name => merge(alarm, {
      namespace = "AWS/Events"
      statistic = "Sum"
      period    = 60
      periods   = 1
      threshold = 1
    }) },
    { for name, alarm in local.event_alarms : name => merge(alarm, {
      namespace  = "AWS/Lambda"
      dimensions = { FunctionName = local.all_functions.inspect.name }
      statistic  = "Sum"
      period     = 60
      periods    = 1
      threshold  = 1
    }) },
    merge([for stage, function in local.all_functions : {
      for kind, alarm in local.function_alarms : "csvgate-${stage}-${kind}" => merge(alarm, {
        namespace   = "AWS/Lambda"
        dimensions  = { FunctionName = function.name }
        period      = 300
        threshold   = kind == "slow" ? function.timeout * 800 : 1
        description = format(alarm.description, function.name)
      })
    }]...),
    { for name, alarm in local.own_alarms : name => merge(alarm, {
      namespace  = "csvgate"
      dimensions = { bucket = local.inbound_bucket }
      statistic  = "Maximum"
      periods    = 1
    }) },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = each.key
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = each.value.period
  evaluation_periods  = each.value.periods
  threshold           = each.value.threshold
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = try(each.value.missing, "notBreaching")
  alarm_actions       = local.alarm_actions
  tags                = var.tags
}

# Of what failed, most goes through when it comes again: how much of it is too much is for who runs it to say.
resource "aws_cloudwatch_metric_alarm" "error_rate" {
  for_each = var.error_rate_percent > 0 ? toset(["inspect", "record"]) : []

  alarm_name          = "csvgate-${each.key}-error-rate"
  alarm_description   = "Too many messages of the ${each.key} stage fail and come again. Look into its log with csvgate logs."
  evaluation_periods  = 1
  threshold           = var.error_rate_percent
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  tags                = var.tags

  metric_query {
    id          = "rate"
    label       = "percent of messages that failed"
    expression  = "100 * FILL(again, 0) / (FILL(again, 0) + FILL(through, 0))"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = ["again", "through"]

    content {
      id          = metric_query.value
      return_data = false

      metric {
        namespace   = "csvgate"
        metric_name = "messages_total"
        dimensions  = { bucket = local.inbound_bucket, stage = each.key, outcome = metric_query.value }
        period      = 300
        stat        = "Sum"
      }
    }
  }
}
