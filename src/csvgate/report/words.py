"""A receipt's figures in; the words in which a person reads them out. Plain text, nothing of terminals."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from csvgate.core.gravity import gravity

Receipt = Mapping[str, Any]

# What became of a delivery where that, and not the verdict, is what to know.
FATES = {
    "received": "has arrived and waits to be inspected.",
    "inspecting": "is being inspected.",
    "inspected": "is inspected and about to be recorded.",
    "loading": "is being loaded.",
    "undone": "was loaded, and its rows were taken back.",
    "failed": "could not be processed. The fault is ours, not the file's.",
    "superseded": "was replaced by a newer file before it was read.",
    "vanished": "was gone before it could be read.",
    "ignored": "is a folder, not a file.",
    "deleted": "was deleted.",
    "erasing": "is being erased; if nobody is at it any more, csvgate erase goes on.",
    "erased": "was erased,",
}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space", ":": "colon"}
LINE_ENDS = {"\n": "LF", "\r\n": "CRLF", "\r": "CR", "\r\r\n": "CR CR LF"}
# Types whose range says more than their most frequent values.
ORDERED = {"integer", "number", "date", "time", "datetime"}
DAY, SECONDS = len("2026-11-21"), len("2026-11-21T10:00:00")
THOUSAND = 1000
LARGEST_PART, LARGEST_IN_DIGITS = 99, 1e15
TIMES = "\N{MULTIPLICATION SIGN}"
_NEXT_COLUMN = re.compile(r"; (?=column (?:“|\d+ \(no name\): )|[\d,]+ more columns? alike$)")
LEDGER = ("bom", "preamble", "comments", "header", "records", "blank", "footer", "rejected")


def count(number: int, noun: str) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def times(number: int) -> str:
    """How often, as it stands after a value."""
    return f"{number:,}{TIMES}"


def size(number: int) -> str:
    """`512 bytes`, `1.5 MB`: at most three digits that count."""
    if number < THOUSAND:
        return count(number, "byte")
    amount = float(number)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= THOUSAND
        if round(amount) < THOUSAND or unit == "TB":
            break
    return f"{amount:.3g} {unit}"


def moment(timestamp: str | None) -> str:
    """An ISO timestamp as `2026-11-21 10:00:00 UTC`."""
    if not timestamp:
        return ""
    return datetime.fromisoformat(timestamp).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def name_of(receipt: Receipt) -> str:
    """What a person calls this file."""
    name = str(receipt.get("filename") or receipt.get("key") or "")
    return "standard input" if name == "-" else name


def address(bucket: str, key: str, *, own: str) -> str:
    """The key alone in one's own bucket, unless it could be taken for an address; else all of `s3://bucket/key`."""
    return key if bucket == own and not key.startswith("s3://") else f"s3://{bucket}/{key}"


def to_look_at(receipt: Receipt) -> int:
    """How many findings are more than a note."""
    return sum(finding["severity"] != "info" for finding in receipt.get("findings") or ())


def noted(receipt: Receipt) -> str:
    """The findings that are notes; with those to look at they are all that are listed."""
    notes = len(receipt.get("findings") or ()) - to_look_at(receipt)
    return count(notes, "note") if notes else ""


def put_aside(receipt: Receipt) -> str:
    """How many rows were not taken; nobody is to think that all were. '' where all were."""
    aside = receipt.get("quarantine") or {}
    held = (receipt.get("load") or {}).get("rows_quarantined") or aside.get("rows", 0) + aside.get("rows_left_out", 0)
    return f"{count(held, 'row')} put aside" if held else ""


def shape(receipt: Receipt) -> str:
    """`60 rows, 10 columns`."""
    return f"{count(receipt.get('row_count') or 0, 'row')}, {count(receipt.get('column_count') or 0, 'column')}"


def worst_first(receipt: Receipt) -> list[Mapping[str, Any]]:
    """The findings, the gravest first."""
    return sorted(receipt.get("findings") or (), key=lambda found: gravity(found["code"], found["severity"]))


