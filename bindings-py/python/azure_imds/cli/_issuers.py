"""The known issuers: which are at hand, which end soon, and how a bundle of them is made.

A bundle holds what the table of known issuers pins by SHA-256, and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import ssl
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, cast

from azure_imds import (
    KnownIssuer,
    TransportError,
    UsageError,
    _transport,
    bundled_issuers,
    default_anchors,
    default_cache_dir,
    known_issuers,
    read_certificates,
)
from azure_imds._escaped import bounded, quoted
from azure_imds._issuer_cache import IssuerCache
from azure_imds.cli._input import reason

Place: TypeAlias = Literal["anchor", "bundle", "cache", "given"]
State: TypeAlias = Literal["valid", "ends within a year", "ended", "not yet valid"]

SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})
"""Files of a folder that are read."""

_PLACES: dict[Place, str] = {"anchor": "built in", "bundle": "bundle", "cache": "cache", "given": "given"}
_YEAR = timedelta(days=365)
_AT_ONCE = 6
_FILE_LIMIT = 1024 * 1024
_BODY_LIMIT = 64 * 1024


class Row(NamedTuple):
    """A line of a table. The state gives it its colour."""

    state: State | Literal["left out"]
    cells: tuple[str, ...]


class Table(NamedTuple):
    """A table for people."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def as_text(self) -> str:
        """In plain text, in columns."""
        lines = [self.columns, *(row.cells for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "".join("  ".join(map(str.ljust, line, widths)).rstrip() + "\n" for line in lines)


@dataclass(frozen=True)
class Known:
    """A known issuer, and where it is at hand."""

    issuer: KnownIssuer
    state: State
    present: Place | None

    def as_json(self) -> dict[str, Any]:
        """The values of its JSON form."""
        form = self.issuer.to_dict()
        del form["schema_version"]
        return {**form, "state": self.state, "present": self.present}


@dataclass(frozen=True)
class Listing:
    """The table of known issuers. `bundle`: certificates in the bundle of this package."""

    bundle: int
    known: tuple[Known, ...]

    def as_json(self) -> dict[str, Any]:
        """The values of its JSON form."""
        issuers = [known.as_json() for known in self.known]
        return {"schema_version": 1, "bundle": self.bundle or None, "issuers": issuers}

    def table(self) -> Table:
        """Its lines for people."""
        rows = []
        for known in self.known:
            issuer = known.issuer
            role = "anchor" if issuer.default_anchor else issuer.kind
            place = _PLACES[known.present] if known.present else "no"
            until = f"{issuer.not_after:%Y-%m-%d}"
            rows.append(Row(known.state, (issuer.name, role, until, known.state, place)))
        return Table(("name", "role", "valid until", "state", "present"), tuple(rows))

    def summary(self) -> list[str]:
        """What there is to say about it."""
        helpers = [known for known in self.known if known.issuer.kind == "intermediate" and known.state != "ended"]
        present = [known for known in helpers if known.present]
        ending = [known for known in self.known if known.state == "ends within a year"]
        said = [f"{len(present)} of {len(helpers)} intermediates that have not ended are present"]
        if ending:
            said.append(f"{len(ending)} of {len(self.known)} known certificates end within a year")
        if self.bundle:
            said.append(f"this package was built with a bundle of {self.bundle} issuers")
        else:
            said.append(
                "no bundle is present: issuers are fetched when they are needed; "
                "to have them at hand: azure-imds issuers update"
            )
        return said


@dataclass
class Found:
    """Certificates by SHA-256, why known issuers could not be had, and what was passed over with the reason."""

    certificates: dict[str, bytes] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def add(self, source: str, content: bytes) -> None:
        """Takes the certificates of a file or an answer."""
        try:
            certificates = read_certificates(content)
        except UsageError as error:
            self.left_out.append((source, f"{error} ({error.code})"))
            return
        for der in certificates:
            sha256 = hashlib.sha256(der).hexdigest()
            if (issuer := _by_sha256(sha256)) is None:
                self.left_out.append((source, f"not in the table of known issuers: SHA-256 {sha256}"))
            elif issuer.kind == "root":
                self.left_out.append((source, f"{issuer.name} is a root: trust it with --anchors, if at all"))
            else:
                self.certificates[sha256] = der


@dataclass(frozen=True)
class Line:
    """What became of one known issuer."""

    issuer: KnownIssuer
    state: State
    written: bool
    remark: str

    def as_json(self) -> dict[str, Any]:
        """The values of its JSON form."""
        return {
            "name": self.issuer.name,
            "sha256": self.issuer.sha256,
            "state": self.state,
            "written": self.written,
            "remark": self.remark,
        }


@dataclass(frozen=True)
class Update:
    """A bundle made. Without a `path` there was nothing to write."""

    path: Path | None
    lines: tuple[Line, ...]
    left_out: tuple[tuple[str, str], ...]
    failed: bool

    def as_json(self) -> dict[str, Any]:
        """The values of its JSON form."""
        return {
            "output": self.path and os.fspath(self.path),
            "issuers": [line.as_json() for line in self.lines],
            "left_out": [{"source": source, "reason": why} for source, why in self.left_out],
        }

    def table(self) -> Table:
        """Its lines for people."""
        rows = []
        for line in self.lines:
            issuer, what = line.issuer, "written" if line.written else "missing"
            until = f"{issuer.not_after:%Y-%m-%d}"
            rows.append(Row(line.state, (issuer.name, until, line.state, what, line.remark)))
        for source, why in self.left_out:
            rows.append(Row("left out", (bounded(source), "", "", "left out", why)))
        return Table(("name", "valid until", "state", "bundle", "remark"), tuple(rows))

    def summary(self) -> list[str]:
        """What there is to say about it."""
        written = sum(line.written for line in self.lines)
        ended = sum(line.written and line.state == "ended" for line in self.lines)
        if self.path is None:
            return ["nothing was written: no known issuer was found"]
        said = [f"wrote {written} of {len(self.lines)} known intermediates to {bounded(os.fspath(self.path), 400)}"]
        if ended:
            said.append(f"{ended} of them have ended: they help to judge old documents")
        return said


def listing(now: datetime, given: Path | None) -> Listing:
    """The table, with what the package, the cache and a given folder or bundle hold."""
    bundle = bundled_issuers()
    cache = default_cache_dir()
    places: list[tuple[Place, Iterable[bytes]]] = [
        ("anchor", default_anchors()),
        ("given", everything_in(given) if given else ()),
        ("bundle", bundle),
        ("cache", IssuerCache(cache).load() if cache else ()),
    ]
    present: dict[str, Place] = {}
    for place, certificates in places:
        for der in certificates:
            present.setdefault(hashlib.sha256(der).hexdigest(), place)
    known = (Known(issuer, _state(issuer, now), present.get(issuer.sha256)) for issuer in known_issuers())
    return Listing(len(bundle), tuple(known))


def everything_in(path: Path) -> Iterator[bytes]:
    """The certificates of a folder or a file, roots too. Files that hold none are passed over in a folder."""
    for file in _files(path):
        with contextlib.suppress(UsageError) if path.is_dir() else contextlib.nullcontext():
            yield from read_certificates(_content(file))


def read(path: Path) -> Found:
    """The known intermediates of a folder or a file."""
    found = Found()
    for file in _files(path):
        try:
            found.add(file.name, _content(file))
        except UsageError as error:
            if file == path:
                raise
            found.left_out.append((file.name, f"{error} ({error.code})"))
    return found


def fetch(advance: Callable[[int, int], None]) -> Found:
    """Fetches every known intermediate that has an address. `advance` is told how many of how many are done."""
    found = Found()
    wanted = [issuer for issuer in _intermediates() if issuer.url]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        try:
            for done, (issuer, answer) in enumerate(zip(wanted, threads.map(_answer, wanted), strict=True), 1):
                if isinstance(answer, bytes):
                    found.add(issuer.url or "", answer)
                if issuer.sha256 not in found.certificates:
                    found.failures[issuer.sha256] = answer if isinstance(answer, str) else _OTHER
                advance(done, len(wanted))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def update(now: datetime, output: Path, found: Found, absent: str) -> Update:
    """Writes a bundle of what was found and of what the file holds already. `absent` says why the rest is missing."""
    kept = _kept(output)
    lines, blocks = [], []
    for issuer in _intermediates():
        new, old = found.certificates.get(issuer.sha256), kept.get(issuer.sha256)
        remark = "" if new else found.failures.get(issuer.sha256, absent)
        if certificate := new or old:
            blocks.append(_block(issuer, certificate))
        if old and not new:
            remark = f"kept from before: {remark}"
        lines.append(Line(issuer, _state(issuer, now), certificate is not None, remark))
    if blocks:
        _write(output, "".join(blocks))
    failed = not blocks or any(line.issuer.sha256 in found.failures and not line.written for line in lines)
    return Update(output if blocks else None, tuple(lines), tuple(found.left_out), failed)


_OTHER = "its address holds something else"


def _intermediates() -> list[KnownIssuer]:
    return [issuer for issuer in known_issuers() if issuer.kind == "intermediate"]


def _by_sha256(sha256: str) -> KnownIssuer | None:
    return next((issuer for issuer in known_issuers() if issuer.sha256 == sha256), None)


def _state(issuer: KnownIssuer, now: datetime) -> State:
    if now < issuer.not_before:
        return "not yet valid"
    if now > issuer.not_after:
        return "ended"
    return "ends within a year" if issuer.not_after - now < _YEAR else "valid"


def _files(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            return [path]
        # Opening a pipe would wait for its writer.
        return sorted(it for it in path.iterdir() if it.suffix.lower() in SUFFIXES and not it.is_fifo())
    except (OSError, ValueError) as error:
        raise _unreadable(path, reason(error)) from error


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(_FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(file, reason(error)) from error
    if len(content) > _FILE_LIMIT:
        raise _unreadable(file, f"it is longer than {_FILE_LIMIT} bytes")
    return content


def _unreadable(path: Path, why: str) -> UsageError:
    return UsageError(
        f"{quoted(path)} can't be read: {why}; give a folder of certificates (.pem, .crt, .cer, .der), or a bundle",
        code="file_unreadable",
    )


@dataclass(frozen=True)
class _Request:
    """What the transport reads of a request."""

    url: str
    deadline_ms: int
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    route: str = "internet"
    connect_timeout_ms: int = 5_000
    max_body: int = _BODY_LIMIT


def _answer(issuer: KnownIssuer) -> bytes | str:
    """The certificate at its address, or why there is none."""
    request = _Request(issuer.url or "", _transport.now_ms() + 15_000)
    try:
        answer = _transport.carry(cast(Any, request))
    except TransportError as error:
        return f"not fetched: {bounded(str(error))} ({error.code})"
    if answer.status != 200:
        return f"not fetched: the server answered with status {answer.status}"
    if len(answer.body) > _BODY_LIMIT:
        return f"not fetched: the answer is longer than {_BODY_LIMIT} bytes"
    return answer.body


def _kept(output: Path) -> dict[str, bytes]:
    """What an earlier bundle of that name holds. A file that is no such bundle is left alone."""
    if not output.exists():
        return {}
    found, content = Found(), _content(output)
    if content.strip():
        found.add(output.name, content)
    if found.left_out:
        raise UsageError(
            f"{quoted(output)} exists and is not a bundle of known issuers: {found.left_out[0][1]}; "
            "give another place with --output",
            code="output_unwritable",
        )
    return found.certificates


def _block(issuer: KnownIssuer, der: bytes) -> str:
    dates = f"{issuer.not_before:%Y-%m-%d} to {issuer.not_after:%Y-%m-%d}"
    title = f"# {issuer.name}, {dates}, issued by {issuer.issuer}"
    return f"{title}\n# SHA-256 {issuer.sha256}\n{ssl.DER_cert_to_PEM_cert(der)}"


def _write(path: Path, text: str) -> None:
    """Writes the file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("x", encoding="ascii") as file:
            file.write(text)
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise UsageError(
            f"{quoted(path)} can't be written: {reason(error)}; give another place with --output",
            code="output_unwritable",
        ) from error
