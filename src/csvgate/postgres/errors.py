"""An error of psycopg in; ours, which says whether to try again, out: without SQL and without values of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from csvgate.errors import AccessRefused, CsvgateError, DeliveryBusy, PermanentError, TransientError

# Classes of SQLSTATE (PostgreSQL, appendix A) in which the same call may succeed later: connection, transaction
# rollback (deadlock, serialization), no room or memory, lock not available, operator intervention, system error,
# and what the server itself did not expect: it says nothing against the call.
PASSING = frozenset({"08", "25", "40", "53", "55", "57", "58", "XX"})
REFUSED = frozenset({"28"})
BUSY = "55P03"
NOT_ALLOWED = "42501"
NOT_PREPARED = frozenset({"42P01", "3F000"})
UNPREPARED = "the database is not prepared for this csvgate: run `csvgate migrate` with the same DATABASE_URL"
# Where the server refuses to let somebody in, libpq tells no SQLSTATE.
_TURNED_AWAY = re.compile(r"authentication failed|no password supplied|pg_hba|database \".*\" does not exist")


@contextmanager
def translated() -> Iterator[None]:
    """Whatever psycopg raises in the block comes out as an error of ours."""
    try:
        yield
    except psycopg.Error as exc:
        raise meaning(exc)(_sentence(exc)) from exc
    except UnicodeEncodeError as exc:
        message = "PostgreSQL cannot store half of a surrogate pair, and the name of the object holds one"
        raise PermanentError(message) from exc


def meaning(exc: psycopg.Error) -> type[CsvgateError]:
    """Whether trying again can help."""
    state = exc.sqlstate
    if state is None:
        return _without_state(exc)
    if state == BUSY:
        return DeliveryBusy
    if state[:2] in REFUSED or state == NOT_ALLOWED:
        return AccessRefused
    return TransientError if state[:2] in PASSING else PermanentError


def _without_state(exc: psycopg.Error) -> type[CsvgateError]:
    """Found out on our side: the connection broke or was never made, or what was to be sent cannot be."""
    if not isinstance(exc, psycopg.OperationalError):
        return PermanentError
    return AccessRefused if _TURNED_AWAY.search(str(exc)) else TransientError


def _sentence(exc: psycopg.Error) -> str:
    """What happened, by the name that PostgreSQL has for it; its own words may hold values."""
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(exc).__name__).lower().rstrip("_")
    if exc.sqlstate in NOT_PREPARED:
        return UNPREPARED
    if exc.sqlstate == BUSY:
        return "PostgreSQL is busy with another load into the same table, or with the same object"
    if exc.sqlstate:
        return f"PostgreSQL: {kind} ({exc.sqlstate})"
    where = "does not let us in" if meaning(exc) is AccessRefused else "does not answer, or broke off"
    return f"PostgreSQL {where}" if isinstance(exc, psycopg.OperationalError) else f"PostgreSQL: {kind}"
