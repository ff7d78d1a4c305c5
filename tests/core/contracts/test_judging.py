"""Every row that breaks the contract is found and no other, and what is accepted and held back are all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.contracts.cleansing import NO_CLEANSING, Cleansing
from csvgate.core.contracts.contract import Contract, Limits, OnViolation
from csvgate.core.contracts.judge import Cells
from csvgate.core.contracts.judging import Judgement, Judging
from csvgate.core.contracts.schema import Constraints, Field, FieldsMatch, Schema
from csvgate.core.dialect import Dialect
from csvgate.core.inspection import inspect
from csvgate.core.reading import Source
from tests.core.contracts.oracle import broken_rows
from tests.strategies import cut, cuts, nasty_bytes, whole, write

NAMES = ("id", "sum", "word")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "+1", "30", "007", "x", "", "NA"]),
        st.sampled_from(["1.5", "1.50", "-2", "1,5", "", "9"]),
        st.sampled_from(["a", "ab", "abc", "", "NA", "b,c", 'say "hi"']),
    ),
    min_size=1,
    max_size=25,
)
FLAGS = st.booleans()
CONSTRAINTS = (
    st.builds(Constraints, required=FLAGS, unique=FLAGS, minimum=st.none() | st.just("2")),
    st.builds(Constraints, required=FLAGS, unique=FLAGS, exclusive_maximum=st.none() | st.just("9")),
    st.builds(
        Constraints,
        required=FLAGS,
        unique=FLAGS,
        pattern=st.none() | st.just("a.*"),
        min_length=st.none() | st.just(2),
        enum=st.just(()) | st.just(("a", "ab", "b,c")),
    ),
)
SCHEMAS = st.builds(
    lambda constraints, missing, keys: Schema(
        fields=tuple(
            Field(name=name, type=kind, constraints=rules)  # type: ignore[arg-type]
            for name, kind, rules in zip(NAMES, ("integer", "number", "string"), constraints, strict=True)
        ),
        missing_values=missing,
        unique_keys=keys,
    ),
    st.tuples(*CONSTRAINTS),
    st.sampled_from([("",), ("", "NA"), ()]),
    st.sampled_from([(), (("id", "word"),)]),
)
PEOPLE = Schema(
    fields=(
        Field(name="id", type="integer", constraints=Constraints(required=True)),
        Field(name="name", type="string", constraints=Constraints(max_length=5)),
    ),
    primary_key=("id",),
)
FILE = b"id,name\n1,Anna\n2,Benjamin\n3,Carl\n1,Dora\nx,Eve\n4\n"


def judged(
    source: Source, contract: Contract, cleansing: Cleansing = NO_CLEANSING, limit: int = 1_000_000
) -> tuple[Judgement, list[tuple[int, Cells]]]:
    """The judgement, and the rows that are accepted."""
    judging = Judging(source, inspect(source), contract, cleansing)
    accepted = [row for piece in judging.pieces(limit=limit) for row in judging.accepted(piece)]
    assert judging.agrees
    return judging.judgement(), accepted


def people(on_violation: OnViolation = "quarantine", **limits: float) -> Contract:
    """The contract about people."""
    return Contract(schema=PEOPLE, on_violation=on_violation, limits=Limits(**limits))  # type: ignore[arg-type]


def codes(judgement: Judgement) -> dict[str, int]:
    """How often each code was found."""
    return {finding.code: finding.count for finding in judgement.findings}


def written(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows under their names."""
    return write([list(NAMES), *map(list, rows)], Dialect())


@given(SCHEMAS, ROWS)
def test_every_row_that_breaks_the_contract_is_found_and_no_other(schema: Schema, rows: list[tuple[str, ...]]) -> None:
    judgement, accepted = judged(whole(written(rows)), Contract(schema=schema))
    broken = broken_rows(schema, rows)
    assert [number for number, _ in accepted] == [at for at in range(1, len(rows) + 1) if at not in broken]
    assert (judgement.broken, judgement.quarantined) == (len(broken), len(broken))


@given(SCHEMAS, ROWS, cuts, st.integers(min_value=1, max_value=9))
def test_how_bytes_arrive_and_how_many_keys_are_held_never_shows(
    schema: Schema, rows: list[tuple[str, ...]], sizes: list[int], limit: int
) -> None:
    data, contract = written(rows), Contract(schema=schema)
    assert judged(cut(data, sizes), contract, limit=limit) == judged(whole(data), contract)


@given(nasty_bytes, st.sampled_from(["quarantine", "reject", "warn"]), st.none() | st.integers(0, 3))
def test_accepted_and_held_back_are_all_rows(data: bytes, on_violation: OnViolation, limit: int | None) -> None:
    found = inspect(whole(data))
    if found.verdict != "rejected":
        schema = Schema(fields=tuple(Field(name=name, type="integer") for name in found.column_names))
        contract = Contract(schema=schema, on_violation=on_violation, limits=Limits(max_bad_rows=limit))
        judgement, accepted = judged(whole(data), contract)
        assert judgement.accepted + judgement.quarantined == found.row_count
        assert judgement.accepted == (0 if judgement.verdict == "rejected" else len(accepted))


