"""The manifests are what the overlays render, and what an API server takes: no unknown field, and no unknown kind."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from docs.render import fences
from tests.infra.manifests import KUBERNETES, OVERLAYS, ROOT, Document, built, named, of_kind, problem, rendered

# The oldest in which a pod can pause before it ends, and the newest that there are schemas for.
VERSIONS = ("1.30", "1.37")
MAIN = rendered("rds")
Change = Callable[[Document], object]

BROKEN: dict[str, tuple[str, Change]] = {
    "a misspelt field": ("Deployment", lambda it: it["spec"]["template"]["spec"].update(hostNetwrok=True)),
    "a wrong type": ("Service", lambda it: it["spec"]["ports"][0].update(port="http")),
    "a missing field": ("Job", lambda it: it["spec"].pop("template")),
    "a field of KEDA misspelt": ("ScaledObject", lambda it: it["spec"].update(minReplicas=1)),
    "a field of KEDA missing": ("ScaledObject", lambda it: it["spec"].pop("triggers")),
    "a wrong choice of KEDA": (
        "TriggerAuthentication",
        lambda it: it["spec"]["podIdentity"].update(identityOwner="me"),
    ),
    "a kind of KEDA that nobody knows": ("ScaledObject", lambda it: it.update(kind="ScaledObjekt")),
    "a kind that nobody knows": ("Service", lambda it: it.update(kind="Servise")),
    "an API that nobody knows": ("Job", lambda it: it.update(apiVersion="batch/v7")),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_api_server_would_take_every_document(overlay: str, version: str) -> None:
    assert [found for document in rendered(overlay) if (found := problem(document, version))] == []


@pytest.mark.parametrize(("kind", "change"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_refused(kind: str, change: Change) -> None:
    """Else the test above would prove nothing."""
    document = copy.deepcopy(of_kind(MAIN, kind)[0])
    assert problem(document, VERSIONS[-1]) is None
    change(document)
    assert problem(document, VERSIONS[-1])


@pytest.mark.kubernetes
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_plain_manifests_are_those_of_the_overlay(overlay: str) -> None:
    """`make manifests` writes them."""
    assert built(KUBERNETES / "overlays" / overlay) == rendered(overlay)


@pytest.mark.kubernetes
def test_another_setting_gives_a_map_of_another_name(tmp_path: Path) -> None:
    """So the pods begin anew with it; and KEDA asks the queue that the workers work on."""
    shutil.copytree(KUBERNETES, tmp_path / "kubernetes")
    overlay = tmp_path / "kubernetes" / "overlays" / "eks"
    settings = overlay / "settings.env"
    settings.write_text(settings.read_text().replace("SQS_QUEUE_URL=https://sqs", "SQS_QUEUE_URL=https://other"))
    documents = built(overlay)
    maps = [document["metadata"]["name"] for document in of_kind(documents, "ConfigMap")]
    before = [document["metadata"]["name"] for document in of_kind(rendered("eks"), "ConfigMap")]
    assert len(set(maps) - set(before)) == 1
    trigger = named(documents, "ScaledObject", "csvgate-inspect")["spec"]["triggers"][0]
    assert trigger["metadata"]["queueURL"].startswith("https://other")


def test_the_manifests_of_the_page_are_well_formed() -> None:
    """What a reader is to write himself."""
    page = (ROOT / "docs" / "how-to" / "kubernetes.md").read_text(encoding="utf-8")
    shown = [yaml.safe_load(fence.text) for fence in fences(page) if fence.language == "yaml"]
    documents = [each for each in shown if each["apiVersion"] != "kustomize.config.k8s.io/v1beta1"]
    assert documents
    assert [found for document in documents if (found := problem(document, VERSIONS[0]))] == []
