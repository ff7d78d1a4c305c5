"""The Python that runs this and the system around it in; what is installed in both, as CycloneDX JSON, out.

It is run while an image is built, by that image's own interpreter: so it tells of what is there, not of what was asked
for. The same packages give the same text.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Iterator
from email.message import Message
from importlib.metadata import distributions
from pathlib import Path
from urllib.parse import quote

Component = dict[str, object]

DPKG = Path("/var/lib/dpkg/status")
RELEASE = Path("/etc/os-release")
PRODUCT = "csvgate"


def document(components: list[Component]) -> dict[str, object]:
    """The bill of materials, https://cyclonedx.org/docs/1.6/json/: its subject is csvgate, all else is in it."""
    subject = next((each for each in components if each["name"] == PRODUCT), {"type": "application", "name": PRODUCT})
    others = [each for each in components if each is not subject]
    content = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {"component": {**subject, "type": "application"}},
        "components": others,
    }


def python_packages() -> Iterator[Component]:
    """What this interpreter can import that was installed."""
    for found in distributions():
        name = re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower()
        licences = [{"expression": text} for text in found.metadata.get_all("License-Expression") or ()]
        told: Component = {"licenses": licences} if licences else {}
        yield library(name, found.version, f"pkg:pypi/{name}@{quote(found.version)}") | told


def system_packages(status: Path = DPKG, release: Path = RELEASE) -> Iterator[Component]:
    """What Debian's package manager knows; nothing on a system that has none."""
    system = dict(line.split("=", 1) for line in lines(release) if "=" in line).get("ID", "debian").strip('"')
    for stanza in "\n".join(lines(status)).split("\n\n"):
        fields = Message()
        for name, _, value in (line.partition(": ") for line in stanza.splitlines() if not line.startswith(" ")):
            fields[name] = value
        if fields.get("Status", "").endswith(" installed"):
            name, version = fields["Package"], fields["Version"]
            where = f"pkg:deb/{system}/{quote(name)}@{quote(version)}?arch={fields['Architecture']}"
            yield library(name, version, where)


def library(name: str, version: str, purl: str) -> Component:
    """One component; its address as a package is its name within the document, too."""
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def lines(file: Path) -> list[str]:
    """The lines of a file, none where there is no file."""
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


if __name__ == "__main__":
    found = {str(each["purl"]): each for each in (*python_packages(), *system_packages())}
    sys.stdout.write(json.dumps(document([found[purl] for purl in sorted(found)]), indent=1) + "\n")
