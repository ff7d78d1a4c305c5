"""A pod of a manifest and what else was applied in; what an engine is told to run it as one container, out.

All that is said of a container is said by its manifest, and a word that is not known here is a mistake, so that none is
left out unseen.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.infra.manifests import Document, of_kind

# What is told elsewhere; and what needs an API server, more nodes than one, or balancers to mean anything.
BESIDE = (
    *("args", "command", "containers", "env", "envFrom", "image", "name", "ports", "resources", "restartPolicy"),
    *("runAsGroup", "runAsNonRoot", "runAsUser", "securityContext", "volumeMounts", "volumes"),
    *("livenessProbe", "readinessProbe", "startupProbe"),
)
OF_A_CLUSTER = (
    *("automountServiceAccountToken", "enableServiceLinks", "serviceAccountName", "topologySpreadConstraints"),
    *("ephemeral-storage", "lifecycle"),
)
PERIOD = 100_000
UNCONFINED = {"seccompProfile": {"type": "Unconfined"}}
OPTIONS: dict[str, Callable[[Any], Iterable[str]]] = {
    "allowPrivilegeEscalation": lambda allowed: () if allowed else ("--security-opt=no-new-privileges",),
    "capabilities": lambda named: (f"--cap-{verb}={each}" for verb, those in named.items() for each in those),
    "cpu": lambda text: (f"--cpu-period={PERIOD}", f"--cpu-quota={int(text) * PERIOD}"),
    "fsGroup": lambda group: (f"--group-add={group}",),
    "memory": lambda text: (f"--memory={text}",),
    "readOnlyRootFilesystem": lambda only: ("--read-only",) if only else (),
    # The runtime's own is what the engine takes unless it is told otherwise.
    "seccompProfile": lambda one: () if one["type"] == "RuntimeDefault" else ("--security-opt=seccomp=unconfined",),
    "terminationGracePeriodSeconds": lambda seconds: (f"--stop-timeout={seconds}",),
    **dict.fromkeys(BESIDE + OF_A_CLUSTER, lambda _: ()),
}
KINDS = {"configMapRef": "ConfigMap", "secretRef": "Secret"}


def options(pod: Document, documents: Sequence[Document], directory: Path) -> Iterator[str]:
    """What stands behind `docker run`, the image among it; what maps hold as files is in the directory."""
    (container,) = pod["containers"]
    security = UNCONFINED | pod["securityContext"] | container["securityContext"]
    for words in (pod, container, container["resources"]["limits"], security):
        for word, said in words.items():
            yield from OPTIONS[word](said)
    yield f"--user={security['runAsUser']}:{security['runAsGroup']}"
    yield from (f"--env={name}={text}" for name, text in environment(container, documents).items())
    volumes = {each["name"]: each for each in pod["volumes"]}
    for mount in container["volumeMounts"]:
        volume, path = volumes[mount["name"]], mount["mountPath"]
        if "emptyDir" in volume:
            yield f"--tmpfs={path}:{room(volume['emptyDir'], security['fsGroup'])}"
        else:
            yield f"--volume={files(volume, documents, directory)}:{path}:ro"
    yield from started(container)


def environment(container: Document, documents: Sequence[Document]) -> dict[str, str]:
    """Of maps and secrets the later ones hold, and what the container says itself holds before all."""
    found: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        ((kind, reference),) = source.items()
        found |= content(documents, KINDS[kind], reference)
    return found | {each["name"]: each["value"] for each in container.get("env", ())}


def content(documents: Sequence[Document], kind: str, reference: Document) -> dict[str, str]:
    """What is in the map, or the secret; nothing, where it may be missing and is."""
    for document in of_kind(documents, kind):
        if document["metadata"]["name"] == reference["name"]:
            texts: dict[str, str] = document["data"]
            return texts if kind == "ConfigMap" else {name: decoded(text) for name, text in texts.items()}
    return {} if reference.get("optional") else sys.exit(f"{kind} {reference['name']} is not there")


def decoded(text: str) -> str:
    """As a secret has it."""
    return base64.b64decode(text).decode()


def room(given: Document, group: int) -> str:
    """What a directory that is empty at first is like: memory in the place of a disk, and its size."""
    size = f",size={given['sizeLimit'].removesuffix('i')}" if "sizeLimit" in given else ""
    return f"exec,mode=2777,gid={group}{size}"


def files(volume: Document, documents: Sequence[Document], directory: Path) -> Path:
    """A folder with one file for each name in the map."""
    folder = directory / str(volume["name"])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in content(documents, "ConfigMap", volume["configMap"]).items():
        (folder / name).write_text(text)
    return folder


def started(container: Document) -> Iterator[str]:
    """The image and its words; the manifest's command takes the place of the image's own."""
    first, *others = container.get("command", [""])
    if first:
        yield f"--entrypoint={first}"
    yield from (container["image"], *others, *container.get("args", ()))
