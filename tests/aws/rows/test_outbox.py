"""That the word for the catalog is written by the transaction that shows the rows, and by no other."""

from __future__ import annotations

from contextlib import suppress

from csvgate.aws.rows.outbox import DynamoDbLoadOutbox
from csvgate.local.emulator import Emulator
from tests.aws.faults import SENT, Fault, killed_after, killed_before
from tests.aws.hooks import hooked
from tests.aws.provision import dynamodb_at, make_rows_table, make_sink
from tests.ports.contents import NOON, table, target, version
from tests.world import Killed


def test_who_is_killed_before_the_rows_are_shown_leaves_no_word_and_after_it_one(emulator: Emulator) -> None:
    client = dynamodb_at(emulator.endpoint_url)
    rows = make_rows_table(client)
    sink, outbox = make_sink(client, rows), DynamoDbLoadOutbox(client, rows)
    for answer, words in ((killed_before, 0), (killed_after(client), 1)):
        begun = 2 if not words else 1
        with hooked(client, f"{SENT}.TransactWriteItems", Fault(answer=answer, first=begun)), suppress(Killed):
            sink.load(version(1), target("id"), table("1"))
        assert len(list(outbox.due(NOON))) == words
    assert outbox.of(version(1).delivery_id) == version(1).after(sink.load(version(1), target("id"), table("1")))
