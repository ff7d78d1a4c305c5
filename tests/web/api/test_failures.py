"""What failed is seen with its reason and put back by whoever may."""

from __future__ import annotations

import json
from functools import partial

import pytest

from csvgate.aws.events import encode
from csvgate.aws.letters import of_arrivals
from csvgate.memory import MemoryQueue
from csvgate.pipeline.story import fail_inspection, identify
from csvgate.upkeep.redrive import DeadLetters
from tests.web.door import Service, said
from tests.world import BUCKET, CLEAN


def failed(*keys: str) -> tuple[Service, MemoryQueue]:
    """A service in which these files failed, and the queue to which they can go back."""
    dead, source = MemoryQueue(), MemoryQueue()
    service = Service(
        dead_letters=(
            DeadLetters(stage="inspect", inbox=dead, source=source, read=partial(of_arrivals, bucket=BUCKET)),
        )
    )
    for key in keys:
        arrival = service.world.objects.put(BUCKET, key, CLEAN)
        fail_inspection(identify(arrival, service.world.ports()), "S3 does not answer", service.world.ports())
        dead.send(json.dumps(encode(arrival)))
    service.world.record_all()
    return service, source


def test_failures_are_listed_with_their_reason() -> None:
    service, _ = failed("a.csv", "b.csv")
    items = said(service.client("operate").get("/api/failures"))["items"]
    assert {(item["key"], item["reason"]) for item in items} == {
        ("a.csv", "S3 does not answer"),
        ("b.csv", "S3 does not answer"),
    }


def test_they_are_leafed_through_and_none_is_left_out() -> None:
    service, _ = failed(*(f"{number}.csv" for number in range(5)))
    service.delivered("fine.csv", CLEAN)
    client = service.client("operate")
    told = said(client.get("/api/failures?limit=2"))
    seen = [item["key"] for item in told["items"]]
    while told["next"]:
        told = said(client.get("/api/failures", query_string={"limit": 2, "cursor": told["next"]}))
        seen += [item["key"] for item in told["items"]]
    assert sorted(seen) == [f"{number}.csv" for number in range(5)]


def test_a_service_that_knows_of_no_dead_letters_does_not_say_that_there_are_none() -> None:
    answer = Service().client("operate").post("/api/failures/redrive", json={})
    assert answer.status_code == 409
    assert "dead letters" in said(answer)["detail"]


def test_what_is_wanted_goes_back_and_the_rest_stays() -> None:
    service, source = failed("a.csv", "b.csv")
    answer = service.client("operate").post("/api/failures/redrive", json={"names": ["a.csv"]})
    assert (said(answer)["redriven"], said(answer)["left"]) == (1, 1)
    assert len(source.receive(limit=10)) == 1


def test_a_reader_sees_no_failures_and_puts_nothing_back() -> None:
    service, _ = failed("a.csv")
    assert service.client("read").get("/api/failures").status_code == 403
    assert service.client("read").post("/api/failures/redrive", json={}).status_code == 403


@pytest.mark.parametrize("body", [{"names": "a"}, {"names": [1]}, {"reason": 5}])
def test_what_makes_no_sense_is_told(body: object) -> None:
    service, _ = failed()
    assert service.client("operate").post("/api/failures/redrive", json=body).status_code == 400
