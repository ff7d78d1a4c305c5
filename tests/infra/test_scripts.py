"""The scripts that users run do what they say, with whatever names files have."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from csvgate.local.emulator import Emulator
from csvgate.local.services import Services

SCRIPTS = Path(__file__).parents[2] / "scripts"
COPY = SCRIPTS / "copy_csvs_to_bucket.sh"
BIN = Path(sys.executable).parent
ENVIRONMENT = {
    "PATH": f"{BIN}:{os.defpath}",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "LANG": "C.UTF-8",
}
NAMES = ("a.csv", "two words.CSV", 'below/$(b)\'s "c".tsv', "-rf/ü.csv.gz")
OTHERS = ("notes.txt", "csv", "a.csv.bak", "below/d.parquet")


def copy(*arguments: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """The script as somebody runs it in that directory."""
    command = [str(COPY), *arguments]
    return subprocess.run(command, cwd=directory, env=ENVIRONMENT, capture_output=True, text=True, check=False)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A directory, `my files`, with CSV files of odd names, and with others."""
    for name in (*NAMES, *OTHERS):
        path = tmp_path / "my files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a,b\n1,2\n")
    return tmp_path


@pytest.mark.parametrize("script", sorted(SCRIPTS.iterdir()), ids=lambda path: path.name)
def test_scripts_are_clean(script: Path) -> None:
    """ShellCheck has nothing to say, and they can be run."""
    done = subprocess.run([BIN / "shellcheck", script], capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert os.access(script, os.X_OK)


@pytest.mark.parametrize(("more", "before"), [((), ""), (("in/2026/",), "in/2026/")])
def test_csv_files_become_objects_and_others_stay(
    more: tuple[str, ...], before: str, files: Path, emulator: Emulator
) -> None:
    """Whatever is in their names, and wherever they lie; with a prefix they are below it."""
    s3, bucket = Services.at(emulator.endpoint_url).s3, f"copies-{uuid.uuid4()}"
    s3.create_bucket(Bucket=bucket)
    done = copy("--endpoint-url", emulator.endpoint_url, "my files", bucket, *more, directory=files)
    assert (done.returncode, done.stderr) == (0, "")
    found = {entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert found == {f"{before}{name}" for name in NAMES}


def test_a_directory_may_begin_with_a_dash(files: Path, emulator: Emulator) -> None:
    """It is no option."""
    s3, bucket = Services.at(emulator.endpoint_url).s3, f"copies-{uuid.uuid4()}"
    s3.create_bucket(Bucket=bucket)
    done = copy("--endpoint-url", emulator.endpoint_url, "-rf", f"s3://{bucket}/", directory=files / "my files")
    assert (done.returncode, done.stderr) == (0, "")
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["ü.csv.gz"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 64, "usage:"),
        (("one",), 64, "usage:"),
        (("a", "b", "c", "d"), 64, "usage:"),
        (("--endpoint-url",), 64, "usage:"),
        (("nowhere", "bucket"), 66, "there is no directory nowhere"),
        (("empty", "bucket"), 66, "there is no CSV file in ./empty"),
    ],
)
def test_a_slip_is_told_before_anything_is_sent(arguments: tuple[str, ...], code: int, said: str, files: Path) -> None:
    """Nothing copied and nothing said would look like success."""
    (files / "empty").mkdir()
    done = copy(*arguments, directory=files)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_an_environment_that_is_half_made_is_not_taken_for_one(tmp_path: Path) -> None:
    """Debian's Python makes such a one where its package python3-venv is missing."""
    shutil.copy(SCRIPTS.parent / "Makefile", tmp_path)
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] || { mkdir -p .venv/bin; touch .venv/bin/python; exit 1; }\n')
    python.chmod(0o755)
    command = ["make", "PYTHON=./python", ".venv/bin/python"]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (made.returncode, (tmp_path / ".venv").exists()) == (2, False)
