"""An overlay's name in; what it renders out, as values, and what an API server would say against each document."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it has no types
import kubernetes_validate  # type: ignore[import-untyped]  # nor has this
import yaml

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "infra" / "kubernetes"
OVERLAYS = ("eks", "rds", "local")
KEDA = "keda.sh/v1alpha1"
KEDA_KINDS: dict[str, Any] = json.loads((Path(__file__).parent / "keda.schema.json").read_text())
# Renders a folder; the first that is there. `kubectl kustomize` is the same program.
RENDERERS = (("kustomize", "build"), ("kubectl", "kustomize"))

Document = dict[str, Any]


def rendered(overlay: str) -> list[Document]:
    """The documents as they are committed."""
    return list(yaml.safe_load_all((KUBERNETES / "rendered" / overlay / "csvgate.yaml").read_text(encoding="utf-8")))


def built(folder: Path) -> list[Document]:
    """The documents as the overlay renders them now."""
    command = next(command for command in RENDERERS if shutil.which(command[0]))
    done = subprocess.run([*command, folder], capture_output=True, text=True, check=True)
    return list(yaml.safe_load_all(done.stdout))


def problem(document: Document, version: str) -> str | None:
    """Why an API server of that version would refuse it, if it would; what nobody knows is refused."""
    try:
        if document["apiVersion"] == KEDA:
            known = KEDA_KINDS["definitions"].get(document["kind"], False)
            jsonschema.validate(document, {**KEDA_KINDS, "allOf": [known]})
        else:
            kubernetes_validate.validate(document, version, strict=True)
    except (jsonschema.ValidationError, kubernetes_validate.ValidationError) as exc:
        return f"{'.'.join(map(str, exc.path))}: {exc.message}"
    except kubernetes_validate.SchemaNotFoundError as exc:
        return str(exc.message)
    return None


def named(documents: Sequence[Document], kind: str, name: str = "") -> Document:
    """The one document of that kind, and of that name."""
    (found,) = [each for each in of_kind(documents, kind) if name in {"", each["metadata"]["name"]}]
    return found


def of_kind(documents: Sequence[Document], kind: str) -> list[Document]:
    """All documents of that kind."""
    return [document for document in documents if document["kind"] == kind]


def workloads(documents: Sequence[Document]) -> Iterator[Document]:
    """Whatever has pods."""
    yield from (document for document in documents if "template" in document.get("spec", {}))


def pod(workload: Document) -> Document:
    """What its pods are."""
    spec: Document = workload["spec"]["template"]["spec"]
    return spec


def ours(documents: Sequence[Document]) -> Iterator[Document]:
    """The workloads that run csvgate; an emulator and its database are not."""
    yield from (each for each in workloads(documents) if each["metadata"]["name"].startswith("csvgate-"))
