"""What all tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator

import psycopg
import pytest
from hypothesis import settings

from csvgate.local import emulator as embedded
from csvgate.local import postgres as embedded_postgres
from csvgate.local.emulator import Emulator
from csvgate.local.postgres import Postgres
from csvgate.variables import SETTINGS
from tests.infra import clone, engine, terraform

# A shared machine is slow at times: no deadline. Few examples on the desk, many in CI.
# On the desk they are drawn anew each time; what CI says of a commit, it says again.
IN_CI = bool(os.environ.get("CI"))
settings.register_profile("dev", max_examples=25, deadline=None, derandomize=IN_CI)
settings.register_profile("ci", max_examples=500, deadline=None, derandomize=IN_CI, print_blob=not IN_CI)
settings.load_profile(os.environ.get("CSVGATE_TEST_PROFILE", "dev"))

# What whoever runs the tests has set is for their own work: no test goes by it, nor by what their AWS tools keep.
# What tests ask over HTTP is on this machine, where no proxy of theirs leads.
OF_OTHERS = ("AWS_", "OTEL_", "PG", "HTTP_PROXY", "http_proxy")
for name in [name for name in os.environ if name.startswith(OF_OTHERS)] + [setting.name for setting in SETTINGS]:
    os.environ.pop(name, None)
os.environ |= dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that was skipped has failed: what cannot run proves nothing."""
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """So has a module that skipped itself."""
    report = yield
    _forbid_skip(report)
    return report


# What a machine may lack: tests that need it are left out, and the last lines say so; CI wants them all, and fails.
NEEDS = {
    "browser": ("the tests in a browser", ("chromium",)),
    "clone": ("the tests of what git knows", (clone.NAME,)),
    "containers": ("the tests of the images, of compose.yaml and of pods", (engine.NAME,)),
    "curl": ("the pages that call curl", ("curl",)),
    "kubernetes": ("the tests that render manifests", ("kustomize", "kubectl")),
    "systemd": ("the test of the unit of a server", ("systemd-analyze",)),
    "terraform": ("the tests with Terraform", (terraform.NAME,)),
}


def is_there(program: str) -> bool:
    """It is on this machine."""
    asked: dict[str, Callable[[], bool]] = {found.NAME: found.is_there for found in (clone, engine, terraform)}
    return asked[program]() if program in asked else bool(shutil.which(program))


LACKING = {
    marker: f"{tests} were left out: there is no {' and no '.join(programs)} on this machine"
    for marker, (tests, programs) in NEEDS.items()
    if not any(map(is_there, programs)) and os.environ.get(f"CSVGATE_REQUIRE_{marker.upper()}") != "1"
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs something that is not there is not run."""
    left_out = [item for item in items if any(map(item.get_closest_marker, LACKING))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Nobody takes what was left out for what was tried."""
    for words in LACKING.values():
        terminalreporter.write_line(words)


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is not allowed: {report.longrepr}"


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One embedded AWS per worker of xdist; its tests share it, so each uses names of its own."""
    with embedded.start(tmp_path_factory.mktemp("emulator"), port=0) as running:
        yield running


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """One embedded PostgreSQL per worker of xdist; its tests share it, so each uses a database of its own."""
    with embedded_postgres.start(tmp_path_factory.mktemp("postgres"), port=0) as running:
        # Killed servers lose nothing by it, only machines would; and tests make many databases.
        with psycopg.connect(running.database_url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield running
