"""Settings in; the feeds that they name, out: from a file, or from a bucket."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

from csvgate.core.contracts.feed import NO_FEEDS, Feed, Feeds
from csvgate.errors import UsageError
from csvgate.settings import Settings
from csvgate.wiring.doors import objects

# Where no feeds are named, a database alone makes PostgreSQL the sink of all rows.
EVERYTHING = Feeds((Feed(name="csv_rows", key="**", sink="postgresql"),))


def feeds(settings: Settings) -> Feeds:
    """The feeds that the settings name; without any, all rows go to the database, where there is one.

    UsageError if the file is not there or makes no sense.
    """
    if not settings.feeds:
        return EVERYTHING if settings.has_database else NO_FEEDS
    from csvgate.feeds import load_feeds

    read = _reader(settings)
    try:
        text = read(settings.feeds)
    except OSError as exc:
        problem = f"the feeds {settings.feeds!r} cannot be read: {exc.strerror or exc}"
        raise UsageError(problem) from exc
    folder = settings.feeds.rpartition("/")[0]
    return load_feeds(text, settings.feeds, lambda name: read(f"{folder}/{name}" if folder else name))


def _reader(settings: Settings) -> Callable[[str], bytes]:
    """Gives what a path or an address in a bucket names; OSError if it is not there."""
    if not settings.feeds.startswith("s3://"):
        return lambda path: Path(path).read_bytes()
    store = objects(settings)

    def read(uri: str) -> bytes:
        found = store.read(uri)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), uri)
        return found

    return read
