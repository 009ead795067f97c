"""What callers give, as far as only Python can read it: moments, spans, paths, functions. The rest the core reads."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import os
import pathlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from importlib import resources
from typing import Final, Literal, NamedTuple, TypeAlias

from azure_imds import _native
from azure_imds._escaped import bounded, quoted
from azure_imds.errors import UsageError
from azure_imds.records import AttestedDocument, ScheduledEvent


class NonceNotChecked(enum.Enum):
    """The type of ``NONCE_NOT_CHECKED``."""

    NONCE_NOT_CHECKED = "nonce not checked"

    def __repr__(self) -> str:
        return "azure_imds.NONCE_NOT_CHECKED"


class SigningTime(enum.Enum):
    """The type of ``AT_SIGNING_TIME``."""

    AT_SIGNING_TIME = "at signing time"

    def __repr__(self) -> str:
        return "azure_imds.AT_SIGNING_TIME"


NONCE_NOT_CHECKED: Final = NonceNotChecked.NONCE_NOT_CHECKED
"""The caller does not check the nonce, and says so.

Anybody who saw the document may then hand it in as well, for at most six hours and the skew after its creation: any
process on the VM can. Give a ``max_age``, and keep a list of the documents seen, by ``VerifiedDocument.identity``: the
bytes of one can be rewritten, its identity can't.
"""

AT_SIGNING_TIME: Final = SigningTime.AT_SIGNING_TIME
"""Judge the chain at the time at which the document says it was created, and do not hold against it that it expired.

For archives, never for admission.
"""

Fingerprints: TypeAlias = Iterable[str | bytes]
"""SHA-256 digests: 64 hexadecimal digits each (colons between the octets allowed), or 32 bytes."""

CloudName: TypeAlias = Literal["public", "usgov", "china", "germany"]
"""An Azure cloud."""

Now: TypeAlias = datetime | float | SigningTime | None
"""A time: an aware ``datetime``, Unix seconds, ``AT_SIGNING_TIME``, or ``None`` for this machine's clock."""

Seconds: TypeAlias = int | timedelta
"""A span of time: whole seconds, or a ``timedelta``."""

Span: TypeAlias = float | timedelta
"""A span of time: seconds, or a ``timedelta``."""

Path: TypeAlias = str | os.PathLike[str]
"""A path of the file system."""

Certificates: TypeAlias = bytes | Path | Iterable[bytes | Path]
"""Certificates: content (one in DER, or any number in PEM) as ``bytes``, paths of such files, or several of these."""

_FILE_LIMIT = 16 * 1024 * 1024
_LONGEST = 2**53


def kind_of(name: str, value: object) -> tuple[str, object]:
    """What only Python can read of an argument: its kind, and what the native module reads instead of it."""
    if value is NONCE_NOT_CHECKED:
        return "nonce_not_checked", None
    if value is AT_SIGNING_TIME:
        return "signing_time", None
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise _of_value(name, value, "a datetime with a time zone: datetime.now(timezone.utc)")
        return "time", value.timestamp()
    if isinstance(value, timedelta):
        return "span", value.total_seconds()
    if isinstance(value, _File):
        return "file", value
    if isinstance(value, bytearray | memoryview):
        return "usual", bytes(value)
    if isinstance(value, ScheduledEvent):
        return "usual", value.event_id or ""
    if dataclasses.is_dataclass(value) and type(value).__module__ == "azure_imds._report":
        return "usual", vars(value)  # a Plan
    if isinstance(value, Mapping):
        return "usual", dict(value)
    if isinstance(value, Iterable):
        return "usual", list(value)
    return "other", type(value).__name__


def document_bytes(document: object) -> bytes:
    """The document as it came. Text that is not Unicode is the document's fault, and left to the verifier."""
    if isinstance(document, str):
        return document.encode("utf-8", "surrogatepass")
    if isinstance(document, bytes | bytearray | memoryview):
        return bytes(document)
    if isinstance(document, AttestedDocument):
        return document_bytes(document.text)
    if isinstance(document, dict):
        raise _of_type("document", document, "the text of the answer as it came, not decoded JSON")
    raise _of_type("document", document, "bytes or str: the answer of /metadata/attested/document, or its signature")


def milliseconds(name: str, span: object) -> int | None:
    """Milliseconds of a span that is not negative; none for the default."""
    if span is None:
        return None
    if isinstance(span, timedelta):
        span = span.total_seconds()
    if isinstance(span, bool) or not isinstance(span, int | float):
        raise _of_type(name, span, "seconds as int or float, a timedelta, or None for the default")
    if not 0 <= span <= _LONGEST / 1000:
        raise _of_value(name, span, "seconds that are not negative")
    return round(span * 1000)


def callback(name: str, given: object, *, is_awaited: bool) -> Callable[..., object] | None:
    """A function to call, or none. A coroutine function is refused where nobody would await it."""
    if given is None:
        return None
    if not callable(given):
        raise _of_type(name, given, "a function, or None")
    if not is_awaited and (inspect.iscoroutinefunction(given) or inspect.iscoroutinefunction(type(given).__call__)):
        raise _of_value(name, given, "a function that is not async, or use AsyncVerifier")
    return given


def bundles(name: str, given: object) -> object:
    """Certificates, out of whatever a caller names them by: paths are read."""
    if isinstance(given, bytes | bytearray | memoryview | str | os.PathLike):
        given = [given]
    if not isinstance(given, Iterable):
        return given
    return [_bundle(name, number, item) for number, item in enumerate(given, 1)]


def folder(name: str, given: object) -> pathlib.Path | None:
    """A folder, which need not exist."""
    if given is None:
        return None
    if not isinstance(given, str | os.PathLike):
        raise _of_type(name, given, "the path of a folder, or None")
    return pathlib.Path(given)


def bundled_issuers() -> tuple[bytes, ...]:
    """The issuers that this package was built with, DER. None if it was built without them."""
    bundle = bundled()
    return () if bundle is None else _native.read_certificates(bundle)


def bundled() -> bytes | None:
    """The same, not yet read."""
    file = resources.files("azure_imds") / "issuers.pem"
    return file.read_bytes() if file.is_file() else None


class _File(NamedTuple):
    """A file that was read."""

    path: str
    content: bytes


def _bundle(name: str, number: int, item: object) -> object:
    if isinstance(item, str) and "-----BEGIN" in item:
        raise _of_value(name, "PEM text", "the content as bytes: text.encode(); a str is taken for a path")
    if isinstance(item, str | os.PathLike):
        return _File(os.fsdecode(item), _content(f"{name}, item {number}", item))
    return item


def _content(name: str, path: Path) -> bytes:
    remedy = "give the path of a PEM or DER file"
    try:
        with open(path, "rb") as file:
            content = file.read(_FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{name}, {quoted(path)}: {reason}; {remedy}", code="file_unreadable") from error
    if len(content) > _FILE_LIMIT:
        raise UsageError(f"{name}, {quoted(path)}: longer than {_FILE_LIMIT} bytes; {remedy}", code="file_unreadable")
    return content


def _of_type(name: str, value: object, remedy: str) -> UsageError:
    return UsageError(f"{name} is of type {type(value).__name__}; give {remedy}", code="argument_type")


def _of_value(name: str, value: object, remedy: str) -> UsageError:
    shown = f'"{bounded(value)}"' if isinstance(value, str) else bounded(ascii(value))
    return UsageError(f"{name} is {shown}; give {remedy}", code="argument_value")
