# The least that works: buckets, queues, tables and functions, with everything as it is by default.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

variable "keep" {
  description = "Whether buckets with files in them and tables survive, whatever is asked of Terraform."
  type        = bool
  default     = true
}

# Region and credentials are found where every AWS tool finds them.
provider "aws" {}

module "csvgate" {
  source = "../.."

  deletion_protection = var.keep
  force_destroy       = !var.keep
}

output "bucket_name" {
  description = "Where files are put."
  value       = module.csvgate.bucket_name
}

output "settings" {
  description = "The .env file of a csvgate that looks at this."
  value       = module.csvgate.settings
}
