"""Values of a column in; the pattern that all of them have out."""

from __future__ import annotations

import ipaddress
import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.columns.patterns import PATTERNS, pattern_of
from tests.core.columns.strategies import batches_of, profiler_of

HAVE = {
    "email": [
        "a@b.de",
        "first.last+tag@mail.example.com",
        "o'neil@example.co.uk",
        "grüße@bücher.example",
        "a@x.xn--p1ai",
    ],
    "uri": ["https://example.com", "http://a/b?c=d&e=f#g", "s3://bucket/key", "https://de.example.org/wiki/Köln"],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-000000000000"],
    "ipv4": ["10.0.0.1", "255.255.255.255", "192.168.100.200"],
    "ipv6": ["::", "::1", "1::", "fe80::1", "2001:db8:0:0:0:0:2:1", "1:2:3:4:5:6:7::", "::ffff:10.0.0.1"],
    "mac": ["00:1A:2b:3c:4d:5e", "00-1A-2b-3c-4d-5e"],
}
HAVE_NOT = [
    *("", "x", "a@b", "a b@c.de", "a@b.c", "@b.de", "a@b@c.de", "a@.de", "Ann <a@b.de>", "a@b.de\n", "a@b.de\nc@d.de"),
    *("note: text", "https://", "https://a b", "//example.com", "C:\\dir", "www.example.com"),
    *("123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}", "123e4567-e89b"),
    *("10.0.0", "10.0.0.256", "10.0.0.1.2", "10.0.0.01", "1.2.3.4/24"),
    *(":", ":1", "1:", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "1:2:3:4::5:6:7:8", "12:30:45"),
    *("00:1A-2b:3c:4d:5e", "00:1A:2b:3c:4d", "00:1A:2b:3c:4d:5g"),
]


@pytest.mark.parametrize(("name", "values"), HAVE.items())
def test_values_that_all_have_a_pattern_have_its_name(name: str, values: list[str]) -> None:
    assert pattern_of(values) == name


@pytest.mark.parametrize("value", HAVE_NOT)
def test_what_only_looks_like_one_has_none(value: str) -> None:
    assert pattern_of([value]) is None
    assert all(pattern_of([*values, value]) is None for values in HAVE.values())


def test_no_value_has_two_patterns() -> None:
    values = [value for values in HAVE.values() for value in values]
    assert all(sum(bool(re.fullmatch(pattern, value)) for pattern in PATTERNS.values()) == 1 for value in values)


@given(st.ip_addresses(v=6) | st.ip_addresses(v=4), st.sampled_from(["compressed", "exploded"]))
def test_addresses_have_theirs_however_they_are_written(address: ipaddress.IPv6Address, spelling: str) -> None:
    assert pattern_of([getattr(address, spelling)]) == f"ipv{address.version}"


@given(st.lists(st.uuids().map(str) | st.uuids().map(lambda one: str(one).upper()), min_size=1))
def test_so_do_identifiers(values: list[str]) -> None:
    assert pattern_of(values) == "uuid"


@given(st.text(alphabet="0123456789abcdef:.", max_size=20))
def test_what_is_no_address_to_python_is_none_here(text: str) -> None:
    if pattern_of([text]) in ("ipv4", "ipv6"):
        assert str(ipaddress.ip_address(text))


def test_hostile_values_take_linear_time() -> None:
    """Each would take minutes if a pattern gave back what it took."""
    for piece in ("a.", "a", "-", "1:", "::", "a@", "a@a.", "http://", "0.", "00:"):
        assert pattern_of([piece * 200_000 + "\0"]) is None


def test_words_for_no_value_and_empty_cells_are_no_exception() -> None:
    assert profiler_of(["a@b.de", "NA", "", "c@d.de"]).finish("x").pattern == "email"
    assert profiler_of(["NA", "-", ""]).finish("x").pattern is None
    assert profiler_of(["a@b.de", "7"]).finish("x").pattern is None


def test_an_address_that_may_be_a_number_is_an_address_among_others() -> None:
    assert profiler_of(["192.168.100.200", "10.0.0.1"]).finish("x").pattern == "ipv4"


def test_of_long_values_too_little_is_known() -> None:
    assert profiler_of(["https://example.com/" + "x" * 80]).finish("x").pattern == "uri"
    assert profiler_of(["https://example.com/" + "x" * 81]).finish("x").pattern is None


def test_beyond_the_budget_a_sample_has_it_and_it_is_said() -> None:
    column = [str(uuid.UUID(int=number)) for number in range(5_000)]
    profile = profiler_of(*batches_of(column, [500]), budget=100).finish("x")
    assert profile.pattern == "uuid"
    assert re.fullmatch(r"all \d+ values of a sample have it", dict(profile.approximate)["pattern"])


@pytest.mark.parametrize("odd", ["unknown", "7", "(none)"])
def test_a_rare_value_without_it_is_seen_beyond_the_budget_if_it_is_an_extreme_or_of_another_shape(odd: str) -> None:
    column = [str(uuid.UUID(int=number)) for number in range(5_000)]
    column[1234] = odd
    profile = profiler_of(*batches_of(column, [500]), budget=100).finish("x")
    assert (profile.pattern, "pattern" in dict(profile.approximate)) == (None, False)
