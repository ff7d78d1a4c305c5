"""A container engine in; a registry on the loopback address of this machine that asks for a password, out."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from csvgate.local.sockets import any_free
from tests.infra import engine
from tests.waiting import until

IMAGE = "registry:2"
USER, PASSWORD = "team", "secret"
# What the password is to bcrypt.
HASHED = "$2b$04$zhsGmOcYpjSIE0P1oQKzpuuM3PBrZpiARdrZtHiopG0AQa.rdB4Ay"
KNOWN = f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
PROTECTED = {
    "REGISTRY_AUTH": "htpasswd",
    "REGISTRY_AUTH_HTPASSWD_REALM": "team",
    "REGISTRY_AUTH_HTPASSWD_PATH": "/users",
}
# All that an image may be: alone, or a list of some.
KINDS = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.index.v1+json",
)
ALONE = KINDS[:2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Registry:
    """Where it listens."""

    address: str

    def manifest(self, name: str, reference: str) -> tuple[str, dict[str, Any]]:
        """What it has under that tag or digest: the digest that it says, and the document."""
        return self._read(f"/v2/{name}/manifests/{reference}")

    def configuration(self, name: str, digest: str) -> dict[str, Any]:
        """What an image says of itself, as its manifest names it."""
        return self._read(f"/v2/{name}/blobs/{digest}")[1]

    def _read(self, path: str) -> tuple[str, dict[str, Any]]:
        with closing(HTTPConnection(self.address)) as connection:
            connection.request("GET", path, headers={"Accept": ", ".join(KINDS), "Authorization": KNOWN})
            answer = connection.getresponse()
            return answer.headers["Docker-Content-Digest"], json.load(answer)


@contextmanager
def started(directory: Path) -> Iterator[Registry]:
    """An empty registry that answers; it is gone afterwards, with all that was pushed."""
    registry = Registry(address=f"127.0.0.1:{any_free()}")
    (directory / "users").write_text(f"{USER}:{HASHED}\n")
    told = {"REGISTRY_HTTP_ADDR": registry.address} | PROTECTED
    options = " ".join(f"--env {name}={value}" for name, value in told.items())
    volume = f"--volume {directory}/users:/users:ro"
    name = engine.run(f"docker run --detach --network host {volume} {options} {IMAGE}", directory, os.environ).strip()
    try:
        until(lambda: "listening on" in engine.run(f"docker logs {name} 2>&1", directory, os.environ))
        yield registry
    finally:
        engine.run(f"docker rm --force --volumes {name}", directory, os.environ)
