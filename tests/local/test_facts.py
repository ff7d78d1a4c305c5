"""The file that tells other commands of the stack is read as it was written, or says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from csvgate.errors import UsageError
from csvgate.local import facts


@pytest.mark.parametrize("text", ["{", "{}", "[]", "null", '{"endpoint_url": 5}'])
def test_a_stack_file_that_is_broken_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / facts.FILE_NAME).write_text(text)
    with pytest.raises(UsageError, match="csvgate up"):
        facts.read(tmp_path)
