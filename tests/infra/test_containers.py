"""The images and compose.yaml as they run: a how-to typed in a copy of the checkout, then the stack looked at."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from csvgate import __version__
from csvgate.local.sockets import any_free
from docs.render import ROOT, fences
from tests.infra.checkout import Checkout, copied
from tests.infra.powers import NOBODY, assert_hardened
from tests.infra.runtime import asked_for
from tests.waiting import until

pytestmark = [pytest.mark.long, pytest.mark.containers, pytest.mark.clone]

PAGE = (ROOT / "docs" / "how-to" / "containers.md").read_text()
LOCK = (ROOT / "infra" / "containers" / "requirements.lock").read_text()
COMMANDS = [fence.text for fence in fences(PAGE) if (fence.language, fence.need) == ("bash", "docker")]
(FEEDS,) = (fence.text for fence in fences(PAGE) if fence.need == "docker-feeds")
ON_ERROR = "trap 'docker compose logs --tail 20' ERR"
ENDS = "docker compose down"
PORTS = {"UPLOAD_PORT": "8080", "AWS_PORT": "4566", "DATABASE_PORT": "5432"}
SERVICES = ("upload", "inspect", "record")
TARGETS = ("upload", "process", "function")
# The service gives what is under way 20 seconds.
STOP_SECONDS = 20
MEGABYTES = {"upload": 512, "inspect": 1024, "record": 1024}
LARGE_ROWS = 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Stack(Checkout):
    """What runs of a copy of the checkout, on ports of its own, and what was printed when the page was typed there."""

    printed: str = ""

    def inside(self, service: str, command: str) -> str:
        return self.run(f"docker compose exec --no-TTY {service} {command}")

    def deliveries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.inside("upload", "csvgate ls --json 2> /dev/null"))
        return found


def typed(commands: list[str], ports: dict[str, str]) -> str:
    """The commands with ports that nobody else has."""
    text = "\n".join(commands)
    for variable, usual in PORTS.items():
        text = text.replace(f"localhost:{usual}", f"localhost:{ports[variable]}")
    return text


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """What a reader has who typed the page up to its end, but for the last word."""
    directory = tmp_path_factory.mktemp("checkout")
    ports = {variable: str(any_free()) for variable in PORTS}
    copy = copied(directory, **ports, COMPOSE_PROJECT_NAME=directory.name.replace("_", "-"))
    try:
        printed = copy.run(f"{ON_ERROR}\n{typed([text for text in COMMANDS if ENDS not in text], ports)}")
        yield Stack(directory=directory, environment=copy.environment, printed=printed)
    finally:
        copy.run(typed([text for text in COMMANDS if ENDS in text], ports))


def test_files_that_the_page_sends_become_rows(stack: Stack) -> None:
    """By the service, and by the bucket."""
    recorded = {delivery["key"]: (delivery["state"], delivery["row_count"]) for delivery in stack.deliveries()}
    assert recorded == {"orders.csv": ("loaded", 60), "kunden.csv": ("loaded", 24)}
    assert re.search(r"count *\n-+\n +84\n", stack.printed)
    assert stack.run("docker compose ps --format '{{.Service}}' inspect").split() == ["inspect", "inspect"]


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_runs_it_and_it_may_do_nothing(stack: Stack, service: str) -> None:
    assert_hardened(
        lambda command: stack.inside(service, command),
        lambda command: stack.refused(f"docker compose exec --no-TTY {service} {command}"),
        MEGABYTES[service] << 20,
    )


def test_a_worker_that_is_stopped_in_the_middle_of_a_file_ends_in_time_and_the_next_one_finishes_it(
    stack: Stack,
) -> None:
    """With exit code 0: it was not killed."""
    large = stack.directory / "large.csv"
    large.write_text("id,name\n" + "".join(f"{n},name {n % 999}\n" for n in range(LARGE_ROWS)))
    stack.run("docker compose exec --no-TTY upload csvgate put - --key large.csv < large.csv")
    until(lambda: any(found["key"] == "large.csv" for found in stack.deliveries()))
    stack.run("docker compose stop inspect record")
    ended = stack.run("docker compose ps --all --format '{{.ExitCode}}' inspect record").split()
    assert set(ended) == {"0"}
    stack.run("docker compose start inspect record")
    until(lambda: {found["state"] for found in stack.deliveries()} == {"loaded"})
    assert [found["row_count"] for found in stack.deliveries() if found["key"] == "large.csv"] == [LARGE_ROWS]


@pytest.mark.parametrize(("service", "target"), [("upload", "upload"), ("record", "process")])
def test_the_first_process_of_a_container_ends_when_it_is_told_to(stack: Stack, service: str, target: str) -> None:
    """Without an init before it, as on Kubernetes, where a process that does not listen for SIGTERM is killed."""
    network = f"{stack.environment['COMPOSE_PROJECT_NAME']}_default"
    stack.run(f"docker compose exec --no-TTY {service} env | grep -E '^(AWS|CSVGATE|DATABASE)' > given.env")
    name = stack.run(
        f"docker run --detach --env-file given.env --network {network} --read-only --tmpfs /tmp csvgate-{target}"
    ).strip()
    try:
        until(lambda: "Ctrl-C" in stack.run(f"docker logs {name} 2>&1"))
        stack.run(f"docker stop --time {2 * STOP_SECONDS} {name}")
        assert stack.run(f"docker inspect --format '{{{{.State.ExitCode}}}}' {name}").strip() == "0"
    finally:
        stack.run(f"docker rm --force {name}")


def test_the_functions_image_answers_what_lambda_asks(stack: Stack) -> None:
    """A test event of S3 is done with, poison comes again; the client is AWS's own, and nothing can be written to."""
    record = {"eventSource": "aws:sqs", "attributes": {"ApproximateReceiveCount": "1"}}
    event = {
        "Records": [
            {**record, "messageId": "good", "body": json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})},
            {**record, "messageId": "poison", "body": "poison"},
        ]
    }
    with asked_for(event) as runtime:
        given = {
            "AWS_LAMBDA_RUNTIME_API": runtime.address,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{stack.environment['AWS_PORT']}",
            **dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "test"),
            **dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), "us-east-1"),
        }
        options = " ".join(f"--env {name}={value}" for name, value in given.items())
        name = stack.run(
            f"docker run --detach --network host --read-only --tmpfs /tmp {options} csvgate-function"
        ).strip()
        try:
            until(lambda: runtime.answers or "Traceback" in stack.run(f"docker logs {name} 2>&1"))
            assert runtime.answers, stack.run(f"docker logs {name} 2>&1")
        finally:
            stack.run(f"docker rm --force {name}")
    assert runtime.answers == [{"batchItemFailures": [{"itemIdentifier": "poison"}]}]


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_says_what_it_is_and_holds_no_more(stack: Stack, target: str) -> None:
    """No compiler, and beside csvgate no pip; and a bill of materials that names every locked library."""
    told = json.loads(stack.run(f"docker image inspect csvgate-{target}"))[0]["Config"]
    labels = told["Labels"]
    assert (told["User"], told["StopSignal"]) == (f"{NOBODY}:{NOBODY}", "SIGTERM")
    kept = "for each in gcc cc c++ make; do ! command -v $each || exit 1; done; ! ls /opt/csvgate/bin/pip* 2>&1"
    stack.run(f"docker run --rm --entrypoint sh csvgate-{target} -c '{kept}'")
    bill = json.loads((stack.directory / "build" / "sbom" / f"csvgate-{target}.cdx.json").read_text())
    assert labels["io.csvgate.sbom"] == "/opt/csvgate/sbom.cdx.json"
    locked = re.findall(r"^([a-z0-9-]+)==(\S+) \\\\$", LOCK, re.MULTILINE)
    assert set(locked) <= {(each["name"], each["version"]) for each in bill["components"]}
    assert bill["metadata"]["component"]["version"] == labels["org.opencontainers.image.version"] == __version__