def judged(receipt: Receipt) -> str:
    """What the verdict says of the file, to follow its name."""
    if receipt.get("verdict") == "rejected":
        errors = [found["message"] for found in worst_first(receipt) if found["severity"] == "error"]
        return f"was rejected: {errors[0] if errors else receipt.get('reason') or 'it must not be used'}."
    if receipt.get("verdict") == "warning":
        look = count(to_look_at(receipt), "finding") if receipt.get("findings") else "findings"
        told = [shape(receipt), put_aside(receipt), f"{look} to look at", noted(receipt)]
        return f"was read: {', '.join(filter(None, told))}."
    if notes := noted(receipt):
        return f"is fine, with {notes}: {shape(receipt)}."
    return f"is fine: {shape(receipt)}, nothing to look at."


def sentence(receipt: Receipt) -> str:
    """What to know about this file before anything else, to follow its name."""
    state = str(receipt.get("state") or "")
    if is_stuck(receipt):
        return f"was read, and its rows are nowhere yet: {receipt['reason']}."
    if receipt.get("verdict") is None or state in {"failed", "deleted", "undone"}:
        reason = f" {receipt['reason']}" if receipt.get("reason") else ""
        return FATES.get(state, f"is {state or 'unknown'}.") + reason
    return judged(receipt)


def is_stuck(receipt: Receipt) -> bool:
    """Whether it failed only after it was inspected: at the sink, or at the catalog."""
    return bool(receipt.get("state") == "failed" and receipt.get("verdict") and receipt.get("reason"))


def what_to_do(receipt: Receipt) -> str | None:
    """What helps a delivery that failed; None of all others."""
    if receipt.get("state") != "failed":
        return None
    key = shlex.quote(str(receipt.get("key") or "KEY"))
    if is_stuck(receipt) and receipt.get("feed"):
        return (
            "Mend what the reason names: where values do not fit the table, give the feed another table, or a contract "
            f"whose types fit. Then csvgate reload {key}"
        )
    return f"When its cause is mended, csvgate redrive {key} has it tried again"


def was_read(receipt: Receipt) -> bool:
    """Whether the file is a table: what is none is written in no way, whatever its receipt says of a dialect."""
    return bool(receipt.get("dialect") and receipt.get("column_count"))


def written_as(dialect: Mapping[str, Any]) -> str:
    """The dialect in one line."""
    delimiter, quote = dialect["delimiter"], dialect.get("quoteChar")
    parts = [str(dialect["encoding"]).upper().replace("WINDOWS-", "Windows-")]
    parts.append(DELIMITERS.get(delimiter, repr(delimiter)))
    parts.append(f"quote {quote}" if quote else "no quotes")
    ends = [LINE_ENDS.get(end, repr(end)) for end in dialect.get("lineTerminators") or ()]
    parts += [" and ".join(ends)] if ends else []
    parts.append(_header(dialect))
    return " · ".join(parts)


def _header(dialect: Mapping[str, Any]) -> str:
    if not dialect.get("header"):
        return "no header"
    before, rows = dialect.get("skipRows") or 0, dialect.get("headerRowCount") or 1
    if dialect.get("commentPrefix") and not before:
        # Comments may stand before it, and are not counted there.
        return f"header in the first {'line that is' if rows == 1 else f'{rows} lines that are'} no comment"
    return f"header in line {before + 1}" if rows == 1 else f"header in lines {before + 1} to {before + rows}"


def ledger(parts: Mapping[str, Any]) -> str:
    """Where every byte went, as a sum."""
    named = [f"{name} {parts[name]:,}" for name in LEDGER if parts.get(name)]
    total = f"{parts['total']:,} = {' + '.join(named) or 'nothing'}"
    return total if parts.get("complete", True) else f"{total} (reading stopped here)"


def label(name: str, number: int) -> str:
    """What a person calls the column of that name and number, also if it has no name."""
    return name if name.strip() else f"column {number} (no name)"


def sentences(message: str) -> list[str]:
    """A finding's message, which is one line wherever it goes, as one sentence for each column that it speaks of."""
    return _NEXT_COLUMN.split(message)


def kind(column: Mapping[str, Any]) -> str:
    """The type of a column; of text, the pattern that all of it has, if it has one."""
    return str(column.get("pattern") or column["type"])


