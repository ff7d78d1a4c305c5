"""What people are told beside the word leads somewhere."""

from __future__ import annotations

from datetime import UTC, datetime

from csvgate.delivery import Arrival, Delivery
from csvgate.telling.details import NO_DETAILS, Details
from csvgate.web.service import TABLE

ARRIVAL = Arrival(bucket="in", key="a.csv", version_id="v1")
DELIVERY = Delivery.of(ARRIVAL, "recorded", at=datetime(2026, 1, 1, tzinfo=UTC))


def test_it_leads_to_a_page_that_the_service_has() -> None:
    page = Details(public_url="https://csv.example").whereabouts(DELIVERY)
    path = page.removeprefix("https://csv.example").replace(DELIVERY.delivery_id, "{delivery_id}")
    assert ("GET", path) in {(operation.method, operation.path) for operation in TABLE if operation.is_page}


def test_where_there_is_no_service_a_command_shows_it() -> None:
    assert NO_DETAILS.whereabouts(DELIVERY) == f"csvgate show {DELIVERY.delivery_id}"
