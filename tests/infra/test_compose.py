"""What compose.yaml promises, read from the file: nobody from outside, no rights, in order, and gone in time.

That Compose itself takes it, and that it runs, is tried in test_containers.py.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from csvgate import settings
from csvgate.loopback import is_loopback
from csvgate.variables import SETTINGS
from csvgate.web.serving import STOP_SECONDS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "compose.yaml").read_text()
# As it is where nothing is set.
SERVICES: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{EMULATOR:-(\w+)\}", r"\1", TEXT))["services"]
EXAMPLE = (ROOT / ".env.example").read_text()
OURS = {name for name, service in SERVICES.items() if "CSVGATE" in service["image"]}
ONCE = {"setup", "migrate"}
# What only Compose goes by; and what the sketch of somebody's own set-up brings along.
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "UPLOAD_PORT", "AWS_PORT", "DATABASE_PORT", "PYTHON_IMAGE", "COMPOSE_PROFILES"}
COMPOSE_ONLY |= {
    "CSVGATE_UPLOAD_IMAGE",
    "CSVGATE_PROCESS_IMAGE",
    "EMULATOR",
    "LOCALSTACK_AUTH_TOKEN",
    "LOCALSTACK_PORT",
}


def of_each(names: set[str]) -> pytest.MarkDecorator:
    """The test is about each of these services."""
    return pytest.mark.parametrize("service", [pytest.param(SERVICES[name], id=name) for name in sorted(names)])


@of_each(set(SERVICES))
def test_nothing_has_rights_that_it_does_not_need(service: dict[str, Any]) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"]
    assert {"privileged", "cap_add", "pid", "devices"}.isdisjoint(service)
    assert "docker.sock" not in str(service)


@of_each(set(SERVICES) - {"localstack"})
def test_nothing_is_written_but_where_it_is_said(service: dict[str, Any]) -> None:
    """LocalStack installs what it needs when it starts."""
    assert service["read_only"]


@of_each(set(SERVICES))
def test_ports_are_published_on_the_loopback_address_only(service: dict[str, Any]) -> None:
    assert [port for port in service.get("ports", []) if not port.startswith("127.0.0.1:")] == []


@of_each(set(SERVICES))
def test_a_service_has_more_time_to_end_than_it_takes(service: dict[str, Any]) -> None:
    assert int(service["stop_grace_period"].removesuffix("s")) > STOP_SECONDS


@of_each(set(SERVICES) - ONCE)
def test_what_runs_on_is_asked_for_its_health_and_started_again(service: dict[str, Any]) -> None:
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"


@of_each(OURS - ONCE)
def test_services_begin_when_the_stack_and_the_database_are_as_they_should_be(service: dict[str, Any]) -> None:
    assert {name: need["condition"] for name, need in service["depends_on"].items()} == dict.fromkeys(
        ONCE, "service_completed_successfully"
    )


def test_setup_deploys_to_the_loopback_address_of_the_emulator() -> None:
    """Which is the only place that `csvgate up` deploys to."""
    setup = SERVICES["setup"]
    [endpoint] = [word.partition("=")[2] for word in setup["command"] if word.startswith("--endpoint-url")]
    assert (setup["network_mode"], is_loopback(endpoint)) == ("service:aws", True)


def test_the_services_mean_the_emulator_and_are_given_nobodys_credentials() -> None:
    """Nothing of the shell's is passed on."""
    given = SERVICES["upload"]["environment"]
    known = settings.load(given)
    assert (known.target, known.endpoint_url, known.access_key) == ("aws", "http://aws:4566", "test")
    assert [name for name, value in given.items() if name.startswith("AWS_") and "$" in value] == []


def test_the_emulator_is_the_one_of_the_tests() -> None:
    """And so is the one that stands in for it in CI."""
    [pinned] = re.findall(r'"ministack==([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    assert SERVICES["aws"]["image"] == f"ministackorg/ministack:{pinned}"
    assert f"ministack=={pinned}" in (ROOT / ".ci" / "images" / "Dockerfile").read_text()


def test_every_name_in_the_example_is_a_setting_or_one_of_compose() -> None:
    named = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))
    assert named - COMPOSE_ONLY <= {setting.name for setting in SETTINGS}
    assert {"S3_BUCKET_NAME", "SQS_QUEUE_URL", "DATABASE_URL", "AWS_ENDPOINT_URL"} <= named


def test_the_example_names_all_that_compose_can_be_told() -> None:
    told = set(re.findall(r"\$\{([A-Z0-9_]+)", TEXT))
    assert told <= set(re.findall(r"^#?([A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))


def test_the_example_is_what_compose_does_without_it(tmp_path: Path) -> None:
    """And with it, csvgate in this directory means that stack."""
    (tmp_path / ".env").write_text(EXAMPLE)
    known = settings.load({}, tmp_path)
    assert (known.target, known.bucket) == ("local", "test-bucket")
    given = dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    assert all(
        given[name] == default for name, default in re.findall(r"\$\{([A-Z0-9_]+):-([^}]+)\}", TEXT) if name in given
    )
