"""What is typed after `kind` in; a cluster of one node, which is a network of an engine, out.

As a program, in the place of `kind`. The node is that of the directory in which it is called.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from tests.infra import node
from tests.infra.node import FILE, Node, docker


def create() -> None:
    """There is a node, with no images in it."""
    if FILE.exists():
        sys.exit('ERROR: failed to create cluster: node(s) already exist for a cluster with the name "kind"')
    made = Node(network=f"kind-{uuid4().hex[:8]}")
    docker("network", "create", made.network)
    made.write()


def load(image: str) -> None:
    """The engine's image is in the node."""
    if not docker("image", "ls", "--quiet", image):
        sys.exit(f'ERROR: image: "{image}" not present locally')
    found = node.there()
    replace(found, images=(*found.images, image)).write()


def main(arguments: Sequence[str]) -> None:
    """The commands of the page; any other is a mistake."""
    match arguments:
        case ["create", "cluster"]:
            create()
        case ["load", "docker-image", image]:
            load(image)
        case ["delete", "cluster"]:
            node.there().remove()
        case _:
            sys.exit(f"nobody knows: kind {' '.join(arguments)}")


if __name__ == "__main__":
    main(sys.argv[1:])
