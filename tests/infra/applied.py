"""A folder that `kubectl apply` is given in; its documents, as an API server would take and keep them, out.

They are kept in a file of the directory in which the commands are typed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.infra.manifests import Document, built, of_kind, problem

APPLIED = Path(".applied.json")
VERSION = "1.32"


def apply(folder: Path) -> list[Document]:
    """What the folder renders is kept, in the place of what had its names; all that is new or another."""
    documents, before = accepted(folder), kept()
    keep([*documents, *without(before, documents)])
    for document in documents:
        sys.stdout.write(f"{called(document)} applied\n")
    return [document for document in documents if document not in before]


def diff(folder: Path) -> None:
    """What an apply would change is told."""
    before = kept()
    for document in accepted(folder):
        if document not in before:
            sys.stdout.write(f"{called(document)} differs\n")


def accepted(folder: Path) -> list[Document]:
    """What the folder renders; refused as a whole if an API server would refuse any of it."""
    documents = built(folder)
    problems = [f"{each['metadata']['name']}: {found}" for each in documents if (found := problem(each, VERSION))]
    jobs = {job["metadata"]["name"]: job["spec"] for job in of_kind(kept(), "Job")}
    for job in of_kind(documents, "Job"):
        name = job["metadata"]["name"]
        if jobs.get(name, job["spec"]) != job["spec"]:
            problems.append(f"{name}: a job cannot be changed")
    if problems:
        sys.exit("\n".join(problems))
    return documents


def kept() -> list[Document]:
    """What was applied, and not deleted since."""
    documents: list[Document] = json.loads(APPLIED.read_text()) if APPLIED.exists() else []
    return documents


def keep(documents: Sequence[Document]) -> None:
    """There is this, and nothing else."""
    APPLIED.write_text(json.dumps(documents))


def without(documents: Sequence[Document], gone: Sequence[Document]) -> list[Document]:
    """Those that have other names."""
    names = {called(document) for document in gone}
    return [document for document in documents if called(document) not in names]


def called(document: Document) -> str:
    """As `kubectl` names it."""
    return f"{document['kind'].lower()}/{document['metadata']['name']}"


def look(place: str) -> Document:
    """What `deployment/name`, or `configmap/name`, names."""
    (found,) = [document for document in kept() if called(document) == place]
    return found
