"""What is told of a problem."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from csvgate.web.problems import LATER, Problem
from tests.web.door import Service, said


@pytest.mark.parametrize("status", sorted(LATER))
def test_what_may_be_done_later_says_when(status: HTTPStatus) -> None:
    told = (Problem(status, "not now"), Problem(status, "not now", retry_after=60))
    assert [problem.document("1")["retry_after"] for problem in told] == [5, 60]


def test_what_is_wrong_for_good_does_not() -> None:
    assert "retry_after" not in Problem(HTTPStatus.CONFLICT, "no").document("1")


def test_header_and_body_agree() -> None:
    service = Service()
    while service.door.live.join():
        """As many listen as there is room for."""
    answer = service.client().get("/api/deliveries/events")
    assert (answer.status_code, answer.headers["Retry-After"], said(answer)["retry_after"]) == (503, "5", 5)
