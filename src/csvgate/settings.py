"""The environment, a `.env` file and the local stack's `stack.json` in, one frozen Settings out; read only here.

Which AWS is meant: `CSVGATE_TARGET=aws` says the real one (or any other, by AWS_ENDPOINT_URL); else an AWS_ENDPOINT_URL
on this machine, else the local stack of this directory; else it is an error. The environment wins over `.env`,
and both win over `stack.json`, but for the region and the database: the stack is nowhere else than where it says.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args

from csvgate.errors import PermanentError, UsageError
from csvgate.loopback import is_loopback, lacking_scheme
from csvgate.variables import DATA_DIR, SETTINGS

Target = Literal["local", "aws"]
CatalogKind = Literal["dynamodb", "postgresql"]
TellPeople = Literal["problems", "everything"]
Announce = Literal["auto", "always", "never"]
LOCAL_REGION = "us-east-1"
# What every emulator takes for a key; a local target never sees another one.
DUMMY = "test"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What one run of csvgate goes by; an empty name is not known yet (the stack's outputs tell it)."""

    target: Target
    endpoint_url: str | None
    region: str | None
    access_key: str | None = field(repr=False)
    secret_key: str | None = field(repr=False)
    session_token: str | None = field(repr=False)
    data_dir: Path
    bucket: str
    key_prefix: str
    results_bucket: str
    arrivals_queue_url: str
    arrivals_dead_url: str
    inspected_queue_url: str
    inspected_dead_url: str
    metadata_table: str
    deliveries_table: str
    rows_table: str
    database_url: str = field(repr=False)
    database_secret: str
    catalog: CatalogKind
    feeds: str
    inspect_function: str
    record_function: str
    max_receive_count: int
    lease_seconds: int
    retry_seconds: int
    reconcile_seconds: int | None
    statement_seconds: int | None
    topic_arn: str
    event_bus: str
    webhook_url: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    slack_url: str = field(repr=False)
    smtp_url: str = field(repr=False)
    mail_from: str
    mail_to: str
    tell_people: TellPeople
    announce: Announce
    public_url: str
    max_upload_bytes: int
    uploads_per_minute: int
    upload_bytes_per_minute: int | None
    traces_endpoint: str
    service_name: str
    debug: bool

    @property
    def has_database(self) -> bool:
        """A PostgreSQL is named, or a secret that says which."""
        return bool(self.database_url or self.database_secret)

    @property
    def lease(self) -> timedelta:
        """How long a claim holds."""
        return timedelta(seconds=self.lease_seconds)


def load(environ: Mapping[str, str] | None = None, directory: Path = Path()) -> Settings:
    """The settings of this run; PermanentError if there is no AWS that is meant, UsageError if they make no sense."""
    known = environment(environ, directory)
    folder = data_dir(known, directory)
    stack = _stack(folder)
    target = _target(known, stack, folder)
    if target == "local" and stack and known.get("AWS_ENDPOINT_URL", stack["endpoint_url"]) == stack["endpoint_url"]:
        own = _as_environment(stack)
        # The region of a shell is that of somebody's AWS; this stack is where it was deployed.
        known = {**own, **known, **_database(own, known), "AWS_REGION": own.get("AWS_REGION", LOCAL_REGION)}
    if target == "local":
        known = {"AWS_REGION": LOCAL_REGION, **known}
        _require_local(known.get("AWS_ENDPOINT_URL", ""))
    return _settings(target, known, directory)


def database_url(environ: Mapping[str, str] | None = None, directory: Path = Path()) -> str:
    """The PostgreSQL that is meant, whatever AWS is: DATABASE_URL, else that of the local stack; UsageError if none."""
    known = environment(environ, directory)
    own = _as_environment(_stack(data_dir(known, directory)) or {})
    url = known.get("DATABASE_URL", own.get("DATABASE_URL"))
    if url is None:
        _refuse("No database is meant. Say which with DATABASE_URL, or start one with `csvgate up --postgres`.")
    return url


