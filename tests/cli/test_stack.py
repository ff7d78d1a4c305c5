"""csvgate up, down and status, as far as they need no stack; tests/e2e has the rest."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.cli.main import csvgate
from csvgate.cli.session import Session
from csvgate.cli.stack import USE, arriving, feeds_meant, tell_down, tell_up
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.local import facts as stack_file
from csvgate.local.configuration import Configuration
from csvgate.local.facts import ProcessFacts, StackFacts

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def facts() -> StackFacts:
    """A stack in an emulator that is not ours."""
    return StackFacts(
        endpoint_url="http://127.0.0.1:9",
        region="us-east-1",
        bucket="test-bucket",
        results_bucket="results",
        arrivals_queue_url="",
        arrivals_dead_url="",
        inspected_queue_url="",
        inspected_dead_url="",
        metadata_table="MetadataTable",
        deliveries_table="deliveries",
        inspect_function="process_csv",
        record_function="record_csv",
    )


def test_status_of_an_empty_directory_says_how_to_start(shell: CliRunner, tmp_path: Path) -> None:
    """And tells scripts by its exit code."""
    ran = shell.invoke(csvgate, ["status", "--data-dir", str(tmp_path)])
    assert (ran.exit_code, "csvgate up" in ran.stdout) == (3, True)
    ran = shell.invoke(csvgate, ["status", "--data-dir", str(tmp_path), "--json"])
    assert json.loads(ran.stdout) == {"is_running": False}


@pytest.mark.parametrize(
    ("meant", "whom"),
    [
        ({"CSVGATE_TARGET": "aws"}, "AWS"),
        ({"CSVGATE_TARGET": "aws", "AWS_ENDPOINT_URL": "http://aws:4566"}, "http://aws:4566"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "http://127.0.0.1:9"),
    ],
)
def test_status_says_whom_commands_ask_instead(
    shell: CliRunner, tmp_path: Path, meant: dict[str, str], whom: str
) -> None:
    """Nobody is to start a stack for want of one that he does not mean."""
    ran = shell.invoke(csvgate, ["status", "--data-dir", str(tmp_path)], env=meant)
    assert (ran.exit_code, f"commands ask {whom}, and no stack of this directory" in ran.stdout) == (3, True)
    assert "csvgate up" not in ran.stdout


def test_status_of_a_stack_that_is_meant_speaks_of_nobody_else(
    shell: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, facts: StackFacts
) -> None:
    """Its address may stand in the environment, too."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", facts.endpoint_url)
    stack_file.write(tmp_path, facts)
    assert "commands ask" not in shell.invoke(csvgate, ["status", "--data-dir", str(tmp_path)]).stdout


def test_down_where_nothing_runs_is_done_already(shell: CliRunner, tmp_path: Path) -> None:
    """So that a script may call it at any time."""
    ran = shell.invoke(csvgate, ["down", "--data-dir", str(tmp_path), "--json"])
    assert (ran.exit_code, json.loads(ran.stdout)) == (0, {"stopped": False})


def test_up_refuses_an_endpoint_that_is_not_on_this_machine(shell: CliRunner, tmp_path: Path) -> None:
    """The local stack is never deployed into AWS."""
    where = ["--data-dir", str(tmp_path), "--endpoint-url", "https://s3.amazonaws.com"]
    ran = shell.invoke(csvgate, ["up", "--detach", *where])
    assert (ran.exit_code, ran.stderr.count("\n")) == (2, 1)


def test_a_bucket_that_aws_would_refuse_is_wrong_usage(shell: CliRunner, tmp_path: Path) -> None:
    """With the rule that it breaks."""
    ran = shell.invoke(csvgate, ["up", "--detach", "--data-dir", str(tmp_path), "--bucket", "Bad_Name"])
    assert (ran.exit_code, "lower-case letters" in ran.stderr) == (2, True)


