"""Uploads are followed until nothing more happens to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from csvgate.cli.following import followed
from csvgate.cli.session import Session
from csvgate.delivery import Arrival, Delivery
from csvgate.errors import PermanentError
from csvgate.memory import EPOCH, MemoryObjectStore
from csvgate.pipeline.story import fail_recording, inspect_delivery, record_delivery
from csvgate.ports import Ports

BODY = b"<html></html>"


def later(work: Callable[[], object]) -> Callable[[float], None]:
    """A pause in which somebody does the work."""
    return lambda _: (work(), None)[1]


def process(arrival: Arrival, ports: Ports) -> Delivery:
    """The whole story at once."""
    return record_delivery(inspect_delivery(arrival, ports), ports)


def test_a_delivery_that_takes_its_time_is_waited_for(session: Session) -> None:
    """It is given as soon as it is recorded."""
    objects, ports = session.ports.objects, session.ports
    assert isinstance(objects, MemoryObjectStore)
    arrival = objects.put("in", "a.csv", BODY)
    found = followed([arrival], ports.view, since=EPOCH, timeout=5, sleep=later(lambda: process(arrival, ports)))
    assert [delivery.state for delivery in found] == ["rejected"]


def test_a_failed_delivery_ends_the_wait(session: Session) -> None:
    """It would be redelivered only if somebody acts."""
    objects, ports = session.ports.objects, session.ports
    assert isinstance(objects, MemoryObjectStore)
    arrival = objects.put("in", "a.csv", BODY)
    fail_recording(Delivery.of(arrival, "received", at=EPOCH), "the disk is full", ports)
    assert [delivery.state for delivery in followed([arrival], ports.view, since=EPOCH, timeout=0)] == ["failed"]


def test_who_waited_long_enough_is_told_how_to_follow(session: Session) -> None:
    """To put the file again would be another delivery."""
    arrival = Arrival(bucket="in", key="a.csv", version_id="v1")
    with pytest.raises(PermanentError, match=f"csvgate show {arrival.delivery_id[:10]} "):
        list(followed([arrival], session.ports.view, since=EPOCH, timeout=0))


def test_without_versions_the_new_upload_is_told_from_the_old(session: Session) -> None:
    """By its etag and the time of the upload."""
    objects, ports = session.ports.objects, session.ports
    assert isinstance(objects, MemoryObjectStore)
    objects.versioning = "off"
    old = process(objects.put("in", "a.csv", BODY), ports)
    since = old.upload_timestamp + timedelta(minutes=1)
    with pytest.raises(PermanentError, match="no receipt"):
        list(followed([Arrival(bucket="in", key="a.csv", etag=old.arrival.etag)], ports.view, since=since, timeout=0))
    found = followed([Arrival(bucket="in", key="a.csv", etag=old.arrival.etag)], ports.view, since=EPOCH, timeout=0)
    assert [delivery.delivery_id for delivery in found] == [old.delivery_id]
