"""A number of records in; shipments with 117 places that were broken on purpose, and where each of them is, out."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from benchmarks.inspect.truth import Defect

SEED, HEADER = 117, b"id,consignee,city,shipped_on,note,weight,price\n"
WIDTH = HEADER.count(b",") + 1
EACH = 39  # too long, too short, and not UTF-8
NOTES = (
    "Leave it with the neighbour if nobody opens the door, please",
    "Fragile: glass, keep upright",
    "Deliver between 8 and 12 o'clock and ring twice before you leave it",
    "Rückruf erwünscht",
    'The label says ""this side up"" and means it',
)
CITIES = ("Zürich", "Łódź", "Málaga", "Århus", "Ghent", "大阪")
# A byte that never occurs, a cut character, an overlong slash, a surrogate, a continuation on its own.
BROKEN = (b"\xff", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\x80")


def write_defects(path: Path, rows: int) -> tuple[Defect, ...]:
    """The file holds so many shipments; says what is broken in it, in the order of the file."""
    rng = random.Random(SEED)  # noqa: S311  # data, no secret
    planned = plan(rows, rng)
    defects: list[Defect] = []
    line, offset = 2, len(HEADER)
    with path.open("wb") as file:
        file.write(HEADER)
        for number in range(1, rows + 1):
            record = shipment(number, rng)
            code = planned.get(number)
            if code:
                record, at = spoil(record, code, rng)
                defects.append(
                    Defect(code=code, record=number, line=line + record.count(b"\n", 0, at), byte_offset=offset + at)
                )
            file.write(record)
            line, offset = line + record.count(b"\n"), offset + len(record)
    return tuple(defects)


def plan(rows: int, rng: random.Random) -> Mapping[int, str]:
    """Which records are broken, and how; the last one among them."""
    chosen = [rows, *rng.sample(range(1, rows), 3 * EACH - 1)]
    return dict(zip(chosen, ["extra-cell", "missing-cell", "encoding-error"] * EACH, strict=True))


def shipment(number: int, rng: random.Random) -> bytes:
    """One whole record; about one in 27 holds a line break between its quotes."""
    note, end = rng.choice(NOTES), rng.choice(NOTES)
    joint = "\n" if rng.random() < 0.0373 else " - "
    city, day = rng.choice(CITIES), f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    figures = f"{rng.randint(1, 90_000) / 1000:.3f},{rng.randint(100, 99_999) / 100:.2f}"
    return f'{number},Consignee {number % 977:03},{city},{day},"{note}{joint}{end}",{figures}\n'.encode()


def spoil(record: bytes, code: str, rng: random.Random) -> tuple[bytes, int]:
    """The broken record, and where in it one has to look: at its beginning, or at the very byte."""
    if code == "extra-cell":
        return record[:-1] + b",9" * rng.randint(1, 3) + b"\n", 0
    if code == "missing-cell":
        return record.rsplit(b",", rng.randint(1, 2))[0] + b"\n", 0
    at = rng.choice([place for place, byte in enumerate(record) if byte == ord(" ")])
    return record[:at] + rng.choice(BROKEN) + record[at:], at
