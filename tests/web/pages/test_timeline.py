"""What happened to a delivery is told step by step, and no step is made up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Delivery
from csvgate.delivery_json import facts
from csvgate.pipeline.story import fail_inspection, identify
from csvgate.web.pages.timeline import timeline
from tests.web.door import Service
from tests.world import BUCKET, CLEAN, NOT_CSV, World

HTML = {"Accept": "text/html"}


def receipt(service: Service, delivery: Delivery) -> str:
    return service.client().get(f"/deliveries/{delivery.delivery_id}", headers=HTML).text


@pytest.mark.parametrize(
    ("body", "steps"),
    [(CLEAN, ["Uploaded", "Read to the end", "Judged", "Recorded"]), (NOT_CSV, ["Uploaded", "Judged"])],
)
def test_the_steps_are_those_that_were_made(body: bytes, steps: list[str]) -> None:
    service = Service()
    page = receipt(service, service.delivered("a.csv", body))
    places = [page.find(f"<strong>{step}</strong>") for step in steps]
    assert places == sorted(places)
    assert -1 not in places


def test_a_delivery_that_is_on_its_way_says_so_and_is_asked_for_again() -> None:
    service = Service()
    arrival = service.world.objects.put(BUCKET, "a.csv", CLEAN)
    service.world.deliver(arrival)
    page = service.client().get(f"/deliveries/{arrival.delivery_id}", headers=HTML).text
    assert 'data-waits="' in page
    assert '<noscript><meta http-equiv="refresh"' in page


def test_a_feed_is_named_which_need_not_have_a_contract() -> None:
    service = Service(world=World(feeds=Feeds((Feed(name="orders", key="*"),))))
    page = receipt(service, service.delivered("a.csv", CLEAN))
    assert (" · in the feed <" in page, "contract" in page) == (True, False)


def test_the_verdict_has_its_own_colour_where_something_else_failed() -> None:
    """The file is fine; what failed is the last step."""
    judged = replace(Service().delivered("a.csv", CLEAN), state="failed")
    page = str(timeline(judged, facts(judged)))
    assert '<li class="ok"><strong>Judged' in page
    assert '<li class="rejected"><strong>Failed' in page


def test_a_failure_says_why_and_waits_for_nothing() -> None:
    service = Service()
    ports = service.world.ports()
    failed = fail_inspection(identify(service.world.objects.put(BUCKET, "a.csv", CLEAN), ports), "no disk", ports)
    service.world.record_all()
    page = receipt(service, failed)
    assert ("no disk" in page, "data-waits" in page) == (True, False)
