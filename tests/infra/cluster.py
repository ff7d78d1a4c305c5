"""What is typed after `kubectl` in; what a cluster of one node does then, out.

As a program, in the place of `kubectl`. The documents are held to the schemas, and their pods are containers; there is
no KEDA, and no autoscaler.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from tests.infra import applied, engine, node
from tests.infra.applied import called, keep, kept, look, without
from tests.infra.forward import Forward
from tests.infra.manifests import built, named, of_kind, workloads
from tests.waiting import until

NAMESPACE = "csvgate"
KINDS = {"configmap", "deployment", "job", "pod"}
SECONDS = {"s": 1, "m": 60}


def apply(folder: Path) -> None:
    """What is new, or another, has its pods."""
    node.there().begin([*workloads(applied.apply(folder))])


def delete(folder: Path) -> None:
    """What the folder renders is gone, and all that was in its namespaces."""
    gone = built(folder)
    spaces = {space["metadata"]["name"] for space in of_kind(gone, "Namespace")}
    left = [document for document in without(kept(), gone) if document["metadata"].get("namespace") not in spaces]
    node.there().end([*workloads(without(kept(), left))])
    keep(left)
    for document in gone:
        sys.stdout.write(f"{called(document)} deleted\n")


def status(place: str, patience: str) -> None:
    """All its pods are ready, or it took too long."""
    wanted, pods = look(place)["spec"]["replicas"], node.there().pods(place)
    seconds = int(patience[:-1]) * SECONDS[patience[-1]]
    until(lambda: sum(each.answers("readinessProbe") for each in pods) == wanted, seconds)
    sys.stdout.write(f"{place} successfully rolled out\n")


def create(secret: str, option: str) -> None:
    """The secret is there; its namespace was before."""
    space = named(kept(), "Namespace", NAMESPACE)["metadata"]["name"]
    name, _, text = option.removeprefix("--from-literal=").partition("=")
    data = {name: base64.b64encode(text.encode()).decode()}
    metadata = {"name": secret, "namespace": space}
    keep([*kept(), {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data}])


def get(kinds: str, *form: str) -> None:
    """All of these kinds are told, pods by their state; as text, pods are what their workloads say of them."""
    wanted = {kind.removesuffix("s") for kind in kinds.split(",")}
    if unknown := wanted - KINDS:
        sys.exit(f"error: the server doesn't have a resource type {min(unknown)!r}")
    found = [document for document in kept() if document["kind"].lower() in wanted]
    match form:
        case [] if wanted == {"pod"}:
            sys.stdout.writelines(f"{line}\n" for line in node.there().states())
        case ["-o", "name"]:
            sys.stdout.writelines(f"{called(document)}\n" for document in found)
        case ["-o", "yaml"]:
            yaml.safe_dump({"kind": "List", "items": found}, sys.stdout)
        case _:
            sys.exit(f"nobody knows: kubectl get {' '.join(form)}")


def logs(selector: str, tail: str) -> None:
    """The last lines of all pods with that label are told, each with the name of its pod before it."""
    for name in node.there().names(selector):
        said = engine.run(f"docker logs --tail {tail} {name} 2>&1", Path.cwd(), os.environ)
        sys.stdout.writelines(f"[pod/{name}] {line}\n" for line in said.splitlines())


def execute(place: str, command: Sequence[str]) -> None:
    """The first of the pods does it, with what is said to it here."""
    (first, *_) = node.there().pods(place)
    sys.exit(subprocess.run(["docker", "exec", "--interactive", first.name, *command], check=False).returncode)


def forward(place: str, ports: str) -> None:
    """Until SIGTERM, a port of this machine is that of the pod."""
    local, _, port = ports.rpartition(":")
    with Forward(int(local or port), node.there().reached(place, int(port))) as forwarding:
        forwarding.serve_forever()


def main(arguments: Sequence[str]) -> None:
    """The commands of the page; any other is a mistake."""
    match arguments:
        case ["apply", "-k", folder]:
            apply(Path(folder))
        case ["delete", "-k", folder]:
            delete(Path(folder))
        case ["-n", "csvgate", *words]:
            inside(words)
        case _:
            sys.exit(f"nobody knows: kubectl {' '.join(arguments)}")


def inside(words: Sequence[str]) -> None:
    """Those about one namespace."""
    match words:
        case ["rollout", "status", place, "--timeout", patience]:
            status(place, patience)
        case ["create", "secret", "generic", name, option]:
            create(name, option)
        case ["get", kinds, *form]:
            get(kinds, *form)
        case ["delete", *places]:
            keep(without(kept(), [look(place) for place in places]))
        case ["logs", "-l", selector, "--prefix", "--tail", tail]:
            logs(selector, tail)
        case ["exec", "--stdin", place, "--", *command]:
            execute(place, command)
        case ["port-forward", place, ports]:
            forward(place, ports)
        case _:
            sys.exit(f"nobody knows: kubectl -n csvgate {' '.join(words)}")


if __name__ == "__main__":
    main(sys.argv[1:])
