"""An inspected source and its contract in; its rows, judged, and at the end the judgement on the file, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from csvgate.core.codes import CODES, Severity
from csvgate.core.contracts.breaches import Breach, Breaches, findings_of
from csvgate.core.contracts.cells import Shown
from csvgate.core.contracts.cleansing import NO_CLEANSING, Cleansing
from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.judge import Cells, Judge, Judged
from csvgate.core.contracts.layout import Layout, lay_out
from csvgate.core.contracts.storage import ANYWHERE, Storage
from csvgate.core.contracts.uniqueness import LIMIT, Known, Memory, Seen, parts_for
from csvgate.core.findings import Finding, Verdict
from csvgate.core.inspection import Inspection
from csvgate.core.reading import Source
from csvgate.core.rows import RowReader

SEVERITIES: tuple[Severity, ...] = get_args(Severity)[::-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What a contract says of one file: `accepted + quarantined` are always all its rows.

    `broken` rows break a rule. Of a rejected file no row is accepted; `reason` says why it was rejected.
    """

    verdict: Verdict
    reason: str | None
    row_count: int
    accepted: int
    broken: int
    breaches: tuple[Breach, ...]
    findings: tuple[Finding, ...]

    @property
    def quarantined(self) -> int:
        """The rows that are held back."""
        return self.row_count - self.accepted

    def to_json(self) -> dict[str, Any]:
        """The judgement as a report shows it."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "row_count": self.row_count,
            "rows_kept": self.row_count - self.broken,
            "rows_broken": self.broken,
            "breaches": [breach.to_json() for breach in self.breaches],
        }


class Judging:
    """Reads an inspected source once more and judges its rows; several times, if there are too many keys to be held."""

    def __init__(
        self,
        source: Source,
        inspection: Inspection,
        contract: Contract,
        cleansing: Cleansing = NO_CLEANSING,
        storage: Storage = ANYWHERE,
    ) -> None:
        """Nothing is read yet; the inspection is of the same source, and did not reject it."""
        self._source = source
        self._inspection = inspection
        self._contract = contract
        self.layout = layout_of(inspection, contract, cleansing)
        self._judge = Judge(contract.schema, self.layout, cleansing, storage)
        self._reader = RowReader(source, inspection)
        self._breaches = Breaches(self.layout.faults, len(self.layout.fields))
        self._broken = 0

    @property
    def agrees(self) -> bool:
        """After the last piece: these were the bytes that were inspected, and as many records came out of them."""
        return self._reader.agrees

    @property
    def reason(self) -> str | None:
        """Why the file is rejected, as far as it was read: a reason that is there does not go away."""
        policy, rows = self._contract.on_violation, self._inspection.row_count
        if policy == "warn":
            return None
        if self.layout.faults:
            return self.layout.faults[0].message
        if policy == "reject" and self._broken:
            return f"{self._broken:,} of {rows:,} rows break the contract"
        return self._contract.limits.excess(self._broken, rows)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """After the last piece: what each field of the layout has shown."""
        return self._judge.shown

    def pieces(self, *, limit: int = LIMIT) -> Iterator[Judged]:
        """All rows, in order; no more than `limit` keys are held at a time."""
        memories = self._memories(limit)
        for rows in self._reader.batches():
            judged = self._judge.judge(rows, memories)
            self._broken += len(judged.violations)
            self._breaches.add(judged)
            yield judged

    def accepted(self, judged: Judged) -> Iterator[tuple[int, Cells]]:
        """Those of the rows that go to a sink, by their number, unless the file is rejected after all."""
        return judged.all() if self._contract.on_violation == "warn" else judged.good()

    def judgement(self) -> Judgement:
        """After the last piece: what became of the file."""
        breaches, rows = self._breaches.found(), self._inspection.row_count
        kept = rows if self._contract.on_violation == "warn" else rows - self._broken
        return Judgement(
            verdict="rejected" if self.reason else "warning" if breaches else "ok",
            reason=self.reason,
            row_count=rows,
            accepted=0 if self.reason else kept,
            broken=self._broken,
            breaches=breaches,
            findings=(*findings_of(breaches), *self._too_many()),
        )

    def _too_many(self) -> Iterator[Finding]:
        excess = self._contract.limits.excess(self._broken, self._inspection.row_count)
        if excess and self._contract.on_violation == "quarantine":
            code = "too-many-bad-rows"
            yield Finding(code=code, severity=CODES[code].severity, count=self._broken, message=excess)

    def _memories(self, limit: int) -> Sequence[Memory]:
        """One for each key; where there are more than can be held, they are found before, part by part."""
        keys, rows = self._judge.keys, self._inspection.row_count
        parts = parts_for(len(keys) * rows, limit)
        if parts == 1:
            return [Seen() for _ in keys]
        known = [Known(rows) for _ in keys]
        for part in range(parts):
            seen = [Seen(part, parts) for _ in keys]
            for batch in RowReader(self._source, self._inspection).batches():
                for repeats, numbers in zip(known, self._judge.remember(batch, seen), strict=True):
                    repeats.add(numbers)
        return known


def layout_of(inspection: Inspection, contract: Contract, cleansing: Cleansing = NO_CLEANSING) -> Layout:
    """What a judged row of the file holds."""
    names = cleansing.renamed(inspection.column_names)
    return lay_out(contract.schema, names, has_header=inspection.dialect.header)


def taken_together(inspection: Inspection, judgement: Judgement) -> Inspection:
    """The inspection with what the contract says; of what both found, the inspection speaks."""
    known = {finding.code for finding in inspection.findings}
    found = [*(finding for finding in judgement.findings if finding.code not in known), *inspection.findings]
    verdicts: tuple[Verdict, ...] = ("ok", "warning", "rejected")
    return replace(
        inspection,
        verdict=max(inspection.verdict, judgement.verdict, key=verdicts.index),
        findings=tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))),
    )
