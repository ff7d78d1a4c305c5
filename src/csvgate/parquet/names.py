"""Labels as a file has them in; names that Athena takes without quotes, no two the same, out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

# What the Glue catalog takes.
LONGEST = 255
# Which row of which delivery it is; and what the path of a file says, which readers show as columns, too.
OURS = ("delivery_id", "row_no")
PARTITIONS = ("feed", "date")
# Words that Athena reads otherwise, in CREATE TABLE or in SELECT.
WORDS = frozenset(
    """
    all alter and array as authorization between bigint binary boolean both by case cashe cast char column conf
    constraint commit create cross cube current current_catalog current_date current_path current_role current_schema
    current_time current_timestamp current_user cursor database date dayofweek deallocate decimal delete describe
    distinct double drop else end escape except exchange execute exists extended external extract false fetch first
    float floor following for foreign from full function grant group grouping having if import in inner insert int
    integer intersect interval into is join json_array json_exists json_object json_query json_value last lateral left
    less like listagg local localtime localtimestamp macro map more natural none normalize not null numeric of on only
    or order out outer over partialscan partition percent preceding precision prepare preserve primary procedure range
    reads recursive reduce references regexp revoke right rlike rollback rollup row rows select semi set skip smallint
    start table tablesample then time timestamp to transform trigger trim true truncate unbounded uescape union
    uniquejoin unnest update user using utc_timestamp values varchar views when where window with
    """.split()  # noqa: SIM905  readable
)
TAKEN = WORDS.union(OURS, PARTITIONS)
_ODD = re.compile("[^0-9a-z]+")


def safe_names(labels: Iterable[str], used: Collection[str] = ()) -> tuple[str, ...]:
    """A name for each label, in order: small letters, digits and `_`, at most 255 of them, none of those in use."""
    taken = TAKEN.union(used)
    names: list[str] = []
    known: set[str] = set(taken)
    for position, label in enumerate(labels, start=1):
        name = _free(_plain(label) or f"column_{position}", known)
        known.add(name)
        names.append(name)
    return tuple(names)


def _plain(label: str) -> str:
    """Letters that others are made of stay: `Größe` is `grosse`. A digit cannot be the first."""
    letters = unicodedata.normalize("NFKD", label.casefold())
    ascii_only = "".join(letter for letter in letters if not unicodedata.combining(letter))
    name = _ODD.sub("_", ascii_only).strip("_")
    return f"n{name}" if name[:1].isdigit() else name


def _free(name: str, known: Collection[str]) -> str:
    """The name, or the first of `name_2`, `name_3` and so on that is free."""
    number, suffix = 1, ""
    while (cut := name[: LONGEST - len(suffix)] + suffix) in known:
        number += 1
        suffix = f"_{number}"
    return cut
