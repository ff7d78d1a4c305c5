"""Which stack is meant, and with which settings: by the environment, by `.env`, by the local stack, or not at all."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from csvgate.errors import PermanentError, UsageError
from csvgate.settings import Settings, load
from csvgate.variables import SETTINGS

STACK = {
    "endpoint_url": "http://127.0.0.1:4566",
    "region": "us-east-1",
    "bucket": "test-bucket",
    "results_bucket": "csvgate-results",
    "arrivals_queue_url": "http://127.0.0.1:4566/000000000000/csvgate-arrivals",
    "database_url": None,
    "emulator": {"pid": 1, "port": 4566, "log": "emulator.log"},
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory in which a local stack runs."""
    (tmp_path / ".csvgate").mkdir()
    (tmp_path / ".csvgate" / "stack.json").write_text(json.dumps(STACK))
    return tmp_path


def test_the_local_stack_of_the_directory_is_meant(directory: Path) -> None:
    settings = load({}, directory)
    assert (settings.target, settings.endpoint_url, settings.bucket) == (
        "local",
        "http://127.0.0.1:4566",
        "test-bucket",
    )
    assert settings.lease == timedelta(seconds=90)


def test_without_a_stack_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match=r"no local stack.*`csvgate up`.*CSVGATE_TARGET=aws"):
        load({}, tmp_path)


def test_a_stack_that_was_stopped_is_said_to_come_back(directory: Path) -> None:
    (directory / ".csvgate" / "stack.json").rename(directory / ".csvgate" / "stopped.json")
    with pytest.raises(PermanentError, match=r"is stopped\. Start it again with `csvgate up`"):
        load({}, directory)


def test_an_endpoint_without_a_scheme_is_told_what_is_missing(directory: Path) -> None:
    with pytest.raises(UsageError, match="AWS_ENDPOINT_URL: 'localhost:4588' is no URL; write http://localhost:4588"):
        load({"AWS_ENDPOINT_URL": "localhost:4588"}, directory)


def test_the_environment_wins_over_dotenv_and_both_over_the_stack(directory: Path) -> None:
    (directory / ".env").write_text("S3_BUCKET_NAME=from-dotenv\nCSVGATE_RESULTS_BUCKET=from-dotenv\n")
    settings = load({"S3_BUCKET_NAME": "from-environment"}, directory)
    assert (settings.bucket, settings.results_bucket) == ("from-environment", "from-dotenv")
    assert settings.region == "us-east-1"


def test_aws_is_meant_by_explicit_choice_only_and_takes_nothing_from_the_stack(directory: Path) -> None:
    settings = load({"CSVGATE_TARGET": "aws", "AWS_DEFAULT_REGION": "eu-central-1"}, directory)
    assert (settings.target, settings.endpoint_url, settings.region) == ("aws", None, "eu-central-1")
    assert (settings.bucket, settings.arrivals_queue_url, settings.access_key) == ("", "", None)


def test_real_keys_reach_aws_and_never_a_local_stack(directory: Path) -> None:
    (directory / ".env").write_text("AWS_ACCESS_KEY_ID=AKIAEXAMPLE\nAWS_SECRET_ACCESS_KEY=hidden\n")
    local, real = load({}, directory), load({"CSVGATE_TARGET": "aws", "AWS_SESSION_TOKEN": "hidden"}, directory)
    assert (local.access_key, local.secret_key, local.session_token) == ("test", "test", None)
    assert (real.access_key, real.secret_key, real.session_token) == ("AKIAEXAMPLE", "hidden", "hidden")
    assert "hidden" not in repr(real)


@pytest.mark.parametrize("url", ["https://s3.amazonaws.com", "http://192.0.2.1:4566", "http://"])
def test_a_local_stack_is_on_this_machine(directory: Path, url: str) -> None:
    with pytest.raises(UsageError, match="not on this machine"):
        load({"AWS_ENDPOINT_URL": url}, directory)


def test_another_emulator_on_this_machine_is_not_this_stack(directory: Path) -> None:
    settings = load({"AWS_ENDPOINT_URL": "http://localhost:5000", "S3_BUCKET_NAME": "mine"}, directory)
    assert (settings.endpoint_url, settings.bucket, settings.arrivals_queue_url) == (
        "http://localhost:5000",
        "mine",
        "",
    )


