"""Files of 2 KB through the upload service, beside a loop that PUTs the same to signed addresses of the store itself.

As many senders at once for both, on kept-alive connections; then once more through the service, while slow senders
hang in their bodies. Senders, service and store share this machine.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from socket import create_connection
from typing import Any
from urllib.parse import urlsplit

from benchmarks import machine
from benchmarks.markdown import table
from benchmarks.output import write
from csvgate.aws.client import Where, client
from csvgate.local import emulator as embedded
from csvgate.local.services import CREDENTIALS, REGION
from csvgate.settings import load
from csvgate.web.access import SCOPES, mint
from csvgate.web.opening import tokens_of

SENDERS, SLOW, FILES, ROUNDS = 50, 5, 40, 3
BODY = (b"id,name,amount\n" + b"".join(b"%d,name %d,%d\n" % (n, n, n * 7) for n in range(200)))[:2048]
SERVICE, RIVAL, BESIDE_SLOW = "csvgate", "signed PUT", "csvgate, beside slow senders"
BUCKET, KEPT = "arrivals", "results"
# Sends one file on a connection: who sends, and which of his.
Send = Callable[[http.client.HTTPConnection, int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One burst: files per second, how long one took, and by how much the last sender was behind the first."""

    who: str
    load_before: str
    files_per_second: float
    p50_ms: float
    p99_ms: float
    slowest_ms: float
    last_sender: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A store and a service over it."""

    store: str
    service: str
    token: str


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """Both run until the block ends."""
    with embedded.start(folder, port=0) as running, ExitStack() as stack:
        s3 = client("s3", **Where(endpoint_url=running.endpoint_url, region=REGION, credentials=CREDENTIALS))
        for bucket in (BUCKET, KEPT):
            s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        known = _environment(running.endpoint_url, folder)
        text, kept = mint(name="benchmark", scopes=frozenset(SCOPES))
        tokens_of(load(known, folder)).keep(kept)
        yield Site(store=running.endpoint_url, service=stack.enter_context(_service(known)), token=text)


def _environment(endpoint_url: str, folder: Path) -> dict[str, str]:
    """Nobody is told of a file: what is measured is the way into the bucket."""
    queues = dict.fromkeys(("SQS_QUEUE_URL", "CSVGATE_INSPECTED_QUEUE_URL"), f"{endpoint_url}/000000000000/none")
    names = {"S3_BUCKET_NAME": BUCKET, "CSVGATE_RESULTS_BUCKET": KEPT, "CSVGATE_UPLOADS_PER_MINUTE": "10000000"}
    told = {"CSVGATE_ANNOUNCE": "never", "AWS_ENDPOINT_URL": endpoint_url, "CSVGATE_DATA_DIR": str(folder / "none")}
    return {**queues, **names, **told}


@contextmanager
def _service(known: dict[str, str]) -> Iterator[str]:
    command = [str(Path(sys.executable).parent / "csvgate"), "web", "--listen", "127.0.0.1:0"]
    given = {"PATH": os.defpath, **known}
    process = subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None  # noqa: S101  as was asked for
    try:
        yield process.stderr.readline().split()[4].rstrip(";")
    finally:
        process.terminate()
        process.communicate(timeout=60)


def through_service(found: Site, connection: http.client.HTTPConnection, sender: int, number: int) -> None:
    """One file by the API."""
    headers = {"Authorization": f"Bearer {found.token}", "Content-Type": "text/csv"}
    connection.request("POST", f"/api/uploads?name={sender}/{number}.csv", BODY, headers)
    _require(connection.getresponse(), 201)


def signed_put(addresses: dict[tuple[int, int], str], connection: http.client.HTTPConnection, *which: int) -> None:
    """The same file to an address that was signed beforehand."""
    connection.request("PUT", addresses[which[0], which[1]], BODY)
    _require(connection.getresponse(), 200)


def _require(answer: http.client.HTTPResponse, status: int) -> None:
    body = answer.read()
    if answer.status != status:
        raise RuntimeError(body.decode())


def signed(found: Site, senders: int, files: int) -> dict[tuple[int, int], str]:
    """An address for each file, without scheme and host."""
    s3 = client("s3", **Where(endpoint_url=found.store, region=REGION, credentials=CREDENTIALS))
    made = {}
    for sender in range(senders):
        for number in range(files):
            wanted = {"Bucket": BUCKET, "Key": f"signed/{sender}/{number}.csv", "ContentLength": len(BODY)}
            parts = urlsplit(s3.generate_presigned_url("put_object", Params=wanted, ExpiresIn=3600))
            made[sender, number] = f"{parts.path}?{parts.query}"
    return made


def burst(who: str, url: str, send: Send, *, senders: int, files: int) -> Round:
    """All senders send all their files, each one after the other."""
    place = urlsplit(url)

    def one(sender: int) -> tuple[list[float], float]:
        connection = http.client.HTTPConnection(str(place.hostname), place.port)
        took = []
        for number in range(files):
            began = time.perf_counter()
            send(connection, sender, number)
            took.append(time.perf_counter() - began)
        connection.close()
        return took, time.perf_counter()

    before, began = machine.load(), time.perf_counter()
    with ThreadPoolExecutor(senders) as pool:
        done = list(pool.map(one, range(senders)))
    took = sorted(seconds for each, _ in done for seconds in each)
    ends = [end - began for _, end in done]
    return Round(
        who=who,
        load_before=before,
        files_per_second=round(len(took) / max(ends), 1),
        p50_ms=round(took[len(took) // 2] * 1000, 1),
        p99_ms=round(took[int(len(took) * 0.99)] * 1000, 1),
        slowest_ms=round(took[-1] * 1000, 1),
        last_sender=round(max(ends) / min(ends), 2),
    )


@contextmanager
def slow_senders(found: Site, count: int) -> Iterator[None]:
    """So many hang in their bodies while the block lasts."""
    place = urlsplit(found.service)
    head = "POST /api/uploads?name=slow.csv HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
    with ExitStack() as stack:
        for _ in range(count):
            connection = stack.enter_context(create_connection((str(place.hostname), int(place.port or 0))))
            connection.sendall(f"{head}Authorization: Bearer {found.token}\r\n\r\nid".encode())
        yield


def measured(found: Site, senders: int, files: int, rounds: int) -> list[Round]:
    """Each in turn, so many times, after a burst that is not counted."""
    put, post = partial(signed_put, signed(found, senders, files)), partial(through_service, found)
    run = partial(burst, senders=senders, files=files)
    for url, send in ((found.store, put), (found.service, post)):
        burst("warm-up", url, send, senders=senders, files=1)
    done = []
    for _ in range(rounds):
        done += [run(RIVAL, found.store, put), run(SERVICE, found.service, post)]
        with slow_senders(found, SLOW):
            done.append(run(BESIDE_SLOW, found.service, post))
    return done


def report(rounds: list[Round], senders: int, files: int) -> dict[str, Any]:
    """The medians of each, and what they are of the rival's."""
    names = ("files_per_second", "p50_ms", "p99_ms", "slowest_ms", "last_sender")
    medians = {
        who: {name: statistics.median(getattr(each, name) for each in rounds if each.who == who) for name in names}
        for who in (RIVAL, SERVICE, BESIDE_SLOW)
    }
    return {
        "machine": machine.facts(),
        "senders": senders,
        "files_each": files,
        "bytes": len(BODY),
        "medians": medians,
        "of_rival": round(medians[SERVICE]["files_per_second"] / medians[RIVAL]["files_per_second"], 2),
        "rounds": [asdict(each) for each in rounds],
    }


