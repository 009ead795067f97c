"""What callers give, as the native module takes it. Whatever makes no sense is a ``UsageError`` with a remedy."""

from __future__ import annotations

import enum
import inspect
import math
import os
import pathlib
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from importlib import resources
from typing import Final, Literal, TypeAlias

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

Path: TypeAlias = str | os.PathLike[str]
"""A path of the file system."""

Certificates: TypeAlias = bytes | Path | Iterable[bytes | Path]
"""Certificates: content (one in DER, or any number in PEM) as ``bytes``, paths of such files, or several of these."""

_LATEST = 253_402_300_799  # 9999-12-31T23:59:59Z
_LONGEST = 2**53
_FILE_LIMIT = 16 * 1024 * 1024
_NUMBERS: Final = (int, float)
_SEVERAL: Final = (list, tuple, Iterable)  # the usual ones first: an abstract class takes longer to ask


def document_bytes(document: object) -> bytes:
    """The document as it came. Text that is not Unicode is the document's fault, and left to the verifier."""
    if isinstance(document, AttestedDocument):
        document = document.text
    if isinstance(document, str):
        return document.encode("utf-8", "surrogatepass")
    if isinstance(document, bytes | bytearray | memoryview):
        return bytes(document)
    if isinstance(document, dict):
        raise _of_type("document", document, "the text of the answer as it came, not decoded JSON")
    raise _of_type("document", document, "bytes or str: the answer of /metadata/attested/document, or its signature")


def moment(now: object) -> int | Literal["signing_time"]:
    """Unix time in whole seconds, or that it is the signing time."""
    if now is AT_SIGNING_TIME:
        return "signing_time"
    if now is None:
        now = time.time()
    if isinstance(now, datetime):
        if now.utcoffset() is None:
            raise _of_value("now", now, "a datetime with a time zone: datetime.now(timezone.utc)")
        now = now.timestamp()
    if isinstance(now, bool) or not isinstance(now, _NUMBERS):
        raise _of_type("now", now, "an aware datetime, Unix seconds, AT_SIGNING_TIME, or None for this machine's clock")
    if not 0 <= now <= _LATEST:
        raise _of_value("now", now, "a time from 1970 to 9999, in seconds since 1970")
    return math.floor(now)


def seconds(name: str, span: object) -> int:
    """Whole seconds of a span that is not negative."""
    if isinstance(span, timedelta):
        span = math.floor(span.total_seconds())
    if isinstance(span, bool) or not isinstance(span, int):
        raise _of_type(name, span, "whole seconds as int, or a timedelta")
    if not 0 <= span <= _LONGEST:
        raise _of_value(name, span, "seconds that are not negative")
    return span


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


def count(name: str, number: object, most: int) -> int | None:
    """A number that is not negative; none for the default."""
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int):
        raise _of_type(name, number, "int, or None for the default")
    if not 0 <= number <= most:
        raise _of_value(name, number, f"a number from 0 to {most}")
    return number


def flag(name: str, value: object) -> bool:
    """True or false, and nothing that passes for it."""
    if not isinstance(value, bool):
        raise _of_type(name, value, "True or False")
    return value


def environment(given: object) -> dict[str, str]:
    """Environment variables: those of this process unless others are given."""
    if given is None:
        given = os.environ
    if not isinstance(given, Mapping):
        raise _of_type("environment", given, "a mapping of names to values, or None for that of this process")
    return {text("environment", name): text("environment", value) for name, value in given.items()}


def event_ids(given: object) -> list[str]:
    """Identifiers of events, out of whatever a caller names them by."""
    if isinstance(given, str | ScheduledEvent):
        given = [given]
    if not isinstance(given, Iterable):
        raise _of_type("events", given, _EVENTS)
    found = []
    for number, event in enumerate(given, 1):
        if not isinstance(event, str | ScheduledEvent):
            raise _of_type(f"events, item {number}", event, _EVENTS)
        found.append(text("events", event.event_id or "" if isinstance(event, ScheduledEvent) else event))
    return found


