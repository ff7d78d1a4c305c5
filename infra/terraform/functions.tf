# The functions: process_csv inspects what arrives, record_csv writes it into the catalog, reconcile_csv passes on what
# is left over. Each has a log group of its own, and the first two a mapping that hands them the messages of their queue.

locals {
  all_functions = {
    inspect = {
      name        = "process_csv"
      description = "Reads each object version that arrives once, and says what it is."
      handler     = "csvgate.lambdas.on_arrival"
      memory      = var.memory_size
      timeout     = var.function_timeout
      environment = {}
    }
    record = {
      name        = "record_csv"
      description = "Writes what was inspected into the catalog, once."
      handler     = "csvgate.lambdas.on_inspected"
      memory      = local.loads_rows ? var.memory_size : 512
      timeout     = var.function_timeout
      environment = merge(local.beyond_inspecting, { CSVGATE_INSPECTED_DEAD_URL = aws_sqs_queue.dead["inspected"].url })
    }
    reconcile = {
      name        = "reconcile_csv"
      description = "Passes on word that is left, and compares the bucket with the catalog."
      handler     = "csvgate.lambdas.on_schedule"
      memory      = 512
      timeout     = 900
      environment = local.beyond_inspecting
    }
  }

  functions = { for stage, function in local.all_functions : stage => function if stage != "reconcile" || local.has_schedule }

  # Longer than a call can take, so that nobody else takes over a delivery that is still being worked on; shorter than
  # the queue's visibility timeout, so that a message that comes back after a crash is not turned away.
  lease_seconds = var.function_timeout + 30

  # A variable that is null is not set at all.
  environment = {
    CSVGATE_TARGET              = "aws"
    S3_BUCKET_NAME              = local.inbound_bucket
    CSVGATE_RESULTS_BUCKET      = local.results_bucket
    SQS_QUEUE_URL               = aws_sqs_queue.this["arrivals"].url
    CSVGATE_INSPECTED_QUEUE_URL = aws_sqs_queue.this["inspected"].url
    CSVGATE_METADATA_TABLE      = "MetadataTable"
    CSVGATE_DELIVERIES_TABLE    = "csvgate-deliveries"
    CSVGATE_MAX_RECEIVE_COUNT   = tostring(local.max_receive_count)
    CSVGATE_LEASE_SECONDS       = tostring(local.lease_seconds)
    CSVGATE_STATEMENT_SECONDS   = tostring(var.function_timeout)
    CSVGATE_CATALOG             = var.catalog
    CSVGATE_FEEDS               = var.feeds_uri
    CSVGATE_DATABASE_SECRET     = local.database_secret
    OTEL_EXPORTER_OTLP_ENDPOINT = var.collector_endpoint
  }

  beyond_inspecting = {
    CSVGATE_ROWS_TABLE = "csvgate-rows"
    CSVGATE_TOPIC_ARN  = one(aws_sns_topic.deliveries[*].arn)
    CSVGATE_EVENT_BUS  = local.event_bus
  }

  is_image = var.image_uri != null
  package  = coalesce(var.package, "${path.module}/../../build/csvgate-lambda.zip")
}

# A zip that is too large to be sent with the call, or that others should find again, goes by way of a bucket.
resource "aws_s3_object" "package" {
  count = local.is_image || var.code_bucket == null ? 0 : 1

  bucket      = var.code_bucket
  key         = "csvgate-lambda-${substr(filesha256(local.package), 0, 16)}.zip"
  source      = local.package
  source_hash = filebase64sha256(local.package)

  # Of an object S3 takes ten tags, and no more: those that everything else has may be more.
  override_provider {
    default_tags {
      tags = {}
    }
  }
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:Traces go by OpenTelemetry over both queues, where they are wanted; X-Ray would see single calls.
  #checkov:skip=CKV_AWS_115:The mapping has a limit of its own; a reserved one would turn messages away, which counts as a failed receive.
  #checkov:skip=CKV_AWS_116:The queue has one; where the bucket calls the function, what failed there goes to that as well.
  #checkov:skip=CKV_AWS_272:The zip is built from the clone, and Terraform sends what it hashed; a signing profile belongs to who has one.
  for_each = local.functions

  function_name    = each.value.name
  description      = each.value.description
  package_type     = local.is_image ? "Image" : "Zip"
  image_uri        = var.image_uri
  handler          = local.is_image ? null : each.value.handler
  runtime          = local.is_image ? null : var.runtime
  architectures    = [var.architecture]
  memory_size      = each.value.memory
  timeout          = each.value.timeout
  role             = aws_iam_role.this[each.key].arn
  filename         = local.is_image || var.code_bucket != null ? null : local.package
  s3_bucket        = local.is_image ? null : var.code_bucket
  s3_key           = one(aws_s3_object.package[*].key)
  source_code_hash = local.is_image ? null : filebase64sha256(local.package)
  layers           = var.layers
  kms_key_arn      = var.kms_key_arn
  tags             = var.tags

  environment {
    variables = merge(
      { for name, value in merge(local.environment, each.value.environment) : name => value if value != null },
      local.has_address ? { DATABASE_URL = local.database_url } : {},
    )
  }

  dynamic "image_config" {
    for_each = local.is_image ? [each.value.handler] : []

    content {
      command = [image_config.value]
    }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.this[each.key].name
  }

  dynamic "vpc_config" {
    for_each = local.is_in_vpc ? [true] : []

    content {
      subnet_ids         = local.subnet_ids
      security_group_ids = local.security_group_ids
    }
  }

  # A function that starts before its rights are there fails at its first message.
  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy_attachment.vpc]
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:A month by default, and as long as is wanted: receipts are the record, logs are for looking into failures.
  for_each = local.functions

  name              = "/aws/lambda/${each.value.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

