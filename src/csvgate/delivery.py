"""What arrives, and what became of it: an Arrival is one object version, a Delivery its story; identity is here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from csvgate.core.findings import Verdict
from csvgate.load import Load

ArrivalKind = Literal["created", "deleted", "purged"]
State = Literal[
    "received",
    "inspecting",
    "inspected",
    "loading",
    "recorded",
    "loaded",
    "undone",
    "rejected",
    "failed",
    "superseded",
    "vanished",
    "ignored",
    "deleted",
    "erasing",
    "erased",
]
# A delivery in one of these is finished: the same event changes nothing any more.
# `failed` is left out on purpose: a redrive may claim it again.
FINAL_STATES: frozenset[State] = frozenset(
    {"recorded", "loaded", "undone", "rejected", "superseded", "vanished", "ignored", "deleted", "erasing", "erased"}
)
SEQUENCER_WIDTH = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One object version came, or went; `key` is decoded, `version_id` is None where S3 keeps none.

    kind: `created`; `deleted` (the key is gone: a delete marker, or a delete without versions);
    `purged` (one version was removed for good, others may remain).
    """

    bucket: str
    key: str
    version_id: str | None = None
    etag: str | None = None
    size: int | None = None
    sequencer: str | None = None
    time: datetime | None = None
    kind: ArrivalKind = "created"

    @property
    def filename(self) -> str:
        """The last part of the key; of a folder marker, the folder's name."""
        return self.key.rstrip("/").rsplit("/", 1)[-1]

    @property
    def order(self) -> str:
        """The sequencer in fixed width, so that plain string comparison is right within one key; '' if none."""
        return self.sequencer.upper().ljust(SEQUENCER_WIDTH, "0") if self.sequencer else ""

    @property
    def delivery_id(self) -> str:
        """The identity of the delivery (64 hex digits), the same however often the event is repeated."""
        if self.version_id is not None and self.kind != "purged":
            parts = [self.bucket, self.key, self.version_id]
        else:
            when = self.order or (self.time.isoformat() if self.time else "")
            size = "" if self.size is None else str(self.size)
            parts = [self.bucket, self.key, self.version_id or self.etag or "", size, when]
            parts += [self.kind] if self.kind != "created" else []
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """An arrival and what became of it, in the catalog and in messages.

    A sink counted `rows_verified` when the rows were loaded for the `generation`-th time.
    """

    arrival: Arrival
    state: State
    delivery_id: str
    filename: str
    upload_timestamp: datetime
    file_size_bytes: int
    reason: str | None = None
    verdict: Verdict | None = None
    row_count: int | None = None
    column_count: int | None = None
    sha256: str | None = None
    inspection_uri: str | None = None
    attempts: int = 1
    feed: str | None = None
    rows_quarantined: int | None = None
    sink: str | None = None
    table: str | None = None
    rows_loaded: int | None = None
    rows_verified: int | None = None
    generation: int | None = None
    # The step of a trace that recorded it: whoever tells of it later goes on from there.
    traceparent: str | None = None

    @classmethod
    def of(cls, arrival: Arrival, state: State, *, at: datetime) -> Delivery:
        """The delivery of an arrival as far as the arrival itself tells; `at` is cut to the second, as S3 tells it."""
        return cls(
            arrival=arrival,
            state=state,
            delivery_id=arrival.delivery_id,
            filename=arrival.filename,
            upload_timestamp=at.replace(microsecond=0),
            file_size_bytes=arrival.size or 0,
        )

    def after(self, load: Load, generation: int = 1) -> Delivery:
        """The delivery as that load of it left it: loaded, superseded or undone; nothing speaks against it any more."""
        return replace(
            self,
            state=load.outcome,
            reason=None,
            sink=load.sink,
            table=load.table,
            rows_loaded=load.rows_loaded,
            rows_quarantined=load.rows_quarantined,
            rows_verified=load.rows_loaded if load.verified else None,
            generation=generation,
        )

    @property
    def is_final(self) -> bool:
        """Nothing more will happen to this delivery by itself."""
        return self.state in FINAL_STATES

    @property
    def is_erased(self) -> bool:
        """Nothing of it is to be kept but that it was there; `erasing` until all of it is gone."""
        return self.state in {"erasing", "erased"}
