"""The functions' zip: small, reproducible, and nothing in it that a function does not need."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from csvgate.local import package


def test_the_same_code_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whenever it is built: only new code may make a new deployment."""
    first = package.build(tmp_path / "first.zip")
    assert {entry.date_time for entry in zipfile.ZipFile(first).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert package.build(tmp_path / "second.zip").read_bytes() == first.read_bytes()


def test_it_holds_the_handlers_and_no_terminal(tmp_path: Path) -> None:
    """What a function does not need would only make it start later."""
    names = zipfile.ZipFile(package.build(tmp_path / "code.zip")).namelist()
    assert {"csvgate/ports.py", "csvgate/core/inspection.py"} <= set(names)
    assert not [name for name in names if name.startswith(("csvgate/cli", "csvgate/local")) or "__pycache__" in name]


def test_lambda_may_read_what_is_in_it(tmp_path: Path) -> None:
    """Files that only their owner may read make a function fail with "permission denied"."""
    entries = zipfile.ZipFile(package.build(tmp_path / "code.zip")).infolist()
    assert {entry.external_attr >> 16 & 0o777 for entry in entries} == {0o644}


def test_it_is_built_by_a_command(tmp_path: Path) -> None:
    """`make package` calls it so."""
    out = tmp_path / "build" / "csvgate-lambda.zip"
    subprocess.run([sys.executable, "-m", "csvgate.local.package", str(out)], check=True, capture_output=True)
    assert zipfile.is_zipfile(out)
