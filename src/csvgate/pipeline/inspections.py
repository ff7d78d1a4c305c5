"""What was found in a delivery in; its documents in the results bucket out, and back again.

A file that is judged anew, because its feed has changed, gets documents of its own: the earlier ones stay what they
were until the catalog names the new ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from csvgate.core.gravity import gravity
from csvgate.core.inspected import inspection_of
from csvgate.core.inspection import Inspection
from csvgate.delivery import Delivery
from csvgate.errors import PermanentError
from csvgate.pipeline.content import Judged
from csvgate.ports import Ports
from csvgate.ports.objects import ObjectStore

FOLDER, ASIDE = "inspections/", "quarantine/"
REASON_LENGTH = 500
# What a contract may change of an inspection; as it was before is kept for whoever judges by another one.
CHANGED = ("verdict", "reads", "findings")


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspected:
    """A delivery and its inspection, with what its feed says of both; `bare`: what the inspection was before that.

    Rows that are not accepted lie at `aside_uri`.
    """

    delivery: Delivery
    inspection: Inspection
    bare: Inspection | None = None
    judged: Judged | None = None
    aside_uri: str | None = None

    def document(self) -> bytes:
        """What is kept in the results bucket: the inspection, and beside it what whoever loads the rows has to know."""
        return json.dumps(self.inspection.to_json() | self._beside(), separators=(",", ":")).encode()

    def _beside(self) -> dict[str, Any]:
        if not (self.judged and self.bare):
            return {}
        before = self.bare.to_json()
        aside = {"uri": self.aside_uri, "rows": self.judged.put_aside, "rows_left_out": self.judged.left_out}
        return {
            **({"quarantine": aside} if self.aside_uri else {}),
            "acceptance": self.judged.acceptance.to_json(),
            "bare": {name: before[name] for name in CHANGED},
        }


def keep(found: Inspected, aside: bytes, ports: Ports, generation: int | None = None) -> Delivery:
    """The documents are in the results bucket, and the delivery has their small facts.

    generation: the load for which the file was judged anew; None where it is inspected.
    """
    stem = _stem(found.delivery, generation)
    if aside:
        uri = ports.objects.write(ports.results_bucket, f"{ASIDE}{stem}.csv", aside, "text/csv")
        found = replace(found, aside_uri=uri)
    inspection = found.inspection
    return replace(
        found.delivery,
        reason=_reason(inspection),
        verdict=inspection.verdict,
        row_count=inspection.row_count,
        column_count=inspection.column_count,
        sha256=inspection.sha256,
        inspection_uri=ports.objects.write(
            ports.results_bucket, f"{FOLDER}{stem}.json", found.document(), "application/json"
        ),
    )


def document_of(delivery: Delivery, objects: ObjectStore) -> dict[str, Any] | None:
    """The document of the delivery; None if it is not there, PermanentError if it is damaged."""
    written = objects.read(delivery.inspection_uri) if delivery.inspection_uri else None
    if written is None:
        return None
    try:
        document = json.loads(written)
        inspection_of(document)
    except (ValueError, TypeError, KeyError, RecursionError) as exc:
        message = f"the inspection {delivery.inspection_uri} is damaged: {type(exc).__name__}"
        raise PermanentError(message) from exc
    return dict(document)


def bare_of(document: Mapping[str, Any]) -> Inspection:
    """The inspection as it was before a contract spoke."""
    return inspection_of({**document, **document.get("bare", {})})


def as_loaded(delivery: Delivery, ports: Ports) -> Delivery:
    """The delivery with the documents of the load that it tells of, where the file was judged anew for that."""
    uri = f"s3://{ports.results_bucket}/{FOLDER}{_stem(delivery, delivery.generation)}.json"
    document = document_of(replace(delivery, inspection_uri=uri), ports.objects)
    # What was written for a load that never came to be says something else.
    if document is None or document.get("acceptance", {}).get("rows_quarantined") != delivery.rows_quarantined:
        return delivery
    return replace(delivery, inspection_uri=uri, verdict=document["verdict"])


def quarantine_of(delivery: Delivery, objects: ObjectStore) -> bytes | None:
    """The rows of the delivery that were put aside; None if none was."""
    bucket, _, name = (delivery.inspection_uri or "").rpartition(f"/{FOLDER}")
    return objects.read(f"{bucket}/{ASIDE}{name.removesuffix('.json')}.csv") if bucket else None


def prefixes_of(delivery_id: str) -> tuple[str, str]:
    """How the keys of all documents of a delivery begin, also of those of every later load, and of no others."""
    return f"{FOLDER}{delivery_id}", f"{ASIDE}{delivery_id}"


def _stem(delivery: Delivery, generation: int | None) -> str:
    return delivery.delivery_id if generation is None else f"{delivery.delivery_id}.{generation}"


def _reason(inspection: Inspection) -> str | None:
    """Why the file was rejected, by its worst finding; None if it was not."""
    if inspection.verdict != "rejected":
        return None
    worst = sorted(inspection.findings, key=lambda finding: gravity(finding.code, finding.severity))
    return "; ".join(f"{finding.code}: {finding.message}" for finding in worst[:1])[:REASON_LENGTH]
