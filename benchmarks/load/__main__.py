r"""Options in; how fast rows get into PostgreSQL, beside `psql \copy`, and in how much memory, in `results/`, out.

    python -m benchmarks.load --rows 120000 --rounds 1 --sizes 1,10

Every contender loads the same file into the same table definition, in a database of its own, in turn with the others.
The server is the embedded one with its defaults: fsync is on. Only a whole run renews the results.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import machine, output
from benchmarks.load.contenders import CONTENDERS, RIVAL, SLICE, File, loaded
from benchmarks.load.data import COLUMNS, write
from benchmarks.load.memory import peaks
from benchmarks.load.page import page
from csvgate.local import postgres as embedded
from csvgate.local.postgres import Postgres

DATA = Path(__file__).parents[2] / "build" / "bench-load"
DEFAULTS = {"rows": 1_200_000, "rounds": 5, "sizes": "10,200,2000", "only": "speed,memory"}
SAMPLE_ROWS = 60_000
AIM = 0.8


def speed(server: Postgres, folder: Path, rows: int, rounds: int) -> dict[str, Any]:
    """Rows per second of each contender, one after the other in each round, after one that warms up."""
    shares = {contender.share for contender in CONTENDERS}
    files = {share: File(path=folder / f"{share}.csv", rows=max(1, rows // share)) for share in shares}
    for file in files.values():
        write(file.path, file.rows)
    loaded(server, CONTENDERS[0], files[SLICE])
    speeds: dict[str, list[float]] = {contender.name: [] for contender in CONTENDERS}
    for number in range(rounds):
        for contender in CONTENDERS:
            file = files[contender.share]
            speeds[contender.name].append(file.rows / loaded(server, contender, file))
            print(f"round {number + 1}: {contender.name}, {speeds[contender.name][-1]:,.0f} rows/s", flush=True)
    return report(speeds, files)


def report(speeds: dict[str, list[float]], files: dict[int, File]) -> dict[str, Any]:
    """The medians, and how they stand to that of psql."""
    medians = {name: statistics.median(found) for name, found in speeds.items()}
    size = files[1].path.stat().st_size
    return {
        "what": f"{files[1].rows:,} rows of {len(COLUMNS)} typed columns, {size / 1e6:.0f} MB, into an empty table",
        "aim": AIM,
        "rounds": {name: [round(found) for found in single] for name, single in speeds.items()},
        "rows_per_second": {name: round(median) for name, median in medians.items()},
        "of_psql": {name: round(median / medians[RIVAL], 2) for name, median in medians.items()},
        "slices": {one.name: files[one.share].rows for one in CONTENDERS if one.share > 1},
    }


def memory(server: Postgres, folder: Path, sizes: list[int]) -> list[dict[str, Any]]:
    """The most memory that files of these sizes take, in megabytes."""
    sample = folder / "sample.csv"
    write(sample, SAMPLE_ROWS)
    found = []
    for one in peaks(server, sample, sizes):
        print(f"{one.file_mb} MB, {one.how}: {one.peak_mb} MB at most, {one.seconds} s", flush=True)
        found.append(asdict(one))
    return found


def measured(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All that was asked for; nothing of it is left behind."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    wanted, sizes = asked.only.split(","), [int(size) for size in asked.sizes.split(",")]
    try:
        with embedded.start(folder, port=0) as server:
            return {
                "speed": speed(server, folder, asked.rows, asked.rounds) if "speed" in wanted else None,
                "memory": memory(server, folder, sizes) if "memory" in wanted else None,
                "machine": machine.facts() | {"postgresql": embedded.version(), "psycopg": psycopg.__version__},
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """The results are measured, written and printed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--rows", type=int, default=DEFAULTS["rows"], help="how many (default 1,200,000)")
    parser.add_argument("--rounds", type=int, default=DEFAULTS["rounds"], help="how often each loads (default 5)")
    parser.add_argument("--sizes", default=DEFAULTS["sizes"], help="of files whose memory is measured, in MB")
    parser.add_argument("--only", default=DEFAULTS["only"], help="which parts (default speed,memory)")
    asked = parser.parse_args(arguments)
    found = measured(asked, DATA)
    if vars(asked) == DEFAULTS:
        output.write("load", found, page(found))
    print(page(found))


if __name__ == "__main__":
    main()
