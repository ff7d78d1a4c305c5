"""What failed says why, and that it can be put back; what is only no CSV is no failure."""

from __future__ import annotations

import re

from csvgate.pipeline.story import fail_inspection, identify
from tests.web.door import Service
from tests.world import BUCKET, CLEAN, NOT_CSV

HTML = {"Accept": "text/html"}


def failures(service: Service, tenant: str = "") -> str:
    return service.client(tenant=tenant).get("/failures", headers=HTML).text


def failed(service: Service, key: str) -> None:
    ports = service.world.ports()
    fail_inspection(identify(service.world.objects.put(BUCKET, key, CLEAN), ports), "<the disk is full>", ports)
    service.world.record_all()


def test_a_failure_has_its_reason_and_a_button() -> None:
    service = Service()
    failed(service, "acme/a.csv")
    page = failures(service)
    assert "&lt;the disk is full&gt;" in page
    assert 'aria-label="Put a.csv back"' in page


def test_nobody_sees_the_failures_of_others() -> None:
    service = Service()
    failed(service, "acme/a.csv")
    assert "Nothing failed" in failures(service, tenant="beta")


def test_what_is_no_csv_is_no_failure() -> None:
    service = Service()
    service.delivered("a.pdf", NOT_CSV)
    assert "Nothing failed" in failures(service)


def test_older_ones_are_a_link_away() -> None:
    service = Service()
    for name in ("a.csv", "b.csv"):
        failed(service, name)
    client = service.client()
    page = client.get("/failures?limit=1", headers=HTML).text
    link = re.search(r'href="(/failures[?]cursor=[^"]+)"', page)
    assert link
    assert ("b.csv" in page, "a.csv" in client.get(link[1], headers=HTML).text) == (True, True)
