"""Bodies in pieces: slowly, and without end."""

from __future__ import annotations

from collections.abc import Iterator

BODY = 64 * 1024
"""Bytes of a request's body that the emulator reads; one more, and it refuses."""

_PER_SECOND = 20


def paced(body: bytes, bytes_per_second: int) -> Iterator[tuple[float, bytes]]:
    """The body in pieces, each with the seconds to wait before it."""
    size = max(1, bytes_per_second // _PER_SECOND)
    for start in range(0, len(body), size):
        piece = body[start : start + size]
        yield len(piece) / bytes_per_second, piece


def repeated(body: bytes) -> bytes:
    """The body so often that it makes a piece worth sending. For an empty one, a space."""
    body = body or b" "
    return body * max(1, 16_384 // len(body))
