"""The lines around a place are those of the file, and where they cannot be known, nothing is shown."""

from __future__ import annotations

from typing import Any

import pytest

from csvgate.pipeline.story import receipt_of
from csvgate.report.markup import Markup
from csvgate.web.surroundings import MOST, surroundings
from tests.web.door import Service

LONG = b"".join(b"%d,%s\n" % (number, b"x" * 100) for number in range(1, 101))


def around(body: bytes, spot: dict[str, Any] | None = None, **facts: Any) -> Markup | None:  # noqa: ANN401
    """The lines around the first place of the first finding, or around the one that is given."""
    service = Service()
    delivery = service.delivered("a.csv", body)
    receipt = receipt_of(delivery, service.world.objects) | facts
    return surroundings(delivery, receipt, service.world.objects)(spot or receipt["findings"][0]["first"][0])


def test_two_lines_before_and_two_behind_are_shown_with_their_numbers() -> None:
    shown = str(around(b"id,name\n1,Ada\n2\n3,Grace\n4,Joan\n5,Mary\n"))
    assert [f"<span>{line}</span>" in shown for line in (1, 2, 3, 4, 5, 6)] == [True, True, True, True, True, False]
    assert '<li class="here" aria-current="true"><span>3</span><code><bdi>2</bdi>' in shown


def test_deep_in_a_file_no_line_is_shown_by_half() -> None:
    shown = str(around(b"id,name\n" + LONG + b"a,b,c\n" + LONG))
    assert f"<span>100</span><code><bdi>99,{'x' * 100}</bdi>" in shown
    assert "<span>99</span>" not in shown


@pytest.mark.parametrize("body", [b"a,b\r\n\xfc\r\n1,2\r\n", b"a,b\r\xe4,1\r1\r2,3\r"])
def test_line_ends_and_code_pages_are_those_of_the_file(body: bytes) -> None:
    shown = str(around(body, {"line": 2, "byte_offset": body.index(b"b") + 2}))
    assert "\ufffd" not in shown
    assert "\\r" not in shown


def test_markup_in_a_file_is_text() -> None:
    assert "&lt;b&gt;" in str(around(b"id,name\n<b>\n1,2\n"))


@pytest.mark.parametrize(
    "facts", [{"compression": "gzip"}, {"dialect": {"encoding": "utf-16-le"}}, {"dialect": {"encoding": "nonsense"}}]
)
def test_where_an_offset_is_no_place_in_the_stored_file_nothing_is_shown(facts: dict[str, Any]) -> None:
    assert around(b"id,name\n1\n", **facts) is None


def test_a_receipt_with_many_places_costs_so_many_reads() -> None:
    service = Service()
    delivery = service.delivered("a.csv", b"id,name\n1\n")
    receipt = receipt_of(delivery, service.world.objects)
    look = surroundings(delivery, receipt, service.world.objects)
    assert [look({"line": 2, "byte_offset": 8}) is not None for _ in range(MOST + 1)] == [True] * MOST + [False]


def test_of_a_file_that_is_gone_nothing_is_shown() -> None:
    service = Service()
    delivery = service.delivered("a.csv", b"id,name\n1\n")
    receipt = receipt_of(delivery, service.world.objects)
    service.world.objects.purge(delivery.arrival.bucket, "a.csv", delivery.arrival.version_id)
    assert surroundings(delivery, receipt, service.world.objects)({"line": 2, "byte_offset": 8}) is None
