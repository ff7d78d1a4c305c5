"""What the templates promise and an emulator does not check: limits that must agree, and settings that protect."""

from __future__ import annotations

from typing import Any

import pytest

from csvgate.aws.client import READ_SECONDS_OF
from csvgate.local import templates
from csvgate.variables import SETTINGS
from tests.infra.rendering import ACCOUNT, REGION, load, of_type, render

DAY = 86_400
# Network interfaces and no more: who may make log groups makes that of a removed stack anew, in the way of the next.
VPC_ACCESS = "arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
TIMEOUTS = load("pipeline")["Parameters"]["FunctionTimeout"]["AllowedValues"]
WORKING = ("ArrivalsQueue", "InspectedQueue")


def queues(**parameters: str) -> dict[str, Any]:
    """The queues of sqs.yaml."""
    return of_type(render("sqs", **parameters), "SQS::Queue")


def functions(**parameters: str) -> dict[str, Any]:
    """The functions of pipeline.yaml."""
    return of_type(render("pipeline", **parameters), "Lambda::Function")


@pytest.mark.parametrize("timeout", TIMEOUTS)
def test_a_message_stays_away_six_times_as_long_as_a_call_may_take(timeout: str) -> None:
    """And a claim outlives the call, but not the absence of the message."""
    for function in functions(FunctionTimeout=timeout).values():
        lease = int(function["Environment"]["Variables"]["CSVGATE_LEASE_SECONDS"])
        for name in WORKING:
            visibility = queues(FunctionTimeout=timeout)[name]["VisibilityTimeout"]
            assert visibility >= 6 * int(function["Timeout"])
            assert int(function["Timeout"]) < lease < visibility


@pytest.mark.parametrize("parameter", ["BucketName", "ResultsBucketName", "KeyPrefix", "FunctionTimeout"])
def test_what_several_templates_ask_for_has_one_default(parameter: str) -> None:
    """Each can be deployed without parameters, and they still fit together."""
    asked = [given for name in templates.ALL if (given := load(name)["Parameters"].get(parameter))]
    assert len(asked) > 1
    assert len({(given["Default"], str(given.get("AllowedValues"))) for given in asked}) == 1


@pytest.mark.parametrize("given", ["", "my-bucket"])
def test_all_templates_mean_the_same_bucket(given: str) -> None:
    """By the same rule, since a bucket that is deployed last cannot be referred to."""
    wanted = given or f"csvgate-arrivals-{ACCOUNT}-{REGION}"
    rule = render("sqs", BucketName=given)["ArrivalsRule"]["Properties"]["EventPattern"]
    variables = functions(BucketName=given)["InspectFunction"]["Environment"]["Variables"]
    bucket = render("s3", BucketName=given)["InboundBucket"]["Properties"]["BucketName"]
    assert rule["detail"]["bucket"]["name"] == [wanted]
    assert (variables["S3_BUCKET_NAME"], bucket) == (wanted, wanted)


@pytest.mark.parametrize(("working", "dead"), [(name, name.replace("Queue", "DeadQueue")) for name in WORKING])
def test_what_fails_five_times_is_kept_for_two_weeks(working: str, dead: str) -> None:
    """Longer than in the queue that it comes from: its age counts from the first sending."""
    found = queues()
    assert found[working]["RedrivePolicy"] == {"deadLetterTargetArn": f"att:{dead}.Arn", "maxReceiveCount": 5}
    assert found[working]["MessageRetentionPeriod"] < found[dead]["MessageRetentionPeriod"] == 14 * DAY
    allow = found[dead]["RedriveAllowPolicy"]
    assert allow["redrivePermission"] == "byQueue"
    assert allow["sourceQueueArns"] == [f"arn:aws:sqs:{REGION}:{ACCOUNT}:{found[working]['QueueName']}"]


def test_functions_know_how_often_a_message_is_received() -> None:
    """The last receive is the one that writes down the failure."""
    for function in functions().values():
        assert function["Environment"]["Variables"]["CSVGATE_MAX_RECEIVE_COUNT"] == "5"


