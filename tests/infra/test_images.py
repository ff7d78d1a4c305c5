"""The scripts behind `make images` and `make push`, with an engine that only writes down what it is asked for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from csvgate import __version__

ROOT = Path(__file__).parents[2]
REGISTRY = "registry.example.com/team"
WHO = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com")
pytestmark = pytest.mark.clone  # they make one
DIGEST = f"sha256:{'0' * 64}"
REVISION = "0123456789" * 4
ENGINE = f"""#!/bin/sh
echo "$*" >> "$CALLS"
for last; do true; done
case "$*" in
  build*) echo "$BUILDX_NO_DEFAULT_ATTESTATIONS" >> "$CALLS.alone" ;;
  --version) echo "$ENGINE_NAME version 5.0" ;;
  push*) echo "${{last##*:}}: digest: {DIGEST} size: 1786"; printf %s {DIGEST} > "${{4:-/dev/null}}" ;;
  *RepoDigests*) echo "${{last%:*}}@{DIGEST}" ;;
  *revision*) echo {REVISION} ;;
  *Labels*) echo "told by the label" ;;
esac
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """A checkout with one commit, and an engine beside it."""

    checkout: Path
    engine: Path

    def run(self, script: str, *arguments: str, engine: str = "Docker", **more: str) -> list[str]:
        """What the engine was asked for."""
        calls = self.engine.with_name("calls")
        given = {**os.environ, "ENGINE": str(self.engine), "ENGINE_NAME": engine, "CALLS": str(calls), **more}
        command = [str(self.checkout / "infra" / "containers" / script), *arguments]
        subprocess.run(command, env=given, check=True, capture_output=True)
        return calls.read_text().splitlines()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    checkout, engine = tmp_path / "checkout", tmp_path / "engine"
    shutil.copytree(ROOT / "infra" / "containers", checkout / "infra" / "containers")
    (checkout / "src" / "csvgate").mkdir(parents=True)
    shutil.copy(ROOT / "src" / "csvgate" / "__init__.py", checkout / "src" / "csvgate")
    for command in (("init", "-q"), (*WHO, "commit", "-q", "--allow-empty", "-m", "The first")):
        subprocess.run(["git", *command], cwd=checkout, check=True)
    engine.write_text(ENGINE)
    engine.chmod(0o755)
    return Desk(checkout=checkout, engine=engine)


def test_each_image_is_tagged_and_says_what_it_was_built_on(desk: Desk) -> None:
    builds = [call for call in desk.run("build.sh") if call.startswith("build ")]
    assert [call.partition("--target ")[2].split()[0] for call in builds] == ["upload", "process", "function"]
    assert all(f":{__version__} " in call and f"BASE_DIGEST={DIGEST}" in call for call in builds)


@pytest.mark.parametrize(("change", "label"), [("", "[0-9a-f]{40}"), ("# more", "[0-9a-f]{40}-dirty")])
def test_images_say_of_which_commit_they_are_and_whether_of_more_than_it(desk: Desk, change: str, label: str) -> None:
    git = ["git", *WHO, "-C", str(desk.checkout)]
    subprocess.run([*git, "add", "src"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "The second"], check=True)
    with (desk.checkout / "src" / "csvgate" / "__init__.py").open("a") as file:
        file.write(change)
    builds = [call for call in desk.run("build.sh") if call.startswith("build ")]
    assert all(re.search(f" REVISION={label} ", call) for call in builds)


def test_what_was_not_committed_is_in_the_tag_too(desk: Desk) -> None:
    desk.engine.write_text(ENGINE.replace(REVISION, f"{REVISION}-dirty"))
    desk.run("push.sh", REGISTRY)
    written = json.loads((desk.checkout / "build" / "images.json").read_text())
    assert written["upload"]["tags"] == [__version__, f"{REVISION[:12]}-dirty"]


def test_an_image_comes_alone(desk: Desk) -> None:
    """Lambda makes no function of a list that has something beside it."""
    desk.run("build.sh")
    assert desk.engine.with_name("calls.alone").read_text().split() == ["1"] * 3


@pytest.mark.parametrize(("engine", "keeps_health_checks"), [("Docker", False), ("podman", True)])
def test_podman_is_asked_for_a_format_with_health_checks(desk: Desk, engine: str, *, keeps_health_checks: bool) -> None:
    builds = [call for call in desk.run("build.sh", engine=engine) if call.startswith("build ")]
    assert ["--format docker" in call for call in builds] == [keeps_health_checks] * 3


def test_images_for_another_processor_are_built_on_its_base(desk: Desk) -> None:
    """Else one that is there already, for this machine's, would be taken."""
    calls = desk.run("build.sh", PLATFORM="linux/amd64")
    assert [call.split()[0] for call in calls if "--platform linux/amd64" in call] == ["pull", *["build"] * 3]
    desk.engine.with_name("calls").unlink()
    assert not [call for call in desk.run("build.sh") if "--platform" in call]


@pytest.mark.parametrize(("engine", "push"), [("Docker", "push "), ("podman", "push --quiet --digestfile ")])
def test_what_is_pushed_is_written_down_by_the_digest_that_the_push_tells(desk: Desk, engine: str, push: str) -> None:
    """Tagged by version, and by the commit that it was built of."""
    calls = desk.run("push.sh", REGISTRY, engine=engine)
    written = json.loads((desk.checkout / "build" / "images.json").read_text())
    assert {name: each["image"] for name, each in written.items()} == {
        target: f"{REGISTRY}/csvgate-{target}@{DIGEST}" for target in ("upload", "process", "function")
    }
    assert written["upload"]["tags"] == [__version__, REVISION[:12]]
    pushes = [call for call in calls if call.startswith(push)]
    assert [call.rpartition(f"{REGISTRY}/csvgate-")[2] for call in pushes if "-upload:" in call] == [
        f"upload:{tag}" for tag in (__version__, REVISION[:12])
    ]


def test_what_an_earlier_push_wrote_down_is_gone_when_this_one_fails(desk: Desk) -> None:
    """Nobody deploys old images in the belief that they are these."""
    written = desk.checkout / "build" / "images.json"
    desk.run("push.sh", REGISTRY)
    desk.engine.write_text(ENGINE.replace("push*)", "push*process*) exit 1 ;;\n  push*)"))
    with pytest.raises(subprocess.CalledProcessError):
        desk.run("push.sh", REGISTRY)
    assert list(written.parent.iterdir()) == []


def test_without_a_registry_nothing_is_pushed(desk: Desk) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        desk.run("push.sh")
    assert not desk.engine.with_name("calls").exists()
