"""What a delivery costs in DynamoDB, and that no fault of its calls loses or doubles a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from csvgate.aws.dynamodb_catalog import DynamoDbCatalog
from csvgate.aws.dynamodb_items import Item
from csvgate.delivery import Arrival, Delivery
from csvgate.errors import PermanentError, TransientError
from csvgate.local.emulator import Emulator
from csvgate.ports.catalog import Standing
from tests.aws.faults import FAULTS, SENT, Answer, Fault, refusal
from tests.aws.hooks import hooked
from tests.aws.provision import INBOUND, catalog_over, dynamodb_at, make_tables

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
BY_SEQUENCER = Standing(how="by-sequencer")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A catalog over tables of its own, and the client to look under it."""

    client: DynamoDBClient
    catalog: DynamoDbCatalog
    tables: dict[str, str] = field(default_factory=dict)

    def scan(self) -> list[Item]:
        """All that a person sees who scans the classic table."""
        return self.client.scan(TableName=self.tables["metadata_table"])["Items"]


@pytest.fixture
def open_desk(emulator: Emulator) -> Callable[[], Desk]:
    client = dynamodb_at(emulator.endpoint_url)

    def make() -> Desk:
        tables = make_tables(client)
        return Desk(client=client, catalog=catalog_over(tables, client), tables=tables)

    return make


@pytest.fixture
def desk(open_desk: Callable[[], Desk]) -> Desk:
    return open_desk()


def arrived(number: int = 1) -> Arrival:
    return Arrival(bucket=INBOUND, key="k", version_id=f"v{number}", size=5, sequencer=f"{number:04X}", time=NOON)


def deliver(catalog: DynamoDbCatalog, number: int = 1) -> Delivery:
    """One delivery from its claim to its record; the same arrival gives the same delivery."""
    claim = catalog.claim(arrived(number), owner="us", now=NOON, lease=LEASE)
    assert claim.status == "held"
    assert claim.delivery is not None
    delivery = replace(claim.delivery, state="recorded", verdict="ok", row_count=number, column_count=1)
    assert catalog.record(delivery, ["id"], BY_SEQUENCER)
    return delivery


# What a delivery costs


@pytest.fixture
def calls(desk: Desk) -> Iterator[list[str]]:
    """The names of the calls that are made."""
    made: list[str] = []
    with hooked(desk.client, SENT, lambda event_name, **_: made.append(event_name.rsplit(".", 1)[-1])):
        yield made


def test_a_delivery_costs_two_writes(desk: Desk, calls: list[str]) -> None:
    deliver(desk.catalog, 1)
    calls.clear()
    deliver(desk.catalog, 2)
    assert calls == ["UpdateItem", "TransactWriteItems"]


def test_a_day_is_noted_once_by_each_process(desk: Desk, calls: list[str]) -> None:
    for number in (1, 2, 3):
        deliver(desk.catalog, number)
    assert calls == ["UpdateItem"] + ["UpdateItem", "TransactWriteItems"] * 3


def test_a_repeated_event_costs_one_call(desk: Desk, calls: list[str]) -> None:
    deliver(desk.catalog)
    calls.clear()
    assert desk.catalog.claim(arrived(), owner="others", now=NOON, lease=LEASE).status == "finished"
    assert calls == ["UpdateItem"]


def test_many_deliveries_are_known_in_hundreds(desk: Desk, calls: list[str]) -> None:
    desk.catalog.known(f"unknown {number}" for number in range(201))
    assert calls == ["BatchGetItem"] * 3


# What people see who scan


def test_a_scan_shows_one_item_for_each_key_its_newest_delivery(desk: Desk) -> None:
    newest, older = deliver(desk.catalog, 2), arrived(1)
    assert desk.catalog.record(Delivery.of(older, "recorded", at=NOON), ["id"], Standing(how="older"))
    (item,) = desk.scan()
    assert (item["FileName"]["S"], item["delivery_id"]["S"]) == ("k", newest.delivery_id)
    assert (item["row_count"]["N"], item["column_names"]["L"]) == ("2", [{"S": "id"}])


def test_a_scan_shows_who_leads_after_a_removal_with_its_own_columns(desk: Desk) -> None:
    newest, older = deliver(desk.catalog, 2), Delivery.of(arrived(1), "recorded", at=NOON)
    assert desk.catalog.record(older, ["old"], Standing(how="older"))
    assert desk.catalog.lead(older, ["old"], seen=newest.delivery_id, order=arrived(3).order)
    (item,) = desk.scan()
    assert (item["delivery_id"]["S"], item["column_names"]["L"]) == (older.delivery_id, [{"S": "old"}])
    assert desk.catalog.lead(older, [], seen=older.delivery_id, order=arrived(4).order)
    assert desk.scan() == [item]


