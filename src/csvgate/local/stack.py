"""A data directory in, the local stack up, down, or what there is of it out."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict, Unpack
from urllib.parse import urlsplit

from csvgate import wiring
from csvgate.aws.errors import translated
from csvgate.errors import PermanentError, UsageError
from csvgate.local import emulator as embedded
from csvgate.local import facts as stack_file
from csvgate.local import postgres as embedded_postgres
from csvgate.local import web as embedded_web
from csvgate.local.bucket_name import objection
from csvgate.local.configuration import Configuration, keep
from csvgate.local.deployment import BUCKET, CODE_BUCKET, RESULTS_BUCKET, Progress, deploy, quietly
from csvgate.local.emulator import Emulator
from csvgate.local.facts import ProcessFacts, StackFacts, Trigger
from csvgate.local.services import Services, require_local

__all__ = ["StackFacts", "Status", "Wish", "deploy", "down", "status", "up"]


class Wish(TypedDict, total=False):
    """What may be asked of a stack; what is left out, or None, stays as it is, or is as usual.

    port: for the embedded AWS; 4566 if that is free, else any; 0 is any free one.
    endpoint_url: an emulator on this machine that runs already, instead of the embedded one.
    bucket, trigger: where files arrive, and who is told of it.
    functions: whether there are any; without them, workers do both stages.
    postgres: an embedded PostgreSQL beside it, to which rows go.
    web: the upload service over it, at that port if it is free, and started anew if it runs; without it, none runs.
    feeds: which rows, and by which contracts, as a file says or as the one at that address says; without any, all rows.
    """

    port: int | None
    endpoint_url: str | None
    bucket: str | None
    trigger: Trigger | None
    functions: bool | None
    postgres: bool
    web: bool
    web_port: int | None
    feeds: Configuration | str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What is known of the stack of a data directory, and whether its endpoint answers.

    `stopped` is what an embedded stack was like that can be started again.
    """

    facts: StackFacts | None
    is_running: bool
    stopped: StackFacts | None = None


def up(data_dir: Path, *, progress: Progress = quietly, **wish: Unpack[Wish]) -> StackFacts:
    """The stack runs and is complete, also where one ran already; `stack.json` tells other commands of it."""
    _check_bucket(wish.get("bucket"))
    with _alone_in(data_dir):
        known = stack_file.read(data_dir)
        running = embedded.find(data_dir) or _elsewhere(known)
        if running:
            _check_wish(running, known, wish)
            progress(f"a stack runs already at {_address(running)}: deploying into it again")
            return _deploy(data_dir, running, progress, _whole(wish, known))
        endpoint_url = wish.get("endpoint_url")
        if endpoint_url:
            _check_answer(endpoint_url)
            return _deploy(data_dir, endpoint_url, progress, _whole(wish))
        wish = _whole(wish, known or stack_file.read_stopped(data_dir))
        progress("starting the embedded AWS")
        return _start_and_deploy(data_dir, progress, wish)


def down(data_dir: Path) -> Emulator | None:
    """Nothing of the stack runs any more; its state stays on disk. The answer is what was stopped.

    An emulator that was there before us is left alone.
    """
    if not data_dir.is_dir():
        return None
    with _alone_in(data_dir):
        running = embedded.find(data_dir)
        _stop_web(data_dir)
        if running:
            running.stop()
        _stop_database(data_dir)
        stack_file.stop(data_dir)
        return running


def status(data_dir: Path) -> Status:
    """What `stack.json` says, and whether it is still true."""
    facts = stack_file.read(data_dir)
    is_running = facts is not None and _is_running(data_dir, facts)
    return Status(facts=facts, is_running=is_running, stopped=stack_file.read_stopped(data_dir))


def _start_and_deploy(data_dir: Path, progress: Progress, wish: Wish) -> StackFacts:
    started = embedded.start(data_dir, port=wish.get("port"))
    try:
        return _deploy(data_dir, started, progress, wish)
    except BaseException:
        _stop_web(data_dir)
        started.stop()
        _stop_database(data_dir)
        raise


def _deploy(data_dir: Path, where: Emulator | str, progress: Progress, wish: Wish) -> StackFacts:
    facts = deploy(
        _address(where),
        bucket=wish.get("bucket") or BUCKET,
        trigger=wish.get("trigger") or "queue",
        functions=wish.get("functions") is not False,
        database_url=_database(data_dir, progress) if wish.get("postgres") else "",
        feeds_uri=_feeds(where, wish.get("feeds")),
        progress=progress,
    )
    if isinstance(where, Emulator):
        facts = replace(facts, emulator=ProcessFacts(pid=where.pid, port=where.port, log=str(where.log)))
    _stop_web(data_dir)
    stack_file.write(data_dir, facts)
    return _serve(data_dir, facts, progress, wish) if wish.get("web") else facts


