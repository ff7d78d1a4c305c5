"""The catalog and the sinks of a worker in; whether each of them answers, asked from time to time, out.

A queue is asked all the time anyway. A database that is gone would show only when a file has been read in vain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from functools import partial
from threading import Thread

from csvgate.errors import CsvgateError, PermanentError, TransientError
from csvgate.ports import Ports
from csvgate.telemetry.metrics import Metrics

# The id of no delivery: to look for it takes a connection, a right to read, and hardly any time.
NONE_SUCH = "0" * 64
# Where nobody listens, that is known earlier; a server that hangs takes the question, and says nothing.
PATIENCE_SECONDS = 15.0
Probes = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stores:
    """What answers by its name, within so many seconds; `complain` hears of each that stops answering, once."""

    probes: Probes
    metrics: Metrics
    complain: Callable[[CsvgateError], object]
    patience: float = PATIENCE_SECONDS
    _up: dict[str, bool] = field(default_factory=dict)
    _open: dict[str, Future[CsvgateError | None]] = field(default_factory=dict)

    def look(self) -> None:
        """It is known of each whether it answers now."""
        for name, probe in self.probes.items():
            problem = self._problem(name, probe)
            if problem and self._up.get(name, True):
                self.complain(problem)
            self._up[name] = not problem
            self.metrics.set("csvgate_store_up", int(self._up[name]), store=name)

    def _problem(self, name: str, probe: Callable[[], object]) -> CsvgateError | None:
        """What is wrong with its answer; a question that is still open is not put again."""
        answer = self._open.pop(name, None) or _asked(name, probe)
        if wait([answer], self.patience).done:
            return answer.result()
        self._open[name] = answer
        return TransientError(f"{name} was asked, and has said nothing for {self.patience:g} s")

    def lacking(self) -> list[str]:
        """Those that did not answer when they were last asked, or were not asked yet."""
        return [name for name in self.probes if not self._up.get(name)]


def probes(ports: Ports, *, with_sinks: bool) -> Probes:
    """How each is asked: the catalog, and, where rows are loaded, the sinks that some feed names."""
    asked: dict[str, Callable[[], object]] = {"catalog": partial(ports.catalog.get, NONE_SUCH)}
    named = {feed.sink for feed in ports.feeds.feeds} if with_sinks else set()
    return asked | {name: partial(sink.generation, NONE_SUCH) for name, sink in ports.sinks.items() if name in named}


def _asked(name: str, probe: Callable[[], object]) -> Future[CsvgateError | None]:
    """What is wrong, when it is known: by a thread that keeps nobody from ending."""
    answer = Future[CsvgateError | None]()

    def ask() -> None:
        problem: CsvgateError | None = PermanentError(f"{name} could not be asked")
        try:
            probe()
            problem = None
        except CsvgateError as exc:
            problem = exc
        finally:
            answer.set_result(problem)

    Thread(target=ask, name="probe", daemon=True).start()
    return answer
