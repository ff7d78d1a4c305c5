# What others need to know of it, named as the settings of csvgate that take it.

output "bucket_name" {
  description = "The bucket in which files arrive."
  value       = aws_s3_bucket.this["inbound"].id
}

output "results_bucket_name" {
  description = "The bucket for full inspections."
  value       = aws_s3_bucket.this["results"].id
}

output "arrivals_queue_url" {
  description = "The queue that S3 tells."
  value       = aws_sqs_queue.this["arrivals"].url
}

output "arrivals_queue_arn" {
  description = "The same, for who may send to it."
  value       = aws_sqs_queue.this["arrivals"].arn
}

output "arrivals_dead_queue_url" {
  description = "Events that could not be inspected."
  value       = aws_sqs_queue.dead["arrivals"].url
}

output "inspected_queue_url" {
  description = "The queue between inspecting and recording."
  value       = aws_sqs_queue.this["inspected"].url
}

output "inspected_dead_queue_url" {
  description = "Inspected files that could not be recorded."
  value       = aws_sqs_queue.dead["inspected"].url
}

output "metadata_table_name" {
  description = "The table with one item per key."
  value       = aws_dynamodb_table.this["metadata"].name
}

output "deliveries_table_name" {
  description = "The table of deliveries."
  value       = aws_dynamodb_table.this["deliveries"].name
}

output "rows_table_name" {
  description = "The table of rows of feeds whose sink is dynamodb."
  value       = aws_dynamodb_table.this["rows"].name
}

output "function_names" {
  description = "The functions by stage: inspect, record and, where there is one, reconcile."
  value       = { for stage, function in aws_lambda_function.this : stage => function.function_name }
}

output "function_arns" {
  description = "The same, for who may call them."
  value       = { for stage, function in aws_lambda_function.this : stage => function.arn }
}

output "role_names" {
  description = "The functions' roles by stage, for rights of your own."
  value       = { for stage, role in aws_iam_role.this : stage => role.name }
}

output "deliveries_topic_arn" {
  description = "The topic that is told what became of each delivery, where there is one."
  value       = one(aws_sns_topic.deliveries[*].arn)
}

output "settings" {
  description = "The settings with which csvgate on another machine works with this, one NAME=value a line: a .env file. Where there is a database, DATABASE_URL is added by hand, as that machine reaches it."
  value = join("", [for name, value in {
    CSVGATE_TARGET              = "aws"
    AWS_REGION                  = local.region
    S3_BUCKET_NAME              = aws_s3_bucket.this["inbound"].id
    CSVGATE_KEY_PREFIX          = var.key_prefix
    CSVGATE_RESULTS_BUCKET      = aws_s3_bucket.this["results"].id
    SQS_QUEUE_URL               = aws_sqs_queue.this["arrivals"].url
    CSVGATE_ARRIVALS_DEAD_URL   = aws_sqs_queue.dead["arrivals"].url
    CSVGATE_INSPECTED_QUEUE_URL = aws_sqs_queue.this["inspected"].url
    CSVGATE_INSPECTED_DEAD_URL  = aws_sqs_queue.dead["inspected"].url
    CSVGATE_FEEDS               = var.feeds_uri
    # With a database that is the catalog, nobody looks into DynamoDB in vain: without DATABASE_URL csvgate asks for it.
    CSVGATE_CATALOG         = local.has_database ? coalesce(var.catalog, "postgresql") : null
    CSVGATE_DATABASE_SECRET = local.database_secret
  } : "${name}=${value}\n" if value != null])
}
