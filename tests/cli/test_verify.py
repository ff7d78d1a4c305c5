"""csvgate verify: what agrees, what differs, and what is no receipt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.cli.main import csvgate
from csvgate.cli.verify import first_difference, sentence
from csvgate.core.verification import Check

SAMPLES = Path(__file__).parents[2] / "samples"
ORDERS, SENSORS, REPORT = (str(SAMPLES / f"{name}.csv") for name in ("orders", "sensors", "report"))


def receipts(shell: CliRunner, *paths: str) -> str:
    """What `inspect --json` prints."""
    return shell.invoke(csvgate, ["inspect", "--json", *paths]).stdout


@pytest.mark.parametrize("path", [ORDERS, SENSORS, REPORT])
def test_a_receipt_agrees_with_its_file(shell: CliRunner, path: str) -> None:
    """Also that of a rejected one: it is the receipt that is judged."""
    ran = shell.invoke(csvgate, ["verify", "-", path], input=receipts(shell, path))
    verdict, *facts = ran.stdout.splitlines()
    assert (ran.exit_code, verdict.split("\t")[1]) == (0, "agrees")
    assert {line.split("\t")[0] for line in facts} == {"agrees"}


def test_what_differs_is_named_with_both_sides(shell: CliRunner) -> None:
    """And the exit code says so."""
    stated = json.loads(receipts(shell, ORDERS)) | {"row_count": 61}
    ran = shell.invoke(csvgate, ["verify", "-", ORDERS], input=json.dumps(stated))
    assert (ran.exit_code, "differs\trow_count\t61\t60\n" in ran.stdout) == (1, True)


def test_what_is_not_stated_is_named_too(shell: CliRunner) -> None:
    """A receipt that says next to nothing proves nothing."""
    stated = json.loads(receipts(shell, ORDERS)) | {"row_count": "60", "findings": [{"code": "footer", "count": 1}]}
    del stated["sha256"]
    ran = shell.invoke(csvgate, ["verify", "-", ORDERS], input=json.dumps(stated))
    assert ran.exit_code == 1
    assert "not stated\tsha256\tnot stated\t" in ran.stdout
    assert 'not stated\trow_count\tnot stated: "60"\t60\n' in ran.stdout
    assert "differs\tfindings\tfooter: 1\tfooter: none\n" in ran.stdout


def test_as_json_every_fact_has_both_sides(shell: CliRunner) -> None:
    """`agrees` sums them up."""
    ran = shell.invoke(csvgate, ["verify", "-", SENSORS, "--json"], input=receipts(shell, ORDERS))
    told = json.loads(ran.stdout)
    assert (ran.exit_code, told["agrees"]) == (1, False)
    assert {"name": "row_count", "expected": 60, "found": 48, "stated": True, "agrees": False} in told["checks"]


def test_of_several_receipts_the_one_of_the_file_is_taken(shell: CliRunner, tmp_path: Path) -> None:
    """`inspect --json a b` prints an array."""
    paper = tmp_path / "receipts.json"
    paper.write_text(receipts(shell, ORDERS, SENSORS))
    assert shell.invoke(csvgate, ["verify", str(paper), SENSORS]).exit_code == 0
    assert shell.invoke(csvgate, ["verify", str(paper), REPORT]).exit_code == 2


@pytest.mark.parametrize("paper", ["a,b\n1,2\n", '{"state": "failed"}', "[]", "7", "[7]"])
def test_what_is_no_receipt_is_wrong_usage(shell: CliRunner, paper: str) -> None:
    """Nothing agreed, and nothing differed."""
    ran = shell.invoke(csvgate, ["verify", "-", ORDERS], input=paper)
    assert (ran.exit_code, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)


def test_one_input_cannot_be_both(shell: CliRunner) -> None:
    assert shell.invoke(csvgate, ["verify", "-", "-"], input="{}").exit_code == 2


def check(name: str, *, agrees: bool | None) -> Check:
    """A fact that is true, or not, or not stated."""
    return Check(name=name, expected=1, found=1 if agrees else 2, is_stated=agrees is not None)


@pytest.mark.parametrize(
    ("agree", "text"),
    [
        ({"sha256": True, "row_count": True}, "is as its receipt says: all 2 facts agree."),
        ({"row_count": True}, "is as its receipt says: the only fact in it agrees."),
        (
            {"file_size_bytes": False, "sha256": False},
            "is not the file of this receipt: the sha256 and 1 other fact differ.",
        ),
        ({"sha256": True, "row_count": False}, "is the file of this receipt, which is not true of it: the row_count "),
        ({"sha256": None, "row_count": True}, "is not proven by this receipt: the sha256 is not stated."),
        ({"row_count": None, "sha256": None}, "is not proven by this receipt: the sha256 and 1 other fact are not"),
        (
            {"row_count": False, "bytes.bom": None},
            "is not as this receipt says: the row_count differs; the bytes.bom is not stated.",
        ),
        ({"row_count": False}, "is not as this receipt says: the row_count differs."),
    ],
)
def test_the_sentence_says_whether_it_is_the_file(agree: dict[str, bool | None], text: str) -> None:
    """A hash that differs is another file; a count that differs under the same hash is a wrong receipt."""
    checks = [check(name, agrees=agrees) for name, agrees in agree.items()]
    assert sentence("m.csv", checks).startswith(f"m.csv {text}")


@pytest.mark.parametrize(
    ("found", "expected"), [(["a", "c"], ("column 2: b", "column 2: c")), (["a"], ("column 2: b", "column 2: none"))]
)
def test_of_lists_the_first_difference_is_shown(found: list[str], expected: tuple[str, str]) -> None:
    assert first_difference(["a", "b"], found) == expected
