"""DynamoDB as Catalog and CatalogView: deliveries in, conditional writes and index queries out.

A delivery costs two writes, one to claim and one to record. The shapes of the items are in `dynamodb_items`,
the conditions in `dynamodb_writes`, and what is read from indexes in `dynamodb_lists`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from csvgate.aws import dynamodb_items as items
from csvgate.aws import dynamodb_writes as writes
from csvgate.aws.dynamodb_items import Item
from csvgate.aws.dynamodb_lists import Lists
from csvgate.aws.dynamodb_writes import Write
from csvgate.aws.errors import cancellation_reasons, translated, translation
from csvgate.aws.patience import tries
from csvgate.core.findings import Verdict
from csvgate.delivery import Arrival, Delivery, State
from csvgate.errors import TransientError
from csvgate.ports.catalog import Claim, Standing
from csvgate.telling.notices import NOBODY, Audience

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UpdateItemOutputTypeDef

BATCH = 100  # BatchGetItem takes no more
BATCH_TRIES = 10
TRANSACTION_TRIES = 4
_RECORD = 0  # the place of the record among the members of its transaction


class DynamoDbCatalog:
    """The catalog in two tables; safe to share between threads."""

    def __init__(
        self,
        client: DynamoDBClient,
        *,
        metadata_table: str,
        deliveries_table: str,
        inbound_bucket: str,
        audience: Audience = NOBODY,
    ) -> None:
        self._client = client
        self._refused = client.exceptions.ConditionalCheckFailedException
        self._cancelled = client.exceptions.TransactionCanceledException
        self._metadata_table = metadata_table
        self._deliveries_table = deliveries_table
        self._inbound_bucket = inbound_bucket
        self._audience = audience
        self._noted_days: set[str] = set()
        self._lists = Lists(client=client, table=deliveries_table)

    def claim(self, arrival: Arrival, *, owner: str, now: datetime, lease: timedelta) -> Claim:
        """One conditional write: ours until now + lease unless it is finished or someone's lease runs."""
        delivery = Delivery.of(arrival, "inspecting", at=arrival.time or now)
        token = secrets.token_hex(8)
        write = writes.claim(delivery, owner=owner, token=token, now=now, until=now + lease)
        with translated():
            self._note_day(delivery)
            try:
                answer = self._update(write, ReturnValues="ALL_NEW", ReturnValuesOnConditionCheckFailure="ALL_OLD")
            except self._refused as exc:
                return _claim_of(exc.response["Item"], token)  # type: ignore[typeddict-item]  # untyped in the stubs
        return _claim_of(answer["Attributes"], token)

    def release(self, delivery_id: str, *, owner: str) -> None:
        """Our claim is gone, so that the next attempt need not wait; somebody else's claim stays."""
        with translated(), suppress(self._refused):
            self._update(writes.release(delivery_id, owner=owner))

    def hold(self, delivery_id: str, *, owner: str, until: datetime) -> bool:
        """Our claim holds until then; False if it is not ours any more: somebody may be at it since it ran out."""
        with translated():
            try:
                self._update(writes.hold(delivery_id, owner=owner, until=until))
            except self._refused:
                return False
        return True

    def loading(self, delivery: Delivery) -> None:
        """Whoever looks sees that its rows are on their way; see Catalog."""
        with translated(), suppress(self._refused):
            self._update(writes.loading(delivery))

    def record(self, delivery: Delivery, column_names: Sequence[str], standing: Standing) -> bool:
        """Delivery, history and (as its standing allows) head and classic item, in one transaction; see Catalog."""
        with translated():
            self._note_day(delivery)
            if standing.how == "older":
                return self._record_history(delivery)
            if standing.how == "by-sequencer":
                return self._record_and_lead(delivery, column_names, writes.lead_if_higher(delivery))
            head = self._head(delivery.arrival)
            if _delivery_id(head) != standing.seen:
                return self._is_final(delivery)
            return self._record_and_lead(delivery, column_names, writes.lead_if_as_seen(delivery, head))

    def lead(self, delivery: Delivery, column_names: Sequence[str], *, seen: str | None, order: str = "") -> bool:
        """A recorded delivery is the head in place of the one that was `seen`; see Catalog."""
        with translated():
            head = self._head(delivery.arrival)
            if _delivery_id(head) != seen:
                return False
            members = self._leading(delivery, column_names, writes.lead_if_as_seen(delivery, head, order))
            # Whoever leads already has a classic item, which needs no change.
            return not self._transact(members[:1] if delivery.delivery_id == seen else members)

    def amend(self, delivery: Delivery, column_names: Sequence[str], *, seen: Delivery) -> bool:
        """A final delivery says what its sink did since it was seen; see Catalog."""
        if not seen.is_final:
            return False
        amended = {"Update": {"TableName": self._deliveries_table, **writes.amend(delivery, seen)}}
        with translated():
            for _ in tries(TRANSACTION_TRIES):
                leading = self._still_leading(delivery, column_names)
                refused = self._transact([amended, *leading, *self._notices(delivery)])
                if not refused or _RECORD in refused:
                    return not refused
        message = f"the head of {delivery.arrival.key} keeps changing"
        raise TransientError(message)

    def get(self, delivery_id: str) -> Delivery | None:
        """The delivery, or None if the catalog never heard of it."""
        return self._read(items.delivery_key(delivery_id))

    def head(self, bucket: str, key: str) -> Delivery | None:
        """The newest delivery of a key (it may be a deletion), or None."""
        return self._read(items.head_key(bucket, key))

    def history(self, bucket: str, key: str) -> Iterator[Delivery]:
        """All deliveries of a key, newest first; from an index, which may be a second behind."""
        return self._lists.history(bucket, key)

    def newest(
        self,
        *,
        state: State | None = None,
        verdict: Verdict | None = None,
        day: str | None = None,
        until: datetime | None = None,
    ) -> Iterator[Delivery]:
        """See CatalogView; moments are compared to the millisecond."""
        return self._lists.newest(state, verdict, day, until)

    def known(self, delivery_ids: Iterable[str]) -> dict[str, Delivery]:
        """Those of the deliveries that the catalog has, by id."""
        asked = iter(dict.fromkeys(delivery_ids))
        found: dict[str, Delivery] = {}
        with translated():
            while batch := list(islice(asked, BATCH)):
                deliveries = map(items.delivery_of, self._get_batch(batch))
                found |= {delivery.delivery_id: delivery for delivery in deliveries}
        return found

    def _note_day(self, delivery: Delivery) -> None:
        """The day is among the days; each process says so once, and repeating it does no harm.

        An update makes the item as a put would, and is what both functions may do.
        """
        day = items.day_of(delivery)
        if day not in self._noted_days:
            self._update({"Key": items.day_key(day)})
            self._noted_days.add(day)

    def _update(self, write: Write, **answer: str) -> UpdateItemOutputTypeDef:
        request: Any = {**write, **answer}
        return self._client.update_item(TableName=self._deliveries_table, **request)

    def _record_history(self, delivery: Delivery) -> Literal[True]:
        if notices := self._notices(delivery):
            self._transact([self._record(delivery), *notices])
            return True
        with suppress(self._refused):
            self._update(writes.record(delivery))
        return True

    def _record_and_lead(self, delivery: Delivery, column_names: Sequence[str], leads: Write) -> bool:
        """Whether it is recorded, now or before; not if the head refused."""
        leading = self._leading(delivery, column_names, leads)
        refused = self._transact([self._record(delivery), *leading, *self._notices(delivery)])
        return not refused or _RECORD in refused

    def _record(self, delivery: Delivery) -> Any:  # noqa: ANN401  a member of a transaction
        return {"Update": {"TableName": self._deliveries_table, **writes.record(delivery)}}

    def _notices(self, delivery: Delivery) -> list[Any]:
        """What has to be said is in the outbox if, and only if, there is something to say."""
        opened = map(items.notice_item, self._audience.notices(delivery))
        return [{"Put": {"TableName": self._deliveries_table, "Item": item}} for item in opened]

    def _leading(self, delivery: Delivery, column_names: Sequence[str], leads: Write) -> list[Any]:
        classic = items.classic_item(delivery, column_names, inbound_bucket=self._inbound_bucket)
        return [
            {"Put": {"TableName": self._deliveries_table, **leads}},
            {"Put": {"TableName": self._metadata_table, "Item": classic}},
        ]

    def _still_leading(self, delivery: Delivery, column_names: Sequence[str]) -> list[Any]:
        """Whoever leads its key goes on leading it as what it is now."""
        head = self._head(delivery.arrival)
        if head is None or _delivery_id(head) != delivery.delivery_id:
            return []
        return self._leading(delivery, column_names, writes.lead_if_as_seen(delivery, head))

    def _transact(self, members: list[Any]) -> set[int]:
        """All is written, or nothing: then the places of the members whose condition failed."""
        for _ in tries(TRANSACTION_TRIES):
            try:
                self._client.transact_write_items(TransactItems=members)
            except self._cancelled as exc:
                if refusals := _refusals(exc):
                    return refusals
                if not isinstance(translation(exc), TransientError):
                    raise
            else:
                return set()
        message = "other transactions stay in the way of this one"
        raise TransientError(message)

    def _head(self, arrival: Arrival) -> Item | None:
        return self._item(items.head_key(arrival.bucket, arrival.key))

    def _is_final(self, delivery: Delivery) -> bool:
        item = self._item(items.delivery_key(delivery.delivery_id))
        return item is not None and items.delivery_of(item).is_final

    def _read(self, key: Item) -> Delivery | None:
        with translated():
            item = self._item(key)
        return items.delivery_of(item) if item else None

    def _item(self, key: Item) -> Item | None:
        answer: Any = self._client.get_item(TableName=self._deliveries_table, Key=key, ConsistentRead=True)
        item: Item | None = answer.get("Item")
        return item

    def _get_batch(self, delivery_ids: Sequence[str]) -> Iterator[Item]:
        keys = [items.delivery_key(delivery_id) for delivery_id in delivery_ids]
        wanted: Any = {self._deliveries_table: {"Keys": keys, "ConsistentRead": True}}
        for _ in tries(BATCH_TRIES):
            answer = self._client.batch_get_item(RequestItems=wanted)
            yield from answer["Responses"].get(self._deliveries_table, [])
            wanted = answer.get("UnprocessedKeys")
            if not wanted:
                return
        message = f"{self._deliveries_table} is too busy to answer for a whole batch"
        raise TransientError(message)


def _claim_of(item: Item, token: str) -> Claim:
    """What the item says to whoever wrote, or wanted to write, the claim with this token.

    Our own token may stand in an item that refused us: the first answer was lost and the SDK asked again.
    """
    delivery = items.delivery_of(item)
    if delivery.is_final:
        return Claim(status="finished", delivery=delivery, attempts=delivery.attempts)
    until = datetime.fromisoformat(item["lease_until"]["S"])
    status: Literal["held", "busy"] = "held" if item["claim"]["S"] == token else "busy"
    return Claim(status=status, delivery=delivery, attempts=delivery.attempts, busy_until=until)


def _delivery_id(head: Item | None) -> str | None:
    return head["delivery_id"]["S"] if head else None


def _refusals(exc: ClientError) -> set[int]:
    reasons = enumerate(cancellation_reasons(exc))
    return {place for place, reason in reasons if reason["Code"] == "ConditionalCheckFailed"}
