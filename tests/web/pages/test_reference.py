"""The API is described for people by the same document as for machines."""

from __future__ import annotations

from csvgate.web.service import TABLE
from tests.web.door import Service

HTML = {"Accept": "text/html"}


def test_every_operation_of_the_document_is_on_the_page() -> None:
    page = Service().client().get("/docs", headers=HTML).text
    missing = [one.path for one in TABLE if not one.is_page and f"<code>{one.path}</code>" not in page]
    assert missing == []


def test_the_example_can_be_copied() -> None:
    page = Service().client().get("/docs", headers=HTML).text
    assert '<code>curl --data-binary @orders.csv \\\n  -H "Authorization: Bearer $TOKEN" \\\n' in page


def test_a_shape_is_a_link_to_what_it_is() -> None:
    page = Service().client().get("/docs", headers=HTML).text
    assert '<a href="#shape-Upload">Upload</a>' in page
    assert 'id="shape-Upload"' in page


def test_statuses_that_say_the_same_are_one_row() -> None:
    page = Service().client().get("/docs", headers=HTML).text
    assert "<code>default, 401, 403" in page
