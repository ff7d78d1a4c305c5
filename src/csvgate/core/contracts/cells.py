"""The cells of one column in; the same as a sink takes them, and which of them break which rule, out.

Each different text is judged once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import MAX_PREC, Context, Decimal

from csvgate.core.contracts.cleansing import Cleansing
from csvgate.core.contracts.rules import Rule, quoted, rules_of
from csvgate.core.contracts.schema import Field, Schema
from csvgate.core.contracts.spelling import Spelling, Worth, spelling_of
from csvgate.core.contracts.storage import ANYWHERE, Storage

Cell = str | None
DAY = len("2024-12-31")
ALL_DIGITS = Context(prec=MAX_PREC)
REQUIRED = Rule(name="required", breaks=tuple, says=lambda _text: "the value is missing")
# Sinks keep moments with a zone and moments without one in different types: nothing is invented, nothing dropped.
ONE_KIND = Rule(
    name="zone",
    code="type-error",
    breaks=tuple,
    says=lambda text: f"{quoted(text)} {'tells' if tells_zone(text) else 'does not tell'} a zone, unlike those before",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedColumn:
    """Cells as plain text, None where there is no value; and which of them (from 0) break which rule.

    `is_as_written`: the plain text is the text that was there, and what has no value is an empty cell.
    """

    cells: Sequence[Cell]
    faults: Sequence[tuple[int, Rule]]
    is_as_written: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What the cells of a field have shown so far: whether there is any value, and whether its moments tell a zone.

    `is_beyond`: a value that is right is none that a typed column of the table holds.
    """

    has_values: bool = False
    is_zoned: bool | None = None
    is_beyond: bool = False


