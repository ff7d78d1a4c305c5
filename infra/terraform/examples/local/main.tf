# The same on an emulator of AWS on this machine, such as the one that `csvgate up` embeds.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

variable "endpoint_url" {
  description = "Where the emulator listens."
  type        = string
  default     = "http://127.0.0.1:4566"

  validation {
    condition     = can(regex("^http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:[0-9]+)?$", var.endpoint_url))
    error_message = "An emulator listens on this machine; for an account there are the other examples."
  }
}

variable "package" {
  description = "The functions' zip; null for the one that `make package` builds."
  type        = string
  default     = null
}

variable "trigger" {
  description = "What the bucket tells: queue, function or eventbridge."
  type        = string
  default     = "queue"
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true

  endpoints {
    cloudwatch     = var.endpoint_url
    dynamodb       = var.endpoint_url
    ec2            = var.endpoint_url
    events         = var.endpoint_url
    iam            = var.endpoint_url
    lambda         = var.endpoint_url
    logs           = var.endpoint_url
    rds            = var.endpoint_url
    s3             = var.endpoint_url
    secretsmanager = var.endpoint_url
    sfn            = var.endpoint_url
    sns            = var.endpoint_url
    sqs            = var.endpoint_url
    sts            = var.endpoint_url
  }
}

module "csvgate" {
  source = "../.."

  bucket_name         = "test-bucket"
  results_bucket_name = "csvgate-results"
  package             = var.package
  trigger             = var.trigger
  inspect_concurrency = 4
  record_concurrency  = 2

  # What is tried out here may go.
  deletion_protection = false
  force_destroy       = true
}

output "bucket_name" {
  description = "Where files are put."
  value       = module.csvgate.bucket_name
}

output "metadata_table_name" {
  description = "Where their receipts are."
  value       = module.csvgate.metadata_table_name
}

output "settings" {
  description = "The .env file of a csvgate that looks at this."
  value       = module.csvgate.settings
}
