"""Figures in the text format of Prometheus."""

from __future__ import annotations

import re

from csvgate.telemetry.metrics import METRICS, Metrics


def test_figures_are_told_with_their_labels() -> None:
    metrics = Metrics()
    metrics.add("csvgate_messages_total", stage="inspect", outcome="through")
    metrics.add("csvgate_messages_total", stage="inspect", outcome="through")
    metrics.observe("csvgate_message_seconds", 0.25, stage="record")
    metrics.set("csvgate_queue_up", 0, stage='od"d\n\\')
    assert 'csvgate_messages_total{outcome="through",stage="inspect"} 2\n' in metrics.text()
    assert 'csvgate_message_seconds_sum{stage="record"} 0.25\n' in metrics.text()
    assert 'csvgate_message_seconds_count{stage="record"} 1\n' in metrics.text()
    assert 'csvgate_queue_up{stage="od\\"d\\n\\\\"} 0\n' in metrics.text()


def test_every_line_is_one_that_prometheus_reads() -> None:
    metrics = Metrics()
    for name, metric in METRICS.items():
        (metrics.observe if metric.kind == "summary" else metrics.add)(name, 1e-7, stage="x")
    comment, sample = r"# (HELP|TYPE) \w+ .+", r'\w+(\{(\w+="[^"]*",?)*\})? [0-9.e+-]+'
    assert all(re.fullmatch(f"{comment}|{sample}", line) for line in metrics.text().splitlines())
    assert {line.split()[2] for line in metrics.text().splitlines() if line.startswith("# TYPE")} == METRICS.keys()


def test_what_never_happened_here_is_not_told() -> None:
    assert Metrics().text() == ""
