"""A burst of small files into the local stack: csvgate beside handlers that only count lines and write one item.

Both run in a fresh embedded AWS of their own, deployed from the same templates, in turn, three times;
the medians are compared. A round counts only if every file has its record and no dead-letter queue holds anything.
"""

from __future__ import annotations

import io
import os
import random
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import machine
from csvgate.aws.client import Where, client
from csvgate.local import emulator, processes
from csvgate.local.deployment import deploy
from csvgate.local.facts import StackFacts
from csvgate.local.services import CREDENTIALS, REGION, Services

FILES, FILE_BYTES, UPLOADERS, ROUNDS = 1000, 2048, 8, 3
# So many files first that every worker has started and imported what it needs.
WARM_UP = 48
POLL_SECONDS = 0.05
PATIENCE_SECONDS = 120.0
AIM = 1.5
COUNTING = Path(__file__).with_name("counting.py")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One burst: seconds until all records were there, how long a file waited, and the processor's seconds."""

    who: str
    load_before: str
    seconds: float
    p50: float
    p99: float
    cpu_seconds: float
    records: int
    dead: int

    @property
    def is_complete(self) -> bool:
        """Every file has its record, none is dead."""
        return self.records == FILES and self.dead == 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Stack:
    """A deployed stack in a fresh emulator, and what it takes to measure it."""

    facts: StackFacts
    services: Services
    pid: int

    def records(self) -> int:
        """How many keys have a record; the emulator's count is live, and asking costs it a millisecond."""
        return self.services.dynamodb.describe_table(TableName=self.facts.metadata_table)["Table"]["ItemCount"]

    def dead(self) -> int:
        """The messages in both dead-letter queues."""
        return self.messages(self.facts.arrivals_dead_url) + self.messages(self.facts.inspected_dead_url)

    def messages(self, queue_url: str) -> int:
        """The messages in a queue, those in flight too."""
        where: Where = {"endpoint_url": self.facts.endpoint_url, "region": REGION, "credentials": CREDENTIALS}
        counts = client("sqs", **where).get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
        return int(counts["ApproximateNumberOfMessages"]) + int(counts["ApproximateNumberOfMessagesNotVisible"])

    def cpu_seconds(self) -> float:
        """What the emulator and its functions have used of the processor so far."""
        return sum(_cpu_ticks(pid) for pid in processes.members(self.pid)) / TICKS


def run() -> dict[str, Any]:
    """The rounds, their medians, and how they compare."""
    rounds = [burst(who, prepare) for _ in range(ROUNDS) for who, prepare in CONTENDERS.items()]
    medians = {who: _median([one for one in rounds if one.who == who]) for who in CONTENDERS}
    return {
        "what": f"{FILES:,} files of {FILE_BYTES} bytes at once by {UPLOADERS} uploaders, medians of {ROUNDS} rounds",
        "machine": machine.facts(),
        "medians": medians,
        "ratio": round(medians["csvgate"]["seconds"] / medians["counting"]["seconds"], 2),
        "aim": AIM,
        "rounds": [asdict(one) for one in rounds],
    }


def burst(who: str, prepare: Callable[[Stack], None]) -> Round:
    """One burst into a fresh stack; RuntimeError if anything was lost."""
    load_before = machine.load()
    with fresh_stack() as stack:
        prepare(stack)
        send_and_wait(stack, [f"warm-up/{number}.csv" for number in range(WARM_UP)])
        cpu, began = stack.cpu_seconds(), time.monotonic()
        waits = send_and_wait(stack, [f"in/{number:04}.csv" for number in range(FILES)])
        result = Round(
            who=who,
            load_before=load_before,
            seconds=round(time.monotonic() - began, 2),
            p50=round(statistics.median(waits), 2),
            p99=round(statistics.quantiles(waits, n=100)[98], 2),
            cpu_seconds=round(stack.cpu_seconds() - cpu, 1),
            records=len(waits),
            dead=stack.dead(),
        )
    if not result.is_complete:
        message = f"a round that lost files measures nothing: {result}"
        raise RuntimeError(message)
    return result


@contextmanager
def fresh_stack() -> Iterator[Stack]:
    """A stack that nobody used before; it is gone afterwards."""
    with tempfile.TemporaryDirectory() as name, emulator.start(Path(name), port=0) as running:
        facts = deploy(running.endpoint_url)
        yield Stack(facts=facts, services=Services.at(running.endpoint_url), pid=running.pid)


def leave_as_it_is(_: Stack) -> None:
    """The functions are csvgate's own."""


def count_only(stack: Stack) -> None:
    """The functions are those of `benchmarks.counting`; all else stays.

    A call that runs while its code is replaced would keep its messages for the visibility timeout.
    """
    wait_until(lambda: stack.messages(stack.facts.arrivals_queue_url) == 0)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("csvgate/__init__.py", "")
        package.writestr("csvgate/lambdas.py", COUNTING.read_text(encoding="utf-8"))
    for function in (stack.facts.inspect_function, stack.facts.record_function):
        stack.services.functions.update_function_code(FunctionName=function, ZipFile=archive.getvalue())


CONTENDERS: dict[str, Callable[[Stack], None]] = {"csvgate": leave_as_it_is, "counting": count_only}


def send_and_wait(stack: Stack, keys: list[str]) -> list[float]:
    """All files are uploaded and recorded; how long each waited, as if they were recorded in the order of uploading."""
    before = stack.records()
    sent: list[float] = []
    seen: list[float] = []

    def send(key: str) -> None:
        stack.services.s3.put_object(Bucket=stack.facts.bucket, Key=key, Body=small_csv(key))
        sent.append(time.monotonic())

    def is_done() -> bool:
        seen.extend([time.monotonic()] * (stack.records() - before - len(seen)))
        return len(seen) == len(keys)

    with ThreadPoolExecutor(UPLOADERS) as uploaders:
        uploads = [uploaders.submit(send, key) for key in keys]
        wait_until(is_done)
        for upload in uploads:
            upload.result()
    return [max(0.0, there - gone) for gone, there in zip(sorted(sent), seen, strict=False)]


def wait_until(is_done: Callable[[], bool]) -> None:
    """It is done, or patience has ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_done() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def small_csv(name: str) -> bytes:
    """Orders of about FILE_BYTES, the same for the same name."""
    chance = random.Random(name)  # noqa: S311  # data, no secret
    lines = ["order_id,customer,city,ordered_on,amount"]
    while sum(map(len, lines)) + len(lines) < FILE_BYTES:
        day = f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        city = chance.choice(["Oslo", "Porto", "Turin", "Ghent", '"Frankfurt, Oder"'])
        lines.append(f"{chance.randrange(10**6)},C{chance.randrange(500):04},{city},{day},{chance.random() * 900:.2f}")
    return "\n".join([*lines, ""]).encode()


def _median(rounds: list[Round]) -> dict[str, float]:
    names = ("seconds", "p50", "p99", "cpu_seconds")
    return {name: statistics.median(getattr(one, name) for one in rounds) for name in names}


def _cpu_ticks(pid: int) -> int:
    """What a process, and those of its children that have ended, used: utime, stime, cutime, cstime of proc(5)."""
    try:
        return sum(map(int, Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[11:15]))
    except OSError:
        return 0
