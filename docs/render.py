"""A document in; the same document with what its commands really print out.

    python -m docs.render            writes the output of every `console` fence into the documents
    python -m docs.render README.md  only into this one

The commands of a document run in order, in one temporary directory that holds a copy of `samples/`,
at a terminal of 80 columns without colours; what they `export` or `source` holds for those after them,
and nothing else is set: a document that forgets a step is seen to fail.
A fence says after its language what it needs: see CONTRIBUTING.md.
"""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from docs.tables import filled

ROOT = Path(__file__).parent.parent
DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "samples" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)
FENCE = re.compile(r"^```(?P<info>\w[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = re.compile(r"^\$ (?P<command>(?:.*\\\n)*.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
TIMEOUT_SECONDS = 120
USUAL_ENDPOINT = "http://127.0.0.1:4566"
# What `make` would do after it has installed everything; a test holds the Makefile to it.
MAKE = {"make demo": ".venv/bin/csvgate demo", "make up": ".venv/bin/csvgate up"}
# Each command has a shell of its own; these hold for the next ones, too.
LASTING = ("export ", "source ")
SHELL_STATE = ".shell-state"
# What differs from run to run, and what stands for it when two outputs are compared.
CHANGING = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<id>"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z| UTC)?"), "<time>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<endpoint>"),
    (re.compile(r"\b\d\d:\d\d:\d\d\.\d+"), "<time>"),
    (re.compile(r"\b\d+(\.\d+)? (s|ms|seconds)\b|\bms=\d+"), "<seconds>"),
    (re.compile(r"\b[0-9a-f]{10}\b"), "<id>"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fence:
    """A fenced block of a document: its language, what it needs, its text, and where the text stands."""

    language: str
    need: str
    text: str
    start: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """One command of a `console` fence and the output that the document shows for it."""

    command: str
    output: str


def fences(document: str) -> Iterator[Fence]:
    """All fences of a document, in order."""
    for match in FENCE.finditer(document):
        language, _, need = match["info"].partition(" ")
        yield Fence(language=language, need=need, text=match["text"], start=match.start("text"))


def sessions(document: str) -> list[Fence]:
    """The fences that hold commands and their output."""
    return [fence for fence in fences(document) if fence.language == "console"]


def prompts(fence: Fence) -> Iterator[Prompt]:
    """The commands of a `console` fence, in order."""
    for match in PROMPT.finditer(fence.text):
        yield Prompt(command=match["command"], output=match["output"])


def settled(output: str) -> list[str]:
    """The output without what differs from run to run: ids, times, and the order of what happens at the same time."""
    for pattern, name in CHANGING:
        output = pattern.sub(name, output)
    return sorted(line.rstrip() for line in output.splitlines() if line.strip())


@contextmanager
def desk() -> Iterator[Path]:
    """A directory as a reader has it after `make`: samples and `.venv`; a stack that was started there is stopped."""
    with tempfile.TemporaryDirectory(prefix="csvgate-docs-") as name:
        shutil.copytree(ROOT / "samples", Path(name, "samples"))
        Path(name, ".venv").symlink_to(sys.prefix)
        try:
            yield Path(name)
        finally:
            if Path(name, ".csvgate").exists():
                run(".venv/bin/csvgate down", Path(name))


def run(command: str, directory: Path) -> str:
    """What a person sees who types the command in that directory, at a terminal of 80 columns."""
    if command.startswith(LASTING):
        command = f"{command} && export -p > {shlex.quote(str(directory / SHELL_STATE))}"
    ours, theirs = pty.openpty()
    command = f"stty cols 80 rows 50 -onlcr; {MAKE.get(command, command)}"
    child = subprocess.Popen(
        ["timeout", "--foreground", str(TIMEOUT_SECONDS), "bash", "-c", command],
        cwd=directory,
        env=environment(directory),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    with child:
        output = b"".join(until_closed(ours))
    os.close(ours)
    text = ANSI.sub("", output.decode()).replace("\r", "").replace(f"{directory}/", "")
    return text.replace(endpoint_of(directory), USUAL_ENDPOINT)


def endpoint_of(directory: Path) -> str:
    """Where the stack of that directory answers: on the usual port, unless somebody else has it."""
    file = directory / ".csvgate" / "stack.json"
    return str(json.loads(file.read_text())["endpoint_url"]) if file.exists() else USUAL_ENDPOINT


def until_closed(terminal: int) -> Iterator[bytes]:
    """What is written to a terminal until nobody holds it any more."""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # Linux answers EIO when the last writer is gone
            return
        if not chunk:
            return
        yield chunk


def environment(directory: Path) -> dict[str, str]:
    """An environment made from nothing: neither csvgate nor credentials are in it until the document says so."""
    return {
        "PATH": os.defpath,
        "BASH_ENV": str(directory / SHELL_STATE),
        "HOME": str(directory),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "PAGER": "cat",
    }


def rendered(document: str, directory: Path) -> str:
    """The document with the real output; where that says the same as before, the old words stay."""
    result, end = [], 0
    for fence in sessions(document):
        result += [document[end : fence.start], *(shown(prompt, directory) for prompt in prompts(fence))]
        end = fence.start + len(fence.text)
    return "".join([*result, document[end:]])


def shown(prompt: Prompt, directory: Path) -> str:
    """The prompt as it stands in the document, with the output of now."""
    output = run(prompt.command, directory)
    if settled(output) == settled(prompt.output):
        output = prompt.output
    lines = "\n".join(line.rstrip() for line in output.splitlines()).strip("\n").splitlines()
    return "\n".join([f"$ {prompt.command}", *lines, ""])


def main(names: list[str]) -> None:
    """The named documents, or all, show what is true now."""
    for path in [Path(name).resolve() for name in names] or DOCUMENTS:
        before = path.read_text(encoding="utf-8")
        with desk() as directory:
            after = rendered(filled(before), directory)
        if after != before:
            path.write_text(after, encoding="utf-8")
            sys.stdout.write(f"{shlex.quote(str(path.relative_to(ROOT)))} has changed\n")


if __name__ == "__main__":
    main(sys.argv[1:])
