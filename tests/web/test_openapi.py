"""The document says what the service does: it is asked all that it allows, and what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from csvgate.web.openapi import document
from csvgate.web.service import TABLE
from tests.web.served import Served, served

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
# What a schema cannot say: that a cursor is one of ours, or that an Idempotency-Key was not used before.
BEYOND_SCHEMAS = "positive_data_acceptance"
REFUSED = [400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 431]
# Events go on for ever.
ENDLESS = "/events$"


def asked_everything(service: Served, directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What schemathesis found: no 5xx, no answer that is not in the document, nothing accepted that it forbids."""
    known = f'[parameters]\n"path.delivery_id" = "{service.delivery_id}"\n'
    (directory / "schemathesis.toml").write_text(
        f"{known}[checks.negative_data_rejection]\nexpected-statuses = {REFUSED}\n"
    )
    command = [str(SCHEMATHESIS), "run", f"{service.url}/openapi.json", "--no-color", "--generation-database=none"]
    command += [f"--header=Authorization: Bearer {service.token}", f"--exclude-path-regex={ENDLESS}"]
    command += [f"--exclude-checks={BEYOND_SCHEMAS}", "--request-timeout=20", "--suppress-health-check=all", *options]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


def test_every_edge_of_the_document_is_answered_as_it_says(tmp_path: Path) -> None:
    with served() as service:
        ran = asked_everything(service, tmp_path, "--phases=coverage")
    assert ran.returncode == 0, ran.stdout


@pytest.mark.long
def test_whatever_is_asked_is_answered_as_the_document_says(tmp_path: Path) -> None:
    with served() as service:
        ran = asked_everything(service, tmp_path, "--phases=coverage,fuzzing,stateful", "--max-examples=100")
    assert ran.returncode == 0, ran.stdout


def test_every_operation_that_is_no_page_is_in_the_document_with_what_it_needs() -> None:
    told = document(TABLE)
    for operation in (each for each in TABLE if not each.is_page):
        described = told["paths"][operation.path][operation.method.lower()]
        assert described["security"] == ([{"token": []}] if operation.scope else [])
        statuses = {int(status) for status in described["responses"] if status != "default"}
        assert {*operation.answers, *operation.refuses} <= statuses
        assert ({401, 403, 503} <= statuses) == bool(operation.scope)
    assert len({each["operationId"] for path in told["paths"].values() for each in path.values()}) == sum(
        len(path) for path in told["paths"].values()
    )
