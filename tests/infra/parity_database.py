"""The database of CloudFormation and where it is in, Terraform's out."""

from __future__ import annotations

from collections.abc import Iterator

from tests.infra.parity_words import Planned, Properties, Translation, renamed

INSTANCE = {
    "DBInstanceIdentifier": "identifier",
    "DBName": "db_name",
    "Engine": "engine",
    "EngineVersion": "engine_version",
    "AllowMajorVersionUpgrade": "allow_major_version_upgrade",
    "DBInstanceClass": "instance_class",
    "MasterUsername": "username",
    "ManageMasterUserPassword": "manage_master_user_password",
    "StorageType": "storage_type",
    "StorageEncrypted": "storage_encrypted",
    "KmsKeyId": "kms_key_id",
    "PubliclyAccessible": "publicly_accessible",
    "DBSubnetGroupName": "db_subnet_group_name",
    "VPCSecurityGroups": "vpc_security_group_ids",
    "DBParameterGroupName": "parameter_group_name",
    "CopyTagsToSnapshot": "copy_tags_to_snapshot",
    "DeleteAutomatedBackups": "delete_automated_backups",
    "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    "EnableIAMDatabaseAuthentication": "iam_database_authentication_enabled",
    "EnableCloudwatchLogsExports": "enabled_cloudwatch_logs_exports",
    "EnablePerformanceInsights": "performance_insights_enabled",
    "PerformanceInsightsKMSKeyId": "performance_insights_kms_key_id",
    "MonitoringInterval": "monitoring_interval",
    "MonitoringRoleArn": "monitoring_role_arn",
}
NUMBERS = {
    "AllocatedStorage": "allocated_storage",
    "MaxAllocatedStorage": "max_allocated_storage",
    "BackupRetentionPeriod": "backup_retention_period",
}
CHOICES = {"MultiAZ": "multi_az", "DeletionProtection": "deletion_protection"}


def _instance(given: Properties) -> Iterator[Planned]:
    made = renamed(given, INSTANCE)
    made |= {name: int(value) for name, value in renamed(given, NUMBERS).items()}
    made |= {name: value == "true" for name, value in renamed(given, CHOICES).items()}
    made["master_user_secret_kms_key_id"] = given.pop("MasterUserSecret", {}).get("KmsKeyId")
    yield "aws_db_instance", made


def _subnet_group(given: Properties) -> Iterator[Planned]:
    names = {"Name": "name", "DBSubnetGroupDescription": "description", "SubnetIds": "subnet_ids"}
    yield "aws_db_subnet_group", renamed(given, names)


def _parameter_group(given: Properties) -> Iterator[Planned]:
    parameters = [{"name": name, "value": value} for name, value in given.pop("Parameters").items()]
    made = renamed(given, {"Name": "name", "Description": "description", "Family": "family"})
    yield "aws_db_parameter_group", {**made, "parameter": parameters}


def _proxy(given: Properties) -> Iterator[Planned]:
    names = {
        "DBProxyName": "name",
        "EngineFamily": "engine_family",
        "RequireTLS": "require_tls",
        "RoleArn": "role_arn",
        "VpcSubnetIds": "vpc_subnet_ids",
        "VpcSecurityGroupIds": "vpc_security_group_ids",
    }
    ways = {"AuthScheme": "auth_scheme", "IAMAuth": "iam_auth", "SecretArn": "secret_arn"}
    yield "aws_db_proxy", {**renamed(given, names), "auth": [renamed(way, ways) for way in given.pop("Auth")]}


def _proxy_targets(given: Properties) -> Iterator[Planned]:
    (instance,) = given.pop("DBInstanceIdentifiers")
    names = {"DBProxyName": "db_proxy_name", "TargetGroupName": "target_group_name"}
    yield "aws_db_proxy_target", {**renamed(given, names), "db_instance_identifier": instance}


def _vpc(given: Properties) -> Iterator[Planned]:
    names = {
        "CidrBlock": "cidr_block",
        "EnableDnsSupport": "enable_dns_support",
        "EnableDnsHostnames": "enable_dns_hostnames",
    }
    yield "aws_vpc", {**renamed(given, names), "tags": _tags(given)}


def _subnet(given: Properties) -> Iterator[Planned]:
    names = {"CidrBlock": "cidr_block", "VpcId": "vpc_id", "AvailabilityZone": "availability_zone"}
    yield "aws_subnet", {**renamed(given, names), "tags": _tags(given)}


def _routes(given: Properties) -> Iterator[Planned]:
    yield "aws_route_table", {**renamed(given, {"VpcId": "vpc_id"}), "tags": _tags(given)}


def _association(given: Properties) -> Iterator[Planned]:
    names = {"SubnetId": "subnet_id", "RouteTableId": "route_table_id"}
    yield "aws_route_table_association", renamed(given, names)


def _tags(given: Properties) -> Properties:
    return {tag["Key"]: tag["Value"] for tag in given.pop("Tags")}


def _endpoint(given: Properties) -> Iterator[Planned]:
    names = {
        "ServiceName": "service_name",
        "VpcEndpointType": "vpc_endpoint_type",
        "VpcId": "vpc_id",
        "RouteTableIds": "route_table_ids",
        "SubnetIds": "subnet_ids",
        "SecurityGroupIds": "security_group_ids",
        "PrivateDnsEnabled": "private_dns_enabled",
    }
    yield "aws_vpc_endpoint", renamed(given, names)


def _group(given: Properties) -> Iterator[Planned]:
    group = given.pop("GroupId")
    yield "aws_security_group", renamed(given, {"GroupDescription": "description", "VpcId": "vpc_id"})
    for rule in given.pop("SecurityGroupIngress", ()):
        yield "aws_vpc_security_group_ingress_rule", {"security_group_id": group, **_rule(rule)}
    for rule in given.pop("SecurityGroupEgress"):
        # Without a rule CloudFormation lets everything out, and Terraform nothing.
        if rule["Description"] != "Nowhere":
            yield "aws_vpc_security_group_egress_rule", {"security_group_id": group, **_rule(rule)}


def _rule(given: Properties) -> Properties:
    names = {
        "Description": "description",
        "IpProtocol": "ip_protocol",
        "FromPort": "from_port",
        "ToPort": "to_port",
        "CidrIp": "cidr_ipv4",
        "SourceSecurityGroupId": "referenced_security_group_id",
    }
    return renamed(given, names)


TRANSLATIONS: dict[str, Translation] = {
    "EC2::RouteTable": _routes,
    "EC2::SecurityGroup": _group,
    "EC2::Subnet": _subnet,
    "EC2::SubnetRouteTableAssociation": _association,
    "EC2::VPC": _vpc,
    "EC2::VPCEndpoint": _endpoint,
    "RDS::DBInstance": _instance,
    "RDS::DBParameterGroup": _parameter_group,
    "RDS::DBProxy": _proxy,
    "RDS::DBProxyTargetGroup": _proxy_targets,
    "RDS::DBSubnetGroup": _subnet_group,
}
