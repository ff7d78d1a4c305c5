"""Services and workloads of manifests in; which lead to which, and by which ports, out."""

from __future__ import annotations

from collections.abc import Sequence

from tests.infra.manifests import Document, of_kind, pod, workloads


def target(service: Document, documents: Sequence[Document]) -> Document:
    """The one workload to whose pods it leads."""
    (found,) = [each for each in workloads(documents) if leads(service, each)]
    return found


def aliases(workload: Document, documents: Sequence[Document]) -> list[str]:
    """The services that lead to its pods, by no other ports than the pods have themselves."""
    services = [each for each in of_kind(documents, "Service") if leads(each, workload)]
    return [
        service["metadata"]["name"]
        for service in services
        if all(port == its_own for port, its_own in ways(service, workload).items())
    ]


def leads(service: Document, workload: Document) -> bool:
    """The pods have the labels that it asks for."""
    asked: Document = service["spec"]["selector"]
    labels: Document = workload["spec"]["template"]["metadata"]["labels"]
    return asked.items() <= labels.items()


def ways(service: Document, workload: Document) -> dict[int, int]:
    """For each port of the service, that of the pods."""
    (words,) = pod(workload)["containers"]
    return {port["port"]: ports(words)[port["targetPort"]] for port in service["spec"]["ports"]}


def ports(words: Document) -> dict[str, int]:
    """Those of a container, by their names."""
    return {port["name"]: port["containerPort"] for port in words.get("ports", ())}
