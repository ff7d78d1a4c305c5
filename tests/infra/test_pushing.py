"""`make push` as a person types it: to a registry that asks who it is, or is not there."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from csvgate import __version__
from csvgate.local.sockets import any_free
from docs.render import ROOT, fences
from tests.infra.checkout import Checkout, committed, copied
from tests.infra.registry import ALONE, PASSWORD, Registry, started

pytestmark = [pytest.mark.long, pytest.mark.containers, pytest.mark.clone]

PAGE = (ROOT / "docs" / "how-to" / "containers.md").read_text(encoding="utf-8")
(TYPED,) = (fence.text for fence in fences(PAGE) if fence.need == "registry")
TARGETS = ("upload", "process", "function")
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
WRITTEN = "build/images.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pushed:
    """A clone that pushed its images of one commit; what was said without the password, and with it."""

    clone: Checkout
    registry: Registry
    commit: str
    complaints: tuple[str, str]
    printed: str

    def written(self) -> dict[str, dict[str, Any]]:
        """What was written down of the images."""
        found: dict[str, dict[str, Any]] = json.loads((self.clone.directory / WRITTEN).read_text())
        return found

    def digest(self, target: str) -> str:
        """By which the image is to be deployed."""
        return str(self.written()[target]["image"]).rpartition("@")[2]


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pushed]:
    """The images were built of a clone, and pushed from there."""
    clone = copied(tmp_path_factory.mktemp("clone"))
    commit = committed(clone)
    with started(tmp_path_factory.mktemp("registry")) as registry:
        clone.run("make images")
        login, push, ran = TYPED.replace("registry.example.com", registry.address).splitlines()
        (clone.directory / "password.txt").write_text("wrong")
        complaints = clone.refused(push), clone.refused(login)
        (clone.directory / "password.txt").write_text(PASSWORD)
        printed = clone.run(f"{login}\n{push}\n{ran}")
        yield Pushed(clone=clone, registry=registry, commit=commit, complaints=complaints, printed=printed)
        clone.run(f"docker logout {registry.address}")


@pytest.mark.parametrize("target", TARGETS)
def test_the_registry_has_each_image_under_the_digest_that_is_written_down_and_its_tags(
    pushed: Pushed, target: str
) -> None:
    name, digest = f"team/csvgate-{target}", pushed.digest(target)
    tags = (__version__, pushed.commit[:12])
    assert [pushed.registry.manifest(name, each)[0] for each in (digest, *tags)] == [digest] * 3
    assert pushed.written()[target]["image"] == f"{pushed.registry.address}/{name}@{digest}"
    assert pushed.written()[target]["tags"] == list(tags)
    assert pushed.written()[target]["revision"] == pushed.commit


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_pushed_is_one_image_for_one_processor(pushed: Pushed, target: str) -> None:
    """No list with an attestation in it, of which Lambda makes no function."""
    _, manifest = pushed.registry.manifest(f"team/csvgate-{target}", pushed.digest(target))
    assert manifest["mediaType"] in ALONE
    made = pushed.registry.configuration(f"team/csvgate-{target}", manifest["config"]["digest"])
    assert (made["os"], made["architecture"]) == ("linux", MACHINES[platform.machine()])


def test_the_same_commit_pushed_again_has_the_same_digests(pushed: Pushed) -> None:
    before = pushed.written()
    pushed.clone.run(f"make push REGISTRY={pushed.registry.address}/team")
    assert pushed.written() == before


def test_an_image_runs_by_its_digest_alone(pushed: Pushed) -> None:
    """As the page says, and where nothing else is known of it."""
    assert f"csvgate {__version__}" in pushed.printed
    image, tags = (pushed.written()["process"][name] for name in ("image", "tags"))
    pushed.clone.run(f"docker image rm {' '.join(image.partition('@')[0] + ':' + tag for tag in tags)}")
    said = pushed.clone.run(f"docker run --pull always --rm --read-only --network none {image} --version")
    assert __version__ in said


def test_a_registry_that_is_not_there_is_named_and_no_digest_is_left_that_could_be_taken_for_a_new_one(
    pushed: Pushed,
) -> None:
    written = pushed.clone.directory / WRITTEN
    before = written.read_text()
    nowhere = f"127.0.0.1:{any_free()}"
    try:
        complaint = pushed.clone.refused(f"make push REGISTRY={nowhere}/team")
        assert nowhere in complaint
        assert "connection refused" in complaint
        assert not written.exists()
    finally:
        written.write_text(before)


def test_who_has_not_said_the_password_is_told_so(pushed: Pushed) -> None:
    """By the push, and by the login."""
    push, login = pushed.complaints
    assert "no basic auth credentials" in push
    assert "401 Unauthorized" in login
