"""An example gives the finding that it is an example of: each is inspected, and judged where it has a contract."""

from __future__ import annotations

import pytest

from csvgate.core.codes import CODES
from csvgate.core.examples import EXAMPLES
from tests.examples import found_in

# So much is loud in an example that it cannot be about something else.
ALLOWED_BESIDE = 2


def test_every_code_has_an_example_and_nothing_else_has() -> None:
    assert list(EXAMPLES) == list(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_example_gives_the_finding(code: str) -> None:
    found = [finding.code for finding in found_in(EXAMPLES[code])]
    assert code in found
    assert len(found) <= 1 + ALLOWED_BESIDE


@pytest.mark.parametrize("code", CODES)
def test_an_example_is_small_enough_to_be_read(code: str) -> None:
    lines = EXAMPLES[code].text.splitlines()
    assert len(lines) <= 8
    assert max(map(len, lines)) <= 80
