"""A feeds file is read with its contracts, and whatever is wrong is told on its line."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from csvgate.core.contracts.cleansing import Cleansing
from csvgate.core.contracts.contract import ON_VIOLATION, Contract, Limits
from csvgate.core.contracts.descriptor import CONSTRAINT_NAMES, FIELD_NAMES, SCHEMA_NAMES
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.core.contracts.feedfile import CLEANSE_NAMES, FEED_NAMES, LIMIT_NAMES
from csvgate.core.contracts.quarantine import REASONS
from csvgate.core.contracts.schema import Field, Schema
from csvgate.errors import UsageError
from csvgate.feeds import load_feeds, load_schema
from docs.render import ROOT, fences

SALES = Schema(
    fields=(Field(name="id", type="integer"), Field(name="day", type="date"), Field(name="sum", type="number")),
    primary_key=("id",),
)
FILES = {"sales.json": json.dumps(SALES.to_json()).encode(), "wrong.json": b'{"fields": [{"name": 1}]}'}
WHOLE = b"""
feeds:
  - name: sales
    key: in/sales/**/*.csv
    contract: sales.json
    on_violation: quarantine
    limits: {max_bad_rows: 100, max_bad_rate: 0.01}
    cleanse:
      rename: {Kundennr: id}
      trim: true
      nulls: [n/a, "-"]
      formats:
        day: "%d.%m.%Y"
        sum: {decimalChar: ",", groupChar: "."}
    sink: postgresql
    disposition: merge
    notify: [topic, mail:team@example.org]
    expect_every: 1d
  - name: rest
    key: in/*
"""


def feeds(text: bytes) -> Feeds:
    """The feeds of a text, with files beside it."""

    def read(name: str) -> bytes:
        if name not in FILES:
            raise FileNotFoundError(2, "No such file or directory")
        return FILES[name]

    return load_feeds(text, "feeds.yaml", read)


def wrong(text: str) -> str:
    """What is told of a text that cannot be used."""
    with pytest.raises(UsageError) as raised:
        feeds(text.encode())
    return str(raised.value)


def test_a_feed_says_what_was_promised_and_where_its_rows_go() -> None:
    sales, rest = feeds(WHOLE).feeds
    assert sales == Feed(
        name="sales",
        key="in/sales/**/*.csv",
        contract=Contract(schema=SALES, limits=Limits(max_bad_rows=100, max_bad_rate=0.01)),
        cleansing=Cleansing(
            rename={"Kundennr": "id"},
            trim=("*",),
            nulls=("n/a", "-"),
            formats={"day": {"format": "%d.%m.%Y"}, "sum": {"decimal_char": ",", "group_char": "."}},
        ),
        sink="postgresql",
        table="sales",
        shape="typed",
        disposition="merge",
        keys=("id",),
        notify=("topic", "mail:team@example.org"),
        expect_every=timedelta(days=1),
    )
    assert rest == Feed(name="rest", key="in/*")


def test_json_says_the_same() -> None:
    document = {"feeds": [{"name": "a", "key": "*", "contract": SALES.to_json(), "on_violation": "warn"}]}
    (feed,) = feeds(json.dumps(document).encode()).feeds
    assert feed.contract == Contract(schema=SALES, on_violation="warn")


def test_a_byte_order_mark_does_not_matter() -> None:
    assert feeds(b"\xef\xbb\xbffeeds: []") == feeds(b'\xef\xbb\xbf{"feeds": []}') == Feeds()