def test_compose_refuses_a_word_that_it_does_not_know(stack: Stack) -> None:
    """So that a slip in compose.yaml is not just left out."""
    slip = "sed 's/cap_drop/cap_drops/' compose.yaml | docker compose -f - config -q"
    assert "cap_drops" in stack.refused(slip)


def test_localstack_is_a_profile_that_takes_the_place_of_the_emulator(stack: Stack) -> None:
    """By two words in .env; without them it is not there."""
    services = yaml.safe_load(stack.run("COMPOSE_PROFILES=localstack EMULATOR=localstack docker compose config"))[
        "services"
    ]
    assert services["setup"]["network_mode"] == "service:localstack"
    assert services["record"]["environment"]["AWS_ENDPOINT_URL"] == "http://localstack:4566"
    assert "localstack" not in yaml.safe_load(stack.run("docker compose config"))["services"]


def test_feeds_that_are_put_into_the_bucket_hold_for_all_services(stack: Stack) -> None:
    """The last of the tests: from here on rows are loaded into tables of their own."""
    tools = Path(sys.executable).parent
    stack.run(f'PATH="{tools}:$PATH"\n{typed([FEEDS], dict(stack.environment))}')
    stack.run("docker compose exec --no-TTY upload csvgate put - --key orders.csv --wait < samples/orders.csv")
    counted = "psql --username=csvgate --no-align --tuples-only --command='SELECT count(*) FROM csvgate_data.orders'"
    until(lambda: {found["state"] for found in stack.deliveries()} == {"loaded"})
    assert stack.inside("database", counted).strip() == "60"
