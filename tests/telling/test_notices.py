"""What is said of a delivery, and to whom: bounded, without cells, and filterable."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from csvgate.delivery import Arrival, Delivery, State
from csvgate.telling.notices import Audience, Notice, attributes, event, place, sentence

ARRIVAL = Arrival(bucket="in", key="sales/a.csv", version_id="v1")
DELIVERY = replace(
    Delivery.of(ARRIVAL, "recorded", at=datetime(2026, 1, 2, tzinfo=UTC)),
    verdict="warning",
    feed="sales",
    row_count=1200,
    column_count=5,
)
NOTICE = Notice(delivery=DELIVERY, channel="topic")
EVERYBODY = Audience(channels=("topic", "mail"))


def test_the_word_is_a_cloud_event() -> None:
    said = event(NOTICE)
    assert (said["specversion"], said["type"]) == ("1.0", "csvgate.delivery.recorded")
    assert (said["source"], said["subject"]) == ("urn:csvgate:in", "sales/a.csv")
    assert said["id"] == f"{DELIVERY.delivery_id}:recorded"
    assert (said["data"]["row_count"], said["data"]["verdict"], said["data"]["feed"]) == (1200, "warning", "sales")


def test_what_was_loaded_again_is_another_word() -> None:
    """A receiver that drops what it has heard would never hear of it."""
    again = replace(DELIVERY, state="loaded", generation=2)
    assert event(replace(NOTICE, delivery=again))["id"] == f"{DELIVERY.delivery_id}:loaded:2"


def test_it_can_be_filtered_by_feed_verdict_and_state() -> None:
    assert attributes(NOTICE) == {
        "feed": "sales",
        "verdict": "warning",
        "state": "recorded",
        "dedup_id": f"{DELIVERY.delivery_id}:recorded",
    }
    assert "verdict" not in attributes(replace(NOTICE, delivery=replace(DELIVERY, verdict=None)))


def test_why_a_file_was_rejected_is_said_by_the_code_alone() -> None:
    """The message of a finding may quote the file."""
    rejected = replace(DELIVERY, state="rejected", verdict="rejected", reason="type-error: 'canary' is no number")
    said = json.dumps(event(replace(NOTICE, delivery=rejected))) + sentence(rejected)
    assert "type-error" in said
    assert "canary" not in said


def test_why_we_failed_is_said_in_our_words_and_not_for_ever() -> None:
    failed = replace(DELIVERY, state="failed", reason="S3 was slow: " + "x" * 5_000)
    assert event(replace(NOTICE, delivery=failed))["data"]["reason"].startswith("S3 was slow: xxx")
    longest = replace(failed, arrival=replace(ARRIVAL, key="é" * 512))
    assert len(json.dumps(event(replace(NOTICE, delivery=longest)))) < 16_000


def test_people_read_one_line_that_obeys_nobody() -> None:
    hostile = Delivery.of(
        replace(ARRIVAL, key="in/\x1b[2J\n\u202ea.csv"), "failed", at=datetime(2026, 1, 2, tzinfo=UTC)
    )
    assert sentence(DELIVERY) == "a.csv recorded (warning), 1,200 rows, 5 columns"
    assert sentence(replace(DELIVERY, rows_quarantined=2)).endswith("1,200 rows, 5 columns, 2 put aside")
    assert sentence(replace(DELIVERY, row_count=1, column_count=1)).endswith(", 1 row, 1 column")
    assert (sentence(hostile) + place(hostile)).isprintable()


def test_a_rejected_file_is_not_said_to_have_put_aside_all_of_its_rows() -> None:
    """As many as it has were not taken; its quarantine has those that are broken."""
    rejected = replace(DELIVERY, state="rejected", verdict="rejected", reason="type-error: …", rows_quarantined=1200)
    assert sentence(rejected) == "a.csv rejected: type-error, 1,200 rows, 5 columns"


@pytest.mark.parametrize(
    ("state", "verdict", "channels"),
    [
        ("recorded", "ok", ["topic"]),
        ("recorded", "warning", ["topic", "mail"]),
        ("rejected", "rejected", ["topic", "mail"]),
        ("failed", None, ["topic", "mail"]),
        ("deleted", None, ["topic"]),
        ("ignored", None, []),
    ],
)
def test_people_hear_of_problems_and_programs_of_everything(state: State, verdict: None, channels: list[str]) -> None:
    delivery = replace(DELIVERY, state=state, verdict=verdict)
    assert [notice.channel for notice in EVERYBODY.notices(delivery)] == channels


def test_a_feed_is_told_by_the_channels_that_it_names_and_by_no_other() -> None:
    audience = replace(EVERYBODY, by_feed={"sales": ("slack", "mail:ann@example.org"), "quiet": ()})
    told = {feed: audience.notices(replace(DELIVERY, feed=feed)) for feed in ("sales", "quiet", "other", None)}
    assert [(notice.kind, notice.recipient) for notice in told["sales"]] == [("slack", ""), ("mail", "ann@example.org")]
    assert told["quiet"] == ()
    assert [notice.channel for notice in told["other"] + told[None]] == ["topic", "mail"] * 2
    assert audience.kinds() == {"topic", "mail", "slack"}


def test_people_whom_a_feed_names_hear_of_problems_only_too() -> None:
    audience = replace(EVERYBODY, by_feed={"sales": ("bus", "mail:ann@example.org")})
    assert [notice.channel for notice in audience.notices(replace(DELIVERY, verdict="ok"))] == ["bus"]


def test_people_may_want_to_hear_everything() -> None:
    ok = replace(DELIVERY, verdict="ok")
    assert len(replace(EVERYBODY, people_hear="everything").notices(ok)) == 2
