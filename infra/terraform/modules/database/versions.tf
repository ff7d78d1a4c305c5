# Our tests run Terraform 1.11 with version 5.100 of the provider. Checks between variables came with Terraform 1.9.
terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}
