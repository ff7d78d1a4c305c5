"""A page goes on where the one before ended, and looks at nothing that came before it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest

from tests.web.door import Service, said
from tests.world import CLEAN

FOREIGN = ("", "x", "9999-12-31T23:59:59-12:00 " + "0" * 64, "2026-01-01 " + "0" * 64, "2026-01-01T00:00:00+00:00 x")


def test_what_is_newer_than_the_cursor_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    service, looked_at = Service(), []
    for number in range(6):
        service.delivered(f"{number}.csv", CLEAN)
        service.world.tick(timedelta(hours=1))
    first = said(service.client().get("/api/deliveries?limit=4"))
    newest = service.world.catalog.newest

    def spying(**wanted: object) -> object:
        for delivery in newest(**wanted):  # type: ignore[arg-type]
            looked_at.append(delivery.arrival.key)
            yield delivery

    monkeypatch.setattr(service.world.catalog, "newest", spying)
    second = said(service.client().get(f"/api/deliveries?limit=4&cursor={first['next']}"))
    assert [item["key"] for item in second["items"]] == ["1.csv", "0.csv"]
    assert looked_at == ["2.csv", "1.csv", "0.csv"]


@pytest.mark.parametrize("place", FOREIGN)
def test_a_cursor_that_is_none_of_ours_is_refused(place: str) -> None:
    cursor = urlsafe_b64encode(place.encode()).decode().rstrip("=") or "x"
    answer = Service().client().get(f"/api/deliveries?cursor={cursor}")
    assert (answer.status_code, said(answer)["parameter"]) == (400, "cursor")
