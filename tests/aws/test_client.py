"""Clients are made once, and speak in a way that AWS and emulators both understand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from csvgate.aws.client import ATTEMPTS, CONNECTIONS, Credentials, client
from csvgate.local.emulator import Emulator
from tests.aws.provision import where

HERE = where("http://127.0.0.1:9")


def test_the_same_arguments_give_the_same_client_in_every_thread() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: id(client("logs", **HERE)), range(16)))
    assert len(made) == 1


def test_another_place_gives_another_client() -> None:
    assert client("sqs", **HERE) is not client("sqs", **where("http://127.0.0.1:10"))


def test_an_endpoint_is_spoken_to_by_path_and_signed_with_v4() -> None:
    url = client("s3", **HERE).generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    assert url.startswith("http://127.0.0.1:9/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256")


def test_aws_itself_is_spoken_to_by_the_name_of_the_bucket() -> None:
    aws = client("s3", endpoint_url=None, region="eu-west-1", credentials=HERE.get("credentials"))
    url = aws.generate_presigned_url("get_object", Params={"Bucket": "b-ucket", "Key": "k"})
    assert url.startswith("https://b-ucket.s3.")


def test_every_client_has_timeouts_retries_and_room_for_threads() -> None:
    for made, seconds in ((client("s3", **HERE), 20), (client("sqs", **HERE), 30), (client("dynamodb", **HERE), 10)):
        config: Any = made.meta.config
        assert (config.connect_timeout, config.read_timeout) == (5, seconds)
        assert config.retries == {"mode": "standard", "total_max_attempts": ATTEMPTS}
        assert config.max_pool_connections == CONNECTIONS


@pytest.mark.parametrize(
    "name", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]
)
def test_an_emulator_is_spoken_to_without_the_persons_profile_and_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    broken = tmp_path / "config"
    broken.write_text("[profile\nno ini at all")
    monkeypatch.setenv(name, str(broken) if name.endswith("FILE") else "no-such-profile")
    keys = Credentials(access_key="test", secret_key=name)
    made = client("s3", endpoint_url="http://127.0.0.1:9", region="us-east-1", credentials=keys)
    assert made.generate_presigned_url("list_buckets").startswith("http://127.0.0.1:9/")


def test_given_keys_for_aws_leave_the_persons_files_in_force(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[default]\nregion = eu-north-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    keys = Credentials(access_key="AKIAEXAMPLE", secret_key="from-a-dotenv")
    assert client("sqs", endpoint_url=None, region=None, credentials=keys).meta.region_name == "eu-north-1"


def test_a_proxy_for_the_world_is_not_asked_for_an_emulator(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # nobody listens there
    keys = Credentials(access_key="test", secret_key="behind-a-proxy")
    s3 = client("s3", endpoint_url=emulator.endpoint_url, region="us-east-1", credentials=keys)
    assert "Buckets" in s3.list_buckets()
