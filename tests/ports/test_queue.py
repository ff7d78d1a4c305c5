"""What every Queue promises."""

from __future__ import annotations

from tests.ports.conftest import Mailbox

ODD = '{"key": "in/é +%20\\u0000 \N{GRINNING FACE}.csv"}\n<&>'


def test_what_is_sent_can_be_received_as_it_was(mailbox: Mailbox) -> None:
    mailbox.queue.send(ODD)
    assert mailbox.received() == [ODD]


def test_two_equal_messages_are_two(mailbox: Mailbox) -> None:
    mailbox.queue.send("same")
    mailbox.queue.send("same")
    assert mailbox.received() == ["same", "same"]
