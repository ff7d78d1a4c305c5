"""Content in; requests to put its rows, from the first that is not written, out."""

from __future__ import annotations

from collections.abc import Iterator

from csvgate.aws.dynamodb_sink_batches import Request
from csvgate.aws.dynamodb_sink_cells import cells_of, names_of
from csvgate.aws.dynamodb_sink_items import row_key
from csvgate.aws.dynamodb_sink_state import Running
from csvgate.load import Content, Target


def requests_of(running: Running, target: Target, content: Content) -> Iterator[Request]:
    """A request for each row that is not written yet; its mark is the number of the row."""
    made, partitions = cells_of(target), running.place.partitions
    names = sum(map(len, names_of(target)))
    for number, cells in content.rows():
        if number > running.written:
            item = {**row_key(partitions, number), "cells": made(cells)}
            weight = names + sum(len(cell) for cell in cells if cell)
            yield Request(number, {"PutRequest": {"Item": item}}, weight)
