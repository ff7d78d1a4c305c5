"""The Dockerfile and the scripts around it as linters see them, and what they install: nothing that is not locked."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CONTAINERS = ROOT / "infra" / "containers"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SCRIPTS = (*CONTAINERS.glob("*.sh"), ROOT / ".ci" / "containers", ROOT / ".ci" / "images" / "entrypoint.sh")
PIN = re.compile(r"^([a-z0-9-]+==[^ ]+)", re.MULTILINE)


def complaints(tool: str, path: Path) -> str:
    """What the linter says of the file."""
    return subprocess.run([BIN / tool, path], capture_output=True, text=True, check=False).stdout


def pins(lock: Path) -> set[str]:
    """What a lock file pins."""
    return set(PIN.findall(lock.read_text()))


def of_stage(name: str) -> str:
    """One stage of the Dockerfile."""
    return re.split(r"^FROM ", DOCKERFILE.partition(f" AS {name}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize("path", [ROOT / "Dockerfile", ROOT / ".ci" / "images" / "Dockerfile"])
def test_hadolint_has_nothing_to_say(path: Path) -> None:
    assert complaints("hadolint", path) == ""


def test_hadolint_would_say_something(tmp_path: Path) -> None:
    """A Dockerfile that leaves the user root is told so by its rules."""
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("USER 10001:10001", "USER root"))
    assert "DL3002" in complaints("hadolint", tmp_path / "Dockerfile")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_clean(script: Path) -> None:
    assert complaints("shellcheck", script) == ""


def test_certificates_of_the_system_are_where_the_template_names_them() -> None:
    """A function from an image believes the proxy by the same file as one from a zip."""
    template = (ROOT / "infra" / "cloudformation" / "rds.yaml").read_text()
    (path,) = re.findall(r"sslrootcert=(/etc/[^\"]+)", template)
    assert f"/etc/ssl/certs/ca-certificates.crt {path};" in of_stage("base")


@pytest.mark.parametrize("name", ["requirements", "build", "layer"])
def test_images_get_what_was_tested(name: str) -> None:
    """The lock files of the images and the layer pin nothing else than those of the checkout do."""
    tested = pins(ROOT / "requirements.lock") | pins(ROOT / "requirements-dev.lock")
    assert pins(CONTAINERS / f"{name}.lock") <= tested


@pytest.mark.parametrize("lock", sorted(CONTAINERS.glob("*.lock")), ids=lambda path: path.name)
def test_every_library_is_pinned_by_hash(lock: Path) -> None:
    entries = re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in lock.read_text()


@pytest.mark.parametrize("stage", ["upload", "process"])
def test_images_ask_themselves_for_their_health_without_further_programs(stage: str) -> None:
    assert re.search(r'HEALTHCHECK .*\\\n +CMD \["python", "-c", .*/healthz', of_stage(stage))


@pytest.mark.parametrize("stage", ["runtime", "function", "upload", "process"])
def test_the_first_process_is_the_program_and_no_shell(stage: str) -> None:
    """So that signals reach it."""
    ways = re.findall(r"^ *(?:ENTRYPOINT|CMD) (.*)$", of_stage(stage), re.MULTILINE)
    assert ways
    assert all(way.startswith("[") for way in ways)