def test_queues_are_encrypted_and_take_every_event() -> None:
    """A limit below the 64 KB of an S3 event would drop it without a word."""
    for queue in queues().values():
        assert queue["SqsManagedSseEnabled"] is True
        assert 65_536 <= queue["MaximumMessageSize"] <= 1_048_576


def test_the_dead_letter_queue_takes_whatever_the_queue_took() -> None:
    """Else a message could not be moved there."""
    found = queues()
    for name in WORKING:
        assert found[name.replace("Queue", "DeadQueue")]["MaximumMessageSize"] >= found[name]["MaximumMessageSize"]


@pytest.mark.parametrize("trigger", ["queue", "function"])
def test_every_mapping_hands_back_only_what_failed(trigger: str) -> None:
    """And is bounded by its own limit; a batch of more than ten would have to wait for a window."""
    mappings = of_type(render("pipeline", Trigger=trigger), "Lambda::EventSourceMapping")
    assert set(mappings) == {"ArrivalsMapping", "InspectedMapping"}
    for mapping in mappings.values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["BatchSize"] <= 10
        assert 2 <= mapping["ScalingConfig"]["MaximumConcurrency"] <= 1000


def test_logs_are_kept_under_the_functions_name_and_not_for_ever() -> None:
    """People look for them under /aws/lambda/<function>."""
    resources = render("pipeline")
    groups = of_type(resources, "Logs::LogGroup")
    assert {group["LogGroupName"] for group in groups.values()} == {
        f"/aws/lambda/{function['FunctionName']}" for function in functions().values()
    }
    assert all(int(group["RetentionInDays"]) == 30 for group in groups.values())


def test_functions_are_named_as_scripts_know_them() -> None:
    """`aws lambda invoke --function-name process_csv` goes on working."""
    handlers = {function["FunctionName"]: function["Handler"] for function in functions().values()}
    assert handlers == {"process_csv": "csvgate.lambdas.on_arrival", "record_csv": "csvgate.lambdas.on_inspected"}
    assert {function["Runtime"] for function in functions().values()} == {"python3.13"}


def test_functions_are_of_an_image_where_one_is_named() -> None:
    """Without what only a zip has; the image is told which of its handlers it is."""
    of_zip = functions(ReconcileSchedule="rate(1 day)")
    of_image = functions(ReconcileSchedule="rate(1 day)", ImageUri="registry/image@sha256:0", Layers="arn:layer")
    for name, function in of_image.items():
        assert (function["PackageType"], function["Code"]) == ("Image", {"ImageUri": "registry/image@sha256:0"})
        assert function["ImageConfig"]["Command"] == [of_zip[name]["Handler"]]
        assert {"Handler", "Runtime", "Layers"}.isdisjoint(function)
    assert {function["PackageType"] for function in of_zip.values()} == {"Zip"}


def test_the_environment_of_functions_holds_settings_only() -> None:
    """Every variable is one that settings.py reads; none is a secret, where no database is named."""
    known = {setting.name for setting in SETTINGS}
    for function in functions().values():
        variables = function["Environment"]["Variables"]
        assert variables.keys() <= known
        assert variables["CSVGATE_TARGET"] == "aws"


def test_all_functions_know_the_database_and_the_feeds_if_there_are_any() -> None:
    """An empty variable would be a setting that somebody made."""
    names = {"DATABASE_URL", "CSVGATE_FEEDS"}
    given = {"DatabaseUrl": "postgresql://db", "FeedsUri": "s3://results/config/feeds.yaml"}
    for function in functions(**given, ReconcileSchedule="rate(1 day)").values():
        variables = function["Environment"]["Variables"]
        assert {variables[name] for name in names} == set(given.values())
    for function in functions().values():
        assert names.isdisjoint(function["Environment"]["Variables"])
    assert load("pipeline")["Parameters"]["DatabaseUrl"]["NoEcho"] is True


def test_who_is_let_into_a_database_may_stay_a_secret() -> None:
    """No template, parameter or variable holds it: the functions read it when they need it."""
    for function in functions(DatabaseSecret="arn:db", ReconcileSchedule="rate(1 day)").values():
        variables = function["Environment"]["Variables"]
        assert variables["CSVGATE_DATABASE_SECRET"] == "arn:db"
        assert "DATABASE_URL" not in variables


