"""The dashboard and the alarms beside it: every figure that they name is one that somebody writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from csvgate.telemetry.emf import NAMESPACE, STACK
from csvgate.telemetry.metrics import METRICS
from tests.infra.rendering import ACCOUNT, REGION, load, of_type, render

BUCKET = f"csvgate-arrivals-{ACCOUNT}-{REGION}"
SCHEDULED = {"ReconcileSchedule": "rate(1 day)"}
SEARCH = re.compile(r"SEARCH\('\{csvgate,bucket,([\w,]+)\} MetricName=\"(\w+)\" bucket=\"([\w-]+)\"")


def widgets(**parameters: str) -> list[dict[str, Any]]:
    """What the dashboard shows."""
    body = json.loads(render("dashboard", **parameters)["Dashboard"]["Properties"]["DashboardBody"])
    return [widget["properties"] for widget in body["widgets"]]


def shown() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Namespace, name and dimensions of every metric that a widget names."""
    for widget in widgets():
        for metric in widget["metrics"]:
            namespace, name, *dimensions = [part for part in metric if isinstance(part, str)] or ("", "")
            if namespace:
                yield namespace, name, dict(zip(dimensions[::2], dimensions[1::2], strict=True))


def alarms(**parameters: str) -> dict[str, dict[str, Any]]:
    """The alarms by their names."""
    found = of_type(render("dashboard", **parameters), "CloudWatch::Alarm").values()
    return {alarm["AlarmName"]: alarm for alarm in found}


def views(name: str) -> set[tuple[str, ...]]:
    """By which labels CloudWatch keeps a figure of ours."""
    return set(METRICS[f"{NAMESPACE}_{name}"].views)


def test_every_figure_of_ours_is_one_that_functions_write() -> None:
    """With the labels by which it is kept; nothing else would be drawn."""
    ours = [(name, dimensions) for namespace, name, dimensions in shown() if namespace == NAMESPACE]
    assert len(ours) >= 8
    for name, dimensions in ours:
        assert dimensions.pop(STACK) == BUCKET
        assert tuple(dimensions) in views(name)


def test_every_search_is_for_a_figure_of_ours() -> None:
    expressions = [
        metric[0]["expression"] for widget in widgets() for metric in widget["metrics"] if isinstance(metric[0], dict)
    ]
    searches = [SEARCH.search(expression) for expression in expressions if "SEARCH" in expression]
    assert len(searches) == 6
    for search in searches:
        assert search is not None
        assert tuple(search[1].split(",")) in views(search[2])
        assert search[3] == BUCKET


def test_every_function_and_queue_is_one_that_the_stacks_make() -> None:
    functions = of_type(render("pipeline", **SCHEDULED), "Lambda::Function").values()
    names = {each["FunctionName"] for each in functions} | {
        each["QueueName"] for each in of_type(render("sqs"), "SQS::Queue").values()
    }
    assert {value for space, _, named in shown() for value in named.values() if space != NAMESPACE} == names


def test_what_went_wrong_rings() -> None:
    """Errors, throttles and slow calls of each function; differences, silent feeds and untold word of the stack."""
    functions = {
        f"csvgate-{f}-{a}" for f in ("inspect", "record", "reconcile") for a in ("errors", "throttles", "slow")
    }
    stack = {"csvgate-reconcile-differences", "csvgate-feed-overdue", "csvgate-outbox-age"}
    assert alarms().keys() == functions | stack | {"csvgate-state-machine"}
    for name in stack:
        (dimension,) = alarms(BucketName="mine")[name]["Dimensions"]
        assert dimension == {"Name": STACK, "Value": "mine"}
        assert () in views(alarms()[name]["MetricName"])


@pytest.mark.parametrize("timeout", load("pipeline")["Parameters"]["FunctionTimeout"]["AllowedValues"])
def test_a_call_is_slow_before_it_runs_out_of_time(timeout: str) -> None:
    functions = of_type(render("pipeline", FunctionTimeout=timeout, **SCHEDULED), "Lambda::Function").values()
    limits = {each["FunctionName"]: int(each["Timeout"]) * 1000 for each in functions}
    slow = [each for name, each in alarms(FunctionTimeout=timeout).items() if name.endswith("-slow")]
    for alarm in slow:
        assert int(alarm["Threshold"]) == limits.pop(alarm["Dimensions"][0]["Value"]) * 0.8
    assert limits == {}


def test_how_many_failures_ring_is_for_who_runs_it_to_say() -> None:
    """Of the messages of each stage that came; without a rate nobody is rung for what goes through the next time."""
    rates = [each for name, each in alarms(ErrorRatePercent="5").items() if name.endswith("-error-rate")]
    asked = [query["MetricStat"]["Metric"] for each in rates for query in each["Metrics"] if "MetricStat" in query]
    dimensions = [{each["Name"]: each["Value"] for each in metric["Dimensions"]} for metric in asked]
    assert [(each[STACK], each["stage"]) for each in dimensions] == [
        (BUCKET, s) for s in ("inspect", "record") for _ in "12"
    ]
    assert {(STACK, *views) for views in views(asked[0]["MetricName"])} >= {tuple(each) for each in dimensions}
    assert [float(each["Threshold"]) for each in rates] == [5, 5]


@pytest.mark.parametrize(("bus", "named"), [("", {}), ("default", {}), ("own", {"EventBusName": "own"})])
def test_a_state_machine_that_cannot_be_started_rings(bus: str, named: dict[str, str]) -> None:
    """CloudWatch knows a rule by its bus as well, unless that is the account's own one."""
    dimensions = alarms(EventBusName=bus)["csvgate-state-machine"]["Dimensions"]
    rules = of_type(render("pipeline", StateMachineArn="arn:machine", EventBusName=bus), "Events::Rule")
    rule = {"RuleName": rules["StateMachineRule"]["Name"]}
    assert {each["Name"]: each["Value"] for each in dimensions} == named | rule


def test_alarms_tell_the_topic_if_there_is_one() -> None:
    assert not [alarm for alarm in alarms().values() if "AlarmActions" in alarm]
    assert {str(alarm["AlarmActions"]) for alarm in alarms(AlarmTopicArn="arn:t").values()} == {"['arn:t']"}


def test_a_comparison_that_differed_rings_until_the_next_one() -> None:
    """Nobody compares in between."""
    assert alarms()["csvgate-reconcile-differences"]["TreatMissingData"] == "ignore"
