"""Figures as lines of a log that CloudWatch makes metrics of; what the specification asks for is asked here."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from csvgate.telemetry.emf import BEGINNING, EmbeddedMetrics
from csvgate.telemetry.metrics import METRICS

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def told(figures: EmbeddedMetrics) -> list[dict[str, Any]]:
    lines = list(figures.lines(NOW))
    assert all(line.startswith(BEGINNING) and "\n" not in line for line in lines)
    return [json.loads(line) for line in lines]


def views(document: dict[str, Any], name: str) -> list[list[str]]:
    """By what the metric of that name is kept."""
    directives = document["_aws"]["CloudWatchMetrics"]
    [found] = [each for each in directives if each["Metrics"][0]["Name"] == name]
    dimensions: list[list[str]] = found["Dimensions"]
    return dimensions


def test_what_belongs_together_is_one_line() -> None:
    figures = EmbeddedMetrics(bucket="inbound")
    figures.add("csvgate_deliveries_total", stage="record", state="loaded", verdict="ok", feed="sales")
    figures.observe("csvgate_receipt_seconds", 2.5, feed="sales")
    figures.add("csvgate_messages_total", 2, stage="record", outcome="through")
    [line] = told(figures)
    assert (line["bucket"], line["deliveries_total"], line["receipt_seconds"], line["messages_total"]) == (
        "inbound",
        1,
        2.5,
        2,
    )
    assert line["_aws"]["Timestamp"] == 1_767_225_600_000
    assert views(line, "receipt_seconds") == [["bucket"], ["bucket", "feed"]]


def test_what_has_no_value_is_no_dimension() -> None:
    figures = EmbeddedMetrics(bucket="inbound")
    figures.add("csvgate_deliveries_total", stage="record", state="failed", verdict="", feed="")
    [line] = told(figures)
    assert views(line, "deliveries_total") == [["bucket", "stage", "state"]]


def test_figures_that_contradict_each_other_are_lines_of_their_own() -> None:
    figures = EmbeddedMetrics(bucket="inbound")
    for state in ("loaded", "failed", "loaded"):
        figures.add("csvgate_deliveries_total", stage="record", state=state)
    assert [(line["state"], line["deliveries_total"]) for line in told(figures)] == [("loaded", 2), ("failed", 1)]


def test_a_line_has_a_hundred_values_of_a_metric_at_most() -> None:
    figures = EmbeddedMetrics(bucket="inbound")
    for value in range(101):
        figures.observe("csvgate_message_seconds", value, stage="inspect")
    first, last = told(figures)
    assert (len(first["message_seconds"]), last["message_seconds"]) == (100, 100)


def test_what_was_told_is_not_told_again() -> None:
    figures = EmbeddedMetrics(bucket="inbound")
    figures.set("csvgate_outbox_waiting", 3)
    assert [line["outbox_waiting"] for line in told(figures)] == [3]
    assert told(figures) == []


def test_every_directive_is_as_the_specification_has_it() -> None:
    figures = EmbeddedMetrics(bucket="inbound")
    for name, metric in METRICS.items():
        labels = {label: "x" for view in metric.views for label in view}
        (figures.observe if metric.kind == "summary" else figures.add)(name, 1, **labels)
    [line] = told(figures)
    for directive in line["_aws"]["CloudWatchMetrics"]:
        [metric] = directive["Metrics"]
        assert (directive["Namespace"], metric["Unit"] in {"Count", "Bytes", "Seconds"}) == ("csvgate", True)
        assert isinstance(line[metric["Name"]], int)
        assert all(0 < len(view) <= 30 and all(line[label] for label in view) for view in directive["Dimensions"])


def test_what_nobody_looks_at_there_costs_nothing() -> None:
    figures = EmbeddedMetrics(bucket="inbound")
    figures.set("csvgate_queue_up", 1, stage="inspect")
    assert told(figures) == []
