"""The database that rds.yaml makes: closed, encrypted, kept, and reached by those who need it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.rendering import load, of_type, render

KEY = "arn:aws:kms:eu-central-1:123456789012:key/k"
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:s"
PROXY = {"ProxyRoleArn": "arn:aws:iam::123456789012:role/proxy"}
VPC = {"VpcId": "vpc-1", "SubnetIds": "subnet-1,subnet-2"}


def database(**parameters: str) -> dict[str, Any]:
    """The properties of the database."""
    (found,) = of_type(render("rds", **parameters), "RDS::DBInstance").values()
    return dict(found)


def entries(group: str, **parameters: str) -> set[tuple[str, int]]:
    """Who may come in, and at which port; only groups may, no addresses."""
    rules = of_type(render("rds", **parameters), "EC2::SecurityGroup")[group]["SecurityGroupIngress"]
    return {(rule["SourceSecurityGroupId"], rule["ToPort"]) for rule in rules if rule["FromPort"] == rule["ToPort"]}


def test_nobody_enters_without_tls() -> None:
    """The server refuses, and the address that clients get lets them check who answers."""
    (settings,) = of_type(render("rds"), "RDS::DBParameterGroup").values()
    assert settings["Parameters"]["rds.force_ssl"] == "1"
    told = str(load("rds")["Outputs"]["DatabaseUrl"]["Value"])
    assert told.count("sslmode=verify-full&sslrootcert=") == told.count("postgresql://") == 2


def test_the_password_is_made_kept_and_changed_by_rds_alone() -> None:
    found = database()
    assert found["ManageMasterUserPassword"] is True
    assert "MasterUserPassword" not in found
    assert database(KmsKeyArn=KEY)["MasterUserSecret"] == {"KmsKeyId": KEY}


def test_the_database_is_encrypted_hidden_and_kept() -> None:
    """Whoever deletes the stack has a snapshot; whoever deletes the database is refused first."""
    resource, found = render("rds")["Database"], database()
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Snapshot", "Snapshot")
    assert (found["StorageEncrypted"], found["PubliclyAccessible"], found["DeleteAutomatedBackups"]) == (
        True,
        False,
        False,
    )
    assert (found["DeletionProtection"], found["BackupRetentionPeriod"], found["MultiAZ"]) == ("true", "14", "true")
    assert database(KmsKeyArn=KEY)["KmsKeyId"] == KEY


@pytest.mark.parametrize("version", load("rds")["Parameters"]["EngineVersion"]["AllowedValues"])
def test_the_settings_are_those_of_the_version(version: str) -> None:
    resources = render("rds", EngineVersion=version)
    assert resources["Settings"]["Properties"]["Family"] == f"postgres{version}"
    assert resources["Database"]["Properties"]["EngineVersion"] == version


def test_only_named_groups_reach_the_database() -> None:
    functions = ("att:FunctionsGroup.GroupId", 5432)
    assert entries("DatabaseGroup") == {functions}
    assert entries("DatabaseGroup", ClientSecurityGroupId="sg-1") == {functions, ("sg-1", 5432)}
    assert entries("DatabaseGroup", **PROXY) == {functions, ("att:ProxyGroup.GroupId", 5432)}
    assert entries("ProxyGroup", **PROXY, ClientSecurityGroupId="sg-1") == {functions, ("sg-1", 5432)}


def test_a_vpc_of_its_own_has_no_way_to_the_internet_and_those_to_aws_that_functions_need() -> None:
    """In two zones."""
    resources = render("rds")
    assert not [kind for kind in resources.values() if "Gateway" in kind["Type"]]
    ways = of_type(resources, "EC2::VPCEndpoint").values()
    assert {way["ServiceName"].rpartition(".")[2] for way in ways} == {"s3", "dynamodb", "sqs", "secretsmanager"}
    assert len({subnet["AvailabilityZone"] for subnet in of_type(resources, "EC2::Subnet").values()}) == 2
    assert entries("WaysGroup") == {("att:FunctionsGroup.GroupId", 443)}


def test_who_is_told_is_reached_as_well() -> None:
    ways = of_type(render("rds", TellTopic="true", EventBusName="default"), "EC2::VPCEndpoint")
    assert {"WayToSns", "WayToEventBridge"} <= ways.keys()
    assert not of_type(render("rds", TellTopic="true", EventBusName="default", **VPC), "EC2::VPCEndpoint")


def test_in_a_vpc_that_is_there_nothing_of_a_network_is_made() -> None:
    resources = render("rds", **VPC)
    assert {found["Type"] for found in resources.values() if "EC2" in found["Type"]} == {"AWS::EC2::SecurityGroup"}
    assert resources["Subnets"]["Properties"]["SubnetIds"] == ["subnet-1", "subnet-2"]
    assert {group["VpcId"] for group in of_type(resources, "EC2::SecurityGroup").values()} == {"vpc-1"}


def test_a_proxy_is_there_where_it_has_a_role_and_asks_for_tls() -> None:
    proxy = render("rds", **PROXY)["DatabaseProxy"]["Properties"]
    assert (proxy["RequireTLS"], proxy["RoleArn"]) == (True, PROXY["ProxyRoleArn"])
    assert proxy["Auth"][0]["SecretArn"] == "att:Database.MasterUserSecret.SecretArn"
    assert not [name for name in render("rds") if "Proxy" in name]


def test_the_proxys_role_may_read_that_secret_alone() -> None:
    (policy,) = render("rds-roles", ProxySecret=SECRET, KmsKeyArn=KEY)["ProxyRole"]["Properties"]["Policies"]
    secret, key = policy["PolicyDocument"]["Statement"]
    assert (secret["Action"], secret["Resource"]) == ("secretsmanager:GetSecretValue", SECRET)
    assert (key["Action"], key["Resource"]) == ("kms:Decrypt", KEY)
    assert "ProxyRole" not in render("rds-roles")


def test_the_machine_is_measured_where_there_is_a_role_for_it() -> None:
    assert (database()["MonitoringInterval"], "MonitoringRoleArn" in database()) == (0, False)
    measured = database(MonitoringRoleArn="arn:aws:iam::123456789012:role/m")
    assert (measured["MonitoringInterval"], measured["MonitoringRoleArn"][-2:]) == (60, "/m")
