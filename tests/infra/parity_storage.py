"""Buckets, queues and tables of CloudFormation in, Terraform's out."""

from __future__ import annotations

from collections.abc import Iterator

from tests.infra.parity_words import Planned, Properties, Translation, renamed

ACCESS_LOG = {"DestinationBucketName": "target_bucket", "LogFilePrefix": "target_prefix"}


def _bucket(given: Properties) -> Iterator[Planned]:
    bucket = given.pop("BucketName")
    for kind, made in (
        ("", {}),
        ("_versioning", {"versioning_configuration": [{"status": given.pop("VersioningConfiguration")["Status"]}]}),
        ("_ownership_controls", {"rule": _owners(given.pop("OwnershipControls"))}),
        ("_public_access_block", _access(given.pop("PublicAccessBlockConfiguration"))),
        ("_server_side_encryption_configuration", {"rule": _encryption(given.pop("BucketEncryption"))}),
        ("_logging", renamed(given.pop("LoggingConfiguration", {}), ACCESS_LOG)),
        ("_lifecycle_configuration", {"rule": _lifecycle(given.pop("LifecycleConfiguration"))}),
        ("_cors_configuration", _cors(given.pop("CorsConfiguration", {}))),
        ("_notification", _notification(given.pop("NotificationConfiguration", {}))),
    ):
        if made or not kind:
            yield f"aws_s3_bucket{kind}", {"bucket": bucket, **made}


def _owners(controls: Properties) -> list[Properties]:
    return [{"object_ownership": rule["ObjectOwnership"]} for rule in controls["Rules"]]


def _access(block: Properties) -> Properties:
    names = {"BlockPublicAcls": "block_public_acls", "BlockPublicPolicy": "block_public_policy"}
    more = {"IgnorePublicAcls": "ignore_public_acls", "RestrictPublicBuckets": "restrict_public_buckets"}
    return renamed(block, {**names, **more})


def _encryption(encryption: Properties) -> list[Properties]:
    names = {"SSEAlgorithm": "sse_algorithm", "KMSMasterKeyID": "kms_master_key_id"}
    return [
        {
            "apply_server_side_encryption_by_default": [renamed(rule["ServerSideEncryptionByDefault"], names)],
            "bucket_key_enabled": rule.get("BucketKeyEnabled", False),
        }
        for rule in encryption["ServerSideEncryptionConfiguration"]
    ]


def _lifecycle(configuration: Properties) -> list[Properties]:
    return [
        {
            "id": rule["Id"],
            "status": rule["Status"],
            "filter": [{"prefix": rule.get("Prefix")}],
            "expiration": [{"days": int(rule.get("ExpirationInDays", 0))}],
            "noncurrent_version_expiration": [
                {"noncurrent_days": rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays")}
            ],
            "abort_incomplete_multipart_upload": [
                {"days_after_initiation": rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")}
            ],
        }
        for rule in configuration["Rules"]
    ]


def _cors(configuration: Properties) -> Properties:
    names = {"AllowedOrigins": "allowed_origins", "AllowedMethods": "allowed_methods"}
    more = {"ExposedHeaders": "expose_headers", "MaxAge": "max_age_seconds"}
    rules = [renamed(rule, {**names, **more}) for rule in configuration.get("CorsRules", ())]
    return {"cors_rule": rules} if rules else {}


def _notification(told: Properties) -> Properties:
    return {
        **{
            attribute: [_told(each, target, arn) for each in told[configured]]
            for configured, attribute, target, arn in (
                ("QueueConfigurations", "queue", "Queue", "queue_arn"),
                ("LambdaConfigurations", "lambda_function", "Function", "lambda_function_arn"),
            )
            if configured in told
        },
        **({"eventbridge": True} if "EventBridgeConfiguration" in told else {}),
    }


def _told(each: Properties, target: str, arn: str) -> Properties:
    rules = each.get("Filter", {}).get("S3Key", {}).get("Rules", ())
    return {"events": [each["Event"]], arn: each[target], **{f"filter_{rule['Name']}": rule["Value"] for rule in rules}}


def _bucket_policy(given: Properties) -> Iterator[Planned]:
    yield "aws_s3_bucket_policy", {"bucket": given.pop("Bucket"), "policy": given.pop("PolicyDocument")}


def _queue(given: Properties) -> Iterator[Planned]:
    names = {
        "QueueName": "name",
        "VisibilityTimeout": "visibility_timeout_seconds",
        "MessageRetentionPeriod": "message_retention_seconds",
        "MaximumMessageSize": "max_message_size",
        "ReceiveMessageWaitTimeSeconds": "receive_wait_time_seconds",
        "SqsManagedSseEnabled": "sqs_managed_sse_enabled",
        "KmsMasterKeyId": "kms_master_key_id",
        "KmsDataKeyReusePeriodSeconds": "kms_data_key_reuse_period_seconds",
        "RedrivePolicy": "redrive_policy",
        "RedriveAllowPolicy": "redrive_allow_policy",
    }
    yield "aws_sqs_queue", renamed(given, names)


def _queue_policy(given: Properties) -> Iterator[Planned]:
    document = given.pop("PolicyDocument")
    for url in given.pop("Queues"):
        yield "aws_sqs_queue_policy", {"queue_url": url, "policy": document}


def _table(given: Properties) -> Iterator[Planned]:
    names = {"AttributeName": "name", "AttributeType": "type"}
    attributes = [renamed(each, names) for each in given.pop("AttributeDefinitions")]
    encryption = renamed(given.pop("SSESpecification"), {"SSEEnabled": "enabled", "KMSMasterKeyId": "kms_key_arn"})
    recovery = given.pop("PointInTimeRecoverySpecification")["PointInTimeRecoveryEnabled"]
    yield (
        "aws_dynamodb_table",
        {
            **renamed(given, {"TableName": "name", "BillingMode": "billing_mode"}),
            **_keys(given.pop("KeySchema")),
            "attribute": attributes,
            "global_secondary_index": list(map(_index, given.pop("GlobalSecondaryIndexes", ()))),
            "server_side_encryption": [encryption],
            "point_in_time_recovery": [{"enabled": recovery}],
            "deletion_protection_enabled": given.pop("DeletionProtectionEnabled") == "true",
        },
    )


def _keys(schema: list[Properties]) -> Properties:
    kinds = {"HASH": "hash_key", "RANGE": "range_key"}
    return {kinds[key["KeyType"]]: key["AttributeName"] for key in schema}


def _index(given: Properties) -> Properties:
    projection = given["Projection"]["ProjectionType"]
    return {"name": given["IndexName"], **_keys(given["KeySchema"]), "projection_type": projection}


TRANSLATIONS: dict[str, Translation] = {
    "DynamoDB::Table": _table,
    "S3::Bucket": _bucket,
    "S3::BucketPolicy": _bucket_policy,
    "SQS::Queue": _queue,
    "SQS::QueuePolicy": _queue_policy,
}
