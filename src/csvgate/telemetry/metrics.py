"""What happens in a function, a worker or the upload service in; the text that Prometheus reads out.

Counted here, so that nothing has to be installed. METRICS is the one list of names, also of those in CloudWatch.
Format: Prometheus "Exposition formats", text format 0.0.4.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal, Protocol

Labels = tuple[tuple[str, str], ...]
Kind = Literal["counter", "gauge", "summary"]
Unit = Literal["Count", "Bytes", "Seconds"]
# CloudWatch keeps, and bills, each combination of labels by itself: no more of them than somebody looks at.
Views = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One figure: what it says, and by which labels CloudWatch keeps it; without `views`, Prometheus alone has it."""

    kind: Kind
    meaning: str
    unit: Unit = "Count"
    views: Views = ()


METRICS = {
    "csvgate_messages_total": Metric(
        kind="counter",
        meaning="Messages by stage and outcome: through, again (it failed), given-back.",
        views=(("stage", "outcome"),),
    ),
    "csvgate_message_seconds": Metric(
        kind="summary", meaning="How long messages were worked on.", unit="Seconds", views=(("stage",),)
    ),
    "csvgate_messages_in_hand": Metric(kind="gauge", meaning="Messages that were received and are not done with."),
    "csvgate_dead_letters_total": Metric(
        kind="counter", meaning="Messages that were given up, by stage.", views=(("stage",),)
    ),
    "csvgate_deliveries_total": Metric(
        kind="counter",
        meaning="What became of deliveries, by stage (inspect, record, replay), state, verdict and feed.",
        views=(("stage", "state"), ("stage", "verdict"), ("stage", "feed")),
    ),
    "csvgate_inspected_bytes_total": Metric(
        kind="counter", meaning="Bytes of inspected files, by feed.", unit="Bytes", views=((), ("feed",))
    ),
    "csvgate_inspected_rows_total": Metric(
        kind="counter", meaning="Rows of inspected files, by feed.", views=((), ("feed",))
    ),
    "csvgate_receipt_seconds": Metric(
        kind="summary",
        meaning="From the upload of a file until its delivery is in the catalog, by feed.",
        unit="Seconds",
        views=((), ("feed",)),
    ),
    "csvgate_rows_total": Metric(
        kind="counter",
        meaning="Rows of recorded deliveries, by sink and outcome: loaded, quarantined.",
        views=(("sink", "outcome"),),
    ),
    "csvgate_notices_total": Metric(
        kind="counter",
        meaning="Notices by channel and outcome: sent, postponed, given-up.",
        views=(("channel", "outcome"),),
    ),
    "csvgate_outbox_waiting": Metric(kind="gauge", meaning="Notices that wait to be told.", views=((),)),
    "csvgate_outbox_age_seconds": Metric(
        kind="gauge",
        meaning="Since the upload of the oldest delivery of which somebody is still to be told.",
        unit="Seconds",
        views=((),),
    ),
    "csvgate_feed_silence_seconds": Metric(
        kind="gauge",
        meaning="Since the last file of a feed that says how often one comes.",
        unit="Seconds",
        views=(("feed",),),
    ),
    "csvgate_feed_overdue": Metric(
        kind="gauge", meaning="1 if such a feed has been silent for too long.", views=((), ("feed",))
    ),
    "csvgate_reconcile_differences": Metric(
        kind="gauge",
        meaning="How bucket, sinks and catalog differed when they were last compared, by kind.",
        views=((), ("kind",)),
    ),
    "csvgate_reconciled_versions": Metric(
        kind="gauge", meaning="Object versions that were compared then.", views=((),)
    ),
    "csvgate_queue_up": Metric(kind="gauge", meaning="1 if the last call to the queue was answered."),
    "csvgate_queue_errors_total": Metric(kind="counter", meaning="Calls to the queue that failed."),
    "csvgate_store_up": Metric(kind="gauge", meaning="1 if the catalog, or the sink, answered when it was last asked."),
    "csvgate_http_requests_total": Metric(
        kind="counter", meaning="Requests to the service, by route, method and status."
    ),
    "csvgate_http_request_seconds": Metric(
        kind="summary", meaning="How long requests took until their answer began, by route.", unit="Seconds"
    ),
    "csvgate_http_received_bytes_total": Metric(
        kind="counter", meaning="Bytes of requests that the service read.", unit="Bytes"
    ),
    "csvgate_uploads_total": Metric(
        kind="counter", meaning="Files that were put into the bucket, by way: body, form, parts."
    ),
    "csvgate_rate_limited_total": Metric(
        kind="counter", meaning="Requests that were put off, by what was too much: uploads, bytes, looks."
    ),
}


class Figures(Protocol):
    """Whoever keeps figures, by name and labels; a label without a value is as if it were not there."""

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """The figure has grown."""

    def set(self, name: str, value: float, **labels: str) -> None:
        """The figure is what it is now."""

    def observe(self, name: str, value: float, **labels: str) -> None:
        """One more value of a summary."""


@dataclass(kw_only=True, slots=True)
class Metrics:
    """Figures by name and labels; safe to share between threads."""

    _values: dict[str, dict[Labels, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    _lock: Lock = field(default_factory=Lock)

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """The figure has grown."""
        with self._lock:
            self._values[name][ordered(labels)] += amount

    def set(self, name: str, value: float, **labels: str) -> None:
        """The figure is what it is now."""
        with self._lock:
            self._values[name][ordered(labels)] = value

    def observe(self, name: str, value: float, **labels: str) -> None:
        """One more value of a summary."""
        self.add(f"{name}_sum", value, **labels)
        self.add(f"{name}_count", 1, **labels)

    def values(self, name: str) -> dict[Labels, float]:
        """The figure by its labels."""
        with self._lock:
            return dict(self._values[name])

    def text(self) -> str:
        """All figures that there are, as Prometheus reads them."""
        return "".join(self._lines(name, metric) for name, metric in METRICS.items())

    def _lines(self, name: str, metric: Metric) -> str:
        """Nothing of what never happened here: a worker and a service have their own figures."""
        series = (f"{name}_sum", f"{name}_count") if metric.kind == "summary" else (name,)
        figures = [(each, *figure) for each in series for figure in sorted(self.values(each).items())]
        lines = [f"{each}{_written(labels)} {value:.15g}\n" for each, labels, value in figures]
        return "".join([f"# HELP {name} {metric.meaning}\n", f"# TYPE {name} {metric.kind}\n", *lines] if lines else [])


def ordered(labels: dict[str, str]) -> Labels:
    """The labels that have a value, in one order."""
    return tuple(sorted((name, value) for name, value in labels.items() if value))


def _written(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}" if labels else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
