"""A Feed: a named stream of deliveries, told by their keys; its contract, where its rows go, and who is told."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from csvgate.core.contracts.automaton import Automaton
from csvgate.core.contracts.cleansing import NO_CLEANSING, Cleansing
from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.expression import expression

SinkKind = Literal["none", "postgresql", "dynamodb", "parquet"]
Shape = Literal["rows", "typed"]
Disposition = Literal["append", "replace", "merge"]
Channel = Literal["topic", "bus", "webhook", "slack", "mail"]
SINKS: tuple[SinkKind, ...] = get_args(SinkKind)
SHAPES: tuple[Shape, ...] = get_args(Shape)
DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)
CHANNELS: tuple[Channel, ...] = get_args(Channel)
_PARTS = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_MEANS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """Deliveries whose key matches `key`: `*` is any part of a name, `**` any part of a path.

    `table` is the sink's; its `shape` is `typed`, a column for each field, or `rows`, for anything. `merge` goes by
    `keys`, which are unique in every file. `notify` names channels, of mail perhaps an address; None: all there are.
    A file comes every `expect_every`; None: whenever it comes.
    """

    name: str
    key: str
    contract: Contract | None = None
    cleansing: Cleansing = NO_CLEANSING
    sink: SinkKind = "none"
    table: str = ""
    shape: Shape = "rows"
    disposition: Disposition = "append"
    keys: tuple[str, ...] = ()
    notify: tuple[str, ...] | None = None
    expect_every: timedelta | None = None

    def matches(self, key: str) -> bool:
        """Whether an object of that key belongs to the feed."""
        return _matching(self.key).matches(key)


@dataclass(frozen=True, slots=True)
class Feeds:
    """All feeds, in the order in which they are asked."""

    feeds: tuple[Feed, ...] = ()

    def of(self, key: str) -> Feed | None:
        """The first feed to which an object of that key belongs; None where it belongs to none."""
        return next((feed for feed in self.feeds if feed.matches(key)), None)


NO_FEEDS = Feeds()


@functools.lru_cache(maxsize=1024)
def _matching(glob: str) -> Automaton:
    """Anybody who may upload chooses a key: none of them may keep the pattern busy."""
    meaning = "".join(_MEANS.get(part, re.escape(part)) for part in _PARTS.findall(glob))
    found = expression(f"(?s){meaning}")
    assert isinstance(found, Automaton)  # noqa: S101  a key is never too long for it
    return found