def test_functions_are_in_a_vpc_only_where_subnets_are_named() -> None:
    """There they reach a database that nobody else reaches."""
    given = {"SubnetIds": "subnet-1,subnet-2", "SecurityGroupIds": "sg-1", "ReconcileSchedule": "rate(1 day)"}
    for function in functions(**given).values():
        assert function["VpcConfig"] == {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    for role in of_type(render("pipeline", **given), "IAM::Role").values():
        assert role["ManagedPolicyArns"] == [VPC_ACCESS]
    for function in functions(ReconcileSchedule="rate(1 day)").values():
        assert "VpcConfig" not in function
    for role in of_type(render("pipeline"), "IAM::Role").values():
        assert "ManagedPolicyArns" not in role


@pytest.mark.parametrize("given", [{"DatabaseUrl": "postgresql://db"}, {"FeedsUri": "s3://results/config/feeds.yaml"}])
def test_who_loads_rows_has_the_whole_time_of_a_call_for_each_delivery(given: dict[str, str]) -> None:
    """And the memory of who inspects; what only records goes by tens."""
    mapping = of_type(render("pipeline", **given), "Lambda::EventSourceMapping")["InspectedMapping"]
    assert (mapping["BatchSize"], functions(**given)["RecordFunction"]["MemorySize"]) == (1, "1024")
    plain = of_type(render("pipeline"), "Lambda::EventSourceMapping")["InspectedMapping"]
    assert (plain["BatchSize"], functions()["RecordFunction"]["MemorySize"]) == (10, 512)


def test_dead_letters_and_waiting_files_ring() -> None:
    """The first dead letter, and a quarter of an hour of waiting, on both queues; and what came to neither."""
    alarms = of_type(render("sqs"), "CloudWatch::Alarm")
    watched = {(alarm["MetricName"], alarm["Dimensions"][0]["Value"], alarm["Threshold"]) for alarm in alarms.values()}
    watched.remove(("InvocationsFailedToBeSentToDlq", "ref:ArrivalsRule", 1))
    assert watched == {
        ("ApproximateNumberOfMessagesVisible", "att:ArrivalsDeadQueue.QueueName", 1),
        ("ApproximateNumberOfMessagesVisible", "att:InspectedDeadQueue.QueueName", 1),
        ("ApproximateAgeOfOldestMessage", "att:ArrivalsQueue.QueueName", 900),
        ("ApproximateAgeOfOldestMessage", "att:InspectedQueue.QueueName", 900),
    }


@pytest.mark.parametrize(("name", "more"), [("sqs", {}), ("pipeline", {"Trigger": "function"})])
def test_alarms_tell_the_topic_if_there_is_one(name: str, more: dict[str, str]) -> None:
    """Without one they still show in CloudWatch."""
    for alarm in of_type(render(name, **more), "CloudWatch::Alarm").values():
        assert "AlarmActions" not in alarm
    for alarm in of_type(render(name, AlarmTopicArn="arn:topic", **more), "CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == ["arn:topic"]


def test_events_that_lambda_drops_ring_where_the_bucket_calls_it() -> None:
    """There no queue keeps them."""
    alarms = of_type(render("pipeline", Trigger="function"), "CloudWatch::Alarm")
    assert {alarm["MetricName"] for alarm in alarms.values()} == {"AsyncEventsDropped", "DestinationDeliveryFailures"}


@pytest.mark.parametrize("logical", ["InboundBucket", "ResultsBucket"])
def test_buckets_are_closed_versioned_encrypted_and_kept(logical: str) -> None:
    """Unfinished uploads, which nobody sees and everybody pays for, go after a day."""
    bucket = render("s3")[logical]
    properties = bucket["Properties"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert list(properties["PublicAccessBlockConfiguration"].values()) == [True] * 4
    assert properties["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (encryption,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    rule, *_ = properties["LifecycleConfiguration"]["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


def test_what_the_upload_service_notes_goes_when_nobody_asks_for_it_any_more() -> None:
    """A link for a sender lasts thirty days; whoever repeats a request does so sooner than in a week."""
    rules = render("s3")["ResultsBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "Prefix" in rule}
    assert days == {"uploads/": 7, "requests/": 7, "shares/": 31}


def test_what_was_taken_back_or_replaced_is_gone_after_a_month() -> None:
    """In the results bucket, which nobody reads by version; what arrived stays."""
    buckets = of_type(render("s3"), "S3::Bucket")
    rules = {name: bucket["LifecycleConfiguration"]["Rules"] for name, bucket in buckets.items()}
    (rule,) = (rule for rule in rules["ResultsBucket"] if rule["Id"] == "what-was-replaced")
    assert (rule["NoncurrentVersionExpiration"], "Prefix" in rule) == ({"NoncurrentDays": 30}, False)
    assert [rule["Id"] for rule in rules["InboundBucket"]] == ["unfinished-uploads"]


def test_what_was_found_in_files_is_forgotten_when_somebody_says_so() -> None:
    rules = render("s3", InspectionDays="400", QuarantineDays="90")["ResultsBucket"]["Properties"]
    days = {each["Prefix"]: each["ExpirationInDays"] for each in rules["LifecycleConfiguration"]["Rules"][-2:]}
    assert days == {"inspections/": "400", "quarantine/": "90"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"TargetQueueArn": "q", "TargetFunctionArn": "f"}, "QueueConfigurations"),
        ({"TargetFunctionArn": "f"}, "LambdaConfigurations"),
        ({}, "EventBridgeConfiguration"),
    ],
)
def test_the_bucket_tells_one_of_what_comes_and_of_what_goes(given: dict[str, str], told: str) -> None:
    """Two that are told would do everything twice."""
    configuration = render("s3", **given)["InboundBucket"]["Properties"]["NotificationConfiguration"]
    assert set(configuration) == {told}
    if told != "EventBridgeConfiguration":
        events = [target["Event"] for target in configuration[told]]
        assert events == ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"]


def test_a_hung_call_ends_before_the_function_that_makes_it() -> None:
    """And leaves it time for another attempt."""
    shortest = min(map(int, TIMEOUTS))
    for service in ("s3", "sqs", "dynamodb"):
        assert READ_SECONDS_OF[service] * 2 <= shortest


def test_a_prefix_holds_on_every_way() -> None:
    """By the bucket's own notification and through EventBridge."""
    bucket = render("s3", TargetQueueArn="q", KeyPrefix="in/")["InboundBucket"]["Properties"]
    for target in bucket["NotificationConfiguration"]["QueueConfigurations"]:
        assert target["Filter"] == {"S3Key": {"Rules": [{"Name": "prefix", "Value": "in/"}]}}
    rule = render("sqs", KeyPrefix="in/")["ArrivalsRule"]["Properties"]["EventPattern"]
    assert rule["detail"]["object"] == {"key": [{"prefix": "in/"}]}


@pytest.mark.parametrize("logical", ["MetadataTable", "DeliveriesTable", "RowsTable"])
def test_tables_are_encrypted_recoverable_and_kept(logical: str) -> None:
    """And cost nothing while nothing arrives."""
    table = render("dynamodb")[logical]
    properties = table["Properties"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["SSESpecification"]["SSEEnabled"] is True
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert properties["DeletionProtectionEnabled"] == "true"


def test_the_tables_have_the_agreed_keys() -> None:
    """The classic table is read by scripts; the other one answers the access patterns."""
    tables = of_type(render("dynamodb"), "DynamoDB::Table")
    classic, deliveries = tables["MetadataTable"], tables["DeliveriesTable"]
    assert classic["KeySchema"] == [{"AttributeName": "FileName", "KeyType": "HASH"}]
    keys = {
        index["IndexName"]: tuple(key["AttributeName"] for key in index["KeySchema"])
        for index in deliveries["GlobalSecondaryIndexes"]
    }
    assert keys == {
        "by-key": ("object", "arrived"),
        "by-day": ("day", "arrived"),
        "by-state": ("state_day", "arrived"),
        "by-verdict": ("verdict_day", "arrived"),
    }
