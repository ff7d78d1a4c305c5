# What must hold of the database whatever is asked for, without an account: `terraform init && terraform test`.

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b"] }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }

  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
}

run "it_is_encrypted_and_entered_by_tls_only" {
  command = plan

  assert {
    condition     = aws_db_instance.this.storage_encrypted && !aws_db_instance.this.publicly_accessible
    error_message = "The database is open, on disk or to the world."
  }

  assert {
    condition     = contains([for each in aws_db_parameter_group.this.parameter : each.value if each.name == "rds.force_ssl"], "1")
    error_message = "The database lets in who does not encrypt."
  }

  assert {
    condition     = aws_db_instance.this.manage_master_user_password
    error_message = "Somebody has to keep the password."
  }
}

run "it_does_not_go_by_accident" {
  command = plan

  assert {
    condition     = aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot
    error_message = "It can be deleted, or leaves nothing behind."
  }

  assert {
    condition     = aws_db_instance.this.backup_retention_period >= 7 && !aws_db_instance.this.delete_automated_backups
    error_message = "There are no backups, or they go with it."
  }

  assert {
    condition     = aws_db_instance.this.apply_immediately
    error_message = "A new major version waits for its window, and the old parameter group, still in use, cannot go."
  }
}

run "nobody_is_let_in_by_address" {
  command = plan

  variables {
    proxy                    = true
    client_security_group_id = "sg-1"
  }

  # Only when the database is there its secret is known.
  override_resource {
    target          = aws_db_instance.this
    override_during = plan
    values          = { master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:a" }] }
  }

  override_resource {
    target          = aws_iam_role.proxy
    override_during = plan
    values          = { arn = "arn:aws:iam::123456789012:role/proxy" }
  }

  assert {
    condition     = alltrue([for entry in aws_vpc_security_group_ingress_rule.this : entry.cidr_ipv4 == null && entry.cidr_ipv6 == null])
    error_message = "A range of addresses is let in, where groups are meant."
  }

  assert {
    condition     = aws_db_proxy.this[0].require_tls
    error_message = "The proxy lets in who does not encrypt."
  }
}

run "from_its_vpc_there_is_no_way_but_to_aws" {
  command = plan

  assert {
    condition     = length(aws_vpc.this) == 1 && join(" ", keys(aws_vpc_endpoint.interface)) == "secretsmanager sqs"
    error_message = "The functions do not reach what they need, or more."
  }
}

run "a_vpc_comes_with_subnets" {
  command         = plan
  expect_failures = [var.subnet_ids]

  variables {
    vpc_id = "vpc-1"
  }
}
