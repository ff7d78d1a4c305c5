"""An inspection that was written as JSON is the same when it is read."""

from __future__ import annotations

import json

from hypothesis import given

from csvgate.core.inspected import inspection_of
from csvgate.core.inspection import inspect
from tests.strategies import nasty_bytes, whole


@given(nasty_bytes)
def test_what_was_written_is_read_again(data: bytes) -> None:
    found = inspect(whole(data))
    assert inspection_of(json.loads(json.dumps(found.to_json()))) == found
