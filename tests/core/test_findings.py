"""What findings weigh, and the tally that counts them."""

from __future__ import annotations

from dataclasses import replace

from csvgate.core.findings import FIRST_PLACES, Finding, Place, verdict_of
from csvgate.core.tally import Tally, excerpt_of

FINDING = Finding(code="leading-zeros", severity="info", count=1, message="")


def test_only_information_leaves_the_verdict_ok() -> None:
    assert verdict_of([], readable=True) == "ok"
    assert verdict_of([FINDING], readable=True) == "ok"
    assert verdict_of([replace(FINDING, severity="warning")], readable=True) == "warning"
    assert verdict_of([FINDING], readable=False) == "rejected"


def test_all_occurrences_are_counted_and_the_first_places_kept() -> None:
    tally = Tally()
    for line in range(1, FIRST_PLACES + 50):
        tally.add("stray-quote", f"line {line}", Place(line=line))
    (finding,) = tally.findings()
    assert (finding.count, len(finding.first), finding.message) == (FIRST_PLACES + 49, FIRST_PLACES, "line 1")


def test_the_gravest_finding_comes_first() -> None:
    tally = Tally()
    for code in ("leading-zeros", "stray-quote", "extra-cell"):
        tally.add(code)
    assert [finding.code for finding in tally.findings()] == ["extra-cell", "stray-quote", "leading-zeros"]


def test_an_excerpt_is_short() -> None:
    assert excerpt_of("x" * 500).endswith("…")
    assert len(excerpt_of("x" * 500)) == 80
