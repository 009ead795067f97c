"""The emulator as an ASGI application.

ASGI carries answers, not connections. So of the faults

- ``delay``, ``slow``, and everything that is an answer are played as they are;
- ``drop`` can't be: no server closes a connection without a byte because an application asks for it;
- ``truncate`` sends what is to come and ends without the rest: servers such as uvicorn then close the connection;
- ``hang`` waits until the client leaves, ``endless`` sends until then: in-process transports such as
  ``httpx.ASGITransport`` never tell of that, so both end after ``patience`` seconds or ``plenty`` bytes.

Where a fault could not be played to its end, ``Undeliverable`` is raised: no test is to take half of a fault for all.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import quote

from azure_imds._escaped import bounded
from azure_imds.emulator import _pieces
from azure_imds.emulator._emulator import Emulator
from azure_imds.emulator._values import Reply

_Message: TypeAlias = MutableMapping[str, Any]
_Receive: TypeAlias = Callable[[], Awaitable[_Message]]
_Send: TypeAlias = Callable[[_Message], Awaitable[None]]


class Undeliverable(RuntimeError):
    """A fault that ASGI can't play, or not to its end."""


class Application:
    """An ASGI application on asyncio, for ``httpx.ASGITransport``, Starlette's test client, or any ASGI server."""

    def __init__(self, emulator: Emulator | None = None, *, patience: float = 60, plenty: int = 16 << 20) -> None:
        """Takes an emulator, by default one of the default machine.

        Args:
            emulator: What answers.
            patience: Seconds that ``hang`` waits for the client to leave.
            plenty: Bytes that ``endless`` sends unless the client leaves.
        """
        self.emulator = Emulator() if emulator is None else emulator
        self.patience = patience
        self.plenty = plenty

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answers."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
        elif scope["type"] == "http":
            body = await _body(receive)
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
            reply = self.emulator.handle(scope["method"], _target(scope), headers, body)
            await self._deliver(reply, receive, send)
        else:
            raise Undeliverable(f"a connection of the type {bounded(scope['type'])} is none that IMDS has")

    async def _deliver(self, reply: Reply, receive: _Receive, send: _Send) -> None:
        await asyncio.sleep(reply.delay_ms / 1000)
        kind, number = reply.ending
        if kind == "drop":
            raise Undeliverable(
                "drop: an ASGI application can't close a connection; use `serving` or `azure-imds serve`"
            )
        if kind == "hang":
            if await _left(receive, self.patience):
                return
            raise Undeliverable("hang: an ASGI application can't leave a request without an answer for ever")
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
        if kind != "endless":
            headers.append((b"content-length", str(len(reply.body)).encode()))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        if kind == "endless":
            await self._send_without_end(reply.body, receive, send)
        elif kind == "slow":
            for pause, piece in _pieces.paced(reply.body, number or 1):
                await asyncio.sleep(pause)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        elif kind == "truncate":
            await send({"type": "http.response.body", "body": reply.body[:number], "more_body": True})
            raise Undeliverable("truncate: it is for the ASGI server to close the connection now")
        else:
            await send({"type": "http.response.body", "body": reply.body})

    async def _send_without_end(self, body: bytes, receive: _Receive, send: _Send) -> None:
        leaving = asyncio.ensure_future(_left(receive, None))
        piece, sent = _pieces.repeated(body), 0
        try:
            while not leaving.done() and sent < self.plenty:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                sent += len(piece)
                await asyncio.sleep(0)
            if not leaving.done():
                raise Undeliverable(f"endless: the client had not left after {sent} bytes")
        finally:
            leaving.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await leaving


async def _live(receive: _Receive, send: _Send) -> None:
    for phase in ("startup", "shutdown"):
        while (await receive())["type"] != f"lifespan.{phase}":
            pass
        await send({"type": f"lifespan.{phase}.complete"})


async def _body(receive: _Receive) -> bytes:
    """The body, and no more than the emulator wants to know that it is too long."""
    body = b""
    while len(body) <= _pieces.BODY:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body[: _pieces.BODY + 1]


async def _left(receive: _Receive, patience: float | None) -> bool:
    """Waits until the client has left, and says whether it has."""

    async def left() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(left(), patience)
    except asyncio.TimeoutError:
        return False
    return True


def _target(scope: _Message) -> str:
    """Path and query as they came, without the path that the application is mounted at."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    path = raw.split(b"?", 1)[0].decode("latin-1")
    root = quote(scope.get("root_path") or "").rstrip("/")
    if root and path.startswith(f"{root}/"):
        path = path[len(root) :]
    query: bytes = scope.get("query_string") or b""
    return f"{path}?{query.decode('latin-1')}" if query else path
