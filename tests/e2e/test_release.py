"""What a release is: built twice the same, with all that the program needs, and installed where no checkout is."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from csvgate import __version__

ROOT = Path(__file__).parents[2]
WHEEL, SOURCE = f"csvgate-{__version__}-py3-none-any.whl", f"csvgate-{__version__}.tar.gz"
NEEDED = {
    "csvgate/py.typed",
    "csvgate/infra/cloudformation/s3.yaml",
    "csvgate/postgres/sql/catalog.sql",
    "csvgate/samples/orders.csv",
    "csvgate/web/static/app.css",
}
pytestmark = pytest.mark.long


def run(*command: str | Path, cwd: Path) -> str:
    return subprocess.run(list(map(str, command)), cwd=cwd, check=True, capture_output=True, text=True).stdout


def built(checkout: Path, folder: Path) -> dict[str, bytes]:
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=checkout)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    built(ROOT, folder)
    return folder


def test_two_builds_are_the_same_and_so_is_one_from_the_source_archive(folder: Path, tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(first) == {WHEEL, SOURCE}
    assert built(ROOT, tmp_path / "again") == first
    with tarfile.open(folder / SOURCE) as archive:
        archive.extractall(tmp_path, filter="data")
    assert built(tmp_path / SOURCE.removesuffix(".tar.gz"), tmp_path / "from-source")[WHEEL] == first[WHEEL]


def test_the_wheel_holds_what_the_program_reads_and_nothing_beside_it(folder: Path) -> None:
    with zipfile.ZipFile(folder / WHEEL) as wheel:
        names = set(wheel.namelist())
    assert names >= NEEDED
    assert {name.split("/")[0] for name in names} == {"csvgate", f"csvgate-{__version__}.dist-info"}


def test_installed_without_a_checkout_it_passes_its_demo(folder: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", "venv", cwd=tmp_path)
    pip: list[str | Path] = [
        tmp_path / "venv/bin/python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
    ]
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=tmp_path)
    run(*pip, "--no-index", folder / WHEEL, cwd=tmp_path)
    csvgate = tmp_path / "venv/bin/csvgate"
    assert run(csvgate, "--version", cwd=tmp_path).split()[-1] == __version__
    (tmp_path / "a.csv").write_bytes(b"id,name\n1,Ada\n")
    assert json.loads(run(csvgate, "inspect", "a.csv", "--json", cwd=tmp_path))["row_count"] == 1
    assert [each["verdict"] for each in json.loads(run(csvgate, "demo", "--json", cwd=tmp_path))]


def test_every_fragment_gets_into_the_changelog() -> None:
    told = run(Path(sys.executable).with_name("towncrier"), "build", "--draft", "--version", "9.9.9", cwd=ROOT)
    assert "## 9.9.9" in told
    fragments = sorted((ROOT / "changelog.d").glob("*.*.md"))
    assert fragments
    assert [path.name for path in fragments if path.read_text().splitlines()[0] not in told] == []