class ColumnJudge:
    """Knows how the cells of one field are written, what was promised of them, and what is to hold them.

    `is_zoned`: its moments tell a zone, as the first one did.
    """

    def __init__(
        self,
        field: Field,
        schema: Schema,
        cleansing: Cleansing,
        storage: Storage = ANYWHERE,
        *,
        is_required: bool = False,
    ) -> None:
        """The field is one that can be judged: it was read by `descriptor`, or inferred."""
        written = cleansing.as_written(field, schema)
        self._is_required = is_required or field.constraints.required
        self._is_trimmed = cleansing.is_trimmed(field.name)
        self._missing = frozenset(written.missing_values or ())
        self._spelling = _known(written)
        self._rules = rules_of(field, self._spelling, _known(field))
        self._is_text = field.type in ("string", "any")
        self._tells_zones = field.type == "datetime" and written.format in (None, "default")
        self.is_zoned: bool | None = "%z" in (written.format or "") if not self._tells_zones else None
        self._key = storage.keys.get(field.name)
        self._limits, self._is_strict = storage.limits.get(field.type, ()), storage.is_strict
        is_plain = self._is_text and field.format in (None, "default")
        self._is_free = is_plain and len(self._rules) == 1 and not self._key
        self._has_values = self._is_beyond = False

    @property
    def shown(self) -> Shown:
        """What is known of the column, as far as it was judged."""
        return Shown(has_values=self._has_values, is_zoned=self.is_zoned, is_beyond=self._is_beyond)

    def judge(self, written: Sequence[str]) -> JudgedColumn:
        """What the cells are, and what is wrong with them."""
        texts = self._texts(written)
        # Of text to which no rule applies, nothing is to be known but what is missing.
        different = self._missing.intersection(texts) if self._is_free else set(texts)
        missing = different & self._missing
        present = _without(different, missing)
        broken = self._broken(present)
        if self._tells_zones:
            broken |= {text: [ONE_KIND] for text in self._of_other_kind(_without(present, broken.keys()), texts)}
        self._has_values = self._has_values or any(text not in self._missing for text in texts)
        right = _without(present, broken.keys())
        table = self._table(right)
        if beyond := self._beyond(right, table):
            broken |= beyond
            table = {text: shown for text, shown in table.items() if text not in beyond}
        if missing and self._is_required:
            broken |= {text: [REQUIRED] for text in missing}
        plain = table | dict.fromkeys(missing)
        return JudgedColumn(
            cells=[plain.get(text, text) for text in texts] if plain else texts,
            faults=[(at, rule) for at, text in enumerate(texts) for rule in broken.get(text, ())] if broken else (),
            is_as_written=texts is written and not table and missing <= {""} and self._has_no_empty(texts),
        )

    def keys(self, written: Sequence[str]) -> list[Cell]:
        """Texts that are the same where the values are the same; None where a cell holds no value of the type."""
        texts = self._texts(written)
        worths = self._spelling.worths(set(texts) - self._missing)
        if self._is_text:
            return [text if text in worths else None for text in texts]
        shown = {text: _shown(worth) for text, worth in worths.items()}
        return [shown.get(text) for text in texts]

    def _texts(self, written: Sequence[str]) -> Sequence[str]:
        return [text.strip() for text in written] if self._is_trimmed else written

    def _broken(self, texts: AbstractSet[str]) -> dict[str, list[Rule]]:
        typed, *others = self._rules
        broken = {text: [typed] for text in typed.breaks(texts)}
        right = _without(texts, broken.keys())
        for rule in others:
            for text in rule.breaks(right):
                broken.setdefault(text, []).append(rule)
        return broken

    def _beyond(self, right: AbstractSet[str], table: Mapping[str, Cell]) -> dict[str, list[Rule]]:
        """The values that the table cannot hold; of those that a column of texts can, it is only known that there are.

        That goes by how a sink gets them.
        """
        found = {text: [self._key] for text in self._key.breaks(right)} if self._key else {}
        if not self._limits:
            return found
        plain = {table.get(text) or text for text in right} if table else right
        odd = {text: rule for rule in self._limits for text in rule.breaks(plain)}
        self._is_beyond = self._is_beyond or bool(odd)
        if odd and self._is_strict:
            found |= {text: [odd[shown]] for text in right if (shown := table.get(text) or text) in odd}
        return found

    def _of_other_kind(self, right: AbstractSet[str], texts: Sequence[str]) -> AbstractSet[str]:
        """The moments that tell a zone where the first one told none, or the other way round."""
        zoned = {text for text in right if tells_zone(text)} if _tell_zones(right) else set[str]()
        if self.is_zoned is None and right:
            self.is_zoned = next(text for text in texts if text in right) in zoned
        return right - zoned if self.is_zoned else zoned

    def _table(self, right: AbstractSet[str]) -> dict[str, Cell]:
        """The plain texts of those values that are written otherwise; a moment without a zone never is."""
        return {} if self._tells_zones and not self.is_zoned else {**self._spelling.plainly(right)}

    def _has_no_empty(self, texts: Sequence[str]) -> bool:
        """No empty cell is a value."""
        return "" in self._missing or "" not in texts


def tells_zone(text: str) -> bool:
    """Whether a moment as ISO 8601 has it tells a zone: Z, a name, or a distance from it, behind the day."""
    return text.endswith(("Z", "UTC", "GMT")) or "+" in text or "-" in text[DAY:]


def _tell_zones(texts: AbstractSet[str]) -> bool:
    """Whether any of these moments does; each has two dashes in its day."""
    joined = "".join(texts)
    return any(mark in joined for mark in "ZUG+") or joined.count("-") != 2 * len(texts)


def _without(texts: AbstractSet[str], gone: AbstractSet[str]) -> AbstractSet[str]:
    """The texts but for some; not copied where there are none, which is the rule."""
    return texts - gone if gone else texts


def _shown(worth: Worth) -> str:
    """One text for each number, however many digits it has: 5, 5.0 and 0.5e1 are one, and so are 0 and -0."""
    return f"{worth.normalize(ALL_DIGITS) or Decimal(0):f}" if isinstance(worth, Decimal) else str(worth)


def _known(field: Field) -> Spelling:
    spelling = spelling_of(field)
    if isinstance(spelling, str):
        spelling = spelling_of(replace(field, type="any"))
    assert isinstance(spelling, Spelling)  # noqa: S101  what cannot be read is no part of a Schema
    return spelling
