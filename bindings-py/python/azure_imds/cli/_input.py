"""What the command line is given: the document, and times."""

from __future__ import annotations

import io
import os
import re
import sys
from datetime import datetime, timezone
from typing import BinaryIO

from azure_imds._escaped import bounded, quoted
from azure_imds.errors import UsageError

LIMIT = 64 * 1024
"""Bytes that a document may have. One more is read, for the verifier to see that it is too long."""


def document(file: str) -> bytes:
    """The content of a file, of standard input for ``-``."""
    try:
        if file == "-":
            return _standard_input()
        with open(file, "rb") as opened:
            return opened.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        name = "standard input" if file == "-" else quoted(file)
        raise UsageError(
            f"{name} can't be read: {reason(error)}; give a file that holds the answer of "
            "/metadata/attested/document, or - for standard input",
            code="file_unreadable",
        ) from error


def time(text: str) -> datetime:
    """A time in RFC 3339 or Unix seconds."""
    try:
        if _UNIX.fullmatch(text):
            return datetime.fromtimestamp(int(text), timezone.utc)
        if written := _RFC3339.fullmatch(text):
            day, clock, zone = written.groups()
            moment = datetime.fromisoformat(f"{day}T{clock}{_UTC if zone in 'Zz' else zone}")
            if moment.timestamp() >= 0:
                return moment.astimezone(timezone.utc)
    except (ValueError, OverflowError, OSError):
        pass
    raise UsageError(
        f'the time "{bounded(text)}" is neither RFC 3339 nor Unix seconds, between 1970 and 9999; '
        "write it like 2026-06-25T18:57:45Z or 1782413865",
        code="time_malformed",
    )


def reason(error: OSError | ValueError) -> str:
    """What the operating system says, without number and path."""
    return getattr(error, "strerror", None) or str(error)


_UNIX = re.compile(r"[0-9]{1,12}")
_RFC3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_UTC = "+00:00"


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise OSError(0, "it is closed")
    stream: BinaryIO = sys.stdin.buffer
    return _typed(stream) if sys.stdin.isatty() else _whole(stream)


def _whole(stream: BinaryIO) -> bytes:
    return stream.read(LIMIT + 1)


def _typed(stream: BinaryIO) -> bytes:
    """What is typed or pasted into a terminal, up to Ctrl-D.

    A terminal hands out lines, and cuts off what is longer than 4095 bytes, as documents are. So it is asked to hand
    out what it gets, and not to show it.
    """
    print("azure-imds: paste the document, then press Ctrl-D", file=sys.stderr, flush=True)
    try:
        import termios
        import tty
    except ImportError:  # Windows, whose console has no such limit.
        return _whole(stream)
    try:
        terminal = stream.fileno()
        before = termios.tcgetattr(terminal)
    except (termios.error, io.UnsupportedOperation):
        return _whole(stream)
    try:
        tty.setcbreak(terminal)
        content = b""
        while len(content) <= LIMIT:
            piece, end, _ = os.read(terminal, 4096).partition(_END)
            content += piece
            if end or not piece:
                break
        return content[: LIMIT + 1]
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


_END = b"\x04"
