"""A probe of a manifest and the container that it is for in; whether it is answered, as a kubelet asks, out."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException

from tests.infra.manifests import Document

BAD_REQUEST, OK = 400, 200


def is_answered(probe: Document, container: str, address: str, ports: Mapping[str, int]) -> bool:
    """By a status of success, by a connection, or by a command that ends well; and in time."""
    seconds = probe.get("timeoutSeconds", 1)
    match probe:
        case {"httpGet": {"path": path, "port": port}}:
            return gets(path, address, ports[port], seconds)
        case {"tcpSocket": {"port": port}}:
            return connects(address, ports[port], seconds)
        case {"exec": {"command": command}}:
            return executes(container, command, seconds)
    message = f"nobody knows how to ask {probe}"
    raise LookupError(message)


def gets(path: str, address: str, port: int, seconds: float) -> bool:
    """The path is there."""
    with closing(HTTPConnection(address, port, timeout=seconds)) as connection:
        try:
            connection.request("GET", path)
            return OK <= connection.getresponse().status < BAD_REQUEST
        except (OSError, HTTPException):
            return False


def connects(address: str, port: int, seconds: float) -> bool:
    """Somebody listens."""
    try:
        with socket.create_connection((address, port), timeout=seconds):
            return True
    except OSError:
        return False


def executes(container: str, command: Sequence[str], seconds: float) -> bool:
    """The command does in the container what it is to do."""
    asked = ["docker", "exec", container, *command]
    try:
        return subprocess.run(asked, capture_output=True, check=False, timeout=seconds).returncode == 0
    except subprocess.TimeoutExpired:
        return False
