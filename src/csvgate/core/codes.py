"""Every code of a finding, with its severity, its meaning and what the sender should do.

They are Frictionless' where it has one; they are stable: scripts read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Code:
    """What a finding code means, and what the sender should do about it."""

    severity: Severity
    meaning: str
    advice: str


# severity `error`: data may be wrong; `warning`: look at it; `info`: good to know, the verdict stays ok.
CODES: dict[str, Code] = {
    "extra-cell": Code(
        "error",
        "A record has more cells than the header has names.",
        "Put quotes around values that contain the delimiter, or give the extra column a name.",
    ),
    "missing-cell": Code(
        "error",
        "A record has fewer cells than the header has names.",
        "Write a delimiter for every column, also where the value is empty.",
    ),
    "blank-label": Code("warning", "A column has no name.", "Give every column a name in the header."),
    "duplicate-label": Code("warning", "Two columns have the same name.", "Give every column a name of its own."),
    "encoding-error": Code(
        "error",
        "Some bytes are not valid in the encoding of the file.",
        "Export the file again as UTF-8, which Excel calls “CSV UTF-8”.",
    ),
    "encoding-guessed": Code(
        "warning",
        "The file is not UTF-8 and does not say what it is; the encoding was guessed from its bytes.",
        "Export the file as UTF-8, which Excel calls “CSV UTF-8”, or agree on the encoding.",
    ),
    "replacement-character": Code(
        "warning",
        "The text holds U+FFFD, which software writes in place of a character that it cannot read: the damage was done "
        "before the file was sent.",
        "Find the step that read the data in the wrong encoding, and export the file again from before it.",
    ),
    "double-encoded": Code(
        "warning",
        "Characters stand as two or three others, such as Ã¼ for ü: the text was encoded in UTF-8 twice; it is kept.",
        "Find the step that reads UTF-8 as Windows-1252 or Latin-1, and export the file again from before it.",
    ),
    "invisible-character": Code(
        "info",
        "A name or a value holds a character that nobody sees, such as a zero width space, a soft hyphen or a second "
        "byte order mark, or begins or ends with a no-break space; it is kept. It is a warning in names, and in values "
        "that would else be a number, a date or a code: none of these is found, or equal to what looks the same.",
        "Remove such characters before the export; they come from web pages and documents from which text was copied.",
    ),
    "nul-byte": Code(
        "warning", "The file contains NUL bytes.", "Export the file again; NUL bytes are often a torn write."
    ),
    "unclosed-quote": Code(
        "error",
        "A quote opens a value and is never closed; it was read as an ordinary character, so that no line is lost.",
        "Close the quote, or write a quote inside a value twice.",
    ),
    "stray-quote": Code(
        "warning",
        "A quote stands where none belongs; it was read as an ordinary character.",
        "Put quotes around the whole value and write a quote inside it twice.",
    ),
    "swallowed-lines": Code(
        "warning",
        "A quoted value runs over lines that look like records of their own.",
        "Check the quote that opens the value: if it does not belong there, those lines are records.",
    ),
    "mixed-line-endings": Code(
        "info", "Lines end in several ways; a warning if a lone CR is one.", "Write all with one kind of line end."
    ),
    "doubled-carriage-return": Code(
        "warning",
        "Lines end in CR CR LF: the file was written as text twice; most readers see a blank line behind each record.",
        "Write each line end once; in Python, open the file with newline=''.",
    ),
    "late-type-change": Code(
        "warning",
        "A few values of a column are of another type than all its others.",
        "Check the value; if it is right, agree that the column is text.",
    ),
    "mixed-types": Code(
        "info",
        "Nearly all values of a column have one type, and up to one in ten have not, so the column is text; it is a "
        "warning where they are words, such as “TBD”, rather than codes, such as “12a”.",
        "Leave the cell empty where there is no value; if the values are right, agree that the column is text.",
    ),
    "leading-zeros": Code(
        "info",
        "Numbers begin with zeros, so the column is kept as text.",
        "Nothing to do. Do not open and save the file in a spreadsheet: it would drop the zeros.",
    ),
    "leading-plus": Code(
        "info",
        "Numbers of seven digits or more begin with a plus, as telephone numbers do, so the column is kept as text.",
        "Nothing to do. Do not open and save the file in a spreadsheet: it would drop the plus. If these are amounts, "
        "leave the plus out, or agree on a contract that says so.",
    ),
    "long-identifier": Code(
        "info",
        "Whole numbers have nineteen digits or more, so the column is kept as text: not every program keeps all of "
        "their digits as a number.",
        "Nothing to do. Do not open and save the file in a spreadsheet: it would keep fifteen digits of each.",
    ),
    "ambiguous-date": Code(
        "warning",
        "All dates of the column can be read with the day or the month first; the column is kept as text.",
        "Write dates as YYYY-MM-DD, or agree on the order.",
    ),
    "ambiguous-number": Code(
        "warning",
        "All numbers of the column can be read with the mark as decimal or as thousands; it is kept as text.",
        "Write numbers with a decimal point and without thousands marks, or agree on the marks.",
    ),
    "rounded-number": Code(
        "warning",
        "Long numbers are written as 4.00638E+12, as spreadsheets do that round them: their last digits are lost.",
        "Export the file again from where the data come from, and do not save it in a spreadsheet.",
    ),
    "mixed-formats": Code(
        "warning",
        "The values of a column all have one type, such as date, but are written in ways that contradict each other; "
        "it is kept as text.",
        "Write all values of the column in one way: dates as YYYY-MM-DD, numbers with a decimal point.",
    ),
    "unread-format": Code(
        "info",
        "The values of a column are numbers or times, and some are written in a way that can mean several things, "
        "such as (5.00), 12 % or 31.12.24, or not read at all, such as 2:04PM, 14:04:05,250 or Infinity; "
        "it is kept as text.",
        "Write numbers as -5.00, without signs of currencies, dates as YYYY-MM-DD, times as 14:04, and zones as 14:04Z "
        "or 14:04+01:00.",
    ),
    "comment-line": Code(
        "info",
        "A line begins with the comment mark and was not read as a record.",
        "If the line is a record, put quotes around its first value.",
    ),
    "preamble": Code("warning", "Lines stand before the header.", "Begin the file with the header."),
    "footer": Code("warning", "Lines stand after the data, such as a total.", "End the file with the last record."),
    "end-of-file-mark": Code(
        "info",
        "The file ends with Ctrl-Z (0x1A), with which old systems mark the end of a text; it is no record.",
        "Leave the mark out: some readers take it for a record.",
    ),
    "several-tables": Code("warning", "The file holds more than one table.", "Send one table in a file."),
    "repeated-header": Code(
        "warning",
        "A record is the header once more: files were probably written one behind the other.",
        "Leave the header out of all files but the first, or send each file by itself.",
    ),
    "blank-row": Code(
        "warning",
        "A record has no value: all of its cells are empty. It is counted.",
        "Delete such rows before the export; spreadsheets write them for rows that were cleared, or only formatted.",
    ),
    "dialect-unsure": Code(
        "warning",
        "The text can be read with another delimiter as well, or not well with any; the likeliest was taken.",
        "Put quotes around values that contain a comma, semicolon, tab or pipe, and use one delimiter between them.",
    ),
    "header-rows": Code(
        "info",
        "The header has several rows; one gives the names of the columns, the other stands for groups, units or types.",
        "Begin the file with column names, in one row.",
    ),
    "header-unsure": Code(
        "warning",
        "It is not certain that the first record is the header, and the only one; it was taken for that.",
        "Begin the file with column names, in one row.",
    ),
    "header-not-found": Code(
        "info",
        "The first record is data: the columns are named column_1, column_2 and so on.",
        "Begin the file with column names.",
    ),
    "no-data-rows": Code("warning", "The file has a header and no record.", "Check whether the export was complete."),
    "empty-file": Code("error", "The file holds nothing.", "Check whether the upload or the export was complete."),
    "not-csv": Code(
        "error",
        "The file is no CSV.",
        "Export the data as CSV and send it again; in Excel that is Save As, “CSV UTF-8”.",
    ),
    "too-wide": Code(
        "warning",
        "The file has more columns than are profiled; all are counted and named.",
        "Check the delimiter; if it is right, turn columns into rows.",
    ),
    "field-too-long": Code(
        "error", "A value is longer than any reader may be expected to take.", "Check the quotes around the value."
    ),
    "truncated": Code(
        "error", "The file ends before it is complete.", "Upload the file again; check its size and checksum."
    ),
    "compression-bomb": Code(
        "error",
        "The file grows more than a hundredfold when it is decompressed, and is no table, or one of more than 8 GB.",
        "Send the file uncompressed.",
    ),
    # Only where a contract says what was promised.
    "missing-label": Code(
        "error", "A column that the contract wants is not in the header.", "Add the column, under the agreed name."
    ),
    "extra-label": Code(
        "error",
        "The header has a column that the contract does not have, or one of its columns twice.",
        "Leave the column out, or agree on it.",
    ),
    "incorrect-label": Code(
        "error",
        "A column has another name than the contract has at this place.",
        "Give the columns the agreed names, in the agreed order.",
    ),
    "unmatched-header": Code(
        "error",
        "No column of the header is one of the contract.",
        "Check whether this is the right file; begin it with the agreed names.",
    ),
    "type-error": Code(
        "error",
        "A value is not of the agreed type, or not written in the agreed way.",
        "Correct the value, or write it as was agreed; leave the cell empty where there is no value.",
    ),
    "constraint-error": Code(
        "error",
        "A value breaks a rule of the contract: it is missing, out of range, too long or not among those allowed.",
        "Correct the value; the message says which rule it breaks.",
    ),
    "unique-error": Code(
        "error",
        "A value that must be unique stands in an earlier record, too.",
        "Remove the record that is there twice, or correct the value.",
    ),
    "primary-key": Code(
        "error",
        "Two records have the same key.",
        "Remove the record that is there twice, or give each record a key of its own.",
    ),
    "too-many-bad-rows": Code(
        "error",
        "More records break the contract than may be put aside, so nothing of the file was taken.",
        "Correct the records that are listed, and send the whole file again.",
    ),
}
