"""A delivery is one line wherever it shows, and whoever listens gets that line anew when it changes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.door import Service, said
from tests.world import CLEAN


def heard(service: Service, query: str = "", tenant: str = "") -> list[dict[str, Any]]:
    """The lines that come while two files do."""
    answer = service.client(tenant=tenant).get(f"/deliveries/live{query}", buffered=False)
    events = iter(answer.iter_encoded())
    assert next(events)
    for key in ("acme/a.csv", "acme/b.csv"):
        service.delivered(key, CLEAN)
    service.door.live.look()
    told = [next(events).decode().splitlines()[1].removeprefix("data: ") for _ in range(2)]
    answer.close()
    return [json.loads(data) for data in told]


def test_a_line_says_what_the_list_says() -> None:
    service = Service()
    delivery = service.delivered("in/a.csv", CLEAN)
    line = said(service.client().get(f"/deliveries/{delivery.delivery_id}/line"))
    assert line == {
        "id": delivery.delivery_id,
        "name": "a.csv",
        "tone": "ok",
        "sentence": "is fine: 2 rows, 2 columns, nothing to look at.",
        "is_final": True,
    }


def test_of_a_delivery_that_nobody_knows_or_may_see_nothing_is_told() -> None:
    service = Service()
    theirs = service.delivered("beta/a.csv", CLEAN)
    for name in ("0" * 64, theirs.delivery_id):
        line = said(service.client(tenant="acme").get(f"/deliveries/{name}/line"))
        assert (line["sentence"], line["name"], line["is_final"]) == ("is on its way to the gate.", "", False)


SHOWN = ("", "?verdict=ok&state=recorded", "?q=ACME/", "?day=2026-01-01")
NOT_SHOWN = ("?verdict=rejected", "?q=x", "?feed=people", "?day=1999-01-01")


@pytest.mark.parametrize(("query", "shown"), [(query, query in SHOWN) for query in (*SHOWN, *NOT_SHOWN)])
def test_rows_come_as_the_list_is_narrowed(query: str, shown: bool) -> None:  # noqa: FBT001  a case
    lines = [line for line in heard(Service(), query) if line["is_final"]]
    assert lines
    assert all((line["row"] is not None) == shown for line in lines)


def test_a_row_is_the_row_of_the_list() -> None:
    service = Service()
    line = next(line for line in heard(service) if line["is_final"])
    assert line["row"] in service.client().get("/deliveries", headers={"Accept": "text/html"}).text
