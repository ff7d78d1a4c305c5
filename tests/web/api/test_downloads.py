"""What belongs to a delivery can be taken home, and does nothing there by itself."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from csvgate.core.contracts.feed import Feeds
from csvgate.feeds import load_feeds
from tests.web.door import Service, said
from tests.world import CLEAN, NOT_CSV, World

SCHEMA = b"fields: [{name: id, type: integer}, {name: name, type: string}]"
FEEDS = b"feeds:\n  - name: people\n    key: 'in/**'\n    contract: people.yaml\n"


def fetch(service: Service, key: str, body: bytes, what: str, query: str = "") -> TestResponse:
    delivery = service.delivered(key, body)
    return service.client("read").get(f"/api/deliveries/{delivery.delivery_id}/{what}?{query}")


def test_the_table_is_canonical_csv_as_an_attachment() -> None:
    answer = fetch(Service(), "Städte <1>.csv", "id;Ort\n1;Köln\n".encode("cp1252"), "clean", "formulas=keep")
    assert answer.data.decode() == "id,Ort\r\n1,Köln\r\n"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="St_dte__1_.clean.csv"')
    assert answer.headers["Content-Type"].startswith("text/csv")


def test_nothing_runs_in_a_spreadsheet_unless_it_is_asked_for() -> None:
    body = b"id,name\n1,=HYPERLINK(1)\n2,Eve\n"
    assert b"'=HYPERLINK" in fetch(Service(), "a.csv", body, "clean").data
    assert b",=HYPERLINK" in fetch(Service(), "a.csv", body, "clean", "formulas=keep").data


def test_what_does_not_fit_is_with_its_reasons_in_the_rejects() -> None:
    answer = fetch(Service(), "a.csv", b"id,name\n1,Ada\n2\n3,Eve\n", "rejects")
    assert answer.text.splitlines()[1].startswith("3,missing-cell,")


def test_of_a_file_that_is_no_csv_there_is_no_table() -> None:
    assert fetch(Service(), "a.pdf", NOT_CSV, "clean").status_code == 409


def test_a_file_that_is_gone_is_said_to_be_gone() -> None:
    service = Service()
    delivery = service.delivered("a.csv", CLEAN)
    service.world.objects.purge(service.door.bucket, "a.csv", delivery.arrival.version_id)
    answer = service.client("read").get(f"/api/deliveries/{delivery.delivery_id}/clean")
    assert answer.status_code == 410


@pytest.mark.parametrize("what", ["clean", "rejects", "quarantine"])
def test_another_tenants_files_are_not_there(what: str) -> None:
    service = Service()
    delivery = service.delivered("beta/a.csv", CLEAN)
    assert service.client(tenant="acme").get(f"/api/deliveries/{delivery.delivery_id}/{what}").status_code == 404


def with_feeds() -> Service:
    feeds: Feeds = load_feeds(FEEDS, "feeds.yaml", lambda _: SCHEMA)
    return Service(world=World(feeds=feeds))


def test_the_quarantine_is_there_where_rows_break_the_contract() -> None:
    service = with_feeds()
    bad = fetch(service, "in/a.csv", b"id,name\n1,Ada\nx,Eve\n", "quarantine")
    assert "type-error" in bad.text
    assert fetch(service, "in/b.csv", CLEAN, "quarantine").status_code == 404


class TestFeeds:
    """Feeds, as a program sees them."""

    def test_they_are_listed_with_their_contract_and_newest_verdicts(self) -> None:
        service = with_feeds()
        service.delivered("in/a.csv", CLEAN)
        client = service.client("read")
        assert [feed["name"] for feed in said(client.get("/api/feeds"))["items"]] == ["people"]
        feed = said(client.get("/api/feeds/people"))
        assert feed["contract"]["schema"]["fields"][0]["type"] == "integer"
        assert [recent["verdict"] for recent in feed["recent"]] == ["ok"]

    def test_a_tenant_sees_the_feeds_of_its_own_keys(self) -> None:
        client = with_feeds().client(tenant="acme")
        assert said(client.get("/api/feeds"))["items"] == []
        assert client.get("/api/feeds/people").status_code == 404
