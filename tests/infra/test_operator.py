"""What an operator may do: all that the commands of the run book take, and no more than they take."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from csvgate.aws.client import client as aws
from csvgate.aws.sqs import SqsQueue
from csvgate.local.configuration import gather, keep
from csvgate.local.deployment import RESULTS_BUCKET, deploy
from csvgate.local.services import CREDENTIALS, REGION, Services
from tests.infra.test_kubernetes_rights import Policy, as_user
from tests.infra.test_roles_suffice import guarded, states
from tests.waiting import until_equal
from tests.world import CLEAN

pytestmark = pytest.mark.long
__all__ = ["guarded"]

POLICY: Policy = json.loads((Path(__file__).parents[2] / "infra" / "iam" / "operator.json").read_text())
Operator = Callable[..., subprocess.CompletedProcess[str]]


def without(*sids: str) -> Policy:
    """The policy with less in it."""
    return POLICY | {"Statement": [each for each in POLICY["Statement"] if each["Sid"] not in sids]}


def stack(endpoint_url: str, folder: Path, sink: str) -> None:
    """The pipeline, with two files whose rows are loaded."""
    (folder / "feeds.json").write_text(json.dumps({"feeds": [{"name": "all", "key": "*.csv", "sink": sink}]}))
    feeds, services = gather(folder / "feeds.json"), Services.at(endpoint_url)
    keep(services.s3, RESULTS_BUCKET, feeds)
    facts = deploy(endpoint_url, feeds_uri=feeds.uri(RESULTS_BUCKET))
    for key in ("a.csv", "b.csv"):
        services.s3.put_object(Bucket=facts.bucket, Key=key, Body=CLEAN)
    sqs = aws("sqs", endpoint_url=endpoint_url, region=REGION, credentials=CREDENTIALS)
    SqsQueue(sqs, facts.arrivals_dead_url).send("a.csv")
    until_equal(lambda: states(facts), {"a.csv": "loaded", "b.csv": "loaded"})


def operator(endpoint_url: str, folder: Path, policy: Policy) -> Operator:
    """Somebody at a terminal, who has no more than this policy and the name of the feeds."""
    [feeds] = Services.at(endpoint_url).s3.list_objects_v2(Bucket=RESULTS_BUCKET, Prefix="config/")["Contents"]
    told = {
        "CSVGATE_TARGET": "aws",
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_REGION": REGION,
        "CSVGATE_FEEDS": f"s3://{RESULTS_BUCKET}/{feeds['Key']}",
        **as_user(endpoint_url, "operator", policy),
    }
    command = [Path(sys.executable).with_name("csvgate")]

    def typed(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *words], cwd=folder, env=told, capture_output=True, text=True, check=False)

    return typed


@pytest.mark.parametrize("sink", ["dynamodb", "parquet"])
def test_it_suffices_for_the_commands_of_the_run_book(sink: str, guarded: str, tmp_path: Path) -> None:
    stack(guarded, tmp_path, sink)
    typed = operator(guarded, tmp_path, POLICY)
    for command in (
        "ls --state loaded",
        "show a.csv",
        "undo a.csv",
        "reload a.csv",
        "redrive",
        "logs --since 1h",
        "token create --name partner --scope upload",
        "erase a.csv --yes",
        "reconcile --grace 0",
    ):
        done = typed(*command.split())
        assert done.returncode == 0, (command, done.stdout, done.stderr)


def test_who_may_not_erase_is_told_what_is_left(guarded: str, tmp_path: Path) -> None:
    """Nothing else could be missing without being seen, either."""
    stack(guarded, tmp_path, "dynamodb")
    done = operator(guarded, tmp_path, without("EraseFiles"))("erase", "b.csv", "--yes")
    assert (done.returncode, "AccessDenied" in done.stdout + done.stderr) == (3, True), done


def test_it_sends_no_file_and_changes_no_stack() -> None:
    """Whoever mends is not whoever sends, or deploys."""
    rights = {
        (action, where) for each in POLICY["Statement"] for action in each["Action"] for where in each["Resource"]
    }
    inbound = {action for action, where in rights if where.startswith("arn:aws:s3:::csvgate-arrivals-")}
    assert not {action for action in inbound if "Put" in action}
    assert {action for action, where in rights if where == "*"} == {"cloudformation:DescribeStacks"}
