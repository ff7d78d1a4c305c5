"""A feeds file and its contracts on their way into the results bucket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from csvgate.errors import UsageError
from csvgate.local.configuration import gather, keep
from csvgate.local.emulator import Emulator
from csvgate.local.services import Services

CONTRACT = {"fields": [{"name": "a", "type": "integer"}]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A feeds file with a contract beside it."""
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "a.json").write_text(json.dumps(CONTRACT))
    return write(tmp_path / "feeds.json", "contracts/a.json")


def write(file: Path, contract: str) -> Path:
    """A file that names that contract."""
    file.write_text(json.dumps({"feeds": [{"name": "numbers", "key": "**", "contract": contract}]}))
    return file


def test_a_feeds_file_comes_with_the_contracts_that_it_names(file: Path) -> None:
    gathered = gather(file)
    assert set(gathered.files) == {"feeds.json", "contracts/a.json"}
    assert [feed.name for feed in gathered.feeds.feeds] == ["numbers"]


def test_other_content_of_a_contract_is_another_address(file: Path) -> None:
    """Functions that run already have the old feeds in mind; what has another address is read anew."""
    before = gather(file).uri("results")
    assert gather(file).uri("results") == before
    (file.parent / "contracts" / "a.json").write_text(json.dumps({**CONTRACT, "fieldsMatch": "subset"}))
    assert gather(file).uri("results") != before


def test_what_is_kept_is_found_by_its_address(file: Path, emulator: Emulator) -> None:
    """Also where there was no bucket before; the contract is where the feeds file says."""
    s3, gathered = Services.at(emulator.endpoint_url).s3, gather(file)
    keep(s3, "configuration", gathered)
    folder = gathered.uri("configuration").removeprefix("s3://configuration/").removesuffix("feeds.json")
    kept = s3.get_object(Bucket="configuration", Key=f"{folder}contracts/a.json")["Body"].read()
    assert json.loads(kept) == CONTRACT


@pytest.mark.parametrize("contract", ["../a.json", "contracts/../../a.json", "/a.json"])
def test_a_contract_elsewhere_is_refused(tmp_path: Path, contract: str) -> None:
    """It could not be named from where the feeds file will be."""
    with pytest.raises(UsageError, match="beside the feeds file"):
        gather(write(tmp_path / "feeds.json", contract))


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    """The feeds file, or a contract in it."""
    with pytest.raises(UsageError, match=r"nothing\.yaml' cannot be read: No such file"):
        gather(tmp_path / "nothing.yaml")
    with pytest.raises(UsageError, match=r"'b\.json' cannot be read: No such file"):
        gather(write(tmp_path / "feeds.json", "b.json"))
