# What may be asked for. Everything has a default; their names are those of the CloudFormation parameters.

variable "bucket_name" {
  description = "The bucket in which files arrive; null for `csvgate-arrivals-<account>-<region>`."
  type        = string
  default     = null

  validation {
    condition     = var.bucket_name == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "A bucket's name has 3 to 63 characters: small letters, digits, dots and hyphens."
  }
}

variable "results_bucket_name" {
  description = "The bucket for full inspections; null for `csvgate-results-<account>-<region>`."
  type        = string
  default     = null

  validation {
    condition     = var.results_bucket_name == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.results_bucket_name))
    error_message = "A bucket's name has 3 to 63 characters: small letters, digits, dots and hyphens."
  }

  validation {
    condition     = var.results_bucket_name == null || var.results_bucket_name != var.bucket_name
    error_message = "The results bucket is another one than the bucket in which files arrive."
  }
}

variable "key_prefix" {
  description = "Only keys that begin so are taken in; null for all."
  type        = string
  default     = null

  validation {
    condition     = var.key_prefix != ""
    error_message = "No prefix is null, not an empty text."
  }
}

variable "page_origin" {
  description = "Where the upload service is, such as https://files.example.org: its page may send parts of large files to the inbound bucket; null if no page does."
  type        = string
  default     = null

  validation {
    condition     = var.page_origin == null || can(regex("^https?://[^/]+$", var.page_origin))
    error_message = "An origin is https://host, without a path."
  }
}

variable "inspection_days" {
  description = "After how many days what was found in a file is deleted; 0 for never."
  type        = number
  default     = 0

  validation {
    condition     = var.inspection_days >= 0 && floor(var.inspection_days) == var.inspection_days
    error_message = "Days are a whole number, and 0 is never."
  }
}

variable "quarantine_days" {
  description = "After how many days rows that broke a contract are deleted; 0 for never."
  type        = number
  default     = 0

  validation {
    condition     = var.quarantine_days >= 0 && floor(var.quarantine_days) == var.quarantine_days
    error_message = "Days are a whole number, and 0 is never."
  }
}

variable "access_log_bucket_name" {
  description = "The bucket that S3 logs each access to, below arrivals/ and results/; null for none."
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Whether `terraform destroy` deletes the buckets with all that is in them."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Whether the tables refuse to be deleted, by whomever."
  type        = bool
  default     = true
}

variable "trigger" {
  description = "What the bucket tells: the arrivals `queue`, the `function` itself, which small set-ups like, or `eventbridge`, which tells the queue."
  type        = string
  default     = "queue"

  validation {
    condition     = contains(["queue", "function", "eventbridge"], var.trigger)
    error_message = "The trigger is queue, function or eventbridge."
  }
}

variable "package" {
  description = "The functions' zip, made by `make package`; null for build/csvgate-lambda.zip of the checkout that this module is in."
  type        = string
  default     = null

  validation {
    condition     = var.package == null || can(filesha256(var.package))
    error_message = "There is no such file: make package builds it."
  }
}

variable "code_bucket" {
  description = "The bucket through which the zip goes to Lambda; null to send it with the call, which takes up to 50 MB."
  type        = string
  default     = null
}

variable "image_uri" {
  description = "The functions' image in a registry of ECR, made by `make images` (csvgate-function), best by its digest; null for the zip."
  type        = string
  default     = null

  validation {
    condition     = var.image_uri == null || can(regex("^.+\\.dkr\\.ecr\\..+/.+[:@].+$", var.image_uri))
    error_message = "An image is <account>.dkr.ecr.<region>.amazonaws.com/<name>@sha256:..., or :tag."
  }

  validation {
    condition     = var.image_uri == null || (var.package == null && var.code_bucket == null && length(var.layers) == 0)
    error_message = "An image takes the place of the zip, and what would be a layer is in it."
  }
}

variable "runtime" {
  description = "The functions' Python, the one for which the zip was built."
  type        = string
  default     = "python3.13"

  validation {
    condition     = can(regex("^python3\\.1[1-9]$", var.runtime))
    error_message = "csvgate needs python3.11 or newer."
  }
}

variable "architecture" {
  description = "The functions' processor, the one for which the zip was built."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "The architecture is arm64 or x86_64."
  }
}

variable "memory_size" {
  description = "Megabytes for the functions that read files; their share of a processor grows with them."
  type        = number
  default     = 1024

  validation {
    condition     = var.memory_size >= 256 && var.memory_size <= 10240
    error_message = "A function that reads files has 256 to 10240 megabytes."
  }
}

variable "function_timeout" {
  description = "Seconds that one call of a function may take; messages stay hidden six times as long."
  type        = number
  default     = 60

  validation {
    condition     = contains([60, 300, 900], var.function_timeout)
    error_message = "The timeout is 60, 300 or 900 seconds."
  }
}

variable "inspect_concurrency" {
  description = "How many calls of the inspecting function run at the same time at most."
  type        = number
  default     = 16

  validation {
    condition     = var.inspect_concurrency >= 2 && var.inspect_concurrency <= 1000
    error_message = "Lambda takes 2 to 1000 calls at the same time."
  }
}

variable "record_concurrency" {
  description = "How many calls of the recording function run at the same time at most; the catalog sets the limit."
  type        = number
  default     = 4

  validation {
    condition     = var.record_concurrency >= 2 && var.record_concurrency <= 1000
    error_message = "Lambda takes 2 to 1000 calls at the same time."
  }
}