def database(environ: Mapping[str, str] | None = None, directory: Path = Path()) -> str | Settings:
    """The address of the database that is meant; where a secret holds who is let in, all that it takes to read it."""
    if "CSVGATE_DATABASE_SECRET" in environment(environ, directory):
        return load(environ, directory)
    return database_url(environ, directory)


def environment(environ: Mapping[str, str] | None = None, directory: Path = Path()) -> dict[str, str]:
    """The environment over the `.env` file of the directory; variables that are set but empty are not set."""
    own = os.environ if environ is None else environ
    known = {**_dotenv(directory / ".env"), **own}
    return {name: value for name, value in known.items() if value}


def data_dir(known: Mapping[str, str], directory: Path = Path()) -> Path:
    """Where the local stack of the directory keeps its state."""
    return directory / known.get("CSVGATE_DATA_DIR", DATA_DIR)


def _target(known: Mapping[str, str], stack: Mapping[str, Any] | None, folder: Path) -> Target:
    wanted = known.get("CSVGATE_TARGET")
    if wanted == "aws":
        return "aws"
    if wanted:
        _one_of(get_args(Target), known, "CSVGATE_TARGET", wanted)
    if stack is None and "AWS_ENDPOINT_URL" not in known:
        problem = f"{_absence(folder)}, or say that AWS itself is meant with CSVGATE_TARGET=aws."
        raise PermanentError(problem)
    return "local"


def _settings(target: Target, known: Mapping[str, str], directory: Path) -> Settings:
    by_field: dict[str, Any] = {setting.field: known.get(setting.name, setting.default) for setting in SETTINGS}
    by_field |= {
        "target": target,
        "endpoint_url": known.get("AWS_ENDPOINT_URL"),
        "region": known.get("AWS_REGION", known.get("AWS_DEFAULT_REGION")),
        **_credentials(target, known),
        "data_dir": data_dir(known, directory),
        "max_receive_count": _number(known, "CSVGATE_MAX_RECEIVE_COUNT", by_field["max_receive_count"]),
        "lease_seconds": _number(known, "CSVGATE_LEASE_SECONDS", by_field["lease_seconds"]),
        "retry_seconds": _number(known, "CSVGATE_RETRY_SECONDS", by_field["retry_seconds"]),
        "reconcile_seconds": _number_or_none(known, "CSVGATE_RECONCILE_SECONDS"),
        "statement_seconds": _number_or_none(known, "CSVGATE_STATEMENT_SECONDS"),
        "tell_people": _one_of(get_args(TellPeople), known, "CSVGATE_TELL_PEOPLE", by_field["tell_people"]),
        "announce": _one_of(get_args(Announce), known, "CSVGATE_ANNOUNCE", by_field["announce"]),
        "public_url": _origin(known, "CSVGATE_PUBLIC_URL"),
        "max_upload_bytes": _number(known, "CSVGATE_MAX_UPLOAD_BYTES", by_field["max_upload_bytes"]),
        "uploads_per_minute": _number(known, "CSVGATE_UPLOADS_PER_MINUTE", by_field["uploads_per_minute"]),
        "upload_bytes_per_minute": _number_or_none(known, "CSVGATE_UPLOAD_BYTES_PER_MINUTE"),
        "catalog": _catalog(known),
        "debug": by_field["debug"] == "1",
    }
    return Settings(**by_field)


def _credentials(target: Target, known: Mapping[str, str]) -> dict[str, str | None]:
    if target == "local":
        return {"access_key": DUMMY, "secret_key": DUMMY, "session_token": None}
    names = {
        "access_key": "AWS_ACCESS_KEY_ID",
        "secret_key": "AWS_SECRET_ACCESS_KEY",
        "session_token": "AWS_SESSION_TOKEN",
    }
    return {field: known.get(name) for field, name in names.items()}