def _serve(data_dir: Path, facts: StackFacts, progress: Progress, wish: Wish) -> StackFacts:
    """The same stack, with an upload service over it."""
    progress("starting the upload service")
    web = embedded_web.start(data_dir, facts, port=wish.get("web_port"))
    known = ProcessFacts(pid=web.pid, port=web.port, log=str(web.log))
    facts = replace(facts, web_url=web.url, token_file=str(web.token_file), web=known)
    stack_file.write(data_dir, facts)
    return facts


def _database(data_dir: Path, progress: Progress) -> str:
    """The address of an embedded PostgreSQL that runs, with the tables of this version."""
    progress("starting the embedded PostgreSQL")
    database_url = embedded_postgres.start(data_dir).database_url
    wiring.migrate(database_url)
    return database_url


def _feeds(where: Emulator | str, wanted: Configuration | str | None) -> str:
    """The address of the feeds, which are there; '' for none."""
    if not isinstance(wanted, Configuration):
        return wanted or ""
    with translated():
        keep(Services.at(_address(where)).s3, RESULTS_BUCKET, wanted)
    return wanted.uri(RESULTS_BUCKET)


def _stop_web(data_dir: Path) -> None:
    if web := embedded_web.find(data_dir):
        web.stop()


def _stop_database(data_dir: Path) -> None:
    if database := embedded_postgres.find(data_dir):
        database.stop()


def _address(where: Emulator | str) -> str:
    return where if isinstance(where, str) else where.endpoint_url


def _elsewhere(known: StackFacts | None) -> str | None:
    """Where the stack is that was deployed into somebody's own emulator."""
    if known is None or known.emulator:
        return None
    _check_answer(known.endpoint_url, "Start that emulator again, or let csvgate down forget the stack in it.")
    return known.endpoint_url


def _whole(wish: Wish, known: StackFacts | None = None) -> Wish:
    """The wish, and where it says nothing, what the stack is like; UsageError if its parts do not fit together."""
    if known:
        wish = {
            **wish,
            "bucket": wish.get("bucket") or known.bucket,
            "trigger": wish.get("trigger") or known.trigger,
            "functions": bool(known.inspect_function) if wish.get("functions") is None else wish["functions"],
            "postgres": wish.get("postgres") or known.database_url is not None,
            "feeds": wish.get("feeds") or known.feeds,
            "web_port": wish.get("web_port", known.web.port if known.web else None),
        }
    if wish.get("functions") is False and wish.get("trigger") == "function":
        message = "Without functions the bucket has to tell the queue. Leave --trigger function out."
        raise UsageError(message)
    feeds = wish.get("feeds")
    if isinstance(feeds, Configuration) and not wish.get("postgres"):
        _check_needs_no_database(feeds)
    return wish


def _check_needs_no_database(configuration: Configuration) -> None:
    for feed in configuration.feeds.feeds:
        if feed.sink == "postgresql":
            message = f"The feed {feed.name} wants its rows in PostgreSQL. Start the stack with --postgres, too."
            raise UsageError(message)


def _check_bucket(name: str | None) -> None:
    """The bucket could also be made on AWS, and is none of those that the stack has for itself."""
    problem = objection(name) if name is not None else None
    if name in {RESULTS_BUCKET, CODE_BUCKET}:
        problem = "the stack itself has a bucket of that name"
    if problem:
        message = f"{name!r} cannot be the bucket: {problem}."
        raise UsageError(message)


def _check_answer(endpoint_url: str, advice: str = "Start the emulator first.") -> None:
    """The endpoint is on this machine, and something listens there."""
    require_local(endpoint_url)
    if not _answers(endpoint_url):
        message = f"Nothing answers at {endpoint_url}. {advice}"
        raise PermanentError(message)


def _check_wish(running: Emulator | str, known: StackFacts | None, wish: Wish) -> None:
    """A wish for something else is not met by the stack that runs, and does not change it in silence."""
    has = {"endpoint_url": _address(running), "port": running.port if isinstance(running, Emulator) else None}
    has |= {"bucket": known.bucket, "trigger": known.trigger} if known else {}
    asked = {name: value for name, value in wish.items() if name in has and value}
    if any(value != has[name] for name, value in asked.items()):
        what = f" with the bucket {known.bucket} and the trigger {known.trigger}" if known else ""
        message = f"A stack runs already at {_address(running)}{what}. For another one, stop it first: csvgate down."
        raise UsageError(message)


def _is_running(data_dir: Path, facts: StackFacts) -> bool:
    if facts.database_url and not embedded_postgres.find(data_dir):
        return False
    return embedded.find(data_dir) is not None if facts.emulator else _answers(facts.endpoint_url)


def _answers(endpoint_url: str) -> bool:
    parts = urlsplit(endpoint_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname, port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def _alone_in(data_dir: Path) -> Iterator[None]:
    """No other process starts or stops this stack meanwhile; the system forgets the lock with the process."""
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
