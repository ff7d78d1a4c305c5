"""The catalog and the sinks of a worker in; whether each of them answers, asked from time to time, out.

A queue is asked all the time anyway. A database that is gone would show only when a file has been read in vain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from csvgate.errors import CsvgateError
from csvgate.ports import Ports
from csvgate.telemetry.metrics import Metrics

# The id of no delivery: to look for it takes a connection, a right to read, and hardly any time.
NONE_SUCH = "0" * 64
Probes = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stores:
    """What answers by its name; `complain` hears of each that stops answering, once."""

    probes: Probes
    metrics: Metrics
    complain: Callable[[CsvgateError], object]
    _up: dict[str, bool] = field(default_factory=dict)

    def look(self) -> None:
        """It is known of each whether it answers now."""
        for name, probe in self.probes.items():
            try:
                probe()
            except CsvgateError as exc:
                if self._up.get(name, True):
                    self.complain(exc)
                self._up[name] = False
            else:
                self._up[name] = True
            self.metrics.set("csvgate_store_up", int(self._up[name]), store=name)

    def lacking(self) -> list[str]:
        """Those that did not answer when they were last asked, or were not asked yet."""
        return [name for name in self.probes if not self._up.get(name)]


def probes(ports: Ports, *, with_sinks: bool) -> Probes:
    """How each is asked: the catalog, and, where rows are loaded, the sinks that some feed names."""
    asked: dict[str, Callable[[], object]] = {"catalog": partial(ports.catalog.get, NONE_SUCH)}
    named = {feed.sink for feed in ports.feeds.feeds} if with_sinks else set()
    return asked | {name: partial(sink.generation, NONE_SUCH) for name, sink in ports.sinks.items() if name in named}
