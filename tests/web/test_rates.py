"""Everybody may spend so much in a minute, and is told when there is more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from csvgate.web.rates import Rate


class Clock:
    """Passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_what_a_minute_gives_may_be_taken_at_once_and_comes_back_evenly(clock: Clock) -> None:
    rate = Rate(60, clock)
    assert [rate.take("a", 1) for _ in range(61)] == [0.0] * 60 + [1.0]
    clock.now += 1
    assert [rate.take("a", 1), rate.take("a", 1)] == [0.0, 1.0]
    clock.now += 3_600
    assert [rate.take("a", 1) for _ in range(61)] == [0.0] * 60 + [1.0]


def test_whoever_asks_again_when_he_was_told_to_gets_it(clock: Clock) -> None:
    rate = Rate(6, clock)
    for _ in range(6):
        rate.take("a", 1)
    clock.now += rate.take("a", 1)
    assert rate.take("a", 1) == 0


def test_one_does_not_take_what_is_anothers(clock: Clock) -> None:
    rate = Rate(1, clock)
    assert [rate.take("a", 1), rate.take("b", 1)] == [0, 0]
    assert rate.take("a", 1) > 0


def test_what_is_spent_unasked_is_waited_for(clock: Clock) -> None:
    """A file's length is known when it has come."""
    rate = Rate(600, clock)
    rate.spend("a", 1_200)
    assert rate.take("a", 0) == pytest.approx(60.1)


def test_threads_do_not_take_the_same(clock: Clock) -> None:
    rate = Rate(100, clock)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: rate.take("a", 1), range(400)))
    assert answers.count(0.0) == 100
