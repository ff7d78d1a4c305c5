"""A stop is asked for once: nothing new begins, and what was begun has a grace."""

from __future__ import annotations

from csvgate.worker.stopping import Stop


def test_what_was_begun_has_its_grace_and_asking_again_does_not_prolong_it() -> None:
    now = [100.0]
    stop = Stop(grace_seconds=12, tick=lambda: now[0])
    assert (stop.is_asked(), stop.is_over(), stop.wait(0)) == (False, False, False)
    stop.ask()
    now[0] = 111.0
    stop.ask()
    assert (stop.is_asked(), stop.is_over(), stop.wait(0)) == (True, False, True)
    now[0] = 112.0
    assert stop.is_over()
