"""What the page says of a cluster on this machine, typed: its pods are containers that are made of the manifests alone.

Stand-ins: `kind` and `kubectl` are the modules `kind` and `cluster` beside this one; ports are such as nobody else has.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from csvgate.local.sockets import any_free
from docs.render import ROOT, fences
from tests.infra import node, programs
from tests.infra.applied import APPLIED
from tests.infra.checkout import Checkout, copied
from tests.infra.manifests import Document, named, of_kind, pod, rendered, workloads
from tests.infra.powers import assert_hardened
from tests.waiting import until_equal

pytestmark = [pytest.mark.long, pytest.mark.containers, pytest.mark.kubernetes]

PAGE = (ROOT / "docs" / "how-to" / "kubernetes.md").read_text(encoding="utf-8")
SECRET, IMAGES, SEND, END, MAPS, LOOK = (fence.text for fence in fences(PAGE) if fence.need == "cluster")
ADDRESS = SECRET.partition("--from-literal=")[2].strip().replace("'", "")
PROGRAMS = {"kind": programs.module("kind"), "kubectl": programs.kubectl("cluster")}
HEAD = """
trap 'kubectl -n csvgate get pods; kubectl -n csvgate logs -l node --prefix --tail 20' ERR
trap 'kill $(jobs -p) 2> /dev/null || true; wait' EXIT
"""
PORT = re.compile(r"(?<=port-forward )(\S+ )(\d+)|(?<=localhost:)\d+")
OURS = ("csvgate-upload", "csvgate-inspect", "csvgate-record")
PODS = (*OURS, "aws", "database")
PATIENCE = 30.0
MEBIBYTES = {"Mi": 1, "Gi": 1024}
# What somebody's own overlay may be: other settings, for a database that is told by a secret.
OWN = "infra/kubernetes/overlays/own"
KUSTOMIZATION = """
resources: [../../base]
configMapGenerator:
  - {name: csvgate-settings, behavior: merge, literals: ["DATABASE_URL=postgresql://somewhere.else/csvgate"]}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster(Checkout):
    """A checkout beside a cluster, and what was printed when the page was typed there up to its receipt."""

    printed: str = ""

    def types(self, text: str) -> str:
        """What was printed by commands of the page."""
        return self.run(f"{HEAD}{with_a_port_of_its_own(text)}")

    @property
    def network(self) -> str:
        """That of its node."""
        return str(json.loads((self.directory / node.FILE).read_text())["network"])

    def applied(self) -> list[Document]:
        """What was applied there, and not deleted."""
        documents: list[Document] = json.loads((self.directory / APPLIED).read_text())
        return documents

    def maps(self) -> set[str]:
        """Those that there are, by their names."""
        return {each["metadata"]["name"] for each in of_kind(self.applied(), "ConfigMap")}

    def container(self, deployment: str) -> str:
        """The name of its one pod."""
        return f"{self.network}-{deployment}-0"


def with_a_port_of_its_own(text: str) -> str:
    """The commands forward to the same port, from another one."""
    port = str(any_free())
    return PORT.sub(lambda found: f"{found[1]}{port}:{found[2]}" if found[1] else port, text)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """What a reader has who typed the section up to its end, but for the last word."""
    directory = tmp_path_factory.mktemp("kind")
    found = programs.placed(tmp_path_factory.mktemp("programs") / "bin", PROGRAMS)
    copy = copied(directory, PATH=f"{found}:{os.environ['PATH']}")
    (directory / ".venv").symlink_to(sys.prefix)
    typing = Cluster(directory=directory, environment=copy.environment)
    try:
        printed = typing.types(IMAGES + SEND)
        yield Cluster(directory=directory, environment=copy.environment, printed=printed)
    finally:
        copy.run(f"[ ! -e {node.FILE} ] || kind delete cluster")