def test_with_aws_any_endpoint_may_be_named(tmp_path: Path) -> None:
    known = {"CSVGATE_TARGET": "aws", "AWS_ENDPOINT_URL": "http://192.0.2.1:4566"}
    assert load(known, tmp_path).endpoint_url == "http://192.0.2.1:4566"


@pytest.mark.parametrize(
    ("name", "value"),
    [("CSVGATE_TARGET", "moon"), ("CSVGATE_LEASE_SECONDS", "soon"), ("CSVGATE_MAX_RECEIVE_COUNT", "0")],
)
def test_a_setting_that_makes_no_sense_is_named(directory: Path, name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"{name} is '{value}'"):
        load({name: value}, directory)


@pytest.mark.parametrize("text", ["{", "{}", "[]", "null", '{"endpoint_url": 5}', "[" * 100_000, "\udcff"])
def test_a_stack_file_that_is_broken_says_what_to_do(directory: Path, text: str) -> None:
    (directory / ".csvgate" / "stack.json").write_text(text, errors="surrogateescape")
    with pytest.raises(UsageError, match="csvgate up"):
        load({}, directory)


def test_the_region_of_the_shell_does_not_move_a_local_stack(directory: Path) -> None:
    shell = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
    assert load(shell, directory).region == "us-east-1"
    assert load({**shell, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, directory).region == "eu-west-1"


def test_the_data_directory_can_be_elsewhere(directory: Path) -> None:
    (directory / ".csvgate").rename(directory / "elsewhere")
    assert load({"CSVGATE_DATA_DIR": "elsewhere"}, directory).bucket == "test-bucket"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("S3_BUCKET_NAME=plain", "plain"),
        ("export S3_BUCKET_NAME = spaced ", "spaced"),
        ("S3_BUCKET_NAME='with # sign' # and a comment", "with # sign"),
        ('S3_BUCKET_NAME="quoted"', "quoted"),
        ("S3_BUCKET_NAME=plain # a comment", "plain"),
        ("# S3_BUCKET_NAME=commented out", "test-bucket"),
        ("S3_BUCKET_NAME=", "test-bucket"),
        ("just words", "test-bucket"),
    ],
)
def test_a_dotenv_file_is_read_as_people_write_it(directory: Path, line: str, value: str) -> None:
    (directory / ".env").write_text(f"\n{line}\n")
    assert load({}, directory).bucket == value


@pytest.mark.parametrize(
    ("known", "catalog"),
    [
        ({}, "dynamodb"),
        ({"DATABASE_URL": "postgresql://db"}, "postgresql"),
        ({"CSVGATE_DATABASE_SECRET": "db"}, "postgresql"),
        ({"DATABASE_URL": "postgresql://db", "CSVGATE_CATALOG": "dynamodb"}, "dynamodb"),
    ],
)
def test_a_database_is_the_catalog_unless_told_otherwise(tmp_path: Path, known: dict[str, str], catalog: str) -> None:
    assert load({"CSVGATE_TARGET": "aws", **known}, tmp_path).catalog == catalog


@pytest.mark.parametrize(("own", "catalog"), [(None, "dynamodb"), ("postgresql://own", "postgresql")])
def test_the_catalog_of_a_local_stack_is_where_its_functions_record(
    directory: Path, own: str | None, catalog: str
) -> None:
    """The DATABASE_URL of a shell may be that of another program."""
    (directory / ".csvgate" / "stack.json").write_text(json.dumps({**STACK, "database_url": own}))
    settings = load({"DATABASE_URL": "postgresql://somebody", "CSVGATE_DATABASE_SECRET": "theirs"}, directory)
    assert (settings.catalog, settings.database_url) == (catalog, own or "postgresql://somebody")
    assert settings.database_secret == ("" if own else "theirs")


@pytest.mark.parametrize("name", ["postgresql", "sqlite"])
def test_a_catalog_that_there_cannot_be_is_named(directory: Path, name: str) -> None:
    with pytest.raises(UsageError, match=f"CSVGATE_CATALOG is '{name}'"):
        load({"CSVGATE_CATALOG": name}, directory)


def test_every_setting_is_in_the_table_once() -> None:
    assert [setting.field for setting in SETTINGS] == list(dict.fromkeys(setting.field for setting in SETTINGS))
    assert {setting.field for setting in SETTINGS} == {field.name for field in fields(Settings)}
