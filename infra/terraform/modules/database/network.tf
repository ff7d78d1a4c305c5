# Where the database is, and from where the functions reach it and AWS. A VPC that is made here has no gateway to the
# internet, and none from it.

data "aws_availability_zones" "available" {
  #checkov:skip=CKV_AWS_394:Asked once: a subnet stays in its zone, whatever zones come later.
  count = local.makes_vpc ? 1 : 0
  state = "available"
}

data "aws_region" "current" {}

locals {
  # Subnets come with their VPC, and how many there are is known also where they are made by the same plan.
  makes_vpc  = length(var.subnet_ids) == 0
  vpc_id     = local.makes_vpc ? aws_vpc.this[0].id : var.vpc_id
  subnet_ids = local.makes_vpc ? [for name in sort(keys(local.subnets)) : aws_subnet.this[name].id] : var.subnet_ids
  region     = data.aws_region.current.id

  subnets = !local.makes_vpc ? {} : {
    csvgate-1 = { range = "10.87.0.0/25", zone = data.aws_availability_zones.available[0].names[0] }
    csvgate-2 = { range = "10.87.0.128/25", zone = data.aws_availability_zones.available[0].names[1] }
  }

  gateways = local.makes_vpc ? toset(["s3", "dynamodb"]) : toset([])
  interfaces = toset(!local.makes_vpc ? [] : concat(
    ["sqs", "secretsmanager"],
    var.tell_topic ? ["sns"] : [],
    var.event_bus_name == null ? [] : ["events"],
  ))
}

resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11:It has no way out; who has to keep flow logs brings a VPC of their own.
  #checkov:skip=CKV2_AWS_12:Nothing is in its default group: everything here names its groups.
  count = local.makes_vpc ? 1 : 0

  cidr_block           = "10.87.0.0/24"
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = merge(var.tags, { Name = "csvgate" })
}

resource "aws_subnet" "this" {
  for_each = local.subnets

  vpc_id            = local.vpc_id
  cidr_block        = each.value.range
  availability_zone = each.value.zone
  tags              = merge(var.tags, { Name = each.key })

  # A zone that AWS adds may come first in the list, and would move them.
  lifecycle {
    ignore_changes = [availability_zone]
  }
}

resource "aws_route_table" "this" {
  count = local.makes_vpc ? 1 : 0

  vpc_id = local.vpc_id
  tags   = merge(var.tags, { Name = "csvgate" })
}

resource "aws_route_table_association" "this" {
  for_each = local.subnets

  subnet_id      = aws_subnet.this[each.key].id
  route_table_id = aws_route_table.this[0].id
}

resource "aws_vpc_endpoint" "gateway" {
  for_each = local.gateways

  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${local.region}.${each.key}"
  vpc_id            = local.vpc_id
  route_table_ids   = [aws_route_table.this[0].id]
  tags              = var.tags
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.interfaces

  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${local.region}.${each.key}"
  vpc_id              = local.vpc_id
  subnet_ids          = local.subnet_ids
  security_group_ids  = [aws_security_group.this["ways"].id]
  private_dns_enabled = true
  tags                = var.tags
}

locals {
  anywhere = "0.0.0.0/0"

  # Whoever is in the group of the functions reaches the database.
  all_groups = {
    functions = { when = true, description = "The functions of csvgate" }
    database  = { when = true, description = "The database of csvgate" }
    proxy     = { when = var.proxy, description = "The proxy of the database of csvgate" }
    ways      = { when = local.makes_vpc, description = "The ways to AWS, for the functions of csvgate" }
  }

  groups = { for name, group in local.all_groups : name => group if group.when }

  all_entries = {
    ways-functions     = { when = local.makes_vpc, into = "ways", from = "functions", port = 443, description = "The functions" }
    database-functions = { when = true, into = "database", from = "functions", port = 5432, description = "The functions" }
    database-clients   = { when = local.has_clients, into = "database", from = "clients", port = 5432, description = "Other clients" }
    database-proxy     = { when = var.proxy, into = "database", from = "proxy", port = 5432, description = "The proxy" }
    proxy-functions    = { when = var.proxy, into = "proxy", from = "functions", port = 5432, description = "The functions" }
    proxy-clients      = { when = var.proxy && local.has_clients, into = "proxy", from = "clients", port = 5432, description = "Other clients" }
  }

  entries     = { for name, entry in local.all_entries : name => entry if entry.when }
  has_clients = var.client_security_group_id != null

  # S3 and DynamoDB have public addresses also where the way to them is private.
  all_exits = {
    functions-aws      = { when = true, from = "functions", port = 443, description = "AWS" }
    functions-database = { when = true, from = "functions", port = 5432, description = "The database" }
    proxy-database     = { when = var.proxy, from = "proxy", port = 5432, description = "The database" }
  }

  exits = { for name, exit in local.all_exits : name => exit if exit.when }
}

resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:They are attached, which checkov does not see through the maps.
  for_each = local.groups

  name_prefix = "csvgate-${each.key}-"
  description = each.value.description
  vpc_id      = local.vpc_id
  tags        = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.entries

  security_group_id            = aws_security_group.this[each.value.into].id
  referenced_security_group_id = each.value.from == "clients" ? var.client_security_group_id : aws_security_group.this[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = each.value.description
  tags                         = var.tags
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = local.exits

  security_group_id = aws_security_group.this[each.value.from].id
  cidr_ipv4         = local.anywhere
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  description       = each.value.description
  tags              = var.tags
}
