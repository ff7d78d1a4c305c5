"""Options in; two pipelines under the same faults, and what a third program counts in their tables, out.

    python -m benchmarks.proof --keys 6 --rows 200 --kills 10

The same uploads, told of in the same order, by the same messages: to the usual small pipeline, and to csvgate.
Workers are killed with signal 9 at moments that are drawn, and PostgreSQL crashes under both.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import machine
from benchmarks.output import RESULTS, write
from benchmarks.proof import count
from benchmarks.proof.designs import BUCKET, Design, make_buckets, make_csvgate, make_usual
from benchmarks.proof.faults import Faults, Say, Siege
from benchmarks.proof.page import page
from benchmarks.proof.uploads import Size, deliveries, upload
from csvgate.local import emulator
from csvgate.local import postgres as embedded
from csvgate.local.postgres import Postgres
from csvgate.local.services import Services
from docs.tables import filled

ROOT = Path(__file__).parents[2]
BUILD, README = ROOT / "build" / "proof", ROOT / "README.md"
DEFAULTS = {"keys": 60, "versions": 3, "rows": 2000, "kills": 80, "kills_per_crash": 15, "seed": 7}
HARM = ("rows_missing", "rows_again", "rows_wrong", "stale")


def prove(folder: Path, size: Size, faults: Faults, say: Say) -> dict[str, Any]:
    """Both pipelines have worked, one after the other, and their rows were counted; nothing of it runs any more."""
    with ExitStack() as stack:
        say("starting an embedded AWS and an embedded PostgreSQL")
        endpoint_url = stack.enter_context(emulator.start(folder, port=0)).endpoint_url
        server = stack.enter_context(embedded.start(folder, port=0))
        services = Services.at(endpoint_url)
        make_buckets(services)
        uploads = upload(folder, size, services.s3, BUCKET)
        told = deliveries(uploads, size.seed)
        say(f"{len(uploads)} files are uploaded, {len(told)} events tell of them, repeated and mixed")
        found = {}
        for design in (make_usual(endpoint_url, server), make_csvgate(endpoint_url, server, folder)):
            for one in told:
                design.sqs.send_message(QueueUrl=design.queues[0], MessageBody=one.event(BUCKET))
            found[design.name] = endured(design, faults, server, say) | counted(folder, design)
    return {"size": asdict(size), "events": len(told), "faults": asdict(faults), "found": found}


def endured(design: Design, faults: Faults, server: Postgres, say: Say) -> dict[str, Any]:
    """All messages are through; what the pipeline had to stand."""
    began = time.monotonic()
    siege = Siege(design=design, faults=faults, server=server.folder, say=say)
    siege.run()
    say(f"{design.name}: through, {len(siege.killed)} workers killed; counting its rows")
    return {
        "killed": len(siege.killed),
        "crashed": siege.crashed,
        "seconds": round(time.monotonic() - began, 1),
    }


def counted(folder: Path, design: Design) -> dict[str, Any]:
    """What a program says that shares no code with either of them."""
    command = [sys.executable, count.__file__, str(folder), design.name, design.environment["DATABASE_URL"]]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def is_unharmed(result: dict[str, Any]) -> bool:
    """No row was lost or doubled by csvgate, and it knows every version."""
    found = result["found"]["csvgate"]
    return not any(found[name] for name in HARM) and found["versions"] == Size(**result["size"]).files


def renew(result: dict[str, Any]) -> None:
    """The results that the project tells of are these, and the table in the README is theirs."""
    write("proof", result, page(result), RESULTS)
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """The table is printed; 1 if csvgate has lost or doubled a row."""
    asked = vars(_parsed(arguments))
    size = Size(**{name: asked[name] for name in ("keys", "versions", "rows", "seed")})
    faults = Faults(**{name: asked[name] for name in ("kills", "kills_per_crash", "seed")})
    began = time.monotonic()

    def say(text: str) -> None:
        if not asked["json"]:
            print(f"{time.monotonic() - began:5.0f} s  {text}", flush=True)

    with tempfile.TemporaryDirectory(prefix="csvgate-proof-") as name:
        result = prove(Path(name), size, faults, say)
    result["machine"] = machine.facts() | {"postgresql": embedded.version(), "psycopg": psycopg.__version__}
    write("proof", result, page(result), BUILD)
    if asked["renew"]:
        renew(result)
    print(json.dumps(result) if asked["json"] else f"\n{page(result)}")
    return 0 if is_unharmed(result) else 1


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.renew and {name: getattr(asked, name) for name in DEFAULTS} != DEFAULTS:
        parser.error("--renew is for a proof of full size")
    return asked


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.proof", description=__doc__)
    for name, default in DEFAULTS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=default, help=f"(default {default:,})")
    parser.add_argument("--renew", action="store_true", help="let benchmarks/results and the README tell of this run")
    parser.add_argument("--json", action="store_true", help="print JSON, and no progress")
    return parser


if __name__ == "__main__":
    sys.exit(main())
