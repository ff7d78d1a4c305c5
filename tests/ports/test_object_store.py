"""What every ObjectStore promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from csvgate.delivery import Arrival
from csvgate.errors import NoSuchBucket
from csvgate.ports.objects import ObjectVersion, OpenObject
from tests.ports.conftest import Bench

KEYS = ["in/daily.csv", "in/a b+c%20&é\N{GRINNING FACE}.csv", "in//double/../odd.csv", "in/\t<x>.csv"]


def arrival_of(version: ObjectVersion) -> Arrival:
    return Arrival(
        bucket=version.bucket, key=version.key, version_id=version.version_id, etag=version.etag, size=version.size
    )


def latest(bench: Bench, key: str) -> ObjectVersion:
    version = bench.store.find(bench.bucket, key)
    assert version is not None
    return version


def content(bench: Bench, arrival: Arrival) -> bytes:
    opened = bench.store.open(arrival)
    assert isinstance(opened, OpenObject)
    return b"".join(opened.chunks())


@pytest.mark.parametrize("key", KEYS)
def test_what_was_put_is_found_listed_and_read_under_its_very_key(bench: Bench, key: str) -> None:
    bench.put(key, b"a,b\n1,2\n")
    version = latest(bench, key)
    assert (version.key, version.size, version.is_latest, version.is_delete_marker) == (key, 8, True, False)
    assert list(bench.store.versions(bench.bucket)) == [version]
    assert content(bench, arrival_of(version)) == b"a,b\n1,2\n"


def test_a_bucket_that_is_gone_holds_nothing_and_is_not_called_empty(bench: Bench) -> None:
    bench.drop()
    assert bench.store.find(bench.bucket, "a.csv") is None
    assert bench.store.open(Arrival(bucket=bench.bucket, key="a.csv", version_id="v1")) == "vanished"
    with pytest.raises(NoSuchBucket, match=bench.bucket):
        list(bench.store.versions(bench.bucket))


def test_an_empty_object_is_an_object(bench: Bench) -> None:
    bench.put("empty.csv", b"")
    assert content(bench, arrival_of(latest(bench, "empty.csv"))) == b""


@pytest.mark.parametrize(
    ("start", "size", "expected"), [(0, 3, b"a,b"), (4, 3, b"1,2"), (4, 99, b"1,2\n"), (99, 5, b"")]
)
def test_a_part_of_an_object_is_read_alone(bench: Bench, start: int, size: int, expected: bytes) -> None:
    bench.put("k.csv", b"a,b\n1,2\n")
    arrival = arrival_of(latest(bench, "k.csv"))
    bench.put("k.csv", b"other\n")
    assert bench.store.extract(arrival, start, size) == expected


def test_of_what_is_gone_there_is_no_part(bench: Bench) -> None:
    bench.put("k.csv", b"a,b\n1,2\n")
    assert bench.store.extract(replace(arrival_of(latest(bench, "k.csv")), key="other.csv"), 0, 3) is None


def test_an_old_version_stays_readable_and_is_not_called_latest(bench: Bench) -> None:
    bench.put("k", b"old")
    old = latest(bench, "k")
    bench.put("k", b"newer")
    assert content(bench, arrival_of(old)) == b"old"
    assert bench.store.find(bench.bucket, "k", old.version_id) == replace(old, is_latest=False)
    assert latest(bench, "k").size == 5


def test_the_latest_is_the_same_whether_asked_for_by_its_id_or_not(bench: Bench) -> None:
    bench.put("k", b"x")
    version = latest(bench, "k")
    assert bench.store.find(bench.bucket, "k", version.version_id) == version


def test_chunks_can_be_asked_for_again(bench: Bench) -> None:
    body = bytes(range(256)) * 12_000
    bench.put("k", body)
    opened = bench.store.open(arrival_of(latest(bench, "k")))
    assert isinstance(opened, OpenObject)
    assert [b"".join(opened.chunks()) for _ in range(3)] == [body] * 3
    assert opened.version.size == len(body)


def test_without_version_and_etag_the_latest_is_opened(bench: Bench) -> None:
    bench.put("k", b"old")
    bench.put("k", b"new")
    assert content(bench, Arrival(bucket=bench.bucket, key="k")) == b"new"


def test_what_never_was_has_vanished(bench: Bench) -> None:
    bench.put("k", b"x")
    assert bench.store.find(bench.bucket, "other") is None
    assert bench.store.open(Arrival(bucket=bench.bucket, key="other")) == "vanished"
    assert bench.store.find(bench.bucket, "k", "0" * 32) is None
    assert bench.store.open(Arrival(bucket=bench.bucket, key="k", version_id="0" * 32)) == "vanished"


def test_after_a_delete_the_key_has_vanished_but_its_version_has_not(bench: Bench) -> None:
    bench.put("k", b"x")
    version = latest(bench, "k")
    bench.delete("k")
    assert bench.store.find(bench.bucket, "k") is None
    assert bench.store.open(Arrival(bucket=bench.bucket, key="k")) == "vanished"
    assert content(bench, arrival_of(version)) == b"x"


def test_a_delete_marker_is_listed_first_and_is_no_object(bench: Bench) -> None:
    bench.put("k", b"x")
    bench.delete("k")
    marker, version = bench.store.versions(bench.bucket)
    assert (marker.is_delete_marker, marker.is_latest) == (True, True)
    assert (version.is_delete_marker, version.is_latest) == (False, False)
    assert bench.store.find(bench.bucket, "k", marker.version_id) is None
    assert bench.store.open(arrival_of(marker)) == "vanished"


def test_a_purged_version_has_vanished(bench: Bench) -> None:
    bench.put("k", b"x")
    version = latest(bench, "k")
    bench.purge("k", version.version_id)
    assert bench.store.open(arrival_of(version)) == "vanished"
    assert list(bench.store.versions(bench.bucket)) == []


def test_versions_come_by_key_and_newest_first_within_a_key(bench: Bench) -> None:
    for key, body in [("b", b"1"), ("a", b"22"), ("b", b"333"), ("b", b"4444"), ("c", b"")]:
        bench.put(key, body)
    listed = [(version.key, version.size) for version in bench.store.versions(bench.bucket)]
    assert listed == [("a", 2), ("b", 4), ("b", 3), ("b", 1), ("c", 0)]


def test_versions_are_those_below_the_prefix(bench: Bench) -> None:
    for key in ["in/a", "in/b", "out/a", "inn"]:
        bench.put(key, b"x")
    assert [version.key for version in bench.store.versions(bench.bucket, "in/")] == ["in/a", "in/b"]


def test_without_versioning_there_is_no_version_id(bench: Bench) -> None:
    bench.stop_versioning()
    bench.put("k", b"x")
    version = latest(bench, "k")
    assert version.version_id is None
    assert list(bench.store.versions(bench.bucket)) == [version]


def test_without_versioning_an_overwritten_arrival_is_superseded(bench: Bench) -> None:
    bench.stop_versioning()
    bench.put("k", b"old")
    old = arrival_of(latest(bench, "k"))
    bench.put("k", b"new")
    assert bench.store.open(old) == "superseded"
    assert content(bench, arrival_of(latest(bench, "k"))) == b"new"


def test_a_document_is_read_back_from_its_address_and_can_be_replaced(bench: Bench) -> None:
    uri = bench.store.write(bench.bucket, "inspections/é 1.json", b'{"a": 1}', "application/json")
    assert uri == f"s3://{bench.bucket}/inspections/é 1.json"
    assert bench.store.read(uri) == b'{"a": 1}'
    bench.store.write(bench.bucket, "inspections/é 1.json", b"{}", "application/json")
    assert bench.store.read(uri) == b"{}"
    assert bench.store.read(uri + "x") is None


def test_of_a_document_its_end_alone_can_be_read(bench: Bench) -> None:
    uri = bench.store.write(bench.bucket, "data/a b.parquet", b"0123456789", "application/octet-stream")
    assert (bench.store.read(uri, last=4), bench.store.read(uri, last=99)) == (b"6789", b"0123456789")
    assert bench.store.read(uri + "x", last=4) is None


def test_a_document_is_swapped_only_while_it_is_the_one_that_was_seen(bench: Bench) -> None:
    uri = f"s3://{bench.bucket}/loads/one.json"
    assert bench.store.see(uri) is None
    assert bench.store.swap(uri, b"1", "application/json", seen=None)
    assert not bench.store.swap(uri, b"2", "application/json", seen=None)
    seen = bench.store.see(uri)
    assert seen
    assert bench.store.swap(uri, b"3", "application/json", seen=seen)
    assert not bench.store.swap(uri, b"4", "application/json", seen=seen)
    assert bench.store.read(uri) == b"3"


def test_a_document_that_went_is_none_that_was_seen(bench: Bench) -> None:
    uri = bench.store.write(bench.bucket, "loads/one.json", b"1", "application/json")
    seen = bench.store.see(uri)
    bench.store.remove(uri)
    bench.store.remove(uri)
    assert (bench.store.read(uri), bench.store.see(uri)) == (None, None)
    assert not bench.store.swap(uri, b"2", "application/json", seen=seen)
    assert bench.store.swap(uri, b"3", "application/json", seen=None)


def test_of_many_who_swap_at_once_one_does(bench: Bench) -> None:
    uri = f"s3://{bench.bucket}/loads/all.json"

    def swap(number: int) -> bool:
        return bench.store.swap(uri, b"%d" % number, "application/json", seen=None)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(swap, range(12))) == 1


def test_an_erased_version_is_gone_and_the_others_stay(bench: Bench) -> None:
    bench.put("k", b"old")
    old = arrival_of(latest(bench, "k"))
    bench.put("k", b"new")
    assert [bench.store.erase(old), bench.store.erase(old)] == [True, False]
    assert bench.store.open(old) == "vanished"
    assert [version.size for version in bench.store.versions(bench.bucket)] == [3]
    assert content(bench, Arrival(bucket=bench.bucket, key="k")) == b"new"


def test_without_versions_it_is_erased_only_while_it_is_the_same(bench: Bench) -> None:
    bench.stop_versioning()
    bench.put("k", b"old")
    old = arrival_of(latest(bench, "k"))
    bench.put("k", b"new")
    new = arrival_of(latest(bench, "k"))
    assert [bench.store.erase(each) for each in (old, new, new)] == [False, True, False]
    assert [version for version in bench.store.versions(bench.bucket) if not version.is_delete_marker] == []


def test_what_came_before_versions_were_kept_is_erased_and_a_later_version_stays(bench: Bench) -> None:
    bench.stop_versioning()
    bench.put("k", b"old")
    old = arrival_of(latest(bench, "k"))
    bench.start_versioning()
    bench.put("k", b"newer")
    assert bench.store.erase(old)
    assert [version.size for version in bench.store.versions(bench.bucket)] == [5]


def test_erased_documents_are_gone_in_all_their_versions_and_no_others(bench: Bench) -> None:
    for key in ("data/a/1-x", "data/a/1-x", "data/b/1-y", "data/b/2-x", "other/1-x"):
        bench.store.write(bench.bucket, key, b"1", "text/plain")
    bench.store.remove(f"s3://{bench.bucket}/data/b/1-y")
    assert bench.store.erase_documents(bench.bucket, "data/", "/1-") > 0
    assert bench.store.erase_documents(bench.bucket, "data/", "/1-") == 0
    left = [version.key for version in bench.store.versions(bench.bucket)]
    assert left in ([], ["data/b/2-x", "other/1-x"])
    assert len([*bench.store.documents(bench.bucket)]) == 2


def test_documents_are_listed_by_what_their_keys_begin_with(bench: Bench) -> None:
    stored = [bench.store.write(bench.bucket, f"loads/{name}", b"1", "text/plain") for name in ("é 2", "1", "sub/3")]
    bench.store.write(bench.bucket, "other/4", b"1", "text/plain")
    assert list(bench.store.documents(bench.bucket, "loads/")) == sorted(stored)
