# Word about deliveries: a topic that is told what became of each, and a state machine that is started with it.

# At least once, and with a name that tells repetitions: what could not be said at once is said by the sweep.
resource "aws_sns_topic" "deliveries" {
  count = var.tell_topic ? 1 : 0

  name              = "csvgate-deliveries"
  kms_master_key_id = coalesce(var.kms_key_arn, "alias/aws/sns")
  tags              = var.tags
}

resource "aws_sns_topic_policy" "deliveries" {
  count = var.tell_topic ? 1 : 0

  arn = aws_sns_topic.deliveries[0].arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EncryptedTransportOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.deliveries[0].arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# The machine's input is the whole event; a word that is said twice starts it twice, with the same id in its detail.
resource "aws_cloudwatch_event_rule" "state_machine" {
  count = var.state_machine_arn == null ? 0 : 1

  name           = "csvgate-state-machine"
  description    = "Each word about a delivery starts the state machine."
  event_bus_name = local.event_bus
  event_pattern  = jsonencode({ source = ["csvgate"] })
  tags           = var.tags
}

resource "aws_cloudwatch_event_target" "state_machine" {
  count = var.state_machine_arn == null ? 0 : 1

  rule           = aws_cloudwatch_event_rule.state_machine[0].name
  event_bus_name = local.event_bus
  target_id      = "state-machine"
  arn            = var.state_machine_arn
  role_arn       = aws_iam_role.state_machine[0].arn
}

resource "aws_iam_role" "state_machine" {
  count = var.state_machine_arn == null ? 0 : 1

  name_prefix = "csvgate-state-machine-"
  tags        = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "state_machine" {
  count = var.state_machine_arn == null ? 0 : 1

  name = "start"
  role = aws_iam_role.state_machine[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Start", Effect = "Allow", Action = "states:StartExecution", Resource = var.state_machine_arn },
    ]
  })
}