def test_a_scan_shows_that_an_object_was_deleted(desk: Desk) -> None:
    deliver(desk.catalog, 1)
    gone = Delivery.of(replace(arrived(2), kind="deleted", size=None), "deleted", at=NOON)
    assert desk.catalog.record(gone, [], BY_SEQUENCER)
    (item,) = desk.scan()
    assert item["state"]["S"] == "deleted"
    assert "row_count" not in item


# What happens when calls fail


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("name", FAULTS)
def test_whichever_call_fails_for_a_while_there_is_one_record(
    open_desk: Callable[[], Desk], name: str, times: int
) -> None:
    for first in count(1):
        desk = open_desk()
        fault = Fault(answer=FAULTS[name](desk.client), first=first, times=times)
        with hooked(desk.client, SENT, fault):
            delivery = deliver(desk.catalog)
        assert list(desk.catalog.newest()) == [delivery] == [desk.catalog.head(INBOUND, "k")]
        assert [item["delivery_id"]["S"] for item in desk.scan()] == [delivery.delivery_id]
        if fault.heard < first:
            break
    assert first > 3


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize("name", FAULTS)
def test_what_fails_all_the_time_is_a_transient_error(desk: Desk, name: str) -> None:
    fault = Fault(answer=FAULTS[name](desk.client), times=1_000)
    with hooked(desk.client, SENT, fault), pytest.raises(TransientError):
        deliver(desk.catalog)
    assert 1 < fault.heard < 10


def conflict() -> Answer:
    reasons = [{"Code": "None"}, {"Code": "TransactionConflict", "Message": "in the way"}, {"Code": "None"}]
    return refusal(400, "TransactionCanceledException", CancellationReasons=reasons)


@pytest.mark.usefixtures("no_pauses")
def test_a_transaction_that_met_another_is_made_again(desk: Desk) -> None:
    with hooked(desk.client, f"{SENT}.TransactWriteItems", Fault(answer=conflict(), times=2)):
        delivery = deliver(desk.catalog)
    assert desk.catalog.head(INBOUND, "k") == delivery


@pytest.mark.usefixtures("no_pauses")
def test_a_transaction_that_meets_others_all_the_time_is_a_transient_error(desk: Desk) -> None:
    with (
        hooked(desk.client, f"{SENT}.TransactWriteItems", Fault(answer=conflict(), times=1_000)),
        pytest.raises(TransientError, match="in the way"),
    ):
        deliver(desk.catalog)
    assert desk.scan() == []


def test_a_transaction_that_is_wrong_is_a_permanent_error(desk: Desk) -> None:
    reasons = [{"Code": "None"}, {"Code": "None"}, {"Code": "ValidationError", "Message": "too large"}]
    wrong = refusal(400, "TransactionCanceledException", CancellationReasons=reasons)
    with (
        hooked(desk.client, f"{SENT}.TransactWriteItems", Fault(answer=wrong)),
        pytest.raises(PermanentError, match="TransactionCanceled"),
    ):
        deliver(desk.catalog)


@pytest.mark.usefixtures("no_pauses")
def test_keys_that_a_batch_left_out_are_asked_for_again(desk: Desk) -> None:
    kept = {delivery.delivery_id: delivery for delivery in (deliver(desk.catalog, number) for number in range(1, 7))}
    with hooked(desk.client, "after-call.dynamodb.BatchGetItem", answer_half):
        assert desk.catalog.known(kept) == kept


@pytest.mark.usefixtures("no_pauses")
def test_a_batch_that_is_never_answered_is_a_transient_error(desk: Desk) -> None:
    with (
        hooked(desk.client, "after-call.dynamodb.BatchGetItem", answer_none),
        pytest.raises(TransientError, match="too busy"),
    ):
        desk.catalog.known(["x"])


def answer_half(parsed: dict[str, Any], **_: object) -> None:
    """Half of what was found (but one at least) is answered, the rest is left for the next call."""
    for table, found in parsed["Responses"].items():
        kept = (len(found) + 1) // 2
        left = [{name: item[name] for name in ("pk", "sk")} for item in found[kept:]]
        parsed["Responses"][table] = found[:kept]
        parsed["UnprocessedKeys"] = {table: {"Keys": left}} if left else {}


def answer_none(parsed: dict[str, Any], **_: object) -> None:
    """Nothing is answered; all is left for the next call."""
    for table in parsed["Responses"]:
        parsed["UnprocessedKeys"] = {table: {"Keys": [{"pk": {"S": "x"}, "sk": {"S": "delivery"}}]}}


def test_a_table_that_is_not_there_is_a_permanent_error(desk: Desk) -> None:
    lost = DynamoDbCatalog(desk.client, metadata_table="no-such", deliveries_table="no-such", inbound_bucket=INBOUND)
    with pytest.raises(PermanentError, match="ResourceNotFound"):
        lost.get("x")
    with pytest.raises(PermanentError, match="ResourceNotFound"):
        list(lost.newest())
