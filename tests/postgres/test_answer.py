"""A SELECT is answered in texts, and can do no harm."""

from __future__ import annotations

import pytest

from csvgate.errors import PermanentError, TransientError
from csvgate.postgres.answer import Answer, ask
from csvgate.postgres.connection import Database


def test_an_answer_is_texts_under_their_columns(database: Database) -> None:
    told = ask(database, "SELECT 22007.23 AS umsatz, DATE '2026-05-06' AS bestellt, NULL AS bemerkung")
    assert told == Answer(columns=("umsatz", "bestellt", "bemerkung"), rows=(("22007.23", "2026-05-06", None),))


def test_a_question_changes_nothing(database: Database) -> None:
    with pytest.raises((PermanentError, TransientError), match="read only"):
        ask(database, "CREATE TABLE made (a int)")
