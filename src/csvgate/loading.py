"""A delivery that belongs to a feed in; its rows judged by the feed's contract and in its sink, out.

The inspecting stage judges, the recording stage loads; both read the object's version again, and find the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from csvgate.core.columns.profile import ColumnProfile
from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.feed import Feed
from csvgate.core.contracts.infer import infer
from csvgate.core.contracts.judging import Judging, taken_together
from csvgate.core.contracts.quarantine import AsSent, Quarantine
from csvgate.core.contracts.schema import Field
from csvgate.core.inspected import inspection_of
from csvgate.core.inspection import Inspection, Source
from csvgate.errors import PermanentError, TransientError
from csvgate.load import CellType, Column, RawCsv, Target
from csvgate.ports import Delivery, Ports, Sink

CHANGED = "the object is not what was inspected"
_ZONED = re.compile(r"\d(?:Z|[+-]\d\d(?::?\d\d)?)")


def judge(inspection: Inspection, source: Source, delivery: Delivery, ports: Ports) -> tuple[Delivery, Inspection]:
    """Both with what the contract of the delivery's feed says; rows that break it are in the results bucket."""
    feed = ports.feeds.of(delivery.arrival.key)
    if feed is None:
        return delivery, inspection
    delivery = replace(delivery, feed=feed.name, rows_quarantined=0)
    if feed.contract is None or inspection.verdict == "rejected":
        return delivery, inspection
    judging = Judging(source, inspection, feed.contract, feed.cleansing)
    body, held = _quarantined(judging, inspection)
    if not judging.agrees:
        raise TransientError(CHANGED)
    judgement = judging.judgement()
    if held:
        ports.objects.write(ports.results_bucket, f"quarantine/{delivery.delivery_id}.csv", body, "text/csv")
    found = taken_together(inspection, judgement)
    return replace(delivery, rows_quarantined=judgement.quarantined), replace(found, reads=inspection.reads + 1)


def load(delivery: Delivery, ports: Ports) -> Delivery:
    """The rows are in the sink of the feed, each once, or the delivery says why not; without a sink it is as it was."""
    feed = ports.feeds.of(delivery.arrival.key)
    if feed is None or feed.sink == "none":
        return delivery
    opened = ports.objects.open(delivery.arrival)
    if isinstance(opened, str):
        return replace(delivery, state=opened)
    content = JudgedRows(_inspection(delivery, ports), opened.chunks, feed, delivery.rows_quarantined or 0)
    done = _sink(feed, ports).load(delivery, content.target, content)
    return replace(
        delivery,
        state="loaded" if done.outcome == "loaded" else "superseded",
        sink=done.sink,
        table=done.table,
        rows_loaded=done.rows_loaded,
        rows_verified=done.rows_loaded if done.verified else None,
    )


class JudgedRows:
    """The Content of a delivery: the rows that its contract accepts, as a sink takes them."""

    def __init__(self, inspection: Inspection, source: Source, feed: Feed, quarantined: int) -> None:
        """Nothing is read yet; the source is that of the inspection."""
        self._inspection = inspection
        self._source = source
        self._feed = feed
        # Without a contract, the columns are what the whole of the file shows.
        self._contract = feed.contract or Contract(schema=infer(inspection), on_violation="warn")
        self.rows_quarantined = quarantined
        self.row_count = inspection.row_count - quarantined

    @property
    def target(self) -> Target:
        """Where the rows go, with the columns that they have."""
        profiles = {profile.name: profile for profile in self._inspection.columns}
        columns = [
            Column(name=field.name, type=_cell_type(field, profiles.get(field.name)))
            for field in self._judging().layout.fields
        ]
        feed = self._feed
        return Target(
            table=feed.table or feed.name,
            columns=columns,
            shape=feed.shape,
            disposition=feed.disposition,
            keys=feed.keys,
        )

    def rows(self) -> Iterator[tuple[int, Sequence[str | None]]]:
        """See Content."""
        judging = self._judging()
        for judged in judging.pieces():
            yield from judging.accepted(judged)
        if not judging.agrees:
            raise TransientError(CHANGED)

    def raw(self) -> RawCsv | None:
        """None: every cell is judged on its way."""

    def _judging(self) -> Judging:
        return Judging(self._source, self._inspection, self._contract, self._feed.cleansing)


def _quarantined(judging: Judging, inspection: Inspection) -> tuple[bytes, int]:
    """All rows are judged; the broken ones as a file, and how many it has."""
    quarantine = Quarantine(AsSent(inspection))
    body = bytearray(quarantine.header(inspection.column_names))
    for judged in judging.pieces():
        body += quarantine.rows(judged)
    return bytes(body), quarantine.written


def _inspection(delivery: Delivery, ports: Ports) -> Inspection:
    document = ports.objects.read(delivery.inspection_uri or "")
    if document is None:
        message = f"the inspection {delivery.inspection_uri} is not there"
        raise TransientError(message)
    return inspection_of(json.loads(document))


def _sink(feed: Feed, ports: Ports) -> Sink:
    sink = ports.sinks.get(feed.sink)
    if sink is None:
        message = f"feed {feed.name} wants its rows in {feed.sink}, and no such sink is set up here"
        raise PermanentError(message)
    return sink


def _cell_type(field: Field, profile: ColumnProfile | None) -> CellType:
    if field.type == "datetime" and profile and _ZONED.search(profile.min or ""):
        return "zoned-datetime"
    return field.type
