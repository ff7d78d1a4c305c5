"""csvgate worker: what may be asked of it; how it works is in tests/worker and tests/e2e/test_worker.py."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from csvgate.cli.main import csvgate
from csvgate.cli.worker import address
from csvgate.errors import UsageError


@pytest.mark.parametrize(
    ("text", "meant"),
    [("127.0.0.1:9464", ("127.0.0.1", 9464)), ("[::1]:0", ("::1", 0)), ("localhost:80", ("localhost", 80))],
)
def test_an_address_is_a_host_and_a_port(text: str, meant: tuple[str, int]) -> None:
    assert address(text) == meant


@pytest.mark.parametrize("text", ["9464", ":9464", "localhost", "localhost:http", "localhost:"])
def test_what_is_no_address_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError, match=r"127\.0\.0\.1:9464"):
        address(text)


@pytest.mark.parametrize("given", [[], ["sleep"], ["all", "--concurrency", "0"]])
def test_a_stage_that_there_is_not_is_wrong_usage(shell: CliRunner, given: list[str]) -> None:
    assert shell.invoke(csvgate, ["worker", *given]).exit_code == 2


def test_where_no_stack_is_meant_it_says_what_to_do(
    shell: CliRunner, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))
    ran = shell.invoke(csvgate, ["worker", "all"])
    assert (ran.exit_code, "csvgate up" in ran.stderr) == (3, True)
