"""A directory in; a local stack with its upload service, and what a browser needs to go there, out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from csvgate import settings, wiring
from csvgate.delivery import Arrival, Delivery
from csvgate.local.services import Services
from csvgate.pipeline.story import fail_inspection, identify
from csvgate.settings import Settings
from tests.waiting import until

CSVGATE = (sys.executable, "-c", "from csvgate.cli import main; main()")
FEEDS = """
feeds:
  - name: people
    key: people/*.csv
    contract:
      fields:
        - {name: id, type: integer, constraints: {required: true, unique: true}}
        - {name: name, type: string, constraints: {minLength: 2}}
    on_violation: warn
"""
LOG = "web.log"
# Where nothing tells the gate of new files.
QUIET = "quiet-bucket"


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where the service answers, with which token, and by which process."""

    url: str
    token: str
    pid: int
    directory: Path

    @property
    def settings(self) -> Settings:
        """The stack, as a worker sees it."""
        known = {"PATH": os.environ["PATH"], "HOME": str(self.directory)}
        return wiring.complete(settings.load(known, self.directory))

    @property
    def complaints(self) -> list[str]:
        """What the service could not do, as its log has it."""
        return [line for line in (self.directory / LOG).read_text().splitlines() if '"level": "error"' in line]

    def put(self, key: str, body: bytes, bucket: str = "") -> Arrival:
        """The object is in the bucket; where that is the stack's, its story begins."""
        store = self._services().s3
        answer = store.put_object(Bucket=bucket or self.settings.bucket, Key=key, Body=body)
        return Arrival(
            bucket=bucket or self.settings.bucket,
            key=key,
            version_id=answer["VersionId"],
            etag=answer["ETag"].strip('"'),
            size=len(body),
        )

    def fail(self, key: str, body: bytes) -> Delivery:
        """A file whose inspection failed five times: its message is among the dead letters."""
        known = self.settings
        store = self._services().s3
        if QUIET not in {bucket["Name"] for bucket in store.list_buckets()["Buckets"]}:
            store.create_bucket(Bucket=QUIET)
            store.put_bucket_versioning(Bucket=QUIET, VersioningConfiguration={"Status": "Enabled"})
        ports = wiring.ports(known)
        arrival = identify(self.put(key, body, QUIET), ports)
        wiring.enqueue(dead(known))(arrival)
        failed = fail_inspection(arrival, "the results bucket refused the inspection (503 SlowDown)", ports)
        until(lambda: ports.catalog.get(failed.delivery_id))
        return failed

    def _services(self) -> Services:
        return Services.at(self.settings.endpoint_url or "")


def dead(known: Settings) -> Settings:
    """The same stack, whose arrivals are dead letters."""
    return replace(known, arrivals_queue_url=known.arrivals_dead_url)


@contextmanager
def served(directory: Path, feeds: str = FEEDS) -> Iterator[Site]:
    """A stack with its service, for as long as the block lasts."""
    (directory / "feeds.yaml").write_text(feeds)
    environment = {"PATH": os.environ["PATH"], "HOME": str(directory)}
    run = (*CSVGATE, "up", "--detach", "--no-web", "--port", "0", "--feeds", "feeds.yaml")
    begun = subprocess.run(run, cwd=directory, env=environment, check=False, capture_output=True, text=True)
    assert begun.returncode == 0, begun.stderr
    try:
        with (
            (directory / LOG).open("w") as log,
            subprocess.Popen(
                [*CSVGATE, "web", "--listen", "127.0.0.1:0"],
                cwd=directory,
                env=environment,
                stdout=log,
                stderr=subprocess.PIPE,
                text=True,
            ) as web,
        ):
            url = address_of(web)
            token = (directory / ".csvgate" / "token").read_text().strip()
            yield Site(url=url, token=token, pid=web.pid, directory=directory)
            web.terminate()
    finally:
        subprocess.run((*CSVGATE, "down"), cwd=directory, env=environment, check=True, capture_output=True)


def address_of(web: subprocess.Popen[str]) -> str:
    """Where it answers, as it says itself."""
    said = ""
    for line in web.stderr or ():
        said += line
        if found := re.search(r"the service is at (http://\S+?);", line):
            return found[1]
    raise AssertionError(said)
