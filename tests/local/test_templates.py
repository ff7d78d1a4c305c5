"""The templates are found where the package was installed, or in the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from csvgate.local import templates


@pytest.mark.parametrize("name", templates.NAMES)
def test_each_is_there(name: str) -> None:
    """In the checkout they are those that are deployed to AWS."""
    assert templates.read(name).startswith("AWSTemplateFormatVersion")


def test_those_in_the_wheel_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed csvgate does not look outside itself."""
    (tmp_path / "sqs.yaml").write_text("from the wheel")
    monkeypatch.setattr(templates, "_IN_WHEEL", tmp_path)
    assert templates.read("sqs") == "from the wheel"
