"""Deliveries in; a table for a terminal out, or a line each for one that watches them come in."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import RenderableType
from rich.text import Text

from csvgate.cli.page import MARKS, NO_MARK, ruled_table, shown
from csvgate.delivery import Delivery
from csvgate.report import words

WIDE = 100
ID_LENGTH = 10
FATE_WIDTH = len("! superseded")


def delivery_table(deliveries: Iterable[Delivery], *, own: str, width: int) -> RenderableType:
    """A line per delivery; the name stands last, where it may be as long as the terminal is wide.

    Objects of another bucket than one's own are named with it.
    """
    wide = width >= WIDE
    titles = ["verdict", "arrived (UTC)", "rows", *(("columns", "size") if wide else ()), "delivery", "key"]
    table = ruled_table(titles, right=("rows", "columns", "size"))
    for delivery in deliveries:
        table.add_row(*_cells(delivery, own=own, wide=wide))
    return table if table.row_count else Text("no deliveries", "dim")


def _cells(delivery: Delivery, *, own: str, wide: bool) -> Iterable[Text]:
    yield fate(delivery)
    yield Text(delivery.upload_timestamp.strftime("%Y-%m-%d %H:%M:%S"))
    was_read = delivery.verdict != "rejected"
    yield _number(delivery.row_count if was_read else None)
    if wide:
        yield _number(delivery.column_count if was_read else None)
        yield Text(words.size(delivery.file_size_bytes))
    yield Text(delivery.delivery_id[:ID_LENGTH], "dim")
    yield shown(words.address(delivery.arrival.bucket, delivery.arrival.key, own=own))


def delivery_line(delivery: Delivery, *, own: str) -> Text:
    """One delivery as it is told when it comes in."""
    when = delivery.upload_timestamp.strftime("%H:%M:%S")
    verdict = fate(delivery)
    verdict.pad_right(max(0, FATE_WIDTH - verdict.cell_len))
    counted = f"  {delivery.row_count:,} rows, {delivery.column_count or 0:,} columns" if delivery.row_count else ""
    name = words.address(delivery.arrival.bucket, delivery.arrival.key, own=own)
    return Text.assemble((f"{when}  ", "dim"), verdict, "  ", shown(name), (counted, "dim"))


def fate(delivery: Delivery) -> Text:
    """The verdict, or the state where that says more, with its symbol and colour."""
    judged = delivery.verdict is not None and delivery.state not in {"failed", "deleted", "undone"}
    word = str(delivery.verdict if judged else delivery.state)
    symbol, colour = MARKS.get(word, NO_MARK)
    return Text(f"{symbol} {word}", colour)


def _number(value: int | None) -> Text:
    return Text("" if value is None else f"{value:,}")
