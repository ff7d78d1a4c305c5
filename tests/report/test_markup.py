"""Text that somebody else wrote stays text, wherever it is put."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from csvgate.report.escape import HOSTILE, escaped
from csvgate.report.markup import element, joined, text, value
from tests.report.outline import Outline

ANY_TEXT = st.text(st.characters(exclude_categories=[]))


@given(ANY_TEXT)
def test_any_text_is_read_back_from_an_element_as_it_is_shown(written: str) -> None:
    """Hostile characters spelled out, markup as its characters, and nothing else inside."""
    (node,) = [node for node in Outline(element("p", written)).nodes if node.tag != "span"]
    assert node.text == escaped(written)


@given(ANY_TEXT)
def test_any_text_is_read_back_from_an_attribute(written: str) -> None:
    """It ends where its quotes end."""
    (node,) = Outline(element("p", title=written)).nodes
    assert node.attributes == {"title": escaped(written)}


def test_a_hostile_character_can_be_told_from_its_spelling() -> None:
    """A cell may hold the six characters themselves."""
    assert text("\u202e") == '<span class="sign">\\u202e</span>'
    assert text("\\u202e") == "\\u202e"


def test_markup_is_not_escaped_twice() -> None:
    """Neither by itself nor by a template engine."""
    made = element("b", "&")
    assert element("p", [made, None, "<"], made) == "<p><b>&amp;</b>&lt;<b>&amp;</b></p>"
    assert made.__html__() is made


def test_attributes_are_there_where_they_say_something() -> None:
    """Python's names become those of HTML; an element without an end has none."""
    assert element("td", class_="a", data_label="x", hidden=True, id=None, open=False, colspan=2) == (
        '<td class="a" data-label="x" hidden colspan="2"></td>'
    )
    assert element("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_a_value_is_cut_before_it_is_escaped() -> None:
    """No entity is torn."""
    assert value("<" * 9, 3) == "<bdi>&lt;&lt;…</bdi>"
    assert not HOSTILE.search(joined("\x00\u2066", value("\ud800", 9)))
