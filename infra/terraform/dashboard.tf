# The dashboard: csvgate at a glance.

locals {
  # In reading order, three in a row. A metric is named as CloudWatch names it, or searched for by its dimensions.
  widgets = [
    {
      title   = "Deliveries by state"
      metrics = [local.search.by_state]
    },
    {
      title   = "Verdicts"
      metrics = [local.search.by_verdict]
    },
    {
      title   = "Deliveries by feed"
      metrics = [local.search.by_feed]
    },
    {
      title   = "From upload to receipt, seconds"
      metrics = [for stat in ["p50", "p90", "Maximum"] : ["csvgate", "receipt_seconds", "bucket", local.inbound_bucket, { stat = stat }]]
    },
    {
      title   = "Age of the oldest message, seconds"
      metrics = [for queue in local.queue_names : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue, local.highest]]
    },
    {
      title   = "Dead letters"
      metrics = [for queue in local.queue_names : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "${queue}-dead", local.highest]]
    },
    {
      title = "Messages that failed and come again, of all"
      metrics = concat(
        [for pair in setproduct(["inspect", "record"], ["again", "through"]) : [
          "csvgate", "messages_total", "bucket", local.inbound_bucket, "stage", pair[0], "outcome", pair[1],
          { id = "${pair[0]}_${pair[1]}", visible = false },
        ]],
        [for stage in ["inspect", "record"] : [{
          expression = "FILL(${stage}_again, 0) / (FILL(${stage}_again, 0) + FILL(${stage}_through, 0))"
          label      = stage
        }]],
      )
    },
    {
      title   = "Errors of functions"
      metrics = [for name in local.names_in_order : ["AWS/Lambda", "Errors", "FunctionName", name]]
    },
    {
      title   = "Throttled calls"
      metrics = [for name in local.names_in_order : ["AWS/Lambda", "Throttles", "FunctionName", name]]
    },
    {
      title   = "Longest calls, milliseconds"
      metrics = [for name in local.names_in_order : ["AWS/Lambda", "Duration", "FunctionName", name, local.highest]]
    },
    {
      title   = "Calls at the same time"
      metrics = [for name in local.names_in_order : ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", name, local.highest]]
    },
    {
      title   = "Rows loaded and put aside"
      metrics = [local.search.rows]
    },
    {
      title   = "Differences at the last comparison"
      metrics = [local.search.differences]
    },
    {
      title   = "Silence of feeds, seconds"
      metrics = [local.search.silence]
    },
    {
      title = "Notices that wait"
      metrics = [
        ["csvgate", "outbox_waiting", "bucket", local.inbound_bucket, local.highest],
        ["csvgate", "outbox_age_seconds", "bucket", local.inbound_bucket, { stat = "Maximum", yAxis = "right" }],
      ]
    },
  ]

  highest        = { stat = "Maximum" }
  queue_names    = ["csvgate-arrivals", "csvgate-inspected"]
  names_in_order = ["process_csv", "record_csv", "reconcile_csv"]

  searches = {
    by_state    = { metric = "deliveries_total", by = "stage,state", where = " stage=\"record\"", stat = "Sum", period = 300 }
    by_verdict  = { metric = "deliveries_total", by = "stage,verdict", where = " stage=\"record\"", stat = "Sum", period = 300 }
    by_feed     = { metric = "deliveries_total", by = "stage,feed", where = " stage=\"record\"", stat = "Sum", period = 300 }
    rows        = { metric = "rows_total", by = "sink,outcome", where = "", stat = "Sum", period = 300 }
    differences = { metric = "reconcile_differences", by = "kind", where = "", stat = "Maximum", period = 3600 }
    silence     = { metric = "feed_silence_seconds", by = "feed", where = "", stat = "Maximum", period = 900 }
  }

  search = { for name, each in local.searches : name => [{
    expression = "SEARCH('{csvgate,bucket,${each.by}} MetricName=\"${each.metric}\" bucket=\"${local.inbound_bucket}\"${each.where}', '${each.stat}', ${each.period})"
  }] }
}

resource "aws_cloudwatch_dashboard" "csvgate" {
  count = var.dashboard ? 1 : 0

  dashboard_name = "csvgate"

  dashboard_body = jsonencode({ widgets = [for place, widget in local.widgets : {
    type   = "metric"
    x      = 8 * (place % 3)
    y      = 6 * floor(place / 3)
    width  = 8
    height = 6
    properties = {
      title   = widget.title
      region  = local.region
      view    = "timeSeries"
      stat    = "Sum"
      period  = 300
      metrics = widget.metrics
    }
  }] })
}