# A function that changes from zip to image, or back, is made anew. AWS forgets then who may call it, and its mapping stays
# disabled: both are made anew with it.

# There with any trigger: reconcile and redrive put events on this queue as well.
resource "aws_lambda_event_source_mapping" "arrivals" {
  event_source_arn        = aws_sqs_queue.this["arrivals"].arn
  function_name           = aws_lambda_function.this["inspect"].function_name
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.inspect_concurrency
  }

  lifecycle {
    replace_triggered_by = [aws_lambda_function.this["inspect"].package_type]
  }
}

# Ten, the most that comes without a batching window, which would add a second to every receipt: a record is one small
# transaction, so ten take well under a second, and fewer calls press on the catalog. Rows take a while: each delivery
# that may have some has the whole time of a call.
resource "aws_lambda_event_source_mapping" "inspected" {
  event_source_arn        = aws_sqs_queue.this["inspected"].arn
  function_name           = aws_lambda_function.this["record"].function_name
  batch_size              = local.loads_rows ? 1 : 10
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.record_concurrency
  }

  lifecycle {
    replace_triggered_by = [aws_lambda_function.this["record"].package_type]
  }
}

resource "aws_lambda_permission" "inbound_bucket" {
  count = var.trigger == "function" ? 1 : 0

  function_name  = aws_lambda_function.this["inspect"].function_name
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_account = local.account
  source_arn     = local.arns.inbound

  lifecycle {
    replace_triggered_by = [aws_lambda_function.this["inspect"].package_type]
  }
}

# Lambda itself gives up on an asynchronous call after two more tries, and then forgets the event.
resource "aws_lambda_function_event_invoke_config" "inspect" {
  count = var.trigger == "function" ? 1 : 0

  function_name                = aws_lambda_function.this["inspect"].function_name
  qualifier                    = "$LATEST"
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead["arrivals"].arn
    }
  }

  lifecycle {
    replace_triggered_by = [aws_lambda_function.this["inspect"].package_type]
  }
}

locals {
  schedules = {
    sweep = {
      when        = local.sweeps
      rate        = "rate(15 minutes)"
      input       = {}
      description = "What sinks did is heard by the catalog, and word about deliveries that is left is passed on."
    }
    reconcile = {
      when        = local.reconciles
      rate        = var.reconcile_schedule
      input       = { reconcile = true, prefix = var.key_prefix == null ? "" : var.key_prefix }
      description = "Every version in the bucket has its delivery, or is on its way again."
    }
  }

  wanted_schedules = { for name, schedule in local.schedules : name => schedule if schedule.when }
}

resource "aws_cloudwatch_event_rule" "schedule" {
  for_each = local.wanted_schedules

  name                = "csvgate-${each.key}"
  description         = each.value.description
  schedule_expression = each.value.rate
  tags                = var.tags
}

resource "aws_cloudwatch_event_target" "schedule" {
  for_each = local.wanted_schedules

  rule      = aws_cloudwatch_event_rule.schedule[each.key].name
  target_id = each.key
  arn       = aws_lambda_function.this["reconcile"].arn
  input     = jsonencode(each.value.input)
}

resource "aws_lambda_permission" "schedule" {
  for_each = local.wanted_schedules

  function_name  = aws_lambda_function.this["reconcile"].function_name
  action         = "lambda:InvokeFunction"
  principal      = "events.amazonaws.com"
  source_account = local.account
  source_arn     = aws_cloudwatch_event_rule.schedule[each.key].arn

  lifecycle {
    replace_triggered_by = [aws_lambda_function.this["reconcile"].package_type]
  }
}
