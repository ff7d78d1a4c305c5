"""`make package` as a person types it: the same bytes each time, for either machine, and nothing is missing."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from csvgate.local.deployment import deploy
from csvgate.local.emulator import Emulator
from csvgate.local.services import REGION, Services
from docs.render import ROOT
from tests.aws.provision import unique
from tests.local.test_package import RUNTIME, installed

pytestmark = pytest.mark.long
HERE = f"python{sys.version_info.major}.{sys.version_info.minor}"
# What ELF says of the machine that it is for.
MACHINES = {"x86_64": 62, "arm64": 183}
# Lambda takes 50 MB at once, and 250 MB unpacked; every megabyte is loaded at a cold start.
LARGEST = 8_000_000
LARGEST_TO_SEND = 50_000_000
CALL = """
import json, sys
sys.path[:0] = sys.argv[1:3]
from csvgate.lambdas import on_arrival
print("\\n" + json.dumps(on_arrival(json.loads(sys.argv[3]))))
"""


def made(zipped: Path, *words: str) -> Path:
    """The zip, as make builds it; the words are what else is said to it."""
    command = ["make", "package", f"ZIP={zipped}", f"PYTHON={sys.executable}", *words]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    return zipped


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("architecture", MACHINES)
def test_two_builds_are_the_same_bytes_for_the_machine_that_is_named(tmp_path: Path, architecture: str) -> None:
    """Small, and each library for that machine."""
    first, second = (made(tmp_path / f"{name}.zip", f"ARCHITECTURE={architecture}") for name in ("one", "two"))
    assert digest(first) == digest(second)
    assert first.stat().st_size < LARGEST
    archive = zipfile.ZipFile(first)
    libraries = [archive.read(name) for name in archive.namelist() if re.search(r"\.so(\.|$)", name)]
    assert len(libraries) > 5
    assert {int.from_bytes(library[18:20], "little") for library in libraries} == {MACHINES[architecture]}


@pytest.mark.parametrize("runtime", ["python3.11", "python3.13"])
def test_the_zip_that_the_page_about_parquet_asks_for_is_made(tmp_path: Path, runtime: str) -> None:
    """Of a library that has a version for each Python it holds the one for that of the functions."""
    page = (ROOT / "docs" / "how-to" / "parquet.md").read_text(encoding="utf-8")
    libraries = re.findall(r'`make package LIBRARIES="(.*)"`', page)[0]
    zipped = made(tmp_path / "zip.zip", f"LIBRARIES={libraries}", f"RUNTIME={runtime}", "ARCHITECTURE=x86_64")
    assert zipped.stat().st_size < LARGEST_TO_SEND
    names = zipfile.ZipFile(zipped).namelist()
    assert {each.split("/")[0] for each in names} >= {"csvgate", "duckdb", "numpy"}
    assert all(runtime.removeprefix("python3.") in each for each in names if re.search(r"numpy/.*cpython-3", each))


def test_a_file_is_received_by_nothing_but_what_the_zip_holds(tmp_path: Path, emulator: Emulator) -> None:
    """Beside it, Python and boto3, as in Lambda: an emulator would lend it what is installed on this machine."""
    certificates = tmp_path / "certificates"
    certificates.write_text("trusted")
    words = (f"ARCHITECTURE={platform.machine()}", f"RUNTIME={HERE}", f"CERTIFICATES={certificates}")
    zipfile.ZipFile(made(tmp_path / "code.zip", *words)).extractall(tmp_path / "task")
    assert (tmp_path / "task" / "certificates.pem").read_text() == "trusted"
    facts = deploy(emulator.endpoint_url)
    key = f"{unique('in')}.csv"
    Services.at(emulator.endpoint_url).s3.put_object(Bucket=facts.bucket, Key=key, Body=b"a,b\n1,2\n")
    event = {"Records": [{"s3": {"bucket": {"name": facts.bucket}, "object": {"key": key}}}]}
    places = [str(tmp_path / "task"), str(installed(tmp_path / "runtime", *RUNTIME))]
    told = subprocess.run(
        [sys.executable, "-I", "-S", "-c", CALL, *places, json.dumps(event)],
        env={
            "CSVGATE_TARGET": "aws",
            "AWS_ENDPOINT_URL": facts.endpoint_url,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        },
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    (receipt,) = json.loads(told.stdout.splitlines()[-1])["receipts"]
    assert (receipt["column_names"], receipt["row_count"]) == (["a", "b"], 1)
