"""A sender learns what the gate would say before anything is sent, and nothing of it is kept."""

from __future__ import annotations

from werkzeug.test import TestResponse

from csvgate.web.api.preflight import WINDOW
from tests.web.door import Service, said
from tests.world import CLEAN, NOT_CSV


def ask(service: Service, body: bytes, size: int | None = None) -> TestResponse:
    return service.client("upload").post("/api/preflight", query_string={"size": size or len(body)}, data=body)


def test_a_small_file_is_seen_whole() -> None:
    service = Service()
    told = said(ask(service, CLEAN))
    assert (told["is_whole"], told["verdict"], told["written_as"]) == (
        True,
        "ok",
        'UTF-8 · comma · quote " · LF · header in line 1',
    )
    assert [column["name"] for column in told["columns"]] == ["id", "name"]
    assert service.world.objects.arrivals == []


def test_of_a_large_file_two_windows_are_sent() -> None:
    rows = b"id,name\n" + b"1,Ada\n" * (WINDOW // 2)
    told = said(ask(Service(), rows[:WINDOW] + rows[-WINDOW:], size=len(rows)))
    assert (told["is_whole"], told["verdict"], told["findings"]) == (False, "ok", [])


def test_what_is_no_csv_is_told_in_words() -> None:
    told = said(ask(Service(), NOT_CSV))
    assert (told["verdict"], told["written_as"], told["findings"][0]["code"]) == ("rejected", None, "not-csv")


def test_windows_that_are_too_short_or_too_long_are_no_windows() -> None:
    service = Service()
    assert ask(service, CLEAN, size=5_000_000).status_code == 400
    assert ask(service, b"x" * (2 * WINDOW + 1)).status_code == 413
    assert service.client("read").post("/api/preflight?size=1", data=b"x").status_code == 403
