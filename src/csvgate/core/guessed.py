"""Batches of a text whose encoding was guessed in; where they are not UTF-8, as occurrences in the tally, out."""

from __future__ import annotations

from csvgate.core.findings import Place
from csvgate.core.structure.batch import Batch
from csvgate.core.tally import Tally, excerpt_of
from csvgate.core.text.encoding import ESCAPED, Encoding, stored


def describe(encoding: Encoding) -> str:
    """What was guessed, and what it might be instead."""
    rivals = f"; it might be {' or '.join(encoding.rivals)} as well" if encoding.rivals else ""
    return f"the file is not UTF-8 and was read as {encoding.name}{rivals}"


def note_guess(batch: Batch, tally: Tally, *, header_rows: int) -> None:
    """Each run of bytes that are not valid UTF-8 is counted; the first ones have a place."""
    if not batch.encoding.is_guess or batch.encoding.is_wide or batch.data.isascii():
        return
    data = stored(batch.data, batch.encoding)
    text = data.decode("utf-8", "surrogateescape")
    runs, at, done = [run.start() for run in ESCAPED.finditer(text)], 0, 0
    placed = 0
    while placed < len(runs) and tally.wants_place("encoding-guessed"):
        at += len(text[done : runs[placed]].encode("utf-8", "surrogateescape"))
        done = runs[placed]
        placed += 1
        tally.add("encoding-guessed", describe(batch.encoding), _place(batch, data[:at], header_rows))
    if len(runs) > placed:
        tally.add("encoding-guessed", count=len(runs) - placed)


def _place(batch: Batch, before: bytes, header_rows: int) -> Place:
    """The place behind so many bytes of the file, counted from the beginning of the batch."""
    encoding = batch.encoding
    at = len(before.decode(encoding.name, "ignore").encode()) if encoding.is_transcoded else len(before)
    return Place(
        record=batch.first_row + batch.row_at(at) + 1 - header_rows if batch.is_in_row(at) else None,
        line=batch.line_at(at),
        byte_offset=batch.offset_at(at),
        excerpt=excerpt_of(batch.near(at)),
    )
