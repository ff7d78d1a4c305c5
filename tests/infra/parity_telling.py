"""Rules, topics, alarms and the dashboard of CloudFormation in, Terraform's out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.infra.parity_words import Planned, Properties, Translation, renamed


def _rule(given: Properties) -> Iterator[Planned]:
    names = {
        "Name": "name",
        "Description": "description",
        "ScheduleExpression": "schedule_expression",
        "EventBusName": "event_bus_name",
        "EventPattern": "event_pattern",
    }
    targets = given.pop("Targets")
    rule = renamed(given, names)
    yield "aws_cloudwatch_event_rule", rule
    for target in targets:
        dead = [renamed(target.get("DeadLetterConfig", {}), {"Arn": "arn"})]
        more = renamed(target, {"Id": "target_id", "Arn": "arn", "Input": "input", "RoleArn": "role_arn"})
        bus = {"event_bus_name": rule.get("event_bus_name")}
        yield "aws_cloudwatch_event_target", {"rule": rule["name"], **more, **bus, "dead_letter_config": dead}


def _topic(given: Properties) -> Iterator[Planned]:
    yield "aws_sns_topic", renamed(given, {"TopicName": "name", "KmsMasterKeyId": "kms_master_key_id"})


def _topic_policy(given: Properties) -> Iterator[Planned]:
    document = given.pop("PolicyDocument")
    for arn in given.pop("Topics"):
        yield "aws_sns_topic_policy", {"arn": arn, "policy": document}


def _alarm(given: Properties) -> Iterator[Planned]:
    names = {
        "AlarmName": "alarm_name",
        "AlarmDescription": "alarm_description",
        "Namespace": "namespace",
        "MetricName": "metric_name",
        "Statistic": "statistic",
        "ExtendedStatistic": "extended_statistic",
        "Period": "period",
        "EvaluationPeriods": "evaluation_periods",
        "DatapointsToAlarm": "datapoints_to_alarm",
        "ComparisonOperator": "comparison_operator",
        "TreatMissingData": "treat_missing_data",
        "AlarmActions": "alarm_actions",
    }
    dimensions = _dimensions(given.pop("Dimensions", ()))
    queries = [_query(dict(each)) for each in given.pop("Metrics", ())]
    more = {"threshold": float(given.pop("Threshold")), "dimensions": dimensions, "metric_query": queries}
    yield "aws_cloudwatch_metric_alarm", {**renamed(given, names), **more}


def _query(given: Properties) -> dict[str, object]:
    names = {"Id": "id", "Label": "label", "Expression": "expression", "ReturnData": "return_data"}
    return {**renamed(given, names), "metric": [_metric(**given["MetricStat"])] if "MetricStat" in given else []}


def _metric(Metric: Properties, Period: int, Stat: str) -> dict[str, object]:  # noqa: N803  as AWS calls them
    names = {"Namespace": "namespace", "MetricName": "metric_name"}
    more = {"dimensions": _dimensions(Metric["Dimensions"]), "period": Period, "stat": Stat}
    return {**renamed(dict(Metric), names), **more}


def _dimensions(given: Iterable[Properties]) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in given}


def _dashboard(given: Properties) -> Iterator[Planned]:
    names = {"DashboardName": "dashboard_name", "DashboardBody": "dashboard_body"}
    yield "aws_cloudwatch_dashboard", renamed(given, names)


TRANSLATIONS: dict[str, Translation] = {
    "CloudWatch::Alarm": _alarm,
    "CloudWatch::Dashboard": _dashboard,
    "Events::Rule": _rule,
    "SNS::Topic": _topic,
    "SNS::TopicPolicy": _topic_policy,
}
