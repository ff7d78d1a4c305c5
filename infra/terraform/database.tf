# The database, where one is wanted: its address, who is let in, and from where the functions reach it.

module "database" {
  count  = var.database == null ? 0 : 1
  source = "./modules/database"

  vpc_id                   = var.database.vpc_id
  subnet_ids               = var.database.subnet_ids
  client_security_group_id = var.database.client_security_group_id
  engine_version           = var.database.engine_version
  instance_class           = var.database.instance_class
  allocated_storage        = var.database.allocated_storage
  max_allocated_storage    = var.database.max_allocated_storage
  multi_az                 = var.database.multi_az
  backup_retention_days    = var.database.backup_retention_days
  proxy                    = var.database.proxy
  deletion_protection      = var.deletion_protection
  kms_key_arn              = var.kms_key_arn
  tell_topic               = var.tell_topic
  event_bus_name           = local.event_bus
  tags                     = var.tags
}

locals {
  makes_database = var.database != null
  has_address    = local.makes_database || nonsensitive(var.database_url != null)
  has_secret     = local.makes_database || var.database_secret != null
  has_database   = local.has_address ? true : local.has_secret # a secret of the same plan may be unknown, an address seldom is
  is_in_vpc      = local.makes_database || length(var.subnet_ids) > 0

  database_url       = local.makes_database ? module.database[0].database_url : var.database_url
  database_secret    = local.makes_database ? module.database[0].database_secret : var.database_secret
  subnet_ids         = local.makes_database ? module.database[0].subnet_ids : var.subnet_ids
  security_group_ids = local.makes_database ? [module.database[0].security_group_id] : var.security_group_ids
}
