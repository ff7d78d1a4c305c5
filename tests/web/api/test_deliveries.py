"""Deliveries are found, page by page, by whoever they belong to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.web.door import Service, said
from tests.world import CLEAN, NOT_CSV


def keys(client: FlaskClient, query: str = "") -> list[str]:
    """The keys of all pages."""
    found, cursor = [], ""
    while True:
        answer = said(client.get(f"/api/deliveries?{query}" + (f"&cursor={cursor}" if cursor else "")))
        found += [item["key"] for item in answer["items"]]
        cursor = answer["next"]
        if not cursor:
            return found


def service_with(*names: str) -> Service:
    service = Service()
    for name in names:
        service.world.tick(timedelta(seconds=1))
        service.delivered(name, CLEAN)
    return service


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_whatever_the_page_all_are_shown_once_newest_first(limit: int) -> None:
    assert keys(service_with("a.csv", "b.csv", "c.csv").client(), f"limit={limit}") == ["c.csv", "b.csv", "a.csv"]


def test_what_arrives_between_two_pages_shifts_nothing() -> None:
    service = service_with("a.csv", "b.csv", "c.csv")
    first = said(service.client().get("/api/deliveries?limit=2"))
    service.world.tick(timedelta(seconds=1))
    service.delivered("d.csv", CLEAN)
    second = said(service.client().get(f"/api/deliveries?cursor={first['next']}"))
    assert [item["key"] for item in first["items"] + second["items"]] == ["c.csv", "b.csv", "a.csv"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=SALES", ["in/sales.csv"]),
        ("verdict=rejected", ["in/report.pdf"]),
        ("state=recorded", ["in/sales.csv"]),
        ("day=2026-01-01", ["in/report.pdf", "in/sales.csv"]),
        ("day=2026-01-02", []),
    ],
)
def test_deliveries_are_searched(query: str, found: list[str]) -> None:
    service = service_with("in/sales.csv")
    service.world.tick(timedelta(seconds=1))
    service.delivered("in/report.pdf", NOT_CSV)
    assert keys(service.client(), query) == found


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "cursor=x", "cursor=%00", "state=moon", "day=2026-13-01", "q=", "limit=1&limit=2"]
)
def test_what_makes_no_sense_is_told(query: str) -> None:
    answer = Service().client().get(f"/api/deliveries?{query}")
    assert (answer.status_code, said(answer)["parameter"]) == (400, query.partition("=")[0])


def test_a_receipt_is_what_csvgate_show_prints() -> None:
    service = Service()
    delivery = service.delivered("a.csv", CLEAN)
    receipt = said(service.client().get(f"/api/deliveries/{delivery.delivery_id}"))
    assert (receipt["row_count"], receipt["column_names"], receipt["bytes"]["total"]) == (2, ["id", "name"], len(CLEAN))


def test_findings_are_told_alone() -> None:
    service = Service()
    delivery = service.delivered("a.csv", b"id,name\n1,Ada\n2\n3,Eve\n")
    answer = said(service.client().get(f"/api/deliveries/{delivery.delivery_id}/findings"))
    assert [finding["code"] for finding in answer["findings"]] == ["missing-cell"]


def test_another_tenants_deliveries_are_not_there() -> None:
    service = service_with("acme/a.csv", "beta/b.csv")
    other = service.world.head("beta/b.csv").delivery_id
    client = service.client(tenant="acme")
    assert keys(client) == ["acme/a.csv"]
    theirs = client.get(f"/api/deliveries/{other}")
    nobodys = client.get(f"/api/deliveries/{'0' * 64}")
    assert (theirs.status_code, said(theirs)["detail"]) == (nobodys.status_code, said(nobodys)["detail"])
    assert theirs.status_code == 404
