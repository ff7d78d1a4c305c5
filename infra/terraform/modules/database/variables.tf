# What may be asked for. Everything has a default; names are those of the parameters of rds.yaml, but roles are made here.

variable "vpc_id" {
  description = "The VPC for the database; null for one that is made here, with the ways to AWS that the functions need from there."
  type        = string
  default     = null
}

variable "subnet_ids" {
  description = "With a VPC, private subnets of it in two zones or more. From there the functions need their ways to AWS."
  type        = list(string)
  default     = []

  validation {
    condition     = var.vpc_id == null ? length(var.subnet_ids) == 0 : length(var.subnet_ids) >= 2
    error_message = "A VPC comes with two subnets or more of it, and subnets with their VPC."
  }
}

variable "client_security_group_id" {
  description = "Whom the database lets in beside the functions, such as the workers of a cluster; null for nobody."
  type        = string
  default     = null
}

variable "engine_version" {
  description = "The major version of PostgreSQL; RDS chooses and renews the minor one."
  type        = string
  default     = "17"

  validation {
    condition     = contains(["15", "16", "17"], var.engine_version)
    error_message = "The version is 15, 16 or 17."
  }
}

variable "instance_class" {
  description = "How large it is."
  type        = string
  default     = "db.t4g.small"

  validation {
    condition     = can(regex("^db\\.[a-z0-9.-]+$", var.instance_class))
    error_message = "A class begins with db."
  }
}

variable "allocated_storage" {
  description = "Gigabytes to begin with; storage grows by itself."
  type        = number
  default     = 20

  validation {
    condition     = var.allocated_storage >= 20
    error_message = "RDS begins with 20 gigabytes."
  }
}

variable "max_allocated_storage" {
  description = "Gigabytes that it may grow to."
  type        = number
  default     = 200

  validation {
    condition     = var.max_allocated_storage >= 1.1 * var.allocated_storage
    error_message = "It may grow by a tenth at least."
  }
}

variable "multi_az" {
  description = "Whether a standby in another zone takes over when this one fails; it costs as much again."
  type        = bool
  default     = true
}

variable "backup_retention_days" {
  description = "For how long any moment can be restored."
  type        = number
  default     = 14

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "RDS keeps backups for 1 to 35 days."
  }
}

variable "deletion_protection" {
  description = "Whether the database refuses to be deleted, by whomever. A snapshot stays in any case."
  type        = bool
  default     = true
}

variable "proxy" {
  description = "Whether RDS Proxy stands before the database and shares its connections among many functions."
  type        = bool
  default     = false
}

variable "kms_key_arn" {
  description = "A key of your own for storage, snapshots and the secret; null for those of AWS."
  type        = string
  default     = null
}

variable "tell_topic" {
  description = "As for the functions; from a VPC that is made here, they then have a way to SNS."
  type        = bool
  default     = false
}

variable "event_bus_name" {
  description = "As for the functions, also for a state machine (default); then there is a way to EventBridge."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags for everything that takes some."
  type        = map(string)
  default     = {}
}
