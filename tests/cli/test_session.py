"""What a command opens: no more than it needs."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import click
import pytest

from csvgate.cli.main import csvgate
from csvgate.cli.session import door_of, session_of
from csvgate.errors import CsvgateError


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment of a command that knows all names, while something listens where its AWS is."""
    with socket.create_server(("127.0.0.1", 0)) as stack, click.Context(csvgate):
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{stack.getsockname()[1]}")
        for name in ("S3_BUCKET_NAME", "CSVGATE_RESULTS_BUCKET", "SQS_QUEUE_URL", "CSVGATE_INSPECTED_QUEUE_URL"):
            monkeypatch.setenv(name, "set")
        yield monkeypatch


def test_who_only_puts_files_needs_no_database(told: pytest.MonkeyPatch) -> None:
    told.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    assert door_of().bucket == "set"
    with pytest.raises(CsvgateError, match="PostgreSQL"):
        session_of()


def test_a_session_knows_which_keys_are_taken_in(told: pytest.MonkeyPatch) -> None:
    """As the settings say."""
    told.setenv("CSVGATE_KEY_PREFIX", "in/")
    assert session_of().key_prefix == "in/"
