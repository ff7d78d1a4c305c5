"""The outbox is emptied, at least once, by whoever comes first; who does not answer is asked again later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from csvgate.delivery import Arrival, Delivery
from csvgate.errors import CsvgateError, PermanentError, TransientError
from csvgate.memory import MemoryNotifier, MemoryOutbox
from csvgate.telling.notices import Notice
from csvgate.telling.relay import MOST_TRIES, Outcome, Relay, pause
from tests.world import Fault, Killed

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def notice(number: int = 1, tries: int = 0) -> Notice:
    arrival = Arrival(bucket="in", key="a.csv", version_id=str(number))
    return Notice(delivery=Delivery.of(arrival, "recorded", at=NOW), channel="webhook", tries=tries)


class Desk:
    """An outbox with notices for one channel, and the time."""

    def __init__(self, *notices: Notice, fault: Fault | None = None) -> None:
        self.outbox, self.webhook, self.now = MemoryOutbox(), MemoryNotifier(), NOW
        self.outbox.add(notices)
        self.outcomes: list[Outcome] = []
        spoken_to = fault.around(self.webhook) if fault else self.webhook
        watch = lambda _, outcome, __: self.outcomes.append(outcome)  # noqa: E731
        self.relay = Relay(outbox=self.outbox, notifiers={"webhook": spoken_to}, clock=lambda: self.now, watch=watch)


def test_what_had_to_be_said_is_said_once() -> None:
    desk = Desk(notice(1), notice(2))
    assert desk.relay.tell(notice(1).delivery.delivery_id) == {"sent": 1}
    assert desk.webhook.told == [notice(1)]
    assert (desk.relay.sweep(), desk.relay.sweep()) == ({"sent": 1}, {})


def test_whom_a_feed_names_is_told_by_his_channel() -> None:
    named = replace(notice(), channel="webhook:ann")
    desk = Desk(named)
    assert desk.relay.tell(named.delivery.delivery_id) == {"sent": 1}
    assert desk.webhook.told == [named]


def test_a_kill_before_it_is_crossed_out_says_it_twice_under_one_name() -> None:
    desk = Desk(notice(), fault=Fault(at=1, error=Killed, when="after"))
    with pytest.raises(Killed):
        desk.relay.sweep()
    desk.relay.sweep()
    assert [said.dedup_id for said in desk.webhook.told] == [notice().dedup_id] * 2


@pytest.mark.parametrize("error", [TransientError, PermanentError])
def test_what_could_not_be_said_waits(error: type[CsvgateError]) -> None:
    desk = Desk(notice(), fault=Fault(at=1, error=error))
    assert (desk.relay.sweep(), desk.relay.sweep()) == ({"postponed": 1}, {})
    desk.now += pause(0)
    assert desk.relay.sweep() == {"sent": 1}
    assert [said.tries for said in desk.webhook.told] == [1]


def test_who_does_not_answer_is_not_asked_again_in_the_same_round() -> None:
    desk = Desk(*map(notice, range(100)), fault=Fault(at=1, error=TransientError))
    assert desk.relay.sweep() == {"postponed": 1}
    assert desk.relay.sweep() == {"sent": 99}


def test_one_notice_that_is_refused_does_not_hold_up_the_others() -> None:
    desk = Desk(*map(notice, range(100)), fault=Fault(at=1, error=PermanentError))
    assert desk.relay.sweep() == {"postponed": 1, "sent": 99}


def test_after_days_it_is_given_up_and_that_is_told() -> None:
    desk = Desk(notice(tries=MOST_TRIES - 1), fault=Fault(at=1, error=TransientError))
    assert desk.relay.sweep() == {"given-up": 1}
    assert (desk.outcomes, list(desk.outbox.due(NOW))) == (["given-up"], [])
    assert timedelta(days=2) < sum(map(pause, range(MOST_TRIES - 1)), timedelta(0)) < timedelta(days=4)


def test_a_channel_of_another_process_is_left_to_it() -> None:
    desk = Desk(replace(notice(), channel="mail"), notice())
    assert desk.relay.sweep() == {"sent": 1}
    assert [each.channel for each in desk.outbox.due(NOW)] == ["mail"]