def commonest(column: Mapping[str, Any], rows: int) -> str:
    """The most frequent values of a column, or what there is to say instead."""
    values = [(str(value), int(number)) for value, number in column.get("top_values") or ()]
    if not values:
        return "all empty" if rows and column.get("null_count") == rows else ""
    if values[0][1] == 1 and column.get("distinct_is_exact"):
        return "all different" if len(values) > 1 else values[0][0]
    if len(values) == 1 and column.get("distinct_count") == 1:
        return f"always {values[0][0]}"
    about = "~" if "top_values" in column.get("approximate", {}) else ""
    return ", ".join(f"{value} {about}{times(number)}" for value, number in values[:3])


NOTHING_STANDS_OUT = "no value stands out"


def values(column: Mapping[str, Any], rows: int) -> str:
    """What is in a column, in short: from where to where if that has a meaning, else what is most frequent."""
    low, high = column.get("min"), column.get("max")
    if column["type"] not in ORDERED or low is None or low == high:
        return commonest(column, rows) or ("" if low is None else NOTHING_STANDS_OUT)
    if column["type"] != "datetime":
        return f"{low} to {high}"
    low, high = _without_seconds(str(low), str(high))
    day = low[:DAY]
    return f"{low} to {high[DAY + 1 :]}" if high.startswith(day) else f"{day} to {high[:DAY]}"


def _without_seconds(*moments: str) -> Sequence[str]:
    """The moments to the minute, where all are whole minutes."""
    if all(len(moment) == SECONDS and moment.endswith(":00") for moment in moments):
        return [moment.removesuffix(":00") for moment in moments]
    return moments


def place(spot: Mapping[str, Any]) -> str:
    """Where in the file: `line 12, column 3, byte 431`, as far as it is known."""
    named = (("line", spot.get("line")), ("column", spot.get("column")), ("byte", spot.get("byte_offset")))
    return ", ".join(f"{what} {number:,}" for what, number in named if number is not None)


def share(part: int, whole: int) -> str:
    """A part of a whole in per cent; what is there is never none, and what is missing never all."""
    percent = 100 * part / whole if whole else 0
    if part and percent < 1:
        return "<1 %"
    return ">99 %" if part < whole and percent > LARGEST_PART else f"{percent:.0f} %"


def figure(number: float) -> str:
    """A number that was calculated: four digits that count, all digits before the point."""
    return f"{number:,.0f}" if THOUSAND <= abs(number) < LARGEST_IN_DIGITS else f"{number:.4g}"


def spread(column: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """From where to where the values of a column are, what lies in the middle, and how long they are."""
    middle = column.get("quantiles") or {}
    for name in ("min", "max"):
        if column.get(name) is not None:
            yield name, str(column[name])
    if column.get("min") == column.get("max"):
        return
    if middle.get("p50") is not None:
        yield "median", f"{'~' if 'quantiles' in column.get('approximate', {}) else ''}{middle['p50']}"
    if column.get("mean") is not None:
        about = "" if column.get("stddev") is None else f" ± {figure(column['stddev'])}"
        yield "mean", f"{figure(column['mean'])}{about}"
    if column["type"] == "string" and column.get("max_length"):
        low, high = column.get("min_length"), column["max_length"]
        yield "length", str(high) if low == high else f"{low} to {high}"


def all_differ(column: Mapping[str, Any]) -> bool:
    """No value of the column occurs twice; there are several, and they were counted exactly."""
    values: Sequence[tuple[str, int]] = column.get("top_values") or ()
    return len(values) > 1 and values[0][1] == 1 and bool(column.get("distinct_is_exact"))


def loaded(load: Mapping[str, Any]) -> str:
    """What was done with the rows, and whether it was counted where they went."""
    counted = ", counted there" if load.get("verified") else ""
    aside = f"; {count(load['rows_quarantined'], 'row')} put aside" if load.get("rows_quarantined") else ""
    return f"{count(load['rows_loaded'], 'row')} into {load['sink']}, table {load['table']}{counted}{aside}"
