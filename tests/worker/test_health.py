"""What probes and Prometheus are answered."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from csvgate.errors import UsageError
from csvgate.worker.health import listening, pages


def test_the_pages_say_that_it_lives_whether_it_can_work_and_its_figures() -> None:
    with listening("127.0.0.1", 0, pages(tuple, lambda: "figure 1\n")) as where:
        got = [urlopen(f"{where}/{page}").read() for page in ("healthz", "readyz?x=1", "metrics")]  # noqa: S310
    assert got == [b"ok\n", b"ready\n", b"figure 1\n"]


@pytest.mark.parametrize(("page", "status"), [("readyz", 503), ("", 404), ("etc/passwd", 404)])
def test_a_worker_that_cannot_work_and_a_page_that_is_not_there_say_so(page: str, status: int) -> None:
    with (
        listening("127.0.0.1", 0, pages(lambda: ["catalog", "postgresql"], lambda: "")) as where,
        pytest.raises(HTTPError) as raised,
    ):
        urlopen(f"{where}/{page}")  # noqa: S310  our own address
    told = raised.value.read()
    raised.value.close()
    assert raised.value.code == status
    assert told in {b"not ready: catalog, postgresql\n", b"not found\n"}


def test_an_address_that_is_taken_is_told() -> None:
    with listening("127.0.0.1", 0, {}) as where:
        port = int(where.rpartition(":")[2])
        with pytest.raises(UsageError, match="choose another address with --listen"), listening("127.0.0.1", port, {}):
            pass
