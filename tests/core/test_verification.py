"""A receipt is held to the bytes of its file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from csvgate.core.inspection import inspect
from csvgate.core.verification import Check, verify
from tests.strategies import nasty_bytes, whole

FILE = whole(b"id,name\n1,Anna\n2,Bob\n")
FRESH = inspect(FILE).to_json()


@given(nasty_bytes)
def test_every_receipt_agrees_with_its_own_file(data: bytes) -> None:
    checks = verify(inspect(whole(data)).to_json(), inspect(whole(data)).to_json())
    assert {check.name for check in checks} >= {"sha256", "bytes.header", "dialect.delimiter"}
    assert all(check.agrees for check in checks)


@pytest.mark.parametrize(
    ("name", "value"),
    [("row_count", 3), ("sha256", "0" * 64), ("column_names", ["id", "Name"]), ("compression", "gzip")],
)
def test_what_was_changed_is_found_and_nothing_else(name: str, value: object) -> None:
    assert [check.name for check in verify({**FRESH, name: value}, FRESH) if not check.agrees] == [name]


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("dialect", "delimiter", ";"),
        ("dialect", "escapeChar", "x"),
        ("dialect", "lineTerminators", ["\r\n"]),
        ("dialect", "quoteChar", None),
        ("columns", "type", "number"),
        ("columns", "null_count", 1),
        ("columns", "mean", 1.25),
        ("columns", "max", "3"),
        ("columns", "top_values", [["1", 2]]),
        ("columns", "distinct_count", 3),
    ],
)
def test_a_forged_dialect_or_figure_is_named(part: str, name: str, value: object) -> None:
    forged: Any = json.loads(json.dumps(FRESH))
    (forged[part] if part == "dialect" else forged[part][0])[name] = value
    where = name if part == "dialect" else f"1.{name}"
    assert stated_of(forged) == {f"{part}.{where}": True}


def test_a_receipt_may_leave_out_what_is_large_but_not_half_of_it() -> None:
    assert stated_of({name: value for name, value in FRESH.items() if name not in ("dialect", "columns")}) == {}
    assert stated_of({**FRESH, "columns": [{}, {}]}) == dict.fromkeys(
        (f"columns.{number}.{name}" for number in (1, 2) for name in ("name", "type", "null_count")), False
    )
    assert stated_of({**FRESH, "columns": []}) == {"columns": True}


def test_approximate_figures_are_compared_within_their_error_or_not_at_all() -> None:
    many = inspect(whole(b"id,x\n" + b"".join(b"%d,1\n" % row for row in range(11_000)))).to_json()
    other: Any = json.loads(json.dumps(many))
    other["columns"][0] |= {"distinct_count": 11_020, "quantiles": {}, "top_values": [], "histogram": {}}
    assert all(check.agrees for check in verify(other, many))
    other["columns"][0]["distinct_count"] = 20_000
    assert [check.name for check in verify(other, many) if not check.agrees] == ["columns.1.distinct_count"]


def test_the_ledger_is_compared_part_by_part() -> None:
    wrong = {**FRESH, "bytes": {**FRESH["bytes"], "header": 9}}
    assert [check for check in verify(wrong, FRESH) if not check.agrees] == [
        Check(name="bytes.header", expected=9, found=8)
    ]


def test_another_byte_at_the_same_length_shows_in_the_hash() -> None:
    other = inspect(whole(b"id,name\n1,Anna\n2,Bop\n")).to_json()
    assert [check.name for check in verify(FRESH, other) if not check.agrees] == [
        "sha256", "columns.2.max", "columns.2.top_values"
    ]  # fmt: skip


def stated_of(receipt: dict[str, Any]) -> dict[str, bool]:
    """Which facts do not agree, and whether they are stated."""
    return {check.name: check.is_stated for check in verify(receipt, FRESH) if not check.agrees}


@pytest.mark.parametrize("name", ["sha256", "row_count", "compression", "column_names", "verdict", "findings"])
def test_a_receipt_that_leaves_a_fact_out_does_not_state_it(name: str) -> None:
    assert stated_of({key: value for key, value in FRESH.items() if key != name}) == {name: False}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sha256", "0" * 63),
        ("row_count", "2"),
        ("row_count", True),
        ("compression", 7),
        ("verdict", "fine"),
        ("verdict", []),
        ("findings", {}),
        ("findings", [7]),
        ("findings", [{"code": "extra-cell", "count": "1"}]),
    ],
)
def test_what_no_such_fact_can_be_is_not_stated(name: str, value: object) -> None:
    assert stated_of({**FRESH, name: value}) == {name: False}


@pytest.mark.parametrize("ledger", ["x", [1], {}, None])
def test_a_ledger_without_parts_states_none(ledger: object) -> None:
    assert stated_of({**FRESH, "bytes": ledger}) == {f"bytes.{name}": False for name in FRESH["bytes"]}


def test_the_digits_of_a_hash_may_be_large() -> None:
    assert stated_of({**FRESH, "sha256": FRESH["sha256"].upper()}) == {}


def test_what_is_no_receipt_states_nothing() -> None:
    assert verify({"hello": "world", "verdict": "ok"}, FRESH) == ()


def test_verdict_and_findings_are_compared_by_code_and_count() -> None:
    ragged = inspect(whole(b"id,name\n1,Anna\n2\n3\n")).to_json()
    forged = {**ragged, "verdict": "ok", "findings": []}
    found = {check.name: (check.expected, check.found) for check in verify(forged, ragged) if not check.agrees}
    assert found == {"verdict": ("ok", "warning"), "findings": ({}, {"missing-cell": 2})}


@pytest.mark.parametrize(("verdict", "wrong"), [("rejected", []), ("warning", []), ("ok", ["verdict"])])
def test_a_contract_finds_more_and_judges_no_milder(verdict: str, wrong: list[str]) -> None:
    ragged = inspect(whole(b"id,name\n1,Anna\n2\n3\n")).to_json()
    broken = [*ragged["findings"], {"code": "type-error", "count": 2}]
    checks = verify({**ragged, "verdict": verdict, "findings": broken}, ragged)
    assert [check.name for check in checks if not check.agrees] == wrong


def test_a_verdict_that_is_worse_than_the_file_has_a_reason() -> None:
    assert stated_of({**FRESH, "verdict": "rejected", "reason": "1 of 2 rows break the contract"}) == {}
    assert stated_of({**FRESH, "verdict": "rejected", "reason": None}) == {"verdict": True}


def test_true_is_not_one() -> None:
    assert not Check(name="row_count", expected=True, found=1).agrees