def _database(own: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Where the functions of a stack record; the DATABASE_URL of a shell may be somebody else's."""
    if "DATABASE_URL" in own:
        return {"DATABASE_URL": own["DATABASE_URL"], "CSVGATE_DATABASE_SECRET": ""}
    return {"CSVGATE_CATALOG": known.get("CSVGATE_CATALOG", "dynamodb")}


def _catalog(known: Mapping[str, str]) -> str:
    """A database is the catalog, too, unless told otherwise."""
    has_database = bool(known.get("DATABASE_URL") or known.get("CSVGATE_DATABASE_SECRET"))
    kind = _one_of(get_args(CatalogKind), known, "CSVGATE_CATALOG", "postgresql" if has_database else "dynamodb")
    if kind == "postgresql" and not has_database:
        _refuse("CSVGATE_CATALOG is 'postgresql', and neither DATABASE_URL nor CSVGATE_DATABASE_SECRET says which one.")
    return kind


def _number(known: Mapping[str, str], name: str, default: str) -> int:
    text = known.get(name, default)
    if not text.isdecimal() or int(text) < 1:
        _refuse(f"{name} is {text!r}; it has to be a whole number above zero.")
    return int(text)


def _number_or_none(known: Mapping[str, str], name: str) -> int | None:
    """Unset means never, or without end."""
    return _number(known, name, "") if name in known else None


def _origin(known: Mapping[str, str], name: str) -> str:
    """An address of no more than a scheme and a host, as browsers write an origin; '' where it is unset."""
    text = known.get(name, "").rstrip("/")
    if text and not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", text):
        _refuse(f"{name} is {text!r}; it has to be like https://csvgate.example.com, in lower case.")
    return text


def _one_of(choice: tuple[str, ...], known: Mapping[str, str], name: str, default: str) -> str:
    text = known.get(name, default)
    if text not in choice:
        _refuse(f"{name} is {text!r}; it may be {' or '.join(choice)}.")
    return text


def _stack(folder: Path) -> dict[str, Any] | None:
    """What `csvgate up` wrote about the stack that runs from this folder, if one does."""
    file = folder / "stack.json"
    try:
        stack = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        stack = None
    if not isinstance(stack, dict) or not isinstance(stack.get("endpoint_url"), str):
        _refuse(f"{file} does not say where the stack is. Run `csvgate up` again.")
    return stack


def _absence(folder: Path) -> str:
    """That no stack runs, and how to have one: a stack that was stopped comes back as it was."""
    if (folder / "stopped.json").exists():
        return "The local stack of this directory is stopped. Start it again with `csvgate up`"
    return "There is no local stack in this directory. Start one with `csvgate up`"


def _as_environment(stack: Mapping[str, Any]) -> dict[str, str]:
    return {setting.name: stack[setting.field] for setting in SETTINGS if isinstance(stack.get(setting.field), str)}


def _dotenv(file: Path) -> dict[str, str]:
    """The `NAME=value` lines of the file; an `export` before and quotes around are taken off, `#` begins a comment."""
    if not file.is_file():
        return {}
    lines = (line.strip().removeprefix("export ") for line in file.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): _unquoted(value.strip()) for name, _, value in pairs}


def _unquoted(value: str) -> str:
    if value[:1] in {"'", '"'}:
        return value[1:].partition(value[0])[0]
    return value.partition(" #")[0].rstrip()


def _require_local(endpoint_url: str) -> None:
    """A local stack never touches a real AWS."""
    if problem := lacking_scheme(endpoint_url):
        _refuse(f"AWS_ENDPOINT_URL: {problem}")
    if not is_loopback(endpoint_url):
        _refuse(f"{endpoint_url} is not on this machine. If it is what you mean, say so with CSVGATE_TARGET=aws.")


def _refuse(problem: str) -> NoReturn:
    raise UsageError(problem)
