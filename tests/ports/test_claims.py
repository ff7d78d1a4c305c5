"""What every Catalog promises of claims: one holds a delivery, until its lease ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from csvgate.delivery import FINAL_STATES, Delivery
from tests.ports.conftest import AnyCatalog
from tests.ports.deliveries import LEASE, NOON, arrived, recorded


def test_a_new_delivery_is_claimed_and_known_as_inspecting(catalog: AnyCatalog) -> None:
    held = catalog.claim(arrived(), owner="us", now=NOON, lease=LEASE)
    assert (held.status, held.attempts) == ("held", 1)
    assert held.delivery == catalog.get(arrived().delivery_id) == Delivery.of(arrived(), "inspecting", at=NOON)


def test_of_many_who_claim_at_once_one_wins(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: claim(arrived(), owner=f"worker {number}"), range(48)))
    assert sorted(answers) == ["busy"] * 47 + ["held"]
    assert catalog.claim(arrived(), owner="late", now=NOON, lease=LEASE).attempts == 1


def test_while_a_lease_runs_others_are_told_until_when(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    claim(arrived())
    busy = catalog.claim(arrived(), owner="others", now=NOON + LEASE / 2, lease=LEASE)
    assert (busy.status, busy.busy_until, busy.attempts) == ("busy", NOON + LEASE, 1)


def test_after_its_lease_a_delivery_is_anybodys(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    claim(arrived())
    taken = catalog.claim(arrived(), owner="others", now=NOON + LEASE + timedelta(seconds=1), lease=LEASE)
    assert (taken.status, taken.attempts) == ("held", 2)
    assert claim(arrived(), now=NOON + LEASE + timedelta(seconds=2)) == "busy"


def test_a_lease_ends_at_its_very_moment(claim: Callable[..., str]) -> None:
    claim(arrived())
    assert claim(arrived(), now=NOON + LEASE - timedelta(milliseconds=1)) == "busy"
    assert claim(arrived(), now=NOON + LEASE) == "held"


def test_the_same_owner_does_not_claim_twice(claim: Callable[..., str]) -> None:
    assert [claim(arrived()), claim(arrived())] == ["held", "busy"]


def test_after_a_release_the_next_need_not_wait(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    claim(arrived())
    catalog.release(arrived().delivery_id, owner="us")
    again = catalog.claim(arrived(), owner="others", now=NOON, lease=LEASE)
    assert (again.status, again.attempts) == ("held", 2)


def test_a_claim_that_is_held_on_to_ends_later(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    claim(arrived())
    assert catalog.hold(arrived().delivery_id, owner="us", until=NOON + 3 * LEASE)
    assert claim(arrived(), owner="others", now=NOON + 2 * LEASE) == "busy"
    assert claim(arrived(), owner="others", now=NOON + 3 * LEASE) == "held"
    assert not catalog.hold(arrived().delivery_id, owner="us", until=NOON + 9 * LEASE)
    assert claim(arrived(), owner="third", now=NOON + 4 * LEASE) == "held"


def test_nobody_holds_what_is_finished_released_or_unknown(
    catalog: AnyCatalog, claim: Callable[..., str], record: Callable[..., bool]
) -> None:
    assert not catalog.hold("unknown", owner="us", until=NOON + LEASE)
    assert catalog.get("unknown") is None
    claim(arrived())
    catalog.release(arrived().delivery_id, owner="us")
    assert not catalog.hold(arrived().delivery_id, owner="us", until=NOON + LEASE)
    claim(arrived())
    record(recorded(arrived()))
    assert not catalog.hold(arrived().delivery_id, owner="us", until=NOON + LEASE)
    assert catalog.get(arrived().delivery_id) == recorded(arrived(), attempts=2)


def test_a_release_leaves_somebody_elses_claim(catalog: AnyCatalog, claim: Callable[..., str]) -> None:
    claim(arrived())
    catalog.release(arrived().delivery_id, owner="others")
    assert claim(arrived(), owner="others") == "busy"


def test_a_release_of_what_is_finished_or_unknown_changes_nothing(
    catalog: AnyCatalog, claim: Callable[..., str], record: Callable[..., bool]
) -> None:
    claim(arrived())
    record(recorded(arrived()))
    catalog.release(arrived().delivery_id, owner="us")
    catalog.release("unknown", owner="us")
    assert catalog.get(arrived().delivery_id) == recorded(arrived())
    assert catalog.get("unknown") is None


@pytest.mark.parametrize("state", sorted(FINAL_STATES))
def test_a_finished_delivery_is_replayed(
    catalog: AnyCatalog, record: Callable[..., bool], state: str, claim: Callable[..., str]
) -> None:
    claim(arrived())
    record(recorded(arrived(), state=state))
    replay = catalog.claim(arrived(), owner="others", now=NOON + 2 * LEASE, lease=LEASE)
    assert (replay.status, replay.delivery) == ("finished", recorded(arrived(), state=state))


def test_a_failed_delivery_can_be_claimed_at_once_and_become_final(
    catalog: AnyCatalog, record: Callable[..., bool], claim: Callable[..., str]
) -> None:
    claim(arrived())
    record(recorded(arrived(), state="failed", verdict=None, reason="the database was down"))
    again = catalog.claim(arrived(), owner="redrive", now=NOON, lease=LEASE)
    assert (again.status, again.attempts) == ("held", 2)
    assert again.delivery is not None
    assert (again.delivery.state, again.delivery.reason) == ("inspecting", None)
    assert record(recorded(arrived()))
    assert catalog.get(arrived().delivery_id) == recorded(arrived(), attempts=2)


def test_that_rows_are_on_their_way_is_seen_and_frees_no_claim(
    catalog: AnyCatalog, claim: Callable[..., str], record: Callable[..., bool]
) -> None:
    catalog.loading(recorded(arrived()))
    assert catalog.get(arrived().delivery_id) is None
    claim(arrived())
    for _ in range(2):
        catalog.loading(recorded(arrived()))
        shown = catalog.get(arrived().delivery_id)
        assert shown
        assert (shown.state, claim(arrived(), owner="others")) == ("loading", "busy")
    record(recorded(arrived()))
    catalog.loading(recorded(arrived()))
    assert catalog.get(arrived().delivery_id) == recorded(arrived())