def test_feeds_are_those_of_the_option_else_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert feeds_meant(None) is None
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text(f'{{"feeds": [{{"name": "{name}", "key": "*"}}]}}')
    (tmp_path / ".env").write_text("CSVGATE_FEEDS=a.json")
    found = [feeds_meant(None), feeds_meant(Path("b.json"))]
    assert [each.feeds.feeds[0].name for each in found if isinstance(each, Configuration)] == ["a", "b"]
    monkeypatch.setenv("CSVGATE_FEEDS", "s3://results/config/feeds.json")
    assert feeds_meant(None) == "s3://results/config/feeds.json"


def test_feeds_that_are_not_there_are_named(tmp_path: Path, shell: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSVGATE_FEEDS", str(tmp_path / "gone.yaml"))
    ran = shell.invoke(csvgate, ["up", "--detach", "--data-dir", str(tmp_path)])
    assert (ran.exit_code, "gone.yaml' cannot be read: No such file" in ran.stderr) == (2, True)


def test_down_says_what_it_did_not_stop(facts: StackFacts) -> None:
    """Somebody else's emulator, one that was dead already, or none."""
    own = replace(facts, emulator=ProcessFacts(pid=1, port=1, log="log"))
    assert "is not ours, and was left as it is" in tell_down(None, facts)
    assert "had ended already" in tell_down(None, own)
    assert "no stack of ours" in tell_down(None, None)


def test_status_after_down_says_that_a_stack_was_here(shell: CliRunner, tmp_path: Path, facts: StackFacts) -> None:
    """Everything in it comes back with the next start."""
    stack_file.write(tmp_path, replace(facts, emulator=ProcessFacts(pid=1, port=1, log="log")))
    stack_file.stop(tmp_path)
    ran = shell.invoke(csvgate, ["status", "--data-dir", str(tmp_path)])
    assert (ran.exit_code, "it was stopped, and csvgate up starts it again" in ran.stdout) == (3, True)


def test_the_way_to_use_a_stack_names_all_that_aws_tools_need() -> None:
    """Without a region they refuse."""
    told = USE.format(csvgate="csvgate", endpoint="http://127.0.0.1:4566", bucket="b", region="us-east-1")
    assert "export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1\n" in told


@pytest.mark.parametrize("command", [["ls"], ["show", "a.csv"], ["logs"], ["inspect", "s3://in/a.csv"]])
def test_without_a_stack_commands_say_what_to_do(
    shell: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """In one line, with the same exit code as status."""
    monkeypatch.chdir(tmp_path)
    ran = shell.invoke(csvgate, command)
    assert (ran.exit_code, ran.stderr.count("\n"), "csvgate up" in ran.stderr) == (3, 1, True)


def test_a_stack_that_is_not_up_is_a_failure_that_says_so(
    shell: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a wall of text from the SDK."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    ran = shell.invoke(csvgate, ["ls"])
    assert (ran.exit_code, "nothing answers at http://127.0.0.1:9" in ran.stderr) == (3, True)


def test_what_comes_in_is_told_once_and_in_order(shell: CliRunner, session: Session) -> None:
    """What was there before is not told."""

    def put(key: str) -> None:
        shell.invoke(csvgate, ["put", str(SAMPLES / "report.csv"), "--key", key], obj=session)

    coming = iter(["b.csv", "c.csv"])
    put("a.csv")
    told = arriving(session, lambda _: put(next(coming)))
    assert [delivery.arrival.key for delivery in islice(told, 2)] == ["b.csv", "c.csv"]


@pytest.mark.parametrize(("notify", "said"), [(("topic", "mail:a@example.org", "webhook"), "mail, webhook"), ((), "")])
def test_who_names_channels_that_no_function_has_is_told_what_has_them(
    facts: StackFacts, tmp_path: Path, capsys: pytest.CaptureFixture[str], notify: tuple[str, ...], said: str
) -> None:
    """Else the notices wait in the outbox, and nobody knows why."""
    tell_up(facts, tmp_path, Feeds((Feed(name="a", key="*", notify=notify),)), as_json=False)
    told = capsys.readouterr().err
    assert (f"cannot tell by {said}, which" in told, "csvgate worker record" in told) == (bool(said), bool(said))
