"""A receipt is read by who is signed in, and by whoever has a link to it."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient

from csvgate.upkeep.erasing import erase
from csvgate.web.shares import LASTS
from tests.web.door import Service, said
from tests.world import CLEAN

HTML = {"Accept": "text/html"}


def link(client: FlaskClient, delivery_id: str) -> str:
    path: str = said(client.post(f"/api/deliveries/{delivery_id}/share"))["path"]
    return path


def test_it_says_what_the_receipt_says_and_offers_the_files() -> None:
    service = Service()
    delivery = service.delivered("a.csv", CLEAN)
    page = service.client().get(f"/deliveries/{delivery.delivery_id}", headers=HTML).text
    assert "is fine: 2 rows, 2 columns" in page
    assert f"/api/deliveries/{delivery.delivery_id}/clean" in page


def test_whoever_has_the_link_sees_the_receipt_and_can_do_nothing() -> None:
    service = Service()
    delivery = service.delivered("a.csv", CLEAN)
    answer = service.app.test_client().get(link(service.client("read"), delivery.delivery_id))
    assert answer.status_code == 200
    assert "is fine" in answer.text
    assert "/api/" not in answer.text


def test_a_link_ends() -> None:
    service = Service()
    path = link(service.client(), service.delivered("a.csv", CLEAN).delivery_id)
    service.world.tick(LASTS - timedelta(seconds=1))
    assert service.app.test_client().get(path).status_code == 200
    service.world.tick(timedelta(seconds=1))
    assert service.app.test_client().get(path).status_code == 401


def test_markup_in_names_and_cells_is_text() -> None:
    service = Service()
    body = b"<script>alert(1)</script>,__proto__\n<img src=x onerror=alert(1)>,1\n2,\n"
    delivery = service.delivered("<b>\u202evsc.csv", body)
    page = service.client().get(f"/deliveries/{delivery.delivery_id}", headers=HTML).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "__proto__" in page


def test_the_history_of_a_key_leads_to_its_other_deliveries() -> None:
    service = Service()
    first = service.delivered("a.csv", CLEAN)
    service.world.tick(timedelta(days=1))
    second = service.delivered("a.csv", CLEAN)
    page = service.client().get(f"/deliveries/{second.delivery_id}", headers=HTML).text
    assert f"/deliveries/{first.delivery_id}" in page


def test_of_what_was_erased_it_says_by_whom_and_offers_nothing() -> None:
    """Also to whoever has a link to it."""
    service = Service()
    delivery = service.delivered("a.csv", CLEAN)
    path = link(service.client("read"), delivery.delivery_id)
    erase(delivery, service.world.catalog.outbox, service.world.ports(), "Ada")
    for page in (
        service.client().get(f"/deliveries/{delivery.delivery_id}", headers=HTML),
        service.app.test_client().get(path),
    ):
        assert (page.status_code, "was erased, by Ada at" in page.text) == (200, True)
        assert "/clean" not in page.text
