# Everything that may be asked for: names, a key, a database with its contracts, who is told, who is woken, and traces.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

variable "company" {
  description = "What the names of buckets begin with, which are the world's: yours only once."
  type        = string
}

variable "vpc" {
  description = "Where the database is, and from where the functions reach it."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
}

variable "database" {
  description = "The PostgreSQL that rows go to: its address without a password, and the secret that says who is let in."
  type = object({
    url        = string
    secret_arn = string
  })
}

variable "key_arn" {
  description = "The key with which everything is encrypted that is kept."
  type        = string
}

variable "collector" {
  description = "Where the OpenTelemetry collector is, and the layer by which the functions speak to it (`make layer`)."
  type = object({
    endpoint  = string
    layer_arn = string
  })
}

variable "on_call_topic_arn" {
  description = "Who is told of alarms."
  type        = string
}

provider "aws" {
  default_tags {
    tags = { application = "csvgate" }
  }
}

module "csvgate" {
  source = "../.."

  # Files
  bucket_name         = "${var.company}-files"
  results_bucket_name = "${var.company}-files-results"
  key_prefix          = "in/"
  page_origin         = "https://files.example.org"
  kms_key_arn         = var.key_arn

  # Functions
  architecture        = "arm64"
  memory_size         = 2048
  function_timeout    = 300
  inspect_concurrency = 32
  record_concurrency  = 4
  log_retention_days  = 90

  # Rows
  database_url       = var.database.url
  database_secret    = var.database.secret_arn
  subnet_ids         = var.vpc.subnet_ids
  security_group_ids = var.vpc.security_group_ids
  feeds_uri          = "s3://${var.company}-files-results/config/feeds.yaml"

  # Word
  tell_topic         = true
  event_bus_name     = "default"
  reconcile_schedule = "rate(1 day)"
  alarm_topic_arn    = var.on_call_topic_arn

  # Traces
  collector_endpoint = var.collector.endpoint
  layers             = [var.collector.layer_arn]
}

output "settings" {
  description = "The .env file of a csvgate that looks at this."
  value       = module.csvgate.settings
}

output "deliveries_topic_arn" {
  description = "Subscribe to it what has to know of files."
  value       = module.csvgate.deliveries_topic_arn
}
