"""What explains the other findings comes first, and what is fatal is no matter of degree, but for one."""

from __future__ import annotations

import pytest

from csvgate.core.codes import Severity
from csvgate.core.findings import Finding
from csvgate.core.gravity import gravity, is_fatal


def test_the_end_that_is_missing_explains_the_cells_that_are() -> None:
    found = [("extra-cell", "error"), ("preamble", "warning"), ("truncated", "error")]
    assert min(found, key=lambda each: gravity(*each))[0] == "truncated"


@pytest.mark.parametrize(("severity", "fatal"), [("error", True), ("warning", False)])
def test_a_last_line_that_breaks_off_is_not_fatal(severity: Severity, *, fatal: bool) -> None:
    assert is_fatal(Finding(code="truncated", severity=severity, count=1, message="")) is fatal
