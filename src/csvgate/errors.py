"""What went wrong with us, never with the data: each error answers one question, try again or not.

    CsvgateError
    ├── TransientError        try again: the same call may succeed later
    │   ├── DeliveryBusy      another worker holds the delivery, or what it needs
    │   └── NotBegun          no time was left to begin
    └── PermanentError        do not: the same call will fail again
        ├── UsageError        the person asked for something that cannot be done
        │   └── NoSuchBucket  there is no bucket of that name
        ├── UndecodableEvent  a message that is no S3 event
        └── AccessRefused     the account or role may not do this

Bad data is a value (Finding, Verdict) and is never raised.
"""

from __future__ import annotations


class CsvgateError(Exception):
    """Something outside the data went wrong."""


class TransientError(CsvgateError):
    """The call may succeed when it is made again."""


class DeliveryBusy(TransientError):
    """Another worker holds the delivery until its lease ends, or loads into the same table."""


class NotBegun(TransientError):
    """No time was left to begin with it; nobody tried."""


class PermanentError(CsvgateError):
    """The same call will fail again."""


class UsageError(PermanentError):
    """What was asked for cannot be done; the message says what to do instead."""


class NoSuchBucket(UsageError):
    """There is no bucket of that name; nothing is in it."""

    def __init__(self, bucket: str) -> None:
        super().__init__(f"there is no bucket {bucket!r}")


class UndecodableEvent(PermanentError):
    """The message is no event that csvgate knows."""


class AccessRefused(PermanentError):
    """The credentials in use may not make this call."""
