# What must hold whatever is asked for, without an account: `terraform init && terraform test`.

mock_provider "aws" {
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

variables {
  package = "versions.tf" # any file: nothing is sent
}

run "files_and_what_is_found_in_them_are_nobody_elses" {
  command = plan

  assert {
    condition = alltrue([for block in aws_s3_bucket_public_access_block.this :
    block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets])
    error_message = "A bucket is open to the public."
  }

  assert {
    condition     = alltrue([for bucket in aws_s3_bucket_versioning.this : bucket.versioning_configuration[0].status == "Enabled"])
    error_message = "A delivery is one version of an object, and a bucket has none."
  }

  assert {
    condition     = alltrue([for policy in aws_s3_bucket_policy.this : strcontains(policy.policy, "EncryptedTransportOnly")])
    error_message = "A bucket can be read without TLS."
  }

  assert {
    condition     = alltrue([for queue in concat(values(aws_sqs_queue.this), values(aws_sqs_queue.dead)) : queue.sqs_managed_sse_enabled])
    error_message = "A queue is not encrypted."
  }

  assert {
    condition     = length(aws_sqs_queue_policy.this) == 4
    error_message = "Each of the four queues has a policy, which denies what comes without TLS."
  }

  assert {
    condition     = !anytrue([for bucket in aws_s3_bucket.this : bucket.force_destroy])
    error_message = "Buckets go with all that is in them."
  }

  assert {
    condition = alltrue([for table in aws_dynamodb_table.this :
    table.deletion_protection_enabled && table.point_in_time_recovery[0].enabled && table.server_side_encryption[0].enabled])
    error_message = "A table can be deleted, or cannot be brought back."
  }
}

run "a_message_stays_away_six_times_as_long_as_a_call_may_take" {
  command = plan

  variables {
    function_timeout = 300
  }

  assert {
    condition = alltrue([for queue in aws_sqs_queue.this :
    queue.visibility_timeout_seconds >= 6 * aws_lambda_function.this["inspect"].timeout])
    error_message = "A message comes back while it is being worked on."
  }

  assert {
    condition     = local.lease_seconds > var.function_timeout && local.lease_seconds < 6 * var.function_timeout
    error_message = "A claim outlives the call, but not the absence of the message."
  }
}

run "what_fails_five_times_is_kept_for_two_weeks" {
  command = plan

  # Only when a queue is there its ARN is known.
  override_resource {
    target          = aws_sqs_queue.dead
    override_during = plan
    values          = { arn = "arn:aws:sqs:eu-central-1:123456789012:dead", url = "https://sqs/dead" }
  }

  assert {
    condition     = alltrue([for queue in aws_sqs_queue.this : jsondecode(queue.redrive_policy).maxReceiveCount == 5])
    error_message = "A message is not tried five times."
  }

  assert {
    condition     = alltrue([for queue in aws_sqs_queue.dead : queue.message_retention_seconds == 1209600])
    error_message = "Dead letters are kept for two weeks."
  }

  assert {
    condition     = alltrue([for stage, queue in aws_sqs_queue.this : queue.max_message_size <= aws_sqs_queue.dead[stage].max_message_size])
    error_message = "A message is too large for the dead-letter queue, and could not be moved there."
  }
}

run "mappings_hand_back_only_what_failed" {
  command = plan

  variables {
    feeds_uri = "s3://results/config/feeds.yaml"
  }

  assert {
    condition = alltrue([for mapping in [aws_lambda_event_source_mapping.arrivals, aws_lambda_event_source_mapping.inspected] :
    mapping.function_response_types == toset(["ReportBatchItemFailures"]) && mapping.batch_size <= 10])
    error_message = "One bad message of a batch brings all of it back."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.inspected.batch_size == 1
    error_message = "Each delivery that may have rows has the whole time of a call."
  }
}

run "no_role_may_do_everything" {
  command = plan

  variables {
    feeds_uri          = "s3://results/config/feeds.yaml"
    tell_topic         = true
    event_bus_name     = "default"
    reconcile_schedule = "rate(1 day)"
    trigger            = "function"
  }

  override_resource {
    target          = aws_lambda_function.this
    override_during = plan
    values          = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:any" }
  }

  assert {
    condition = alltrue(flatten([for policy in aws_iam_role_policy.this : [
      for right in jsondecode(policy.policy).Statement : !strcontains(join(" ", right.Action), "*") && !contains(right.Resource, "*")
    ]]))
    error_message = "A right is for all actions of a service, or for all resources."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this["inspect"].policy).Statement[0].Action == ["s3:GetObject", "s3:GetObjectVersion"]
    error_message = "The inspecting function reads what arrives, and no more."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.this["inspect"].policy, "s3:Delete")
    error_message = "Nobody deletes what arrived."
  }

  assert {
    condition     = contains(keys(aws_cloudwatch_metric_alarm.this), "csvgate-events-dropped")
    error_message = "Where the bucket calls the function, events that Lambda drops ring."
  }
}

run "the_zip_has_no_tags_of_which_s3_takes_ten" {
  command = plan

  variables {
    code_bucket = "code"
    tags        = { for number in range(11) : "tag-${number}" => "x" }
  }

  assert {
    condition     = aws_s3_object.package[0].tags == null && length(aws_s3_bucket.this["inbound"].tags) == 11
    error_message = "S3 refuses an object with more than ten tags."
  }
}

run "a_trigger_is_one_of_three" {
  command         = plan
  expect_failures = [var.trigger]

  variables {
    trigger = "lambda"
  }
}

run "subnets_come_with_security_groups" {
  command         = plan
  expect_failures = [var.security_group_ids]

  variables {
    subnet_ids = ["subnet-1"]
  }
}

run "feeds_lie_where_the_functions_may_read_them" {
  command         = plan
  expect_failures = [var.feeds_uri]

  variables {
    feeds_uri = "s3://elsewhere/feeds.yaml"
  }
}

run "a_layer_is_one_of_its_versions" {
  command         = plan
  expect_failures = [var.layers]

  variables {
    layers = ["arn:aws:lambda:eu-central-1:123456789012:layer:opentelemetry"]
  }
}

run "there_is_a_zip" {
  command         = plan
  expect_failures = [var.package]

  variables {
    package = "no-such.zip"
  }
}

run "whoever_works_with_it_elsewhere_knows_which_keys_are_taken_in" {
  command = plan

  variables {
    key_prefix = "in/"
  }

  # Only when these are there their names are known.
  override_resource {
    target          = aws_s3_bucket.this
    override_during = plan
    values          = { id = "bucket" }
  }

  override_resource {
    target          = aws_sqs_queue.this
    override_during = plan
    values          = { arn = "arn:aws:sqs:eu-central-1:123456789012:queue", url = "https://sqs/queue" }
  }

  override_resource {
    target          = aws_sqs_queue.dead
    override_during = plan
    values          = { arn = "arn:aws:sqs:eu-central-1:123456789012:dead", url = "https://sqs/dead" }
  }

  assert {
    condition     = strcontains(output.settings, "\nCSVGATE_KEY_PREFIX=in/\n")
    error_message = "csvgate elsewhere takes what is beside the prefix for lost."
  }
}
