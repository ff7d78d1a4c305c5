"""A number of rows in; a file of 15 typed columns, and the contract that it keeps, out."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from csvgate.core.columns.column import ColumnType
from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.schema import Constraints, Field, Schema

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COLUMNS: dict[str, ColumnType] = {
    "id": "integer",
    "vendor": "integer",
    "pickup": "datetime",
    "dropoff": "datetime",
    "passengers": "integer",
    "distance": "number",
    "zone_from": "integer",
    "zone_to": "integer",
    "payment": "string",
    "fare": "number",
    "tip": "number",
    "total": "number",
    "is_airport": "boolean",
    "city": "string",
    "note": "string",
}
CONSTRAINTS = {
    "id": Constraints(required=True),
    "passengers": Constraints(minimum="1", maximum="6"),
    "payment": Constraints(enum=("card", "cash")),
    "total": Constraints(required=True, minimum="0"),
    "note": Constraints(max_length=100),
}
CONTRACT = Contract(
    schema=Schema(
        fields=tuple(
            Field(name=name, type=kind, constraints=CONSTRAINTS.get(name, Constraints()))
            for name, kind in COLUMNS.items()
        )
    )
)


def write(path: Path, rows: int) -> None:
    """The file is there, about 140 bytes a row, the same for the same number of rows."""
    draw = random.Random(1)  # noqa: S311  # data, not secrets
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_row(number, draw) for number in range(rows))


def repeat(source: Path, path: Path, size: int) -> None:
    """A file of at least so many bytes: the header of the other one, and its records again and again."""
    header, _, records = source.read_bytes().partition(b"\n")
    with path.open("wb") as opened:
        opened.write(header + b"\n")
        while opened.tell() < size:
            opened.write(records)


def _row(number: int, draw: random.Random) -> tuple[object, ...]:
    pickup = NOON.replace(tzinfo=None) + timedelta(seconds=number)
    fare, tip = draw.randint(300, 9000) / 100, draw.randint(0, 900) / 100
    ride = (number, draw.randint(1, 6), pickup, pickup + timedelta(seconds=draw.randint(60, 4000)), draw.randint(1, 6))
    way = (draw.randint(1, 3000) / 100, draw.randint(1, 265), draw.randint(1, 265), draw.choice(("card", "cash")))
    rest = (draw.choice(("true", "false")), draw.choice(("New York", "Köln", "")), f"note {number % 997}, with a comma")
    return (*ride, *way, fare, tip, f"{fare + tip:.2f}", *rest)
