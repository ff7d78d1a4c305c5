# A PostgreSQL for the rows of files: encrypted, entered by TLS only, with a password that RDS keeps and changes.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  suffix    = data.aws_partition.current.dns_suffix
}

resource "aws_db_subnet_group" "this" {
  name_prefix = "csvgate-"
  description = "Where the database of csvgate may be"
  subnet_ids  = local.subnet_ids
  tags        = var.tags
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "csvgate-"
  description = "The settings of the database of csvgate"
  family      = "postgres${var.engine_version}"
  tags        = var.tags

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # What is slow shows in the log, and statements only then: they hold no values of cells, but names of files.
  parameter {
    name  = "log_min_duration_statement"
    value = "10000"
  }

  # Another version of PostgreSQL has another group, and the database leaves the old one first.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_293:It is protected by default; who removes it says so first.
  identifier                          = "csvgate"
  db_name                             = "csvgate"
  engine                              = "postgres"
  engine_version                      = var.engine_version
  allow_major_version_upgrade         = true # whoever names another version means it
  instance_class                      = var.instance_class
  username                            = "csvgate"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = var.kms_key_arn
  storage_type                        = "gp3"
  storage_encrypted                   = true
  kms_key_id                          = var.kms_key_arn
  allocated_storage                   = var.allocated_storage
  max_allocated_storage               = var.max_allocated_storage
  multi_az                            = var.multi_az
  publicly_accessible                 = false
  db_subnet_group_name                = aws_db_subnet_group.this.name
  vpc_security_group_ids              = [aws_security_group.this["database"].id]
  parameter_group_name                = aws_db_parameter_group.this.name
  backup_retention_period             = var.backup_retention_days
  copy_tags_to_snapshot               = true
  delete_automated_backups            = false
  deletion_protection                 = var.deletion_protection
  skip_final_snapshot                 = false
  final_snapshot_identifier           = "${aws_db_subnet_group.this.name}-final" # another one each time: RDS takes a name once
  auto_minor_version_upgrade          = true
  apply_immediately                   = true # as CloudFormation does; till its window it would stay in the old parameter group
  iam_database_authentication_enabled = true
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  performance_insights_enabled        = true
  performance_insights_kms_key_id     = var.kms_key_arn
  monitoring_interval                 = 60
  monitoring_role_arn                 = aws_iam_role.monitoring.arn
  tags                                = var.tags

  # RDS tries whether the role suffices.
  depends_on = [aws_iam_role_policy_attachment.monitoring]
}

resource "aws_iam_role" "monitoring" {
  name_prefix = "csvgate-monitoring-"
  tags        = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
