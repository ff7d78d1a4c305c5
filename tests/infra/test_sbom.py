"""The bill of materials tells what is installed: by this interpreter, and by Debian."""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from csvgate import __version__
from docs.render import ROOT
from infra.containers import sbom

# As dpkg writes it: a package that was removed has its entry, too, and a description goes on over several lines.
STATUS = """\
Package: libssl3
Status: install ok installed
Architecture: amd64
Version: 3.0.17-1~deb12u2
Description: Secure Sockets Layer toolkit
 shared libraries
 .
 Status: none of its fields

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
"""


def test_every_library_is_named_with_its_version_and_its_address_as_a_package() -> None:
    found = {each["name"]: each for each in sbom.python_packages()}
    assert found["flask"]["version"] == version("flask")
    assert found["typing-extensions"]["purl"] == f"pkg:pypi/typing-extensions@{version('typing-extensions')}"
    assert found["flask"]["licenses"] == [{"expression": "BSD-3-Clause"}]


def test_packages_of_the_system_are_named_that_are_installed(tmp_path: Path) -> None:
    status, release = tmp_path / "status", tmp_path / "os-release"
    status.write_text(STATUS)
    release.write_text('PRETTY_NAME="Debian"\nID=debian\n')
    [found] = sbom.system_packages(status, release)
    assert found["purl"] == "pkg:deb/debian/libssl3@3.0.17-1~deb12u2?arch=amd64"
    assert list(sbom.system_packages(tmp_path / "nothing", release)) == []


def test_the_document_is_about_csvgate_and_the_same_for_the_same_packages() -> None:
    components = [*sbom.python_packages()]
    document = sbom.document(components)
    assert document == sbom.document(components)
    assert document["metadata"] == {"component": {**subject(components), "type": "application"}}
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", str(document["serialNumber"]))
    assert subject(components) not in document["components"]  # type: ignore[operator]


def subject(components: list[sbom.Component]) -> sbom.Component:
    """What the document is about, among the components."""
    [found] = [each for each in components if (each["name"], each["version"]) == ("csvgate", __version__)]
    return found


def written(folder: Path, engine: str) -> dict[str, str]:
    """What `make sbom` leaves with an engine that does this; the folder has what an earlier one left."""
    stand_in, kept = folder / "engine", folder / "build" / "sbom"
    stand_in.write_text(f"#!/bin/sh\n{engine}\n")
    stand_in.chmod(0o755)
    kept.mkdir(parents=True, exist_ok=True)
    (kept / "csvgate-gone.cdx.json").write_text("of before")
    command = ["make", "--file", str(ROOT / "Makefile"), f"ENGINE={stand_in}", "sbom"]
    subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=60)
    return {path.name: path.read_text() for path in kept.glob("*")}


def test_all_that_is_in_the_images_is_written_or_nothing(tmp_path: Path) -> None:
    """An engine that fails leaves no empty file, nor one of before, that could be taken for the answer."""
    told = {f"csvgate-{target}.cdx.json": f"csvgate-{target}\n" for target in ("upload", "process", "function")}
    assert written(tmp_path, 'echo "$5"') == told
    assert written(tmp_path, '[ "$5" = csvgate-upload ] && echo "$5"') == {}


@pytest.mark.parametrize("field", ["name", "version", "purl", "bom-ref"])
def test_no_component_lacks_what_identifies_it(field: str) -> None:
    assert all(each[field] for each in sbom.python_packages())
