"""The catalog in; what changes in it, to everybody who listens, as server-sent events, out.

One thread looks for all of them, and only while somebody listens. Who listens holds a thread of the server, so there is
room for so many; a browser that finds none asks again after a while, and its page can be loaded anew meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread

from csvgate.delivery import Delivery
from csvgate.delivery_json import facts
from csvgate.errors import CsvgateError
from csvgate.ports.catalog import CatalogView

LISTENERS = 24
LOOKED_AT = 100
SECONDS = 1.0
# So often a sign of life is sent: a connection that is gone is noticed by it.
SIGN_SECONDS = 15.0
# So many signs of life without any news, and the browser has to come again.
MOST_SIGNS = 40
SIGN = ": still here\n\n"

News = SimpleQueue[Delivery]


def always() -> bool:
    """Whoever listens may do so for ever."""
    return True


def told(delivery: Delivery) -> str:
    """The delivery as an event, in JSON."""
    return f"event: delivery\ndata: {json.dumps(facts(delivery))}\n\n"


@dataclass(eq=False, slots=True)
class Live:
    """Who listens, and what they have been told."""

    view: CatalogView
    seconds: float = SECONDS
    _listeners: list[News] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _nobody: Event = field(default_factory=Event)

    def join(self) -> News | None:
        """A queue in which changes come from now on; None if there is no more room."""
        with self._lock:
            if len(self._listeners) >= LISTENERS:
                return None
            news: News = SimpleQueue()
            self._listeners.append(news)
            is_first = len(self._listeners) == 1
        if is_first:
            self._begin()
        return news

    def leave(self, news: News) -> None:
        """Nothing more comes."""
        with self._lock:
            if news in self._listeners:
                self._listeners.remove(news)
            if not self._listeners:
                self._nobody.set()
                self._nobody = Event()

    def events(
        self,
        news: News,
        sees: Callable[[Delivery], bool],
        tell: Callable[[Delivery], str] = told,
        may_listen: Callable[[], bool] = always,
    ) -> Iterator[str]:
        """Each change that the listener may see, as an event of its own.

        Ends when nothing happened for long, and when the listener may not listen any more.
        """
        try:
            yield "retry: 3000\n\n"
            signs = 0
            while signs < MOST_SIGNS:
                try:
                    delivery = news.get(timeout=SIGN_SECONDS)
                except Empty:
                    signs, event = signs + 1, SIGN
                else:
                    signs, event = 0, tell(delivery) if sees(delivery) else ""
                if not may_listen():
                    return
                if event:
                    yield event
        finally:
            self.leave(news)

    def look(self) -> None:
        """Every change since the last look is told to all."""
        newest = list(islice(self.view.newest(), LOOKED_AT))
        states = {delivery.delivery_id: delivery.state for delivery in newest}
        with self._lock:
            is_first = not self._known
            changed = [d for d in newest if self._known.get(d.delivery_id) != d.state]
            self._known = {"": "", **states}
            for delivery in reversed([] if is_first else changed):
                for news in self._listeners:
                    news.put(delivery)

    def _begin(self) -> None:
        """What is there now is known, and is no news."""
        self._known = {}
        self._look_if_it_answers()
        Thread(target=self._watch, args=(self._nobody,), name="live", daemon=True).start()

    def _watch(self, nobody: Event) -> None:
        while not nobody.wait(self.seconds):
            self._look_if_it_answers()

    def _look_if_it_answers(self) -> None:
        # A catalog that does not answer for now is asked again: who listens learns of it by other requests.
        with suppress(CsvgateError):
            self.look()
