"""A second process is started only where it finds a processor and memory of its own."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from csvgate.side_by_side import room

MB = 1024 * 1024


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Control groups of version 2 in which we are two deep, with nothing else that limits us."""
    (tmp_path / "pod" / "own").mkdir(parents=True)
    (tmp_path / "membership").write_text("0::/pod/own\n")
    monkeypatch.setattr(room, "_GROUPS", tmp_path)
    monkeypatch.setattr(room, "_MEMBERSHIP", tmp_path / "membership")
    monkeypatch.setattr(room, "_physical", lambda: 8192 * MB)
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return tmp_path


@pytest.mark.parametrize(
    ("file", "limit", "enough"),
    [
        ("pod/own/memory.max", "max", True),
        ("pod/own/memory.max", f"{256 * MB}", False),
        ("pod/own/memory.high", f"{256 * MB}", False),
        ("pod/memory.max", f"{256 * MB}", False),
        ("pod/memory.max", f"{1024 * MB}", True),
    ],
)
def test_every_group_around_us_limits_our_memory(groups: Path, file: str, limit: str, enough: bool) -> None:  # noqa: FBT001
    (groups / file).write_text(f"{limit}\n")
    assert room.is_enough_memory() is enough


def test_version_1_has_a_tree_for_each_kind(groups: Path) -> None:
    (groups / "membership").write_text("5:cpu,cpuacct:/\n4:memory:/pod\n")
    (groups / "memory" / "pod").mkdir(parents=True)
    assert room.is_enough_memory()
    (groups / "memory" / "pod" / "memory.limit_in_bytes").write_text(f"{256 * MB}\n")
    assert not room.is_enough_memory()


def test_a_process_may_be_limited_itself(groups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert room.is_enough_memory()
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (256 * MB, 256 * MB))
    assert not room.is_enough_memory()


def test_a_small_function_of_lambda_has_no_processor_to_spare(groups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_physical", lambda: 1024 * MB)
    assert not room.is_enough_memory()


@pytest.mark.parametrize(("quota", "processors"), [("max 100000", 8), ("150000 100000", 1), ("200000 100000", 2)])
def test_a_quota_is_as_good_as_fewer_processors(
    groups: Path, monkeypatch: pytest.MonkeyPatch, quota: str, processors: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: range(8))
    (groups / "pod" / "cpu.max").write_text(quota)
    assert room.processors() == processors
