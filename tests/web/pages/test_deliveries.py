"""The list is read without a script, and an empty one says what to do."""

from __future__ import annotations

from tests.web.door import Service
from tests.world import CLEAN, NOT_CSV

HTML = {"Accept": "text/html"}


def test_deliveries_are_listed_with_their_verdict_and_lead_to_their_receipt() -> None:
    service = Service()
    delivery = service.delivered("in/sales.csv", CLEAN)
    page = service.client().get("/deliveries", headers=HTML).text
    assert '<bdi>in/</bdi></span><bdi class="name">sales.csv</bdi>' in page
    assert f'href="/deliveries/{delivery.delivery_id}"' in page


def test_the_list_is_narrowed_and_says_by_what() -> None:
    service = Service()
    service.delivered("sales.csv", CLEAN)
    service.delivered("report.pdf", NOT_CSV)
    page = service.client().get("/deliveries?verdict=rejected&q=re", headers=HTML).text
    assert ("report.pdf" in page, "sales.csv" in page) == (True, False)
    assert '<option value="rejected" selected>' in page


def test_an_empty_list_says_how_to_begin() -> None:
    page = Service().client(tenant="acme").get("/deliveries", headers=HTML).text
    assert "Nothing has arrived yet" in page
    assert "s3://test-bucket/acme/" in page


def test_older_deliveries_are_a_link_away() -> None:
    service = Service()
    for name in ("a.csv", "b.csv"):
        service.delivered(name, CLEAN)
    assert 'rel="next"' in service.client().get("/deliveries?limit=1", headers=HTML).text


def test_a_form_without_a_script_may_leave_everything_open() -> None:
    service = Service()
    service.delivered("a.csv", CLEAN)
    answer = service.client().get("/deliveries?q=&verdict=&state=&feed=&day=", headers=HTML)
    assert (answer.status_code, "a.csv" in answer.text) == (200, True)
