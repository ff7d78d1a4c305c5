"""How requests are put together: as many as one call takes, and no more than it may weigh."""

from __future__ import annotations

from csvgate.aws.rows.batches import BATCH_WEIGHT, Request, batches


def weights(*given: int) -> list[list[int]]:
    """The weights of the requests, batch by batch."""
    return [[each.weight for each in batch] for batch in batches(Request(0, {}, weight) for weight in given)]


def test_a_batch_has_25_requests_at_most() -> None:
    assert [len(batch) for batch in weights(*[1] * 60)] == [25, 25, 10]


def test_a_batch_weighs_no_more_than_a_call_takes_but_for_a_single_request() -> None:
    most = BATCH_WEIGHT
    assert weights(most // 2, most // 2, 1, most + 1, 1) == [[most // 2, most // 2], [1], [most + 1], [1]]


def test_nothing_makes_no_batch() -> None:
    assert weights() == []