variable "database" {
  description = "A PostgreSQL of RDS for the rows, and whatever of it is not as usual; `{}` for all as usual, in a VPC of its own; null for none."
  type = object({
    vpc_id                   = optional(string)
    subnet_ids               = optional(list(string), [])
    client_security_group_id = optional(string)
    engine_version           = optional(string, "17")
    instance_class           = optional(string, "db.t4g.small")
    allocated_storage        = optional(number, 20)
    max_allocated_storage    = optional(number, 200)
    multi_az                 = optional(bool, true)
    backup_retention_days    = optional(number, 14)
    proxy                    = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.database == null || (nonsensitive(var.database_url == null) && var.database_secret == null && length(var.subnet_ids) == 0)
    error_message = "The database that is made here brings its address, its secret and its subnets along."
  }
}

variable "database_url" {
  description = "Another PostgreSQL that rows go to, postgresql://...?sslmode=verify-full; null for none. Who is let in belongs into database_secret; for trials it may stand here."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.database_url == null || can(regex("^postgres(ql)?://", var.database_url))
    error_message = "The address of a database begins with postgresql://."
  }
}

variable "database_secret" {
  description = "The ARN of the secret that says who is let in, {username, password} as RDS keeps it, or {url} with the whole address; null for none. The functions read it themselves, anew after a rotation."
  type        = string
  default     = null

  validation {
    condition     = var.database_secret == null || can(regex("^arn:[^:]+:secretsmanager:", var.database_secret))
    error_message = "A secret is named by its ARN."
  }
}

variable "catalog" {
  description = "Where deliveries are recorded; null for the database, where there is one, and else for DynamoDB."
  type        = string
  default     = null

  validation {
    condition     = var.catalog == null || contains(["dynamodb", "postgresql"], coalesce(var.catalog, "none"))
    error_message = "The catalog is dynamodb or postgresql."
  }
}

variable "subnet_ids" {
  description = "The private subnets from which the functions reach the database; empty for none. From there they need a way to S3, SQS, DynamoDB and what they tell, by endpoints of the VPC or a NAT gateway."
  type        = list(string)
  default     = []
}

variable "security_group_ids" {
  description = "The security groups of the functions in these subnets; the database's lets them in."
  type        = list(string)
  default     = []

  validation {
    condition     = (length(var.security_group_ids) > 0) == (length(var.subnet_ids) > 0)
    error_message = "Subnets and security groups come together."
  }
}

variable "feeds_uri" {
  description = "The file that names feeds, their contracts and sinks, below config/ in the results bucket; null for none, or, with a database, for all rows."
  type        = string
  default     = null

  validation {
    condition     = var.feeds_uri == null || can(regex("^s3://.+/config/.+$", var.feeds_uri))
    error_message = "Feeds lie below config/ in the results bucket: s3://<bucket>/config/feeds.yaml."
  }
}

variable "state_machine_arn" {
  description = "The state machine of Step Functions that is started with each event on the bus of event_bus_name, or on default; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.state_machine_arn == null || can(regex("^arn:[^:]+:states:.+:stateMachine:.+$", var.state_machine_arn))
    error_message = "A state machine is named by its ARN."
  }
}

variable "tell_topic" {
  description = "Whether there is an SNS topic, csvgate-deliveries, that is told what became of each delivery."
  type        = bool
  default     = false
}

variable "event_bus_name" {
  description = "The EventBridge bus that is told the same, such as default; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.event_bus_name == null || can(regex("^[A-Za-z0-9._/-]+$", var.event_bus_name))
    error_message = "A bus is named by letters, digits and . _ / -."
  }
}

variable "reconcile_schedule" {
  description = "How often bucket and catalog are compared, such as rate(1 day); null for only when somebody asks."
  type        = string
  default     = null

  validation {
    condition     = var.reconcile_schedule == null || can(regex("^(rate|cron)\\(.+\\)$", var.reconcile_schedule))
    error_message = "A schedule is rate(...) or cron(...)."
  }
}

variable "collector_endpoint" {
  description = "The OpenTelemetry collector that is told of every step of a file, by OTLP over HTTP, such as http://localhost:4318 for one in a layer; null for none. It takes a layer with OpenTelemetry (`make layer`)."
  type        = string
  default     = null

  validation {
    condition     = var.collector_endpoint == null || can(regex("^https?://[^/]+$", var.collector_endpoint))
    error_message = "A collector is http://host:port, without a path."
  }
}

variable "layers" {
  description = "The ARNs of what the functions have beside their zip, five at most; empty for nothing."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.layers) <= 5 && alltrue([for layer in var.layers : can(regex("^arn:[^:]+:lambda:.+:layer:.+:[0-9]+$", layer))])
    error_message = "A layer is named by the ARN of one of its versions, and a function takes five."
  }
}

variable "log_retention_days" {
  description = "How long the functions' logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827 or 3653 days."
  }
}

variable "alarm_topic_arn" {
  description = "The SNS topic that is told of alarms; null for nobody (the alarms still show in CloudWatch)."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_topic_arn == null || can(regex("^arn:[^:]+:sns:", var.alarm_topic_arn))
    error_message = "A topic is named by its ARN."
  }
}

variable "error_rate_percent" {
  description = "From how many of a hundred messages on, within five minutes, failures of a stage ring; 0 for only when a message has failed five times and is a dead letter."
  type        = number
  default     = 0

  validation {
    condition     = var.error_rate_percent >= 0 && var.error_rate_percent <= 100
    error_message = "A rate is 0 to 100 percent."
  }
}

variable "dashboard" {
  description = "Whether there is a dashboard, csvgate."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "A key of your own for buckets, queues, tables, logs, the topic and the functions' variables; null for the keys of AWS. Its policy lets s3.amazonaws.com, events.amazonaws.com and CloudWatch Logs use it, or no event arrives."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[^:]+:kms:.+:key/.+$", var.kms_key_arn))
    error_message = "A key is named by its ARN."
  }
}

variable "tags" {
  description = "Tags for everything that takes some."
  type        = map(string)
  default     = {}
}
