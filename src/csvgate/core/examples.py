"""A finding's code in; the smallest file that gives it out, as text to read or, where that cannot be, as a command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Example:
    """`text` is a file; or, if `is_command`, what a shell runs to make one: bytes that no page can show, or many.

    `contract` is the Table Schema by which the file is judged; `max_bad_rows` of it may be put aside.
    """

    text: str
    is_command: bool = False
    contract: dict[str, Any] | None = None
    max_bad_rows: int | None = None


def _lines(*lines: str) -> Example:
    return Example("".join(f"{line}\n" for line in lines))


def _command(text: str) -> Example:
    return Example(text, is_command=True)


def _judged(*lines: str, **contract: Any) -> Example:  # noqa: ANN401  a Table Schema as JSON has it
    """A file and the fields of its contract by name, each its type, or more than that."""
    fields = [{"name": name, **(more if isinstance(more, dict) else {"type": more})} for name, more in contract.items()]
    return replace(_lines(*lines), contract={"fields": fields})


EXAMPLES: dict[str, Example] = {
    "extra-cell": _lines("id,name,city", "1,Anna,Bern", "2,Bob,Paris, France"),
    "missing-cell": _lines("id,name,city", "1,Anna,Bern", "2,Bob"),
    "blank-label": _lines("id,,city", "1,Anna,Bern", "2,Bob,Paris"),
    "duplicate-label": _lines("id,name,name", "1,Anna,Bern", "2,Bob,Paris"),
    "encoding-error": _command(r"printf 'id,name\n1,Anna\n2,B\377b\n'"),
    "encoding-guessed": _command(r"printf 'id,name,city\n1,J\374rgen,K\366ln\n2,B\344rbel,D\374sseldorf\n'"),
    "replacement-character": _lines("id,name", "1,Anna", "2,J\ufffdrgen"),
    "double-encoded": _lines("id,name", "1,Anna", "2,JÃ¼rgen"),
    "invisible-character": _command(r"printf 'id,name\n17\342\200\213,Anna\n18,Bob\n'"),
    "nul-byte": _command(r"printf 'id,name\n1,Anna\n2,B\000b\n'"),
    "unclosed-quote": _lines("id,name,city", '1,"Anna,Bern', "2,Bob,Paris", "3,Carl,Rome"),
    "stray-quote": _lines("id,name,size", '1,Anna,5" pipe', "2,Bob,none"),
    "swallowed-lines": _lines(
        "id,name,city", '1,"Anna,Bern', "2,Bob,Paris", "3,Carl,Rome", '4,Dora",Oslo', "5,Eve,Riga"
    ),
    "mixed-line-endings": _command(r"printf 'id,name\r\n1,Anna\r\n2,Bob\n'"),
    "doubled-carriage-return": _command(r"printf 'id,name\r\r\n1,Anna\r\r\n2,Bob\r\r\n'"),
    "late-type-change": _command("(echo amount; seq 200; echo '12 EUR')"),
    "mixed-types": _command("(echo amount; seq 20; echo TBD; echo 'see note')"),
    "leading-zeros": _lines("id,zip", "1,01067", "2,80331"),
    "leading-plus": _lines("name,phone", "Anna,+4930123456", "Bob,+33612345678"),
    "long-identifier": _lines("id,city", "12345678901234567890,Bern", "12345678901234567891,Paris"),
    "ambiguous-date": _lines("id,day", "1,03/04/2024", "2,05/06/2024"),
    "ambiguous-number": _lines("id,weight", '1,"1,234"', '2,"5,678"'),
    "rounded-number": _lines("item,ean", "1,4.00638E+12", "2,4.00638E+12"),
    "mixed-formats": _lines("id,day", "1,13/02/2024", "2,02/14/2024"),
    "unread-format": _lines("id,amount", "1,(5.00)", "2,12.50"),
    "comment-line": _lines("# exported on Monday", "id,amount", "1,10", "2,20"),
    "preamble": _lines("Sales report", "", "id,amount", "1,10", "2,20"),
    "footer": _lines("name;amount", "Anna;10", "Bob;20", "Total;;30"),
    "end-of-file-mark": _command(r"printf 'id,name\n1,Anna\n2,Bob\n\032'"),
    "several-tables": _lines("id,name", "1,Anna", "2,Bob", "", "id,city,country", "1,Bern,CH", "2,Paris,FR"),
    "repeated-header": _lines("name,city", "Anna,Bern", "Bob,Paris", "name,city", "Carl,Rome"),
    "blank-row": _lines("name,city", "Anna,Bern", "Bob,Paris", ",", ","),
    "dialect-unsure": _lines("id|size,unit", "1|20,kg", "2|35,kg"),
    "header-rows": _lines("speed,distance", "m/s,km", "3,40", "5,70"),
    "header-unsure": _lines("Anna,Bern", "Bob,Paris", "Carl,Rome"),
    "header-not-found": _lines("1,2.50", "2,3.75"),
    "no-data-rows": _lines("id,name,city"),
    "empty-file": _command("printf ''"),
    "not-csv": _lines("<!DOCTYPE html>", "<html><body>404 Not Found</body></html>"),
    "too-wide": _command("seq -s, -f c%.0f 20000; seq -s, 20000"),
    "field-too-long": _command(r"(printf 'id,name\n1,'; head -c 70000000 /dev/zero | tr '\0' x)"),
    "truncated": _command("seq 1000 | gzip | head -c 1000"),
    "compression-bomb": _command(r"(printf 'id,name\n1,Anna\n'; yes '' | head -c 30000000) | gzip"),
    "missing-label": _judged("id", "1", "2", id="integer", name="string"),
    "extra-label": _judged("id,name,city", "1,Anna,Bern", "2,Bob,Paris", id="integer", name="string"),
    "incorrect-label": _judged("id,nmae", "1,Anna", "2,Bob", id="integer", name="string"),
    "unmatched-header": replace(
        _judged("kind,colour", "bike,red", "car,blue"),
        contract={"fields": [{"name": "id"}, {"name": "name"}], "fieldsMatch": "partial"},
    ),
    "type-error": _judged("id,amount", "1,9.90", "2,about 5", id="integer", amount="number"),
    "constraint-error": _judged(
        "id,age", "1,34", "2,340", id="integer", age={"type": "integer", "constraints": {"maximum": 120}}
    ),
    "unique-error": _judged(
        "name,email", "Anna,a@b.ch", "Bob,a@b.ch", name="string", email={"constraints": {"unique": True}}
    ),
    "primary-key": replace(
        _judged("id,name", "1,Anna", "1,Bob"),
        contract={"fields": [{"name": "id", "type": "integer"}, {"name": "name"}], "primaryKey": ["id"]},
    ),
    "too-many-bad-rows": replace(
        _judged("id,amount", "1,9.90", "2,none", "3,some", id="integer", amount="number"), max_bad_rows=1
    ),
}
