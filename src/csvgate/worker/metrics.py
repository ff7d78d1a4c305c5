"""What happens in a worker in; the text that Prometheus reads out. Counted here, so that nothing has to be installed.

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
        """All figures, as Prometheus reads them."""
        return "".join(self._lines(name, kind, what) for name, (kind, what) in METRICS.items())

    def _lines(self, name: str, kind: Kind, what: str) -> str:
        series = (f"{name}_sum", f"{name}_count") if kind == "summary" else (name,)
        lines = [f"# HELP {name} {what}", f"# TYPE {name} {kind}"]
        for each in series:
            lines += [f"{each}{_written(labels)} {value:.15g}" for labels, value in sorted(self.values(each).items())]
        return "".join(f"{line}\n" for line in lines)


def _ordered(labels: dict[str, str]) -> Labels:
    return tuple(sorted(labels.items()))


def _written(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}" if labels else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
