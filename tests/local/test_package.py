"""The functions' zip: small, reproducible, and nothing in it that a function does not need."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import grimp

from csvgate.local import package
from tests.infra.rendering import of_type, render

FUNCTION = "Lambda::Function"
# boto3 and what it needs, which Lambda's Python has.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")


def test_the_same_code_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whenever it is built: only new code may make a new deployment."""
    first = package.build(tmp_path / "first.zip")
    assert {entry.date_time for entry in zipfile.ZipFile(first).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert package.build(tmp_path / "second.zip").read_bytes() == first.read_bytes()


def test_it_holds_the_handlers_and_no_terminal(tmp_path: Path) -> None:
    """What a function does not need would only make it start later."""
    names = zipfile.ZipFile(package.build(tmp_path / "code.zip")).namelist()
    assert {"csvgate/ports/objects.py", "csvgate/core/inspection.py"} <= set(names)
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


def installed(folder: Path, *names: str) -> Path:
    """What `pip install --target` would put there, for this machine."""
    for name in names:
        for part in distribution(name).files or ():
            if ".." not in part.parts and "__pycache__" not in part.parts:
                target = folder / part
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(Path(str(part.locate())))
    return folder


# What a function does: Lambda's own Python has boto3, and everything else has to be in the zip.
PROGRAM = """
import importlib, json, sys
sys.path[:0] = sys.argv[1:3]
handlers = sys.argv[3:]
for module, _, function in (name.rpartition(".") for name in handlers):
    assert callable(getattr(importlib.import_module(module), function))
from csvgate.core.inspection import inspect
from csvgate.feeds import load_feeds
from csvgate.postgres.sink import PostgresSink
import psycopg, yaml
feeds = load_feeds(b"feeds:\\n  - {name: a, key: '*', sink: postgresql}", "feeds.yaml", None)
print(json.dumps({
    "driver": psycopg.pq.__impl__,
    "feeds": [feed.sink for feed in feeds.feeds],
    "rows": inspect(lambda: iter([b"a,b\\n1,2\\n"])).row_count,
    "files": [module.__file__ for module in (psycopg, yaml, sys.modules["csvgate"])],
}))
"""


def test_it_holds_all_that_functions_need_beside_boto3(tmp_path: Path) -> None:
    """Nothing else can be imported: neither site-packages nor this checkout are there."""
    libraries = installed(tmp_path / "libraries", "psycopg", "psycopg-binary", "PyYAML", "typing-extensions")
    code = tmp_path / "code"
    zipfile.ZipFile(package.build(tmp_path / "code.zip", libraries)).extractall(code)
    runtime = installed(tmp_path / "runtime", *RUNTIME)
    handlers = [
        each["Handler"] for each in of_type(render("pipeline", ReconcileSchedule="rate(1 day)"), FUNCTION).values()
    ]
    command = [sys.executable, "-I", "-S", "-c", PROGRAM, str(code), str(runtime), *handlers]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=tmp_path).stdout)
    assert (told["driver"], told["feeds"], told["rows"], len(handlers)) == ("binary", ["postgresql"], 1, 3)
    assert all(file.startswith(str(code)) for file in told["files"])


def test_it_holds_every_module_that_a_handler_may_come_to_need(tmp_path: Path) -> None:
    """Also those that are imported late."""
    needed = grimp.build_graph("csvgate", cache_dir=None).find_upstream_modules("csvgate.lambdas")
    names = zipfile.ZipFile(package.build(tmp_path / "code.zip")).namelist()
    held = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in names}
    assert needed - held == set()


def test_libraries_bring_no_commands_and_nothing_that_was_compiled_here(tmp_path: Path) -> None:
    notes = ("x-1.dist-info/RECORD", "x-1.dist-info/INSTALLER", "x-1.dist-info/METADATA")
    for name in ("x/__init__.py", "x/__pycache__/a.pyc", "bin/x", *notes):
        (tmp_path / "libraries" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "libraries" / name).touch()
    names = zipfile.ZipFile(package.build(tmp_path / "code.zip", tmp_path / "libraries")).namelist()
    assert [name for name in names if not name.startswith("csvgate/")] == ["x/__init__.py", "x-1.dist-info/METADATA"]
