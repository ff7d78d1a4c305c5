"""Settings in; the door that they describe, its application, and a token for whoever sits at this machine, out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from csvgate import wiring
from csvgate.ports.uploads import Place, Uploads
from csvgate.report.escape import to_json
from csvgate.settings import Settings
from csvgate.web.access import SCOPES, mint
from csvgate.web.app import create_app
from csvgate.web.door import Door, Limits
from csvgate.web.live import Live
from csvgate.web.pages.problem import problem_page
from csvgate.web.rates import Rate
from csvgate.web.service import TABLE
from csvgate.web.tokens import Tokens

TOKEN_FILE = "token"  # noqa: S105  a name, not one
OWNER_ONLY = 0o600


def door_of(settings: Settings) -> Door:
    """The door of the stack that the settings mean."""
    ports, uploads = wiring.ports(settings), wiring.uploads(settings)
    return Door(
        ports=ports,
        bucket=settings.bucket,
        tokens=tokens_of(settings),
        uploads=uploads,
        clock=ports.clock,
        live=Live(ports.view),
        dead_letters=wiring.dead_letters(settings),
        announce=wiring.announce(settings),
        limits=Limits(upload=settings.max_upload_bytes),
        upload_rate=Rate(settings.uploads_per_minute),
        byte_rate=Rate(settings.upload_bytes_per_minute) if settings.upload_bytes_per_minute else None,
        is_local=settings.target == "local" and not settings.public_url.startswith("https:"),
        public_url=settings.public_url,
        upload_origin=origin_of(uploads, settings.bucket),
    )


def origin_of(uploads: Uploads, bucket: str) -> str:
    """Where browsers send parts to, as `https://host`: taken from an address, for which nobody has to be asked."""
    address = urlsplit(uploads.address(Place(bucket=bucket, key="any", store_id="any"), 1, 1, 1))
    return f"{address.scheme}://{address.netloc}"


def application(settings: Settings) -> Flask:
    """What answers requests; it logs one line of JSON for each, on standard output."""
    return create_app(door_of(settings), TABLE, _log, problem_page)


def tokens_of(settings: Settings) -> Tokens:
    """The tokens of the stack."""
    return Tokens(wiring.objects(settings), settings.results_bucket, wiring.now)


def local_token(settings: Settings) -> Path:
    """The file with the token of the local stack: made when there is none that counts, readable by its owner only."""
    tokens, file = tokens_of(settings), settings.data_dir / TOKEN_FILE
    if not (file.is_file() and tokens.holder(file.read_text(encoding="ascii", errors="replace").strip())):
        text, kept = mint(name="whoever uses this machine", scopes=frozenset(SCOPES))
        tokens.keep(kept)
        _write(file, f"{text}\n")
    return file


def _write(file: Path, text: str) -> None:
    """A file of its owner's alone, also where there was one that others could read; never half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w", encoding="ascii") as out:
        out.write(text)
    draft.replace(file)


def _log(line: dict[str, object]) -> None:
    sys.stdout.write(f"{to_json(line, indent=None)}\n")
    sys.stdout.flush()
