"""HTTP by hand over a socket, to see what a server really sends."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

NAME = "/metadata/instance/compute/name?api-version=2021-02-01&format=text"
INSTANCE = "/metadata/instance?api-version=2021-02-01"
DOCUMENT = "/metadata/attested/document?api-version=2021-02-01&nonce=1234567890"
TOKEN = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net"
EVENTS = "/metadata/scheduledevents?api-version=2020-07-01"


@dataclass(frozen=True)
class Answer:
    """What came until the server closed the connection, or was done."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def request(target: str, *fields: str, method: str = "GET", body: bytes = b"", metadata: bool = True) -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *(["Metadata: true"] if metadata else []), *fields]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def connection(url: str, timeout: float = 60) -> Iterator[socket.socket]:
    """A connection to a server."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=timeout) as connected:
        yield connected


def ask(url: str, target: str, *fields: str, method: str = "GET", body: bytes = b"", metadata: bool = True) -> Answer:
    """Asks once, on a connection of its own."""
    with connection(url) as connected:
        started = time.monotonic()
        connected.sendall(request(target, *fields, "Connection: close", method=method, body=body, metadata=metadata))
        return parsed(everything(connected), time.monotonic() - started)


def everything(connected: socket.socket) -> bytes:
    """All bytes until the server closes."""
    came = b""
    while piece := connected.recv(65_536):
        came += piece
    return came


def parsed(raw: bytes, seconds: float = 0) -> Answer:
    """An answer out of its bytes; the body as it came, whatever its length was said to be."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines)
    return Answer(int(first.split(" ")[1]), {name.lower(): value for name, value in fields.items()}, body, seconds)


def fault(step: str) -> str:
    """The header field that asks for a fault."""
    return f"X-Azure-Imds-Emulator-Fault: {step}"
