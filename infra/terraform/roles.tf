# The roles: each function may do exactly what its stage does, and nothing else.
# A statement whose `when` is false is left out.

locals {
  inbound_objects = "${local.arns.inbound}/${var.key_prefix == null ? "" : var.key_prefix}*"

  statements = {
    inspect = [
      { sid = "ReadArrivals", actions = ["s3:GetObject", "s3:GetObjectVersion"], resources = [local.inbound_objects] },
      # Without it S3 answers "forbidden", not "not found", for an object that is gone.
      { sid = "KnowWhatIsGone", actions = ["s3:ListBucket"], resources = [local.arns.inbound, local.arns.results] },
      {
        sid       = "KeepInspections"
        actions   = ["s3:GetObject", "s3:PutObject"]
        resources = ["${local.arns.results}/inspections/*"]
      },
      {
        sid       = "KnowTheFeeds"
        when      = local.has_feeds
        actions   = ["s3:GetObject"]
        resources = ["${local.arns.results}/config/*"]
      },
      {
        sid       = "KeepWhatBreaksAContract"
        when      = local.has_feeds
        actions   = ["s3:PutObject"]
        resources = ["${local.arns.results}/quarantine/*"]
      },
      { sid = "TakeArrivals", actions = local.take, resources = ["${local.arns.queues}-arrivals"] },
      { sid = "PassOn", actions = ["sqs:SendMessage"], resources = ["${local.arns.queues}-inspected"] },
      { sid = "Claim", actions = ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources = [local.arns.deliveries] },
      {
        sid       = "RecogniseWhatCameBefore"
        actions   = ["dynamodb:Query"]
        resources = ["${local.arns.deliveries}/index/by-key"]
      },
      {
        sid       = "KeepWhatFailed"
        when      = var.trigger == "function"
        actions   = ["sqs:SendMessage"]
        resources = ["${local.arns.queues}-arrivals-dead"]
      },
    ]

    record = concat(local.tell, [
      # Names only, no content: which version is the latest, when events alone cannot tell.
      { sid = "KnowWhatIsLatest", actions = ["s3:ListBucketVersions"], resources = [local.arns.inbound] },
      { sid = "ReadInspections", actions = ["s3:GetObject"], resources = ["${local.arns.results}/inspections/*"] },
      { sid = "KnowWhatIsGone", actions = ["s3:ListBucket"], resources = [local.arns.results] },
      {
        sid       = "KnowTheFeeds"
        when      = local.has_feeds
        actions   = ["s3:GetObject"]
        resources = ["${local.arns.results}/config/*"]
      },
      # Rows are loaded from the object itself.
      {
        sid       = "ReadWhatIsLoaded"
        when      = local.loads_rows
        actions   = ["s3:GetObject", "s3:GetObjectVersion"]
        resources = [local.inbound_objects]
      },
      {
        sid       = "KnowWhatIsGoneBeforeItIsLoaded"
        when      = local.loads_rows
        actions   = ["s3:ListBucket"]
        resources = [local.arns.inbound]
      },
      # A file whose feed has changed since it was inspected is judged anew, and that is kept.
      {
        sid       = "KeepWhatIsJudgedAnew"
        when      = local.loads_rows
        actions   = ["s3:PutObject"]
        resources = ["${local.arns.results}/inspections/*", "${local.arns.results}/quarantine/*"]
      },
      # Rows of feeds whose sink is dynamodb; what is too large for an item lies in the results bucket.
      {
        sid  = "LoadIntoDynamoDb"
        when = local.has_feeds
        actions = [
          "dynamodb:BatchWriteItem",
          "dynamodb:DeleteItem",
          "dynamodb:GetItem",
          "dynamodb:PutItem",
          "dynamodb:Query",
          "dynamodb:UpdateItem",
        ]
        resources = [local.arns.rows]
      },
      {
        sid       = "KeepLargeRows"
        when      = local.has_feeds
        actions   = ["s3:DeleteObject", "s3:PutObject"]
        resources = ["${local.arns.results}/rows/*"]
      },
      # Rows of feeds whose sink is parquet: files, the lists of those that are seen, and the ledger.
      {
        sid       = "LoadIntoFiles"
        when      = local.has_feeds
        actions   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        resources = [for folder in ["data", "live", "parquet"] : "${local.arns.results}/${folder}/*"]
      },
      { sid = "TakeInspected", actions = local.take, resources = ["${local.arns.queues}-inspected"] },
      {
        sid       = "BuryWhatWouldFailAgain"
        actions   = ["sqs:SendMessage"]
        resources = ["${local.arns.queues}-inspected-dead"]
      },
      {
        sid       = "Record"
        actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        resources = [local.arns.deliveries]
      },
      { sid = "ShowTheNewest", actions = ["dynamodb:PutItem"], resources = [local.arns.metadata] },
      {
        sid       = "EmptyTheOutbox"
        when      = local.is_telling
        actions   = ["dynamodb:Query", "dynamodb:DeleteItem"]
        resources = [local.arns.deliveries]
      },
    ])

    reconcile = concat(local.tell, [
      {
        sid       = "ListWhatIsThere"
        actions   = ["s3:ListBucket", "s3:ListBucketVersions"]
        resources = [local.arns.inbound]
      },
      # HEAD, to know of one version whether it is there; S3 has no right for less than reading it.
      { sid = "KnowOneVersion", actions = ["s3:GetObject", "s3:GetObjectVersion"], resources = [local.inbound_objects] },
      { sid = "ReadInspections", actions = ["s3:GetObject"], resources = ["${local.arns.results}/inspections/*"] },
      {
        sid       = "KnowTheFeeds"
        when      = local.has_feeds
        actions   = ["s3:GetObject"]
        resources = ["${local.arns.results}/config/*"]
      },
      {
        sid       = "KnowWhatWasLoaded"
        when      = local.has_feeds
        actions   = ["s3:ListBucket"]
        resources = [local.arns.results]
      },
      # What was loaded into files, and what readers see of it: where a load was killed, that is put right.
      {
        sid       = "MendWhatIsInFiles"
        when      = local.has_feeds
        actions   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        resources = [for folder in ["data", "live", "parquet"] : "${local.arns.results}/${folder}/*"]
      },
      { sid = "SendWhatIsMissing", actions = ["sqs:SendMessage"], resources = ["${local.arns.queues}-arrivals"] },
      {
        sid = "PutRight"
        actions = [
          "dynamodb:BatchGetItem",
          "dynamodb:GetItem",
          "dynamodb:Query",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
          "dynamodb:DeleteItem",
        ]
        resources = [local.arns.deliveries]
      },
      # What was loaded of each delivery, what of it the catalog has not heard, and a head that is lost.
      {
        sid       = "CompareRowsInDynamoDb"
        when      = local.has_feeds
        actions   = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
        resources = [local.arns.rows]
      },
      {
        sid       = "LookUp"
        actions   = ["dynamodb:Query"]
        resources = [for index in ["by-key", "by-day"] : "${local.arns.deliveries}/index/${index}"]
      },
      { sid = "ShowTheNewest", actions = ["dynamodb:PutItem"], resources = [local.arns.metadata] },
    ])
  }

  take = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]

  tell = [
    { sid = "TellTheTopic", when = var.tell_topic, actions = ["sns:Publish"], resources = [local.arns.topic] },
    {
      sid       = "TellTheBus"
      when      = local.tells_bus
      actions   = ["events:PutEvents"]
      resources = ["arn:${local.partition}:events:${local.place}:event-bus/${coalesce(local.event_bus, "none")}"]
    },
  ]

  # What every function may do.
  always = { for stage, function in local.functions : stage => [
    {
      sid       = "Log"
      actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      resources = ["${local.arns.logs}/${function.name}:*"]
    },
    {
      sid       = "KnowWhoIsLetIn"
      when      = local.has_secret
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [local.database_secret]
    },
    # Never by itself: only as the services do it that keep what is encrypted.
    {
      sid       = "UseTheKey"
      when      = var.kms_key_arn != null
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [var.kms_key_arn]
      condition = { StringEquals = { "kms:ViaService" = [
        for service in ["dynamodb", "lambda", "s3", "secretsmanager", "sns", "sqs"] :
        "${service}.${local.region}.${data.aws_partition.current.dns_suffix}"
      ] } }
    },
  ] }
}

resource "aws_iam_role" "this" {
  for_each = local.functions

  name_prefix = "csvgate-${each.key}-"
  tags        = var.tags

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.functions

  name = each.key
  role = aws_iam_role.this[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for right in concat(local.statements[each.key], local.always[each.key]) : merge(
      { Sid = right.sid, Effect = "Allow", Action = right.actions, Resource = right.resources },
      can(right.condition) ? { Condition = right.condition } : {},
    ) if try(right.when, true)]
  })
}

# Network interfaces and no more: a function that may make log groups, as the usual policy has it, writes a last line when
# its own is gone, and makes it anew, in the way of the next apply.
resource "aws_iam_role_policy_attachment" "vpc" {
  for_each = { for stage, function in local.functions : stage => function if local.is_in_vpc }

  role       = aws_iam_role.this[each.key].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
}