def test_a_file_that_says_nothing_has_no_feeds() -> None:
    assert feeds(b"feeds: []\n") == Feeds()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("name: A", "line 3: feeds[0].name: must be made of small letters"),
        ("colour: red", "line 3: feeds[0].colour: is not known here; there are name, key"),
        ("sinks: none", "feeds[0].sinks: is not known here; did you mean 'sink'?"),
        (
            "sink: mysql",
            "line 3: feeds[0].sink: 'mysql' is not known here; use one of these: none, postgresql, dynamodb, parquet",
        ),
        ("contract: gone.json", "feeds[0].contract: 'gone.json' cannot be read: No such file or directory"),
        ("contract: wrong.json", "feeds[0].contract: wrong.json: fields[0].name: must be a text, not the number 1"),
        ("contract: {fields: []}", "feeds[0].contract: must have a list of fields"),
        ("on_violation: warn", "feeds[0].on_violation: says what becomes of a contract, and there is none"),
        ("limits: {max_bad_rate: 2}\n    contract: sales.json", "must be a share between 0 and 1, such as 0.01"),
        (
            "on_violation: warn\n    limits: {max_bad_rows: 2}\n    contract: sales.json",
            "line 4: feeds[0].limits: is about rows that are put aside; on_violation is 'warn'",
        ),
        ("contract: sales.json\n    cleanse: {rename: {x: y}}", "cleanse: 'y' is no field of the contract"),
        ("contract: sales.json\n    cleanse: {trim: [idd]}", "cleanse.trim: 'idd' is no field of the contract"),
        (
            "contract: sales.json\n    cleanse: {formats: {day: any}}",
            "formats.day: the format 'any' would leave csvgate",
        ),
        ("disposition: merge", "feeds[0]: to merge, it must have keys, or its contract a primaryKey"),
        (
            "disposition: merge\n    keys: [day]\n    contract: sales.json",
            "to merge by day, the contract must make them",
        ),
        (
            "disposition: merge\n    keys: [id]\n    contract: sales.json\n    sink: parquet",
            "feeds[0]: rows cannot be merged in the sink 'parquet'",
        ),
        (
            "disposition: merge\n    keys: [id]\n    contract: sales.json\n    sink: dynamodb",
            "feeds[0]: rows cannot be merged in the sink 'dynamodb'",
        ),
        ("sink: parquet\n    table: a/../b", "line 4: feeds[0].table: is part of keys"),
        ("sink: dynamodb\n    table: a#b", "line 4: feeds[0].table: is part of keys"),
        ("contract: sales.json\n    on_violation: warn\n    shape: typed", "they need the shape 'rows'"),
        (
            "notify: smoke",
            "line 3: feeds[0].notify: 'smoke' is no channel; there are topic, bus, webhook, slack, mail,",
        ),
        ("expect_every: daily", "line 3: feeds[0].expect_every: 'daily' is no duration; write 30s, 10m, 2h, 1d or 1w"),
        ("notify:\n      - topic\n      - mail:me", "line 5: feeds[0].notify[1]: 'mail:me' is no channel"),
        ("notify: 'mail:a@b.ch\\nBcc: c@d.ch'", "feeds[0].notify: 'mail:a@b.ch\\\\nBcc: c@d.ch' is no channel"),
        (f"notify: [{', '.join(f'mail:p{at}@b.ch' for at in range(21))}]", "notify: names 21; 20 are told at most"),
        (
            "contract:\n      fields:\n        - name: x\n          constraints: {pattern: '(?=a)'}",
            "line 6: feeds[0].contract.fields[0].constraints.pattern: is not judged: it looks ahead",
        ),
        ("keys: [id]", "feeds[0].keys: are for the disposition 'merge'"),
    ],
)
def test_what_is_wrong_is_told_on_its_line(lines: str, told: str) -> None:
    name = "" if lines.startswith("name") else "\n    name: a"
    assert told in wrong(f"feeds:\n  - key: a\n    {lines}{name}\n")


@pytest.mark.parametrize(
    ("said", "notify"), [("", None), ("notify: []", ()), ("notify: bus", ("bus",)), ("notify: [bus, bus]", ("bus",))]
)
def test_a_feed_says_whom_to_tell_or_leaves_it_to_the_settings(said: str, notify: tuple[str, ...] | None) -> None:
    assert feeds(f"feeds:\n  - {{name: a, key: b, {said}}}".encode()).feeds[0].notify == notify