def test_the_page_leads_from_images_to_a_receipt(cluster: Cluster) -> None:
    """Whose rows are in the database."""
    assert "\nstate\tloaded\n" in cluster.printed
    assert "\nload\tpostgresql\tcsvgate.live_rows\t60\t0\tverified\n" in cluster.printed


@pytest.mark.parametrize("deployment", OURS)
def test_pods_were_begun_anew_until_there_was_a_stack(cluster: Cluster, deployment: str) -> None:
    """And are ready now."""
    cluster.run(f"kubectl -n csvgate rollout status deployment/{deployment} --timeout 5m")
    begun = cluster.run(f"docker inspect --format '{{{{.RestartCount}}}}' {cluster.container(deployment)}")
    assert int(begun) > 0


@pytest.mark.parametrize("deployment", PODS)
def test_a_pod_may_do_and_take_what_its_manifest_says(cluster: Cluster, deployment: str) -> None:
    (words,) = pod(named(rendered("local"), "Deployment", deployment))["containers"]
    memory = words["resources"]["limits"]["memory"]
    within = f"docker exec {cluster.container(deployment)}"
    assert_hardened(
        lambda command: cluster.run(f"{within} {command}"),
        lambda command: cluster.refused(f"{within} {command}"),
        int(memory[:-2]) * MEBIBYTES[memory[-2:]] << 20,
    )


@pytest.mark.parametrize("deployment", PODS)
def test_every_probe_is_answered(cluster: Cluster, deployment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a kubelet would end the pod some day; on a busy machine not each time, which it would bear, too."""
    monkeypatch.chdir(cluster.directory)
    (found,) = node.there().pods(f"deployment/{deployment}")
    probes = [word for word in found.words if word.endswith("Probe")]
    until_equal(lambda: [probe for probe in probes if not found.answers(probe)], [], PATIENCE)
    assert {"livenessProbe", "readinessProbe"} <= set(probes)


def test_a_look_at_it_shows_pods_a_log_and_figures(cluster: Cluster) -> None:
    shown = cluster.types(LOOK)
    assert all(re.search(rf"-{deployment}-0\tUp ", shown) for deployment in PODS)
    assert re.search(r"^\[pod/\S+-csvgate-inspect-0\] .*orders\.csv", shown, re.MULTILINE)
    assert re.search(r"^csvgate_\w+", shown, re.MULTILINE)


def test_pods_that_are_begun_afterwards_read_a_secret_and_believe_it_more_than_the_settings(cluster: Cluster) -> None:
    """That of the page, which an overlay of one's own leaves to it."""
    (cluster.directory / OWN).mkdir()
    (cluster.directory / OWN / "kustomization.yaml").write_text(KUSTOMIZATION)
    cluster.types(f"{SECRET}kubectl apply -k {OWN}")
    for deployment in OURS:
        told = cluster.run(f"docker inspect --format '{{{{json .Config.Env}}}}' {cluster.container(deployment)}")
        assert [each for each in json.loads(told) if each.startswith("DATABASE_URL=")] == [ADDRESS]


def test_maps_go_that_nothing_runs_with_and_no_others(cluster: Cluster) -> None:
    """Those of the overlay before are the job's."""
    (cluster.directory / OWN / "kustomization.yaml").write_text(KUSTOMIZATION.replace("somewhere", "anywhere"))
    cluster.types(f"kubectl apply -k {OWN}")
    before = cluster.maps()
    cluster.types(MAPS)
    used = set(re.findall(r"csvgate-(?:settings|notices)-\w{10}", json.dumps([*workloads(cluster.applied())])))
    assert cluster.maps() == used < before


def test_nothing_is_left_at_the_end(cluster: Cluster) -> None:
    """The last of the tests."""
    network, (of_pods, *of_all) = cluster.network, END.splitlines()
    cluster.types(of_pods)
    assert cluster.run(f"docker ps --all --quiet --filter label=node={network}") == ""
    assert "forgot the stack" in cluster.types("\n".join(("source .venv/bin/activate", *of_all)))
    assert network not in cluster.run("docker network ls")
