"""The functions and a collector: they are told of it where there is one, with all that it takes beside the zip."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from csvgate.local import package
from docs.render import ROOT
from tests.infra.rendering import of_type, render

COLLECTOR = "http://localhost:4318"
LAYERS = [
    "arn:aws:lambda:eu-central-1:123456789012:layer:collector:1",
    "arn:aws:lambda:eu-central-1:123456789012:layer:otel:2",
]
CONTAINERS = ROOT / "infra" / "containers"


def functions(**parameters: str) -> list[dict[str, Any]]:
    """All three of pipeline.yaml."""
    return list(of_type(render("pipeline", ReconcileSchedule="rate(1 day)", **parameters), "Lambda::Function").values())


def needed(name: str) -> Iterator[str]:
    """The library and all that it needs to be imported."""
    yield canonicalize_name(name)
    for required in map(Requirement, requires(name) or ()):
        if required.marker is None or required.marker.evaluate({"extra": ""}):
            yield from needed(required.name)


def test_every_function_is_told_of_the_collector_and_has_the_layers() -> None:
    for function in functions(CollectorEndpoint=COLLECTOR, Layers=",".join(LAYERS)):
        assert function["Environment"]["Variables"]["OTEL_EXPORTER_OTLP_ENDPOINT"] == COLLECTOR
        assert function["Layers"] == LAYERS


def test_nothing_is_told_and_nothing_is_beside_where_nobody_asked() -> None:
    for function in functions():
        assert "OTEL_EXPORTER_OTLP_ENDPOINT" not in function["Environment"]["Variables"]
        assert "Layers" not in function


def test_the_layer_holds_all_that_opentelemetry_needs() -> None:
    asked = re.findall(r"^([\w-]+)>=", (CONTAINERS / "layer.in").read_text(), re.MULTILINE)
    pinned = set(re.findall(r"^([\w-]+)==", (CONTAINERS / "layer.lock").read_text(), re.MULTILINE))
    assert {library for name in asked for library in needed(name)} == pinned


def layer(made: Path, umask: int) -> Path:
    """The layer for this machine and this Python, as make builds it for somebody with that umask."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    words = (f"LAYER={made}", f"ARCHITECTURE={platform.machine()}", f"RUNTIME={version}", f"PYTHON={sys.executable}")
    subprocess.run(["make", "layer", *words], cwd=ROOT, check=True, capture_output=True, timeout=300, umask=umask)
    return made


@pytest.mark.long
def test_two_layers_are_the_same_bytes_and_the_zip_needs_nothing_beside_to_tell(tmp_path: Path) -> None:
    first, second = (layer(tmp_path / f"{umask}.zip", umask) for umask in (0o022, 0o077))
    assert first.read_bytes() == second.read_bytes()
    zipfile.ZipFile(first).extractall(tmp_path / "opt")
    zipfile.ZipFile(package.build(tmp_path / "code.zip")).extractall(tmp_path / "task")
    tell = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from csvgate.telemetry.otel import collected; collected('http://[::1]:9', 'a')"
    )
    places = [str(tmp_path / "task"), str(tmp_path / "opt" / "python")]
    subprocess.run([sys.executable, "-I", "-S", "-c", tell, *places], check=True, env={}, timeout=60)