def test_an_address_that_is_a_secret_is_refused_and_not_repeated() -> None:
    told = wrong("feeds: [{name: a, key: b, notify: 'https://hooks.example.org/secret'}]")
    assert "feeds[0].notify: is an address, which is a secret" in told
    assert "example" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "feeds.yaml: must be an object, not null"),
        ("feeds: {}", "feeds.yaml: line 1: feeds: must be a list, not an object"),
        (
            "feeds: [{}]",
            "feeds.yaml: line 1: feeds[0]: must have a name\nfeeds.yaml: line 1: feeds[0]: must have a key",
        ),
        (
            "feeds: [{name: a,key: b,table: t,sink: parquet},{name: c,key: d,table: t,sink: parquet,shape: typed}]",
            "feeds.yaml: line 1: 'a' and 'c' share the table 't', and differ in shape",
        ),
        ("feeds: [{name: a, key: b}, {name: a, key: c}]", "feeds.yaml: line 1: 2 feeds are called 'a'"),
        ('{"feeds": [], "feeds": []}', "feeds.yaml: 'feeds' is there twice"),
        ('{"feeds": [', "feeds.yaml: Expecting value: line 1"),
    ],
)
def test_what_is_no_feeds_file_is_told(text: str, told: str) -> None:
    assert wrong(text).startswith(told)


def test_of_many_problems_the_first_are_told() -> None:
    assert wrong("feeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]").splitlines()[10:] == ["and 2 more"]


def test_a_contract_may_be_written_in_yaml() -> None:
    text = b"fields:\n  - name: ok\n    type: boolean\n    trueValues: [yes]\n    falseValues: [no]\n"
    field = Field(name="ok", type="boolean", true_values=("yes",), false_values=("no",))
    assert load_schema(text, "c.yaml") == Schema(fields=(field,))


def section(document: str, title: str) -> set[str]:
    """The names in the first columns of the tables of a section of a reference."""
    text = (ROOT / "docs" / "reference" / document).read_text(encoding="utf-8")
    part = next(part for part in re.split(r"^## ", text, flags=re.MULTILINE) if part.startswith(f"{title}\n"))
    return {name for cell in re.findall(r"^\|([^|]*)\|", part, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)}


def test_the_reference_of_the_feeds_file_has_every_name_and_no_other() -> None:
    assert section("feeds.md", "A feed") == set(FEED_NAMES)
    assert section("feeds.md", "`limits`") == set(LIMIT_NAMES)
    assert section("feeds.md", "`cleanse`") == set(CLEANSE_NAMES)


def test_the_reference_of_contracts_has_every_name_and_no_other() -> None:
    assert section("contracts.md", "The table") == set(SCHEMA_NAMES) - {"$schema"}
    assert section("contracts.md", "A field") == {*FIELD_NAMES, "integer", "number", "date", "time", "datetime"}
    assert section("contracts.md", "Constraints") == set(CONSTRAINT_NAMES)
    assert section("contracts.md", "What becomes of the rows") == {"on_violation", *ON_VIOLATION}
    assert section("contracts.md", "The quarantine file") == set(REASONS)


def test_the_feeds_file_of_the_reference_is_one() -> None:
    names = ("customer_id", "ordered_on", "amount", "order_id")
    types = {"ordered_on": "date", "amount": "number"}
    fields = [{"name": name, "type": types.get(name, "any")} for name in names]
    schema: dict[str, Any] = {"fields": fields, "primaryKey": ["order_id"]}
    text = (ROOT / "docs" / "reference" / "feeds.md").read_text(encoding="utf-8")
    (fence,) = (fence for fence in fences(text) if fence.language == "yaml")
    found = load_feeds(fence.text.encode(), "feeds.yaml", lambda _name: json.dumps(schema).encode())
    assert [feed.name for feed in found.feeds] == ["sales", "sensors"]


def test_feeds_may_share_a_table_in_which_they_want_the_same() -> None:
    shared = "key: b, sink: parquet, table: t, disposition: replace"
    text = f"feeds: [{{name: a, {shared}}}, {{name: b, {shared}}}, {{name: c, key: d, sink: postgresql, table: t}}]"
    assert len(load_feeds(text.encode(), "feeds.yaml", lambda _: b"").feeds) == 3