def page(found: dict[str, Any]) -> str:
    """The report as Markdown."""
    medians = found["medians"]
    titles = ["", "files/s", "p50 ms", "p99 ms", "slowest ms", "last sender / first"]
    return "\n".join(
        [
            "# Small files through the upload service",
            "",
            f"Made by `make bench-uploads`: {found['senders']} senders at once, {found['files_each']} files each,",
            f"of {found['bytes']:,} bytes; medians.",
            f"`{RIVAL}` goes to the store itself, and the service to the same store: {found['of_rival']} of its speed.",
            f"Beside slow senders: {SLOW} more hang in their bodies meanwhile.",
            "Senders, service and store share the processors of one machine.",
            "",
            *table(titles, [[who, *figures.values()] for who, figures in medians.items()]),
            "",
            "Single rounds:",
            "",
            *table(["", "load before", *titles[1:]], [list(each.values()) for each in found["rounds"]]),
            "",
            "Machine:",
            "",
            *table(["", ""], found["machine"].items()),
            "",
        ]
    )


def main() -> None:
    """The results are measured, written (those of a whole run) and printed; nothing is left behind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.uploads", description=__doc__)
    parser.add_argument("--senders", type=int, default=SENDERS, help=f"how many at once (default {SENDERS})")
    parser.add_argument("--files", type=int, default=FILES, help=f"how many each sends (default {FILES})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often (default {ROUNDS})")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as running:
        found = report(measured(running, asked.senders, asked.files, asked.rounds), asked.senders, asked.files)
    if (asked.senders, asked.files, asked.rounds) == (SENDERS, FILES, ROUNDS):
        write("uploads", found, page(found))
    print(page(found))


if __name__ == "__main__":
    main()
