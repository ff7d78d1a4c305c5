"""A receipt in; what is known of the file as a whole, fact by fact in words, out."""

from __future__ import annotations

from collections.abc import Iterable

from csvgate.report import words
from csvgate.report.words import Receipt


def facts(receipt: Receipt) -> Iterable[tuple[str, str]]:
    """Each fact under its name, in the order in which a person asks for them; what is not known is left out."""
    if receipt.get("key"):
        yield "object", f"s3://{receipt.get('bucket', '')}/{receipt['key']}"
    if receipt.get("upload_timestamp"):
        yield "arrived", words.moment(receipt["upload_timestamp"])
    if receipt.get("delivery_id"):
        yield "delivery", receipt["delivery_id"]
    if advice := words.what_to_do(receipt):
        yield "to do", advice
    yield "size", _size(receipt)
    if receipt.get("sha256"):
        yield "sha256", receipt["sha256"]
    if words.was_read(receipt):
        yield "written as", words.written_as(receipt["dialect"])
    if receipt.get("bytes"):
        yield "every byte", words.ledger(receipt["bytes"])
    yield from _rows(receipt)


def _rows(receipt: Receipt) -> Iterable[tuple[str, str]]:
    """What became of the rows, where somebody wanted them."""
    if receipt.get("feed"):
        yield "feed", receipt["feed"]
    if receipt.get("load"):
        yield "loaded", words.loaded(receipt["load"])
    aside = receipt.get("quarantine") or {}
    if aside.get("uri"):
        left_out = aside.get("rows_left_out")
        more = f"; {words.count(left_out, 'more bad row')} found no room there" if left_out else ""
        yield "put aside", f"{words.count(aside['rows'], 'row')}, in {aside['uri']}{more}"


def _size(receipt: Receipt) -> str:
    size = words.size(receipt.get("file_size_bytes") or 0)
    compression = receipt.get("compression")
    return f"{size}, compressed with {compression}" if compression else size
