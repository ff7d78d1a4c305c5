"""csvgate reads as `csv`, DuckDB and pandas do; each disagreement is explained in disagreements.toml."""

from __future__ import annotations

import tempfile
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.dialect import Dialect
from tests.core.differential.peers import PEERS, Read, as_csvgate_reads, case_of, disagreement, read_by
from tests.strategies import PLAIN, dialects, tables, write

GOLDEN = {path.stem: path for path in sorted((Path(__file__).parents[2] / "golden").glob("*.csv"))}
LISTED = tomllib.loads((Path(__file__).parent / "disagreements.toml").read_text(encoding="utf-8"))
EXPLAINED = {
    (peer, file): entry["what"] for peer, entries in LISTED.items() for entry in entries for file in entry["files"]
}


def read_both(peer: str, data: bytes) -> tuple[Read | None, Read | None]:
    """The table as csvgate reads it, and as the peer does."""
    with tempfile.TemporaryDirectory() as folder:
        case = case_of(data, Path(folder))
        return as_csvgate_reads(data, case.found), read_by(peer, case)


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("file", GOLDEN)
def test_a_peer_reads_a_nasty_file_alike_or_it_is_explained_why_not(peer: str, file: str) -> None:
    """And what is explained is still so."""
    assert disagreement(*read_both(peer, GOLDEN[file].read_bytes())) == EXPLAINED.get((peer, file))


def test_each_explanation_is_a_sentence_on_files_that_there_are() -> None:
    entries = [entry for peer in PEERS for entry in LISTED[peer]]
    named = Counter((peer, file) for peer in PEERS for entry in LISTED[peer] for file in entry["files"])
    assert LISTED.keys() == PEERS.keys()
    assert all(entry["why"].endswith(".") for entry in entries)
    assert {file for _, file in named} <= GOLDEN.keys()
    assert max(named.values()) == 1


@pytest.mark.parametrize("peer", PEERS)
@given(tables(), dialects)
def test_any_table_in_any_usual_dialect_has_the_same_cells_to_all(
    peer: str, table: list[list[str]], dialect: Dialect
) -> None:
    ours, theirs = read_both(peer, write(table, dialect))
    assert disagreement(ours, theirs) in (None, "types")
    assert theirs is not None
    assert [list(theirs.names), *map(list, theirs.rows)] == table


@pytest.mark.parametrize("peer", ["duckdb", "pandas"])
@given(st.data())
def test_plain_columns_have_the_same_types_to_all(peer: str, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(*PLAIN.values()), min_size=2, max_size=20))
    ours, theirs = read_both(peer, write([list(PLAIN), *map(list, rows)], Dialect()))
    assert ours is not None
    assert ours.types == {name: name for name in PLAIN}
    assert disagreement(ours, theirs) is None
