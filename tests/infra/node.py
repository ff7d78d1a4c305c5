"""Workloads of manifests in; their pods, each a container of an engine on one network, out.

The engine is the kubelet: a container that has ended is begun anew, the later the more often it has. A service is a
name in that network, for those whose pods have its ports; the others are reached by a forward. Pods that are replaced
are gone before the next ones come, and network policies, accounts and quotas hold nobody here.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.infra import engine
from tests.infra.applied import APPLIED, called, kept, look
from tests.infra.container import options
from tests.infra.manifests import Document, pod
from tests.infra.probes import is_answered
from tests.infra.services import aliases, ports, target, ways

FILE, FILES = Path(".node.json"), Path(".node")
# What anybody can pull, as compose.yaml does.
PUBLIC = ("ministackorg/ministack:", "postgres:")
STATE = "{{.State.Running}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"


def docker(*words: str) -> str:
    """What the engine printed."""
    return engine.run(shlex.join(["docker", *words]), Path.cwd(), os.environ)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pod:
    """A container by its name, and what its manifest says of it."""

    name: str
    words: Document

    @property
    def address(self) -> str:
        """Where it is now; nowhere, as long as it does not run."""
        is_running, address = docker("container", "inspect", "--format", STATE, self.name).rstrip("\n").split(" ")
        return address if is_running == "true" else ""

    def answers(self, probe: str) -> bool:
        """It runs, and what the probe asks is so."""
        address = self.address
        return bool(address) and is_answered(self.words[probe], self.name, address, ports(self.words))


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """The name of its network, and the images that were put into it."""

    network: str
    images: tuple[str, ...] = ()

    def write(self) -> None:
        """The next command finds it."""
        FILE.write_text(json.dumps(asdict(self)))

    def remove(self) -> None:
        """Nothing of it is left, nor of what was applied."""
        self._stop(self.names())
        docker("network", "rm", self.network)
        shutil.rmtree(FILES, ignore_errors=True)
        for file in (FILE, APPLIED):
            file.unlink(missing_ok=True)

    def begin(self, workloads: Sequence[Document]) -> None:
        """They have as many pods as they want; those that they had before are gone."""
        self.end(workloads)
        for each in workloads:
            self.pull(pod(each))
            for number in range(each["spec"].get("replicas", 1)):
                self.run(f"{self.network}-{each['metadata']['name']}-{number}", each)

    def end(self, workloads: Sequence[Document]) -> None:
        """Their pods were told to end, had the time that they are given for it, and are gone."""
        self._stop([name for each in workloads for name in self.names(f"workload={called(each)}")])

    def run(self, name: str, workload: Document) -> None:
        """A container of that name is what the manifest says of a pod."""
        labels = {"node": self.network, "workload": called(workload)}
        labels |= workload["spec"]["template"]["metadata"]["labels"]
        told = [f"--name={name}", f"--hostname={name}", f"--network={self.network}", f"--restart={again(workload)}"]
        told += [f"--network-alias={alias}" for alias in aliases(workload, kept())]
        told += [f"--label={label}={text}" for label, text in labels.items()]
        given = options(pod(workload), kept(), FILES.absolute() / name)
        docker("run", "--detach", "--no-healthcheck", *told, *given)

    def pull(self, spec: Document) -> None:
        """Its image is one that was put into the node, or that anybody can pull."""
        for image in (words["image"] for words in spec["containers"]):
            if image not in self.images and not image.startswith(PUBLIC):
                sys.exit(f"{image}: ErrImagePull")

    def names(self, *labels: str) -> list[str]:
        """Those of all containers that have these labels, whether they run or not."""
        wanted = (f"--filter=label={label}" for label in (f"node={self.network}", *labels))
        return docker("ps", "--all", "--format={{.Names}}", *wanted).split()

    def states(self) -> list[str]:
        """The name of each pod, and whether it runs."""
        told = "--format={{.Names}}\t{{.Status}}"
        return docker("ps", "--all", f"--filter=label=node={self.network}", told).splitlines()

    def pods(self, place: str) -> list[Pod]:
        """Those of `deployment/name`."""
        (words,) = pod(look(place))["containers"]
        return [Pod(name=name, words=words) for name in self.names(f"workload={place}")]

    def reached(self, place: str, port: int) -> tuple[str, int]:
        """Where a port of `deployment/name`, or of `service/name`, leads: into the first of its pods."""
        if place.startswith("service/"):
            service = look(place)
            workload = target(service, kept())
            place, port = called(workload), ways(service, workload)[port]
        (first, *_) = self.pods(place)
        return first.address, port

    def _stop(self, names: Sequence[str]) -> None:
        if names:
            docker("stop", *names)
            docker("rm", "--volumes", *names)


def there() -> Node:
    """The one that was made in this directory."""
    if not FILE.exists():
        sys.exit("The connection to the server localhost:8080 was refused - did you specify the right host or port?")
    written = json.loads(FILE.read_text())
    return Node(network=written["network"], images=tuple(written["images"]))


def again(workload: Document) -> str:
    """How often a pod that has ended is begun anew: a job's while it fails, and any other always."""
    return f"on-failure:{workload['spec']['backoffLimit']}" if workload["kind"] == "Job" else "always"
