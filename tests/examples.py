"""What is found in the example of a finding: by inspecting it, and judging it where a contract is part of it."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from csvgate.core.contracts.contract import Contract, Limits
from csvgate.core.contracts.descriptor import schema_of
from csvgate.core.contracts.judging import Judging
from csvgate.core.contracts.schema import Schema
from csvgate.core.examples import Example
from csvgate.core.findings import Finding
from csvgate.core.inspection import inspect
from tests.strategies import whole


def made(example: Example) -> bytes:
    """The file that the example shows or makes."""
    if not example.is_command:
        return example.text.encode()
    return subprocess.run(["bash", "-c", example.text], stdout=subprocess.PIPE, check=True).stdout


def found_in(example: Example) -> Sequence[Finding]:
    """All findings of the example."""
    source = whole(made(example))
    inspection = inspect(source)
    if example.contract is None:
        return inspection.findings
    schema = schema_of(example.contract)
    assert isinstance(schema, Schema), schema
    judging = Judging(source, inspection, Contract(schema=schema, limits=Limits(max_bad_rows=example.max_bad_rows)))
    assert list(judging.pieces())
    return (*inspection.findings, *judging.judgement().findings)