def test_bad_rows_are_put_aside_and_the_others_pass() -> None:
    judgement, accepted = judged(whole(FILE), people())
    assert accepted == [(1, ("1", "Anna")), (3, ("3", "Carl"))]
    assert (judgement.verdict, judgement.accepted, judgement.quarantined) == ("warning", 2, 4)
    assert codes(judgement) == {"constraint-error": 1, "primary-key": 1, "type-error": 1, "missing-cell": 1}


def test_each_breach_names_its_rule_its_place_and_its_value() -> None:
    judgement, _ = judged(whole(FILE), people())
    breach = next(breach for breach in judgement.breaches if breach.rule == "maxLength")
    assert (breach.field, breach.column, breach.count) == ("name", 2, 1)
    assert breach.message == "line 3: “Benjamin” has 8 characters, more than 5"
    assert breach.first[0].to_json() == {
        "record": 2,
        "line": 3,
        "byte_offset": 15,
        "column": 2,
        "excerpt": "Benjamin",
    }


def test_more_bad_rows_than_may_be_put_aside_reject_the_file() -> None:
    judgement, _ = judged(whole(FILE), people(max_bad_rows=3))
    assert (judgement.verdict, judgement.accepted, judgement.quarantined) == ("rejected", 0, 6)
    assert codes(judgement)["too-many-bad-rows"] == 4
    assert judged(whole(FILE), people(max_bad_rows=4))[0].verdict == "warning"
    assert judged(whole(FILE), people(max_bad_rate=0.5))[0].reason == (
        "4 of 6 rows break the contract; at most 50.00% may be put aside"
    )


def test_a_feed_that_rejects_takes_nothing_of_a_broken_file() -> None:
    judgement, _ = judged(whole(FILE), people("reject"))
    assert (judgement.verdict, judgement.accepted, judgement.reason) == (
        "rejected",
        0,
        "4 of 6 rows break the contract",
    )
    assert judged(whole(b"id,name\n1,Anna\n"), people("reject"))[0].verdict == "ok"


def test_a_feed_that_warns_lets_everything_pass_and_says_so() -> None:
    judgement, accepted = judged(whole(FILE + b"5,Fay,x\n"), people("warn"))
    assert (judgement.verdict, judgement.accepted, judgement.broken) == ("warning", 7, 5)
    assert [cells for _, cells in accepted][-2:] == [["4", None], ["5", "Fay", "x"]]


@pytest.mark.parametrize(
    ("match", "header", "found"),
    [
        ("exact", "id,name", []),
        ("exact", "name,id", ["incorrect-label", "incorrect-label"]),
        ("exact", "id", ["missing-label"]),
        ("exact", "id,name,x", ["extra-label"]),
        ("equal", "name,id", []),
        ("equal", "name,x", ["missing-label", "extra-label"]),
        ("equal", "id,name,id", ["extra-label"]),
        ("subset", "x,name,id", []),
        ("subset", "x,name", ["missing-label"]),
        ("superset", "id", []),
        ("superset", "name", ["missing-label"]),
        ("superset", "id,x", ["extra-label"]),
        ("partial", "x,id", []),
        ("partial", "x,y", ["unmatched-header", "missing-label"]),
    ],
)
def test_the_header_is_matched_as_the_contract_says(match: FieldsMatch, header: str, found: list[str]) -> None:
    data = f"{header}\n{','.join('7' for _ in header.split(','))}\n".encode()
    judgement, _ = judged(whole(data), Contract(schema=replace(PEOPLE, fields_match=match)))
    assert [breach.code for breach in judgement.breaches] == found
    assert judgement.verdict == ("rejected" if found else "ok")


def test_cells_come_in_the_order_of_the_contract_and_columns_it_does_not_name_behind() -> None:
    contract = Contract(schema=replace(PEOPLE, fields_match="subset"))
    judging = Judging(whole(b"x,name,id\na,Anna,1\n"), inspect(whole(b"x,name,id\na,Anna,1\n")), contract)
    assert [list(piece.good()) for piece in judging.pieces()] == [[(1, ("1", "Anna", "a"))]]
    assert [field.name for field in judging.layout.fields] == ["id", "name", "x"]


def test_a_file_without_a_header_is_matched_by_the_number_of_its_columns() -> None:
    numbers = Schema(fields=(Field(name="a", type="integer"), Field(name="b", type="number")))
    assert judged(whole(b"1,2.5\n2,3.5\n"), Contract(schema=numbers))[0].verdict == "ok"


