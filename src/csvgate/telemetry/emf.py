"""Figures in; lines of a function's log, of which CloudWatch makes metrics, out: no call, no permission, no library.

Format: Amazon CloudWatch, "Specification: Embedded metric format". A metric has the name that Prometheus knows, but for
`csvgate_`, which is the namespace.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from csvgate.telemetry.metrics import METRICS, Labels, ordered

NAMESPACE = "csvgate"
# Several stacks may share an account, and each has a bucket of its own.
STACK = "bucket"
# As many values as one metric may have in one line.
MOST_VALUES = 100
# How such a line begins: those who read logs need not see it.
BEGINNING = '{"_aws": '


@dataclass(frozen=True, slots=True)
class _Line:
    """Figures whose labels do not contradict each other."""

    labels: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[float]] = field(default_factory=dict)
    directives: list[dict[str, Any]] = field(default_factory=list)

    def takes(self, name: str, labels: Labels) -> bool:
        return name not in self.values and all(self.labels.get(label, value) == value for label, value in labels)

    def put(self, name: str, labels: Labels, values: list[float]) -> None:
        metric, known = METRICS[name], dict(labels)
        self.labels.update(known)
        self.values[name] = values
        views = [[STACK, *view] for view in metric.views if known.keys() >= set(view)]
        shown = [{"Name": _short(name), "Unit": metric.unit}]
        if views:
            self.directives.append({"Namespace": NAMESPACE, "Dimensions": views, "Metrics": shown})


@dataclass(kw_only=True, slots=True)
class EmbeddedMetrics:
    """Figures of the stack with that bucket, until they are told; safe to share between threads."""

    bucket: str
    _values: dict[tuple[str, Labels], list[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """See Figures."""
        with self._lock:
            values = self._values.setdefault((name, ordered(labels)), [0])
            values[0] += amount

    def set(self, name: str, value: float, **labels: str) -> None:
        """See Figures."""
        with self._lock:
            self._values[name, ordered(labels)] = [value]

    def observe(self, name: str, value: float, **labels: str) -> None:
        """See Figures."""
        with self._lock:
            self._values.setdefault((name, ordered(labels)), []).append(value)

    def lines(self, now: datetime) -> Iterator[str]:
        """All that was not told yet, in as few lines as can be; from here on it begins anew."""
        with self._lock:
            told, self._values = self._values, {}
        lines: list[_Line] = []
        for (name, labels), values in told.items():
            if METRICS[name].views:
                _place(lines, name, labels, values)
        return (_written(line, self.bucket, now) for line in lines)


def _place(lines: list[_Line], name: str, labels: Labels, values: list[float]) -> None:
    for start in range(0, len(values), MOST_VALUES):
        line = next((line for line in lines if line.takes(name, labels)), None)
        if line is None:
            line = _Line()
            lines.append(line)
        line.put(name, labels, values[start : start + MOST_VALUES])


def _written(line: _Line, bucket: str, now: datetime) -> str:
    moment = round(now.timestamp() * 1000)
    values = {_short(name): part[0] if len(part) == 1 else part for name, part in line.values.items()}
    about = {"_aws": {"Timestamp": moment, "CloudWatchMetrics": line.directives}}
    return json.dumps({**about, STACK: bucket, **line.labels, **values})


def _short(name: str) -> str:
    return name.removeprefix(f"{NAMESPACE}_")
