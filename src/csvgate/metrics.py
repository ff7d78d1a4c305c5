"""What happens in a worker or in the upload service in; the text that Prometheus reads out.

Counted here, so that nothing has to be installed.
Format: Prometheus "Exposition formats", text format 0.0.4.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

Labels = tuple[tuple[str, str], ...]
Kind = Literal["counter", "gauge", "summary"]
# Every metric: what kind it is, and what it says.
METRICS: dict[str, tuple[Kind, str]] = {
    "csvgate_messages_total": ("counter", "Messages by stage and outcome: through, again (it failed), given-back."),
    "csvgate_message_seconds": ("summary", "How long messages were worked on."),
    "csvgate_messages_in_hand": ("gauge", "Messages that were received and are not done with."),
    "csvgate_deliveries_total": ("counter", "What became of deliveries, by stage, state and verdict."),
    "csvgate_queue_up": ("gauge", "1 if the last call to the queue was answered."),
    "csvgate_queue_errors_total": ("counter", "Calls to the queue that failed."),
    "csvgate_rows_total": ("counter", "Rows of recorded deliveries, by sink and outcome: loaded, quarantined."),
    "csvgate_store_up": ("gauge", "1 if the catalog, or the sink, answered when it was last asked."),
    "csvgate_notices_total": ("counter", "Notices by channel and outcome: sent, postponed, given-up."),
    "csvgate_http_requests_total": ("counter", "Requests to the service, by route, method and status."),
    "csvgate_http_request_seconds": ("summary", "How long requests took until their answer began, by route."),
    "csvgate_http_received_bytes_total": ("counter", "Bytes of requests that the service read."),
    "csvgate_uploads_total": ("counter", "Files that were put into the bucket, by way: body, form, parts."),
    "csvgate_rate_limited_total": ("counter", "Uploads that were put off, by what was too much: uploads, bytes."),
}


@dataclass(kw_only=True, slots=True)
class Metrics:
    """Figures by name and labels; safe to share between threads."""

    _values: dict[str, dict[Labels, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    _lock: Lock = field(default_factory=Lock)

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """The figure has grown."""
        with self._lock:
            self._values[name][_ordered(labels)] += amount

    def set(self, name: str, value: float, **labels: str) -> None:
        """The figure is what it is now."""
        with self._lock:
            self._values[name][_ordered(labels)] = value

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
        return "".join(self._lines(name, kind, what) for name, (kind, what) in METRICS.items())

    def _lines(self, name: str, kind: Kind, what: str) -> str:
        """Nothing of what never happened here: a worker and a service have their own figures."""
        series = (f"{name}_sum", f"{name}_count") if kind == "summary" else (name,)
        figures = [(each, *figure) for each in series for figure in sorted(self.values(each).items())]
        lines = [f"{each}{_written(labels)} {value:.15g}\n" for each, labels, value in figures]
        return "".join([f"# HELP {name} {what}\n", f"# TYPE {name} {kind}\n", *lines] if lines else [])


def _ordered(labels: dict[str, str]) -> Labels:
    return tuple(sorted(labels.items()))


def _written(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}" if labels else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
