"""Codes are stable, and each says what to do."""

from __future__ import annotations

import re

from csvgate.core.codes import CODES


def test_codes_are_kebab_case_and_say_what_to_do() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", code) for code in CODES)
    assert all(entry.meaning.endswith(".") and entry.advice.endswith(".") for entry in CODES.values())
