"""What is typed after `kubectl` in; the pods of the manifests that were applied, as processes of this machine, out.

As a program, in the place of `kubectl`: no cluster, but its manifests are held to the schemas, and the commands and
settings of its pods are run.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from tests.infra.applied import apply, diff, keep, kept, look, without
from tests.infra.manifests import Document, named, of_kind, pod

LOCAL, ANY_PORT = "127.0.0.1", "127.0.0.1:0"


def delete(place: str) -> None:
    """What `job/name` names is there no more."""
    keep(without(kept(), [look(place)]))


def provide(given: str) -> None:
    """A file that is given is there."""
    option, _, what = given.partition("=")
    if option != "--from-file":
        sys.exit(f"nobody can make anything of {given}")
    Path(what).read_bytes()


def forward(service: str, ports: str) -> None:
    """Every deployment is one process until SIGTERM; that of the service listens on the port before the colon."""
    documents = kept()
    wanted = named(documents, "Service", service.removeprefix("service/"))["spec"]["selector"]
    running = [*started(documents, wanted, f"{LOCAL}:{ports.partition(':')[0]}")]

    def stop(_number: int, _frame: FrameType | None) -> None:
        for process in running:
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    sys.exit(max(process.wait() for process in running))


def started(documents: Sequence[Document], selected: Document, address: str) -> Iterator[subprocess.Popen[bytes]]:
    """The pods' own commands, but for where they listen, with no more settings than their own and this AWS."""
    for deployment in of_kind(documents, "Deployment"):
        (container,) = pod(deployment)["containers"]
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        where = address if selected.items() <= labels.items() else ANY_PORT
        maps = [source["configMapRef"]["name"] for source in container["envFrom"] if "configMapRef" in source]
        told = {name: text for each in maps for name, text in named(documents, "ConfigMap", each)["data"].items()}
        aws = {name: text for name, text in os.environ.items() if name.startswith("AWS_") and name != "AWS_REGION"}
        given = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **aws, **told}
        yield subprocess.Popen([*container["command"][:-1], where], env=given, stdout=subprocess.DEVNULL)


def main(arguments: Sequence[str]) -> None:
    """The commands of the page; any other is a mistake."""
    match arguments:
        case ["apply" | "diff" as verb, "-k", folder]:
            {"apply": apply, "diff": diff}[verb](Path(folder))
        case ["-n", "csvgate", "rollout", "status", place, "--timeout", _]:
            look(place)
        case ["-n", "csvgate", "wait", _, place, "--timeout", _]:
            look(place)
        case ["-n", "csvgate", "delete", place, "--ignore-not-found"]:
            delete(place)
        case ["-n", "csvgate", "create", *_, given]:
            provide(given)
        case ["-n", "csvgate", "exec", place, "--", *_]:
            look(place)
        case ["-n", "csvgate", "port-forward", service, ports]:
            forward(service, ports)
        case _:
            sys.exit(f"nobody knows: kubectl {' '.join(arguments)}")


if __name__ == "__main__":
    main(sys.argv[1:])
