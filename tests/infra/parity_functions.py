"""Functions of CloudFormation, their roles and their logs in, Terraform's out."""

from __future__ import annotations

from collections.abc import Iterator

from tests.infra.parity_words import Planned, Properties, Translation, renamed


def _function(given: Properties) -> Iterator[Planned]:
    image = given.pop("Code").get("ImageUri")  # else a zip in a bucket there, a zip of this machine here
    command = given.pop("ImageConfig", {}).get("Command")
    names = {
        "FunctionName": "function_name",
        "Description": "description",
        "PackageType": "package_type",
        "Handler": "handler",
        "Runtime": "runtime",
        "Architectures": "architectures",
        "Layers": "layers",
        "Role": "role",
        "KmsKeyArn": "kms_key_arn",
    }
    vpc = renamed(given.pop("VpcConfig", {}), {"SecurityGroupIds": "security_group_ids", "SubnetIds": "subnet_ids"})
    yield (
        "aws_lambda_function",
        {
            **renamed(given, names),
            "image_uri": image,
            "image_config": [{"command": command}] if command else [],
            "memory_size": int(given.pop("MemorySize")),
            "timeout": int(given.pop("Timeout")),
            "logging_config": [{"log_format": "Text", "log_group": given.pop("LoggingConfig")["LogGroup"]}],
            "environment": [{"variables": given.pop("Environment")["Variables"]}],
            "vpc_config": [vpc],
        },
    )


def _mapping(given: Properties) -> Iterator[Planned]:
    names = {
        "EventSourceArn": "event_source_arn",
        "FunctionName": "function_name",
        "BatchSize": "batch_size",
        "FunctionResponseTypes": "function_response_types",
    }
    scaling = [{"maximum_concurrency": given.pop("ScalingConfig")["MaximumConcurrency"]}]
    yield "aws_lambda_event_source_mapping", {**renamed(given, names), "scaling_config": scaling}


def _permission(given: Properties) -> Iterator[Planned]:
    names = {
        "SourceArn": "source_arn",
        "FunctionName": "function_name",
        "Action": "action",
        "Principal": "principal",
        "SourceAccount": "source_account",
    }
    yield "aws_lambda_permission", renamed(given, names)


def _invoke_config(given: Properties) -> Iterator[Planned]:
    names = {
        "FunctionName": "function_name",
        "Qualifier": "qualifier",
        "MaximumRetryAttempts": "maximum_retry_attempts",
        "MaximumEventAgeInSeconds": "maximum_event_age_in_seconds",
    }
    on_failure = [{"destination": given.pop("DestinationConfig")["OnFailure"]["Destination"]}]
    destination = [{"on_failure": on_failure}]
    yield "aws_lambda_function_event_invoke_config", {**renamed(given, names), "destination_config": destination}


def _logs(given: Properties) -> Iterator[Planned]:
    days = int(given.pop("RetentionInDays"))
    named = renamed(given, {"LogGroupName": "name", "KmsKeyId": "kms_key_id"})
    yield "aws_cloudwatch_log_group", {**named, "retention_in_days": days}


def _role(given: Properties) -> Iterator[Planned]:
    role = given.pop("RoleName")
    yield "aws_iam_role", {"name": role, "assume_role_policy": given.pop("AssumeRolePolicyDocument")}
    for each in given.pop("Policies", ()):
        yield "aws_iam_role_policy", {"role": role, "name": each["PolicyName"], "policy": each["PolicyDocument"]}
    for arn in given.pop("ManagedPolicyArns", ()):
        yield "aws_iam_role_policy_attachment", {"role": role, "policy_arn": arn}


TRANSLATIONS: dict[str, Translation] = {
    "IAM::Role": _role,
    "Lambda::EventInvokeConfig": _invoke_config,
    "Lambda::EventSourceMapping": _mapping,
    "Lambda::Function": _function,
    "Lambda::Permission": _permission,
    "Logs::LogGroup": _logs,
}
