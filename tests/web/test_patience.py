"""Whoever has to be waited for has a deadline, and hangs nobody up who keeps it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from threading import Event

import pytest

from csvgate.web.patience import PIECE, PIECE_OUT, PacedAnswer, PacedBody, Patience

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Two ends of a connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def patience() -> Iterator[Patience]:
    """One that waits for no longer than a blink."""
    stop, blink = Event(), Patience(header_seconds=0.05, seconds=0.05)
    blink.watch(stop)
    yield blink
    stop.set()


def for_all(pieces: Iterable[bytes], send: Callable[[bytes], None]) -> None:
    for piece in pieces:
        send(piece)


def test_a_body_that_does_not_go_on_ends(pair: Pair, patience: Patience) -> None:
    ours, theirs = pair
    theirs.sendall(b"abc")
    assert PacedBody(ours.makefile("rb"), ours, patience).read(PIECE) == b"abc"


def test_a_body_that_comes_is_read_to_its_end_or_as_far_as_is_asked(pair: Pair) -> None:
    body = PacedBody(BytesIO(bytes(5 * PIECE + 1)), pair[0], Patience())
    assert [len(body.read(size)) for size in (3, 2 * PIECE, -1, 1)] == [3, 2 * PIECE, 3 * PIECE - 2, 0]


def test_an_answer_that_nobody_reads_is_broken_off(pair: Pair, patience: Patience) -> None:
    ours, _ = pair
    pieces = PacedAnswer([bytes(16 * 1024 * 1024)], ours, patience)
    with pytest.raises(BrokenPipeError):
        for_all(pieces, ours.sendall)


def test_an_answer_may_take_its_time_to_be_made(pair: Pair, patience: Patience) -> None:
    """Events come when something happens."""
    ours, theirs = pair

    def events() -> Iterator[bytes]:
        for event in (b"one", b"two"):
            Event().wait(0.3)
            yield event

    for piece in PacedAnswer(events(), ours, patience):
        ours.sendall(piece)
    assert theirs.recv(10) == b"onetwo"


def test_who_made_an_answer_hears_that_nobody_wants_more(pair: Pair) -> None:
    closed = Event()

    class Answer(list[bytes]):
        def close(self) -> None:
            closed.set()

    answer = PacedAnswer(Answer([bytes(PIECE_OUT + 1)]), pair[0], Patience())
    assert [len(piece) for piece in answer] == [PIECE_OUT, 1]
    answer.close()
    assert closed.is_set()
