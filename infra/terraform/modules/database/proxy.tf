# RDS Proxy, where it is wanted: it shares the connections to the database among many functions.

locals {
  # RDS answers with one; emulators do not.
  secret_arn = one(aws_db_instance.this.master_user_secret[*].secret_arn)
}

resource "aws_db_proxy" "this" {
  count = var.proxy ? 1 : 0

  name                   = "csvgate"
  engine_family          = "POSTGRESQL"
  require_tls            = true
  role_arn               = aws_iam_role.proxy[0].arn
  vpc_subnet_ids         = local.subnet_ids
  vpc_security_group_ids = [aws_security_group.this["proxy"].id]
  tags                   = var.tags

  auth {
    auth_scheme = "SECRETS"
    iam_auth    = "DISABLED"
    secret_arn  = local.secret_arn
  }
}

resource "aws_db_proxy_target" "this" {
  count = var.proxy ? 1 : 0

  db_proxy_name          = aws_db_proxy.this[0].name
  target_group_name      = "default"
  db_instance_identifier = aws_db_instance.this.identifier
}

# No condition on the account: nothing says that RDS names one when it takes this role for a proxy.
resource "aws_iam_role" "proxy" {
  count = var.proxy ? 1 : 0

  name_prefix = "csvgate-proxy-"
  tags        = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "rds.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "proxy" {
  count = var.proxy ? 1 : 0

  name = "proxy"
  role = aws_iam_role.proxy[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for right in [
      { Sid = "KnowWhoIsLetIn", Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = local.secret_arn },
      var.kms_key_arn == null ? null : {
        Sid       = "UseTheKey"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = var.kms_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.${local.suffix}" } }
      },
    ] : right if right != null]
  })
}
