"""Nasty files and the inspection that each must give: a file and its JSON side by side, no code per case.

To add a case, put the file into tests/golden/, run `python -m tests.golden NAME`, and read what it wrote.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from csvgate.core.inspection import inspect
from tests.strategies import cut, whole

GOLDEN = Path(__file__).parent.parent / "golden"
CASES = sorted(GOLDEN.glob("*.csv"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_inspection_is_as_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text())
    assert json.loads(json.dumps(inspect(whole(path.read_bytes())).to_json())) == expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_byte_by_byte_it_is_the_same(path: Path) -> None:
    data = path.read_bytes()
    assert inspect(cut(data, [1])).to_json() == inspect(whole(data)).to_json()


def test_there_are_cases() -> None:
    assert len(CASES) >= 100
