"""A secret as Secrets Manager keeps it, read anew each time."""

from __future__ import annotations

import pytest

from csvgate.aws.client import client
from csvgate.aws.secrets import text
from csvgate.errors import PermanentError, UsageError
from csvgate.local.emulator import Emulator
from tests.aws.provision import unique, where


def test_a_secret_is_read_as_it_is_now(emulator: Emulator) -> None:
    secrets = client("secretsmanager", **where(emulator.endpoint_url))
    arn = secrets.create_secret(Name=unique("secret"), SecretString="first")["ARN"]
    assert text(secrets, arn) == "first"
    secrets.put_secret_value(SecretId=arn, SecretString="second")
    assert text(secrets, arn) == "second"


def test_a_secret_that_is_not_there_or_no_text_is_told(emulator: Emulator) -> None:
    secrets = client("secretsmanager", **where(emulator.endpoint_url))
    with pytest.raises(PermanentError, match="ResourceNotFound"):
        text(secrets, "nothing")
    name = secrets.create_secret(Name=unique("secret"), SecretBinary=b"\x00")["Name"]
    with pytest.raises(UsageError, match="is no text"):
        text(secrets, name)
