"""Options in; how fast rows get into DynamoDB, beside a bare BatchWriteItem loop, as a page and in `results/`, out.

    python -m benchmarks.load_dynamodb --rows 5000 --rounds 1

Every contender writes the rows of the same file into a table of its own in one embedded AWS, in turn with the others.
The loop writes the same cells with the same types, and neither counts nor remembers anything.
Only a whole run renews the results.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import machine, output
from benchmarks.markdown import table
from csvgate.aws.client import Where, client
from csvgate.aws.rows.batches import WRITERS
from csvgate.aws.rows.sink import DynamoDbSink
from csvgate.delivery import Arrival, Delivery
from csvgate.load import CellType, Column, Target
from csvgate.local import emulator as embedded
from csvgate.local.services import CREDENTIALS, REGION
from csvgate.memory import MemoryObjectStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ROWS, ROUNDS, AIM, BATCH = 30_000, 3, 0.9, 25
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
INTEGERS = ("id", "vendor", "passengers", "zone_from", "zone_to")
COLUMNS: dict[str, CellType] = {
    **dict.fromkeys(INTEGERS, "integer"),
    **dict.fromkeys(("distance", "fare", "tip", "total"), "number"),
    **dict.fromkeys(("pickup", "dropoff"), "datetime"),
    "is_airport": "boolean",
    **dict.fromkeys(("payment", "city", "note"), "string"),
}
ATTRIBUTES: dict[CellType, Callable[[str], dict[str, object]]] = {
    "integer": lambda cell: {"N": cell},
    "number": lambda cell: {"N": cell},
    "datetime": lambda cell: {"S": cell},
    "boolean": lambda cell: {"BOOL": cell == "true"},
    "string": lambda cell: {"S": cell},
}
TARGET = Target(table="trips", columns=tuple(Column(name=n, type=t) for n, t in COLUMNS.items()), shape="typed")
DELIVERY = Delivery.of(Arrival(bucket="in", key="trips.csv", version_id="1", time=NOON), "inspected", at=NOON)


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A Content over a file."""

    path: Path
    row_count: int
    rows_quarantined: int = 0

    def rows(self) -> Iterator[tuple[int, Sequence[str | None]]]:
        """Each row with its number; an empty cell is no value."""
        with self.path.open(newline="", encoding="utf-8") as opened:
            records = csv.reader(opened)
            next(records)
            for number, cells in enumerate(records, start=1):
                yield number, [cell or None for cell in cells]

    def raw(self) -> None:
        """DynamoDB reads no CSV."""


def write(path: Path, rows: int) -> File:
    """The file is there, the same for the same number of rows."""
    draw = random.Random(1)  # noqa: S311  # data, not secrets
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        writer.writerows(_row(number, draw) for number in range(rows))
    return File(path=path, row_count=rows)


def _row(number: int, draw: random.Random) -> list[object]:
    moment = NOON.replace(tzinfo=None) + timedelta(seconds=number)
    makers: dict[CellType, Callable[[], object]] = {
        "integer": lambda: draw.randint(1, 265),
        "number": lambda: draw.randint(100, 9_000) / 100,
        "datetime": moment.isoformat,
        "boolean": lambda: draw.choice(("true", "false")),
        "string": lambda: draw.choice(("New York", "Köln", "card", "", f"note {number % 997}, with a comma")),
    }
    return [number, *(makers[kind]() for kind in list(COLUMNS.values())[1:])]


def loop(client: DynamoDBClient, name: str, file: File) -> None:
    """What a script does: 25 rows a call, and those again that were left."""
    for lines in _batched(_puts(file)):
        _write_batch(client, name, lines)


def threads(client: DynamoDBClient, name: str, file: File) -> None:
    """The same by several threads."""
    with ThreadPoolExecutor(WRITERS) as pool:
        for _ in pool.map(lambda lines: _write_batch(client, name, lines), _batched(_puts(file))):
            pass


def _batched(puts: Iterator[Any]) -> Iterator[list[Any]]:
    while lines := list(islice(puts, BATCH)):
        yield lines


def _puts(file: File) -> Iterator[Any]:
    with file.path.open(newline="", encoding="utf-8") as opened:
        for number, row in enumerate(csv.DictReader(opened), start=1):
            cells = {column: ATTRIBUTES[COLUMNS[column]](cell) for column, cell in row.items() if cell}
            yield {"PutRequest": {"Item": {"pk": {"S": "trips"}, "sk": {"S": f"{number:012d}"}, **cells}}}


