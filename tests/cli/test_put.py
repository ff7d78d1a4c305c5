"""csvgate put: what is uploaded where, and what --wait says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.cli.main import csvgate
from csvgate.cli.session import Session

SAMPLES = Path(__file__).parents[2] / "samples"
ORDERS, REPORT = str(SAMPLES / "orders.csv"), str(SAMPLES / "report.csv")


@pytest.mark.parametrize(
    ("options", "key"),
    [([], "orders.csv"), (["--key", "2026/"], "2026/orders.csv"), (["--key", "in/o.csv"], "in/o.csv")],
)
def test_the_key_is_the_name_or_what_was_asked_for(
    shell: CliRunner, session: Session, options: list[str], key: str
) -> None:
    """A key that ends in a slash is a folder."""
    ran = shell.invoke(csvgate, ["put", ORDERS, "--json", *options], obj=session)
    put = json.loads(ran.stdout)
    assert (ran.exit_code, put["key"]) == (0, key)
    assert session.ports.catalog.get(put["delivery_id"])


def test_wait_prints_the_receipt(shell: CliRunner, session: Session) -> None:
    """As a page, or as one JSON document, with the delivery's facts."""
    ran = shell.invoke(csvgate, ["put", ORDERS, "--wait", "--json"], obj=session)
    receipt = json.loads(ran.stdout)
    assert (receipt["state"], receipt["row_count"], receipt["columns"][0]["name"]) == ("recorded", 60, "order_id")


def test_wait_for_several_gives_their_receipts_in_order(shell: CliRunner, session: Session) -> None:
    """And exit code 1 for the one that was rejected."""
    ran = shell.invoke(csvgate, ["put", REPORT, ORDERS, "--wait", "--json"], obj=session)
    assert [receipt["filename"] for receipt in json.loads(ran.stdout)] == ["report.csv", "orders.csv"]
    assert ran.exit_code == 1


def test_standard_input_needs_a_key(shell: CliRunner, session: Session) -> None:
    """It has no name of its own."""
    assert shell.invoke(csvgate, ["put", "-"], obj=session, input="a\n").exit_code == 2
    assert shell.invoke(csvgate, ["put", "-", "--key", "a.csv"], obj=session, input="a,b\n1,2\n").exit_code == 0


@pytest.mark.parametrize(
    "arguments", [["no-such.csv"], [ORDERS, REPORT, "--key", "one.csv"], [ORDERS, ORDERS], ["s3://in/a.csv"], ["."]]
)
def test_what_cannot_be_put_is_wrong_usage(shell: CliRunner, session: Session, arguments: list[str]) -> None:
    """And nothing was uploaded."""
    assert shell.invoke(csvgate, ["put", *arguments], obj=session).exit_code == 2
    assert list(session.ports.objects.versions("in")) == []


def test_time_that_is_over_is_a_failure_that_says_where_to_look(shell: CliRunner, session: Session) -> None:
    """The upload itself is done; it may still be inspected later."""
    other_stack = replace(session, upload=lambda *_: session.ports.objects.put("in", "orders.csv", b"a\n"))  # type: ignore[attr-defined]
    ran = shell.invoke(csvgate, ["put", ORDERS, "--wait", "--timeout", "0"], obj=other_stack)
    assert (ran.exit_code, "csvgate show" in ran.stderr, "try again" in ran.stderr) == (3, True, False)
