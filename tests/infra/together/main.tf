# A configuration that makes what the module is told of by the same plan, which so knows none of it when it is made.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

resource "aws_kms_key" "own" {}

resource "aws_sns_topic" "on_call" {}

resource "aws_s3_bucket" "own" {}

resource "aws_vpc" "own" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "own" {
  count = 2

  vpc_id     = aws_vpc.own.id
  cidr_block = cidrsubnet(aws_vpc.own.cidr_block, 8, count.index)
}

resource "aws_security_group" "own" {
  vpc_id = aws_vpc.own.id
}

resource "aws_db_instance" "own" {
  instance_class = "db.t4g.small"
}

resource "aws_secretsmanager_secret" "own" {}

resource "aws_sfn_state_machine" "own" {
  role_arn   = "arn:aws:iam::123456789012:role/own"
  definition = "{}"
}

module "with_a_database_of_their_own" {
  source = "../.."

  package            = "main.tf"
  kms_key_arn        = aws_kms_key.own.arn
  alarm_topic_arn    = aws_sns_topic.on_call.arn
  database_url       = "postgresql://${aws_db_instance.own.address}:5432/files"
  database_secret    = aws_secretsmanager_secret.own.arn
  subnet_ids         = aws_subnet.own[*].id
  security_group_ids = [aws_security_group.own.id]

  # What may be null for all that a plan knows.
  access_log_bucket_name = format("%s", aws_s3_bucket.own.id)
  code_bucket            = format("%s", aws_s3_bucket.own.id)
  state_machine_arn      = format("%s", aws_sfn_state_machine.own.arn)
}

module "with_a_database_in_their_vpc" {
  source = "../.."

  package = "main.tf"
  database = {
    vpc_id                   = aws_vpc.own.id
    subnet_ids               = aws_subnet.own[*].id
    client_security_group_id = format("%s", aws_security_group.own.id)
  }
}
