"""What a type would change is told, so that nothing is rounded and nothing is cut."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from csvgate.parquet.held import Held, misfits
from tests.parquet.reading import DOCUMENT


@pytest.mark.parametrize(
    ("held", "holds", "changes"),
    [
        ("BIGINT", ["0", "+7", "-9223372036854775808", "9223372036854775807"], ["9223372036854775808", "1.0", "1e3"]),
        ("DECIMAL(38,0)", ["9" * 38, "-" + "9" * 38, "0" * 50], ["9" * 39]),
        ("DOUBLE", ["0.1", "1e300", "-0", "0.30000000000000004"], ["12345678901234567.89", "1e-400", "0." + "1" * 20]),
        ("DECIMAL(38,18)", ["0.5", "9" * 20, "1E19", "0." + "1" * 18], ["9" * 21, "0." + "1" * 19, "0" * 90]),
        ("BOOLEAN", ["true", "false"], ["1", "yes", "TRUE"]),
        ("DATE", ["2024-02-29"], ["29.02.2024", "2024-02-29T00:00"]),
        ("TIMESTAMP", ["2024-02-29T10:00:00.123456000"], ["2024-02-29T10:00:00.1234560001"]),
        ("TIMESTAMPTZ", ["2024-02-29T10:00:00+02"], ["2024-02-29T10:00:00.1234567Z", "0001-01-01T00:00+14:00"]),
        ("VARCHAR", ["", "\0", "anything"], []),
    ],
)
def test_a_type_says_which_texts_it_would_change(held: Held, holds: list[str], changes: list[str]) -> None:
    assert misfits(held, [*holds, *changes, None]) == changes


def test_the_document_tells_what_athena_calls_every_type() -> None:
    _, _, rest = DOCUMENT.read_text().partition("| type there |")
    types = re.findall(r"^\| (`.+?`) \|", rest.partition("\n\n")[0], re.MULTILINE)
    assert sorted(held for each in types for held in re.findall("`(.+?)`", each)) == sorted(get_args(Held))
