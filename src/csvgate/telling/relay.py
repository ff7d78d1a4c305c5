"""An outbox and the channels in; everything that had to be said said, or postponed, out.

A crash between saying and crossing out says it twice, which is what `dedup_id` is for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from csvgate.core.contracts.feed import Channel
from csvgate.errors import CsvgateError, TransientError
from csvgate.telemetry.tracing import UNTRACED, Tracer
from csvgate.telling.notices import Notice, Notifier, Outbox

Outcome = Literal["sent", "postponed", "given-up"]
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
# About three days: a receiver may be down over a weekend.
MOST_TRIES = 20


def unwatched(_notice: Notice, _outcome: Outcome, _problem: CsvgateError | None) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Relay:
    """Passes on what is in the outbox; `watch` sees what became of each notice.

    A channel that this process does not know is left to one that does.
    """

    outbox: Outbox
    notifiers: Mapping[Channel, Notifier]
    clock: Callable[[], datetime]
    tracer: Tracer = UNTRACED
    watch: Callable[[Notice, Outcome, CsvgateError | None], object] = unwatched

    def tell(self, delivery_id: str) -> Counter[Outcome]:
        """What had to be said about the delivery is said, or postponed."""
        return self._pass_on(self.outbox.of(delivery_id)) if self.notifiers else Counter()

    def sweep(self) -> Counter[Outcome]:
        """All that is due is said, or postponed."""
        return self._pass_on(self.outbox.due(self.clock())) if self.notifiers else Counter()

    def _pass_on(self, notices: Iterable[Notice]) -> Counter[Outcome]:
        outcomes, silent = Counter[Outcome](), set[Channel]()
        for notice in notices:
            # Who does not answer once is not asked again in this round: a round ends, however much there is to say.
            if notice.kind in self.notifiers and notice.kind not in silent:
                problem = self._said(notice)
                outcomes[self._settled(notice, problem)] += 1
                if isinstance(problem, TransientError):
                    silent.add(notice.kind)
        return outcomes

    def _said(self, notice: Notice) -> CsvgateError | None:
        try:
            with self.tracer.span("tell", "producer", parent=notice.carrier):
                self.tracer.note(channel=notice.kind, delivery_id=notice.delivery.delivery_id, tries=notice.tries + 1)
                self.notifiers[notice.kind].notify(notice)
        except CsvgateError as exc:
            return exc
        return None

    def _settled(self, notice: Notice, problem: CsvgateError | None) -> Outcome:
        outcome: Outcome = "sent" if problem is None else "postponed"
        if problem and notice.tries + 1 >= MOST_TRIES:
            outcome = "given-up"
        if outcome == "postponed":
            self.outbox.postpone(notice, self.clock() + pause(notice.tries))
        else:
            self.outbox.close(notice)
        self.watch(notice, outcome, problem)
        return outcome


def pause(tries: int) -> timedelta:
    """Until it is tried again: twice as long each time."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(tries, 10)))