def test_a_sender_who_writes_otherwise_is_cleansed_and_his_bounds_are_those_promised() -> None:
    schema = Schema(
        fields=(
            Field(name="day", type="date", constraints=Constraints(minimum="2024-01-01")),
            Field(name="sum", type="number", constraints=Constraints(maximum="1000")),
        )
    )
    cleansing = Cleansing(
        rename={"Tag": "day", "Summe": "sum"},
        trim=("*",),
        nulls=("-",),
        formats={"day": {"format": "%d.%m.%Y"}, "sum": {"decimal_char": ",", "group_char": "."}},
    )
    data = b"Tag;Summe\n 31.12.2024 ;999,5\n01.02.2024;-\n31.12.2023;1.000,5\n"
    judgement, accepted = judged(whole(data), Contract(schema=schema), cleansing)
    assert accepted == [(1, ("2024-12-31", "999.5")), (2, ("2024-02-01", None))]
    assert codes(judgement) == {"constraint-error": 2}


def test_bytes_that_are_no_text_break_any_contract() -> None:
    data = b"id,name\n1,Anna\n2,B\xffb\n3,C\0rl\n"
    judgement, accepted = judged(whole(data), people())
    assert [number for number, _ in accepted] == [1]
    assert codes(judgement) == {"encoding-error": 1, "nul-byte": 1}


def test_however_bad_a_file_is_the_report_on_it_stays_small() -> None:
    data = b"id,name\n" + b"x,y\n" * 5000
    judgement, _ = judged(whole(data), people())
    assert [(breach.count, len(breach.first)) for breach in judgement.breaches] == [(5000, 100)]


def test_keys_are_the_same_where_their_values_are() -> None:
    """However a number is written; and a key without a value is none."""
    schema = Schema(
        fields=(Field(name="a", type="number"), Field(name="b", type="string")),
        unique_keys=(("a", "b"),),
    )
    judgement, accepted = judged(whole(b"a,b\n1.0,x\n1,y\n1.00,x\n,x\n,x\n"), Contract(schema=schema))
    assert [number for number, _ in accepted] == [1, 2, 4, 5]
    assert judgement.breaches[0].message == "line 4: “1.00, x” stands in an earlier record, too"


def test_columns_out_of_order_are_told_once_and_no_row_is_blamed() -> None:
    judgement, _ = judged(whole(b"name,id\nAnna,1\nBob,2\n"), people())
    assert (judgement.verdict, judgement.broken, codes(judgement)) == ("rejected", 0, {"incorrect-label": 2})


def test_moments_of_a_column_all_tell_a_zone_or_none_does() -> None:
    """As its first one: a sink keeps them in one type."""
    schema = Schema(fields=(Field(name="a", type="datetime"), Field(name="b", type="datetime")))
    data = b"a,b\n2024-01-01T00:00Z,2024-01-01T00:00\n2024-01-01T00:00-05:00,2024-01-01T00:00Z\n2024-01-01T00:00,\n"
    judging = Judging(whole(data), inspect(whole(data)), Contract(schema=schema))
    assert [number for piece in judging.pieces() for number, _ in piece.good()] == [1]
    assert [shown.is_zoned for shown in judging.shown] == [True, False]
    told = [breach.message for breach in judging.judgement().breaches]
    assert told == [
        "line 4: “2024-01-01T00:00” does not tell a zone, unlike those before",
        "line 3: “2024-01-01T00:00Z” tells a zone, unlike those before",
    ]


@pytest.mark.parametrize("zone", ["Z", "+00", "-0000", " Z", " UTC", " GMT", " +00", " -00:00"])
def test_a_zone_is_told_in_every_spelling(zone: str) -> None:
    schema = Schema(fields=(Field(name="a", type="datetime"),))
    data = f"a\n2024-01-01T00:00{zone}\n2024-01-02 00:00:00{zone}\n2024-01-03T00:00\n".encode()
    judging = Judging(whole(data), inspect(whole(data)), Contract(schema=schema))
    assert [number for piece in judging.pieces() for number, _ in piece.good()] == [1, 2]
    assert [shown.is_zoned for shown in judging.shown] == [True]


def test_a_moment_is_the_same_key_however_its_zone_is_written() -> None:
    """And within the same bounds, which are written in another way."""
    at = Field(name="at", type="datetime", constraints=Constraints(minimum="2024-01-01T00:00:00Z"))
    schema = Schema(fields=(at,), unique_keys=(("at",),))
    data = b"at\n2024-01-01 01:00 +0100\n2024-01-01 00:00:00 UTC\n2024-01-01 00:59:59 +01\n2024-01-05T00:00\n"
    judgement, accepted = judged(whole(data), Contract(schema=schema))
    assert [number for number, _ in accepted] == [1]
    assert codes(judgement) == {"unique-error": 1, "constraint-error": 1, "type-error": 1}


def test_rows_of_any_wrong_width_are_one_breach_each_at_the_place_where_it_ends() -> None:
    wide = Schema(fields=tuple(Field(name=name) for name in "abc"))
    judgement, _ = judged(whole(b"a,b,c\n1,2\n1\n1,2,3\n1,2,3\n1,2,3\n"), Contract(schema=wide))
    assert [(breach.code, breach.count) for breach in judgement.breaches] == [("missing-cell", 2)]
    assert [place.column for place in judgement.breaches[0].first] == [3, 2]
