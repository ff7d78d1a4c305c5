"""What a command opens: no more than it needs."""

from __future__ import annotations

import socket

import click
import pytest

from csvgate.cli.main import csvgate
from csvgate.cli.session import door_of, session_of
from csvgate.errors import CsvgateError


def test_who_only_puts_files_needs_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stack, click.Context(csvgate):
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{stack.getsockname()[1]}")
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
        for name in ("S3_BUCKET_NAME", "CSVGATE_RESULTS_BUCKET", "SQS_QUEUE_URL", "CSVGATE_INSPECTED_QUEUE_URL"):
            monkeypatch.setenv(name, "set")
        assert door_of().bucket == "set"
        with pytest.raises(CsvgateError, match="PostgreSQL"):
            session_of()