def text(name: str, value: object) -> str:
    """Text that has a form in UTF-8."""
    if not isinstance(value, str):
        raise _of_type(name, value, "str")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _of_value(name, value, "text without lone surrogates") from None
    return value


def texts(name: str, values: object) -> list[str]:
    """Several texts."""
    if isinstance(values, str) or not isinstance(values, _SEVERAL):
        raise _of_type(name, values, f"several texts: {name}=[...]")
    found = []
    for value in values:  # a comprehension is a call of its own
        found.append(text(name, value))
    return found


def fingerprints(name: str, values: object) -> list[str]:
    """SHA-256 digests as text, for the native module to read."""
    if isinstance(values, str | bytes | bytearray | memoryview) or not isinstance(values, Iterable):
        raise _of_type(name, values, f"several digests: {name}=[...]")
    return [_fingerprint(f"{name}, item {number}", value) for number, value in enumerate(values, 1)]


def callback(name: str, given: object, *, is_awaited: bool) -> Callable[..., object] | None:
    """A function to call, or none. A coroutine function is refused where nobody would await it."""
    if given is None:
        return None
    if not callable(given):
        raise _of_type(name, given, "a function, or None")
    if not is_awaited and (inspect.iscoroutinefunction(given) or inspect.iscoroutinefunction(type(given).__call__)):
        raise _of_value(name, given, "a function that is not async, or use AsyncVerifier")
    return given


def expectations(
    nonce: object,
    clouds: object,
    max_age: object,
    vm_id: object,
    subscription_id: object,
    sku: object,
    plan: object,
    skew: object,
) -> _native.Expectations:
    """What a caller expects of a document."""
    if nonce is None:
        raise UsageError(
            "the nonce is missing; give the one the document was asked with, or azure_imds.NONCE_NOT_CHECKED",
            code="nonce_empty",
        )
    if plan is not None and not isinstance(plan, _native.Plan):
        raise _of_type("plan", plan, "azure_imds.Plan(name, product, publisher)")
    # By place: to find nine arguments by their names takes longer than all these checks.
    return _native.Expectations(
        None if nonce is NONCE_NOT_CHECKED else text("nonce", nonce),
        nonce is NONCE_NOT_CHECKED,
        texts("clouds", clouds),
        seconds("skew", skew),
        None if max_age is None else seconds("max_age", max_age),
        None if vm_id is None else text("vm_id", vm_id),
        None if subscription_id is None else text("subscription_id", subscription_id),
        None if sku is None else text("sku", sku),
        plan,
    )


Bundle: TypeAlias = tuple[str, bytes]
"""Certificates for the native module to read, and the words that name them if it can't."""


def bundles(name: str, given: object) -> list[Bundle]:
    """Certificates, out of whatever a caller names them by."""
    if isinstance(given, bytes | bytearray | memoryview | str | os.PathLike):
        given = [given]
    if not isinstance(given, Iterable):
        raise _of_type(name, given, _CERTIFICATES)
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
    return tuple(der for _, bundle in bundled() for der in _native.read_certificates(bundle))


def bundled() -> list[Bundle]:
    """The same, not yet read."""
    file = resources.files("azure_imds") / "issuers.pem"
    return [("issuers.pem of this package", file.read_bytes())] if file.is_file() else []


_EVENTS = "a ScheduledEvent, the identifier of one, or several of these"

_CERTIFICATES = "PEM or DER content as bytes, the path of such a file, or several of these"


def _bundle(name: str, number: int, item: object) -> Bundle:
    if isinstance(item, bytes | bytearray | memoryview):
        return f"{name}, item {number}", bytes(item)
    if isinstance(item, str) and "-----BEGIN" in item:
        raise _of_value(name, "PEM text", "the content as bytes: text.encode(); a str is taken for a path")
    if isinstance(item, str | os.PathLike):
        return f"{name}, {quoted(item)}", _file(name, item)
    raise _of_type(f"{name}, item {number}", item, _CERTIFICATES)


def _fingerprint(name: str, value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if not isinstance(value, str):
        raise _of_type(name, value, "a SHA-256 as 64 hexadecimal digits, or as 32 bytes")
    return text(name, value)


def _file(name: str, path: Path) -> bytes:
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
