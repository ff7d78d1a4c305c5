"""A file appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from csvgate.cli.outfile import is_same, writing
from csvgate.errors import UsageError


def test_until_it_is_published_the_old_file_stands(tmp_path: Path) -> None:
    """Also under its old rights."""
    path = tmp_path / "out.csv"
    path.write_text("old")
    path.chmod(0o640)
    with writing(str(path)) as out:
        out.write("new")
        assert path.read_text() == "old"
        out.publish()
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)


def test_what_is_not_published_leaves_nothing(tmp_path: Path) -> None:
    with writing(str(tmp_path / "out.csv")) as out:
        out.write("half")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_file_is_written_to_as_it_is() -> None:
    """`/dev/null` must not become a file."""
    with writing("/dev/null") as out:
        out.write("gone")
        out.publish()
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("name", ["", "nodir/x.csv", "file.csv/x.csv"])
def test_a_file_stands_in_a_directory_that_is_there(tmp_path: Path, name: str) -> None:
    """And is none itself."""
    (tmp_path / "file.csv").touch()
    with pytest.raises(UsageError, match=r"directory"), writing(str(tmp_path / name)):
        pass


def test_two_names_of_one_file_are_the_same(tmp_path: Path) -> None:
    """Whether it is there or not; standard output is no file."""
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "out.csv")
    (tmp_path / "out.csv").touch()
    assert is_same(str(link), str(tmp_path / "out.csv"))
    assert is_same(str(tmp_path / "new.csv"), str(tmp_path / "." / "new.csv"))
    assert not is_same("-", str(tmp_path / "out.csv"))
