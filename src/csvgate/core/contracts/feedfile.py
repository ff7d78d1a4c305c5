"""What a feeds file reads in; its Feeds, and what is wrong in it and where, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from csvgate.core.contracts.cleansing import Cleansing
from csvgate.core.contracts.contract import ON_VIOLATION, Contract, Limits
from csvgate.core.contracts.descriptor import read_schema
from csvgate.core.contracts.document import Node
from csvgate.core.contracts.feed import CHANNELS, DISPOSITIONS, SHAPES, SINKS, Feed, Feeds, Shape, SinkKind
from csvgate.core.contracts.keys import keys_of
from csvgate.core.contracts.schema import Field, Schema
from csvgate.core.contracts.spelling import spelling_of
from csvgate.core.durations import WRITTEN, duration

# The schema that a feed names by the file in which it is; what is wrong with it is noted at the node.
Fetch = Callable[[Node], Schema | None]

FEED_NAMES = (
    "name",
    "key",
    "contract",
    "on_violation",
    "limits",
    "cleanse",
    "sink",
    "table",
    "shape",
    "disposition",
    "keys",
    "notify",
    "expect_every",
)
# What feeds that share a table must have in common.
OF_A_TABLE = ("shape", "disposition", "keys")
LIMIT_NAMES = ("max_bad_rows", "max_bad_rate")
CLEANSE_NAMES = ("rename", "trim", "nulls", "formats")
# As a field of a Table Schema has them, by the names of Field.
FORMAT_NAMES = {
    "format": "format",
    "decimalChar": "decimal_char",
    "groupChar": "group_char",
    "trueValues": "true_values",
    "falseValues": "false_values",
}
ONLY_WITH_CONTRACT = ("on_violation", "limits", "cleanse")
# S3 counts bytes; a pattern of more characters than a key may have bytes has no sense.
LONGEST_KEY = 1024
# Each is told by itself, and all in the transaction that records; for more people there are mailing lists and topics.
MOST_TOLD = 20
_ADDRESS = re.compile(r"""mail:[^\s@,;:<>"'()]+@[^\s@,;:<>"'()]+""")
# What is written once cannot change where it stands.
CANNOT_MERGE: frozenset[SinkKind] = frozenset({"dynamodb", "parquet"})
NAMES_IN_KEYS: frozenset[SinkKind] = frozenset({"dynamodb", "parquet"})
_FILES = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def read_feeds(node: Node, fetch: Fetch) -> Feeds:
    """The feeds of a document; what is wrong is noted there."""
    if not node.is_object(("feeds",)):
        return Feeds()
    feeds = tuple(_feed(each, fetch) for each in node.items("feeds"))
    for name, count in Counter(feed.name for feed in feeds).items():
        if name and count > 1:
            node.complain(f"{count} feeds are called {name!r}")
    _require_agreement(feeds, node)
    return Feeds(feeds)


def _require_agreement(feeds: Sequence[Feed], node: Node) -> None:
    """A table is what the first load makes it: feeds that share one must want the same."""
    firsts: dict[tuple[str, str], Feed] = {}
    for feed in feeds:
        first = firsts.setdefault((feed.sink, feed.table), feed)
        differing = [name for name in OF_A_TABLE if getattr(feed, name) != getattr(first, name)]
        if feed.sink != "none" and differing:
            node.complain(
                f"{first.name!r} and {feed.name!r} share the table {feed.table!r}, and differ in {', '.join(differing)}"
            )


def _feed(node: Node, fetch: Fetch) -> Feed:
    if not node.is_object(FEED_NAMES):
        return Feed(name="", key="")
    contract = _contract(node, fetch)
    name = _name(node)
    sink = node.choice("sink", SINKS, "none")
    feed = Feed(
        name=name,
        key=_key(node),
        contract=contract,
        cleansing=_cleansing(node.get("cleanse"), contract.schema if contract else None),
        sink=sink,
        table=_table(node, name, sink),
        shape=_shape(node, contract),
        disposition=node.choice("disposition", DISPOSITIONS, "append"),
        keys=node.texts("keys", may_be_one=True),
        notify=_notify(node),
        expect_every=_expect_every(node),
    )
    return _with_keys(feed, node)


def _name(node: Node) -> str:
    name = _required(node, "name")
    if name and not _NAME.fullmatch(name):
        node.at("name").complain("must be made of small letters, digits, - and _, at most 63 of them")
    return name


def _table(node: Node, name: str, sink: SinkKind) -> str:
    table = node.text("table") or (name if sink != "none" else "")
    if sink in NAMES_IN_KEYS and table != name and not _FILES.fullmatch(table):
        node.at("table").complain("is part of keys: letters, digits, - and _, at most 63 of them")
    return table


def _key(node: Node) -> str:
    key = _required(node, "key")
    if len(key) > LONGEST_KEY:
        node.at("key").complain(f"has {len(key):,} characters; there is no key that long")
        return ""
    return key


def _required(node: Node, name: str) -> str:
    if node.get(name) is None:
        node.complain(f"must have a {name}")
    return node.text(name) or ""


def _contract(node: Node, fetch: Fetch) -> Contract | None:
    """What is promised, in the file or in another one, and what becomes of who breaks it."""
    found = node.get("contract")
    if found is None:
        for name in ONLY_WITH_CONTRACT:
            if part := node.get(name):
                part.complain("says what becomes of a contract, and there is none")
        return None
    schema = fetch(found) if isinstance(found.value, str) else read_schema(found)
    on_violation = node.choice("on_violation", ON_VIOLATION, "quarantine")
    return Contract(
        schema=schema or Schema(fields=()), on_violation=on_violation, limits=_limits(node.get("limits"), on_violation)
    )


def _shape(node: Node, contract: Contract | None) -> Shape:
    """What breaks the contract has no place in a table that is made for what keeps it."""
    passes_all = contract is not None and contract.on_violation == "warn"
    usual: Shape = "typed" if contract and not passes_all else "rows"
    shape = node.choice("shape", SHAPES, usual)
    if shape == "typed" and passes_all:
        node.at("shape").complain("rows that break the contract pass (on_violation: warn): they need the shape 'rows'")
    return shape


def _limits(node: Node | None, on_violation: str) -> Limits:
    if node is None or not node.is_object(LIMIT_NAMES):
        return Limits()
    if on_violation != "quarantine":
        node.complain(f"is about rows that are put aside; on_violation is {on_violation!r}")
    return Limits(max_bad_rows=node.count("max_bad_rows"), max_bad_rate=node.rate("max_bad_rate"))


def _cleansing(node: Node | None, schema: Schema | None) -> Cleansing:
    if node is None or schema is None or not node.is_object(CLEANSE_NAMES):
        return Cleansing()
    fields = {field.name: field for field in schema.fields}
    rename = {label: name.as_text() or "" for label, name in node.entries("rename")}
    return Cleansing(
        rename={label: _known(name, fields, node) for label, name in rename.items()},
        trim=_trim(node, fields),
        nulls=node.texts("nulls"),
        formats={name: _format(part, name, fields) for name, part in node.entries("formats")},
    )


def _trim(node: Node, fields: dict[str, Field]) -> tuple[str, ...]:
    """All fields, or those that are named."""
    found = node.get("trim")
    if found is None or isinstance(found.value, bool):
        return ("*",) if node.flag("trim") else ()
    return tuple(_known(name, fields, found) for name in node.texts("trim"))


def _known(name: str, fields: dict[str, Field], node: Node) -> str:
    if name not in fields and fields:
        node.complain(f"{name!r} is no field of the contract")
    return name


def _format(node: Node, name: str, fields: dict[str, Field]) -> dict[str, Any]:
    """How a field is written: a pattern, or the properties that a field of a Table Schema has for it."""
    _known(name, fields, node)
    if isinstance(node.value, str):
        parts: dict[str, Any] = {"format": node.value}
    elif node.is_object(tuple(FORMAT_NAMES)):
        lists = {ours: node.texts(theirs) for theirs, ours in FORMAT_NAMES.items() if theirs.endswith("Values")}
        texts = {ours: node.text(theirs) for theirs, ours in FORMAT_NAMES.items() if ours not in lists}
        parts = {ours: part for ours, part in {**texts, **lists}.items() if part}
    else:
        return {}
    if name in fields and isinstance(problem := spelling_of(replace(fields[name], **parts)), str):
        node.complain(problem)
        return {}
    return parts


def _notify(node: Node) -> tuple[str, ...] | None:
    """Whom to tell; nobody, where the list is empty; None where nothing is said of it."""
    found = node.get("notify")
    if found is None:
        return None
    told = dict.fromkeys(name for each in found.as_list(may_be_one=True) if (name := _told(each)))
    if len(told) > MOST_TOLD:
        found.complain(f"names {len(told)}; {MOST_TOLD} are told at most: a mailing list or a topic tells more")
    return tuple(told)


def _told(node: Node) -> str | None:
    """A channel, or one person by mail."""
    name = node.as_text()
    if name is None or name in CHANNELS or (_ADDRESS.fullmatch(name) and name.isprintable()):
        return name
    if "://" in name:
        node.complain("is an address, which is a secret: name the channel here, its address belongs in the settings")
    else:
        node.complain(f"{name!r} is no channel; there are {', '.join(CHANNELS)}, and mail:somebody@example.org")
    return None


def _expect_every(node: Node) -> timedelta | None:
    found = node.text("expect_every")
    expected = duration(found) if found else None
    if found and not expected:
        node.at("expect_every").complain(f"{found!r} is no duration; write {WRITTEN}")
    return expected


def _with_keys(feed: Feed, node: Node) -> Feed:
    """To merge, rows must be told apart by keys that no two rows of a file have in common."""
    if feed.disposition != "merge":
        if feed.keys:
            node.at("keys").complain("are for the disposition 'merge'")
        return feed
    if feed.sink in CANNOT_MERGE:
        node.complain(f"rows cannot be merged in the sink {feed.sink!r}: append them, or replace what was there")
    if feed.shape == "rows":
        node.complain("to merge, the table must have a column for each key: shape 'typed'")
    schema = feed.contract.schema if feed.contract else None
    keys = feed.keys or (schema.primary_key if schema else ())
    unique = [{schema.fields[part].name for part in key.parts} for key in keys_of(schema)] if schema else [set(keys)]
    if not keys:
        node.complain("to merge, it must have keys, or its contract a primaryKey")
    elif schema and schema.fields and not any(each <= set(keys) for each in unique):
        node.complain(f"to merge by {', '.join(keys)}, the contract must make them unique, such as by primaryKey")
    return replace(feed, keys=keys)