def _write_batch(client: DynamoDBClient, name: str, lines: Sequence[Any]) -> None:
    left: Any = {name: list(lines)}
    while left:
        left = client.batch_write_item(RequestItems=left)["UnprocessedItems"]


def csvgate(client: DynamoDBClient, name: str, file: File) -> None:
    """DynamoDbSink.load: typed, with checkpoints, ledger, the count in the table, and what readers go by."""
    sink = DynamoDbSink(client, name, objects=MemoryObjectStore(), results_bucket="results", clock=lambda: NOON)
    done = sink.load(DELIVERY, TARGET, file)
    assert (done.rows_loaded, done.verified) == (file.row_count, True)  # noqa: S101  # a benchmark of something else


CONTENDERS: dict[str, Callable[[DynamoDBClient, str, File], None]] = {
    "BatchWriteItem loop": loop,
    f"BatchWriteItem, {WRITERS} threads": threads,
    "csvgate": csvgate,
}
RIVAL = "BatchWriteItem loop"


def measured(client: DynamoDBClient, file: File, rounds: int) -> dict[str, list[float]]:
    """Rows per second of each contender, one after the other in each round, after one that warms up."""
    speeds: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for number in range(rounds + 1):
        for name, contender in CONTENDERS.items():
            seconds = timed(client, contender, file)
            if number:
                speeds[name].append(file.row_count / seconds)
    return speeds


def timed(client: DynamoDBClient, contender: Callable[[DynamoDBClient, str, File], None], file: File) -> float:
    """The seconds that it took, in a table of its own."""
    keys = {"pk": "HASH", "sk": "RANGE"}
    client.create_table(
        TableName="bench",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],  # type: ignore[typeddict-item]  # a Literal
    )
    start = time.perf_counter()
    contender(client, "bench", file)
    seconds = time.perf_counter() - start
    client.delete_table(TableName="bench")
    return seconds


def report(speeds: dict[str, list[float]], rows: int) -> dict[str, Any]:
    """The medians, and how they stand to that of the loop."""
    medians = {name: statistics.median(found) for name, found in speeds.items()}
    return {
        "what": f"{rows:,} rows of {len(COLUMNS)} columns into an empty table of the embedded AWS",
        "aim": AIM,
        "rounds": {name: [round(speed) for speed in found] for name, found in speeds.items()},
        "rows_per_second": {name: round(median) for name, median in medians.items()},
        "of_loop": {name: round(median / medians[RIVAL], 2) for name, median in medians.items()},
        "machine": machine.facts(),
    }


def page(found: dict[str, Any]) -> str:
    """What was measured, for people."""
    speeds = found["rows_per_second"]
    return "\n".join(
        [
            "# Loading into DynamoDB",
            "",
            f"{found['what']}; medians of rounds in turn.",
            "csvgate reads the file twice, keeps checkpoints, counts the rows in the table and lists them for readers;",
            "the loop only writes. The emulator shares the processors with them, and takes most of their time.",
            "",
            *table(
                ["", "rows/s", "of the loop"], [[name, f"{speeds[name]:,}", found["of_loop"][name]] for name in speeds]
            ),
            "",
            f"The aim is {found['aim']} of the loop or more.",
            "",
            "Single rounds, rows/s:",
            "",
            *table(["", *range(1, len(found["rounds"][RIVAL]) + 1)], [[n, *s] for n, s in found["rounds"].items()]),
            "",
            "Machine:",
            "",
            *table(["", ""], found["machine"].items()),
            "",
        ]
    )


def main() -> None:
    """The results are measured, written and printed; nothing is left behind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load_dynamodb", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help=f"how many (default {ROWS:,})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each loads (default {ROUNDS})")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder), port=0) as running:
        dynamodb = client(
            "dynamodb", **Where(endpoint_url=running.endpoint_url, region=REGION, credentials=CREDENTIALS)
        )
        found = report(measured(dynamodb, write(Path(folder) / "trips.csv", asked.rows), asked.rounds), asked.rows)
    if (asked.rows, asked.rounds) == (ROWS, ROUNDS):
        output.write("load_dynamodb", found, page(found))
    print(page(found))


if __name__ == "__main__":
    main()
