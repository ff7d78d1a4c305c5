"""Which object a message of an upload service names."""

from __future__ import annotations

import json

import pytest

from csvgate.aws.events import encode
from csvgate.aws.keys import named
from csvgate.delivery import Arrival


@pytest.mark.parametrize(
    "text",
    [
        "in/a b.csv",
        " in/a b.csv\n",
        '"in/a b.csv"',
        '{"key": "in/a b.csv"}',
        '{"file_key": "in/a b.csv", "uploaded_by": 7}',
        '{"bucket": "mine", "key": "in/a b.csv"}',
        "s3://mine/in/a b.csv",
    ],
)
def test_a_key_is_found_in_the_usual_spellings(text: str) -> None:
    assert named(text, "mine") == ("mine", "in/a b.csv")


@pytest.mark.parametrize("key", ["9.41\u202fAM.csv", "a\u00a0b.csv", "a\u3000b.csv", "a\u200bb.csv", "\ue000.csv"])
def test_a_name_may_have_any_blank_and_any_letter(key: str) -> None:
    assert named(json.dumps({"key": key}), "mine") == named(key, "mine") == ("mine", key)


def test_another_bucket_can_be_named() -> None:
    assert named('{"bucket": "other", "s3_key": "a%20+.csv"}', "mine") == ("other", "a%20+.csv")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "null",
        "[]",
        '["a.csv"]',
        '{"key": ""}',
        '{"key": 5}',
        '{"key',
        "a\0b",
        '"\\ud800"',
        "a\u2028b",
        "x" * 1025,
        "s3://",
        "{}",
    ],
)
def test_anything_else_names_nothing(text: str) -> None:
    assert named(text, "mine") is None


def test_an_event_is_no_such_message() -> None:
    assert named(json.dumps(encode(Arrival(bucket="b", key="a.csv"))), "mine") is None
