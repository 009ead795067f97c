"""One connection: requests by h11, answers as the emulator wants them delivered."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import h11

from azure_imds._escaped import escaped
from azure_imds.emulator import _pieces
from azure_imds.emulator._emulator import Emulator
from azure_imds.emulator._values import Reply

HEAD = 128 * 1024
"""Bytes of a request's head. The emulator itself refuses half of that, in the service's words."""


@dataclass(frozen=True)
class Patience:
    """Seconds that a client may take."""

    idle: float = 75
    """From one request to the next."""
    request: float = 30
    """For a whole request, from its first byte."""
    write: float = 30
    """To take what was sent."""


class Connection:
    """A client that has come."""

    def __init__(
        self,
        emulator: Emulator,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        patience: Patience,
        log: Callable[[str], None] | None,
    ) -> None:
        self._emulator = emulator
        self._reader = reader
        self._writer = writer
        self._patience = patience
        self._log = log
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD)
        self._is_idle = True
        self._is_last = False
        self._task: asyncio.Task[None] | None = None

    def finish(self) -> None:
        """Ends after the answer that is under way, at once if there is none."""
        self._is_last = True
        if self._is_idle and self._task is not None:
            self._task.cancel()

    async def serve(self) -> None:
        """Answers requests, one after the other, until either side has enough."""
        self._task = asyncio.current_task()
        while True:
            try:
                request, body = await self._request()
            except h11.RemoteProtocolError as error:
                return await self._refuse(error)
            if request is None:
                return None
            self._is_last = self._is_last or len(body) > _pieces.BODY
            if not await self._answer(request, body) or self._is_last:
                return await self._linger() if len(body) > _pieces.BODY else None
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return None
            self._http.start_next_cycle()

    async def _request(self) -> tuple[h11.Request | None, bytes]:
        """The next request, of its body no more than the emulator wants; nothing when the client has gone."""
        self._is_idle = True
        event = self._http.next_event()
        if event is h11.NEED_DATA and self._http.trailing_data[0] == b"":
            await self._receive(self._patience.idle)
            event = self._http.next_event()
        self._is_idle = False
        deadline = time.monotonic() + self._patience.request
        request, body = None, b""
        while True:
            if isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > _pieces.BODY:
                    return request, body[: _pieces.BODY + 1]
            elif isinstance(event, h11.EndOfMessage):
                return request, body
            elif event is h11.NEED_DATA:
                if self._http.they_are_waiting_for_100_continue:
                    await self._write(self._encoded(h11.InformationalResponse(status_code=100, headers=[])))
                await self._receive(max(0, deadline - time.monotonic()))
            else:
                return None, b""
            event = self._http.next_event()

    async def _receive(self, seconds: float) -> None:
        self._http.receive_data(await asyncio.wait_for(self._reader.read(65_536), seconds))

    async def _answer(self, request: h11.Request, body: bytes) -> bool:
        """Answers, and says whether another request may follow."""
        started = time.monotonic()
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw_items()]
        method, target = request.method.decode("latin-1"), request.target.decode("latin-1")
        reply = self._emulator.handle(method, target, headers, body)
        try:
            if reply.delay_ms:
                await self._pause(reply.delay_ms / 1000)
            return await self._deliver(reply)
        finally:
            if self._log is not None:
                millis = (time.monotonic() - started) * 1000
                played = f" fault={reply.fault}" if reply.fault else ""
                self._log(escaped(f"{method} {target} {reply.status} {reply.part} {millis:.1f}ms{played}"))

    async def _pause(self, seconds: float) -> None:
        """Waits as long as the client is there: a delay may last for days, and those who left must not take up room."""
        until, ahead = time.monotonic() + seconds, 0
        while (left := until - time.monotonic()) > 0:
            if ahead > HEAD:  # of what is sent behind the request, no more is read before its turn
                return await asyncio.sleep(left)
            try:
                piece = await asyncio.wait_for(self._reader.read(65_536), left)
            except asyncio.TimeoutError:
                return None
            if not piece:
                raise ConnectionAbortedError("the client has left")
            self._http.receive_data(piece)
            ahead += len(piece)
        return None

    async def _deliver(self, reply: Reply) -> bool:
        kind, number = reply.ending
        if kind == "drop":
            return False
        if kind == "hang":
            await self._until_gone()
            return False
        head = self._head(reply, has_length=kind != "endless")
        if kind == "whole":
            await self._write(head + self._encoded(h11.Data(data=reply.body), h11.EndOfMessage()))
            return True
        await self._write(head)
        if kind == "slow":
            for pause, piece in _pieces.paced(reply.body, number or 1):
                await asyncio.sleep(pause)
                await self._write(self._encoded(h11.Data(data=piece)))
            await self._write(self._encoded(h11.EndOfMessage()))
            return True
        if kind == "truncate":
            await self._write(self._encoded(h11.Data(data=reply.body[:number])))
            return False
        piece = _pieces.repeated(reply.body)
        while not self._is_last:
            await self._write(self._encoded(h11.Data(data=piece)))
            await asyncio.sleep(0)
        return False

    def _head(self, reply: Reply, *, has_length: bool) -> bytes:
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
        if has_length:
            headers.append((b"Content-Length", str(len(reply.body)).encode()))
        if self._is_last:
            headers.append((b"Connection", b"close"))
        return self._encoded(h11.Response(status_code=reply.status, headers=headers, reason=_reason(reply.status)))

    async def _refuse(self, error: h11.RemoteProtocolError) -> None:
        """What is no HTTP never reaches the emulator."""
        if self._log is not None:
            self._log(escaped(f"refused: {error}"))
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        text = b"This is not a request of HTTP/1.1.\n"
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text)))]
        headers.append(("Connection", "close"))
        response = h11.Response(status_code=error.error_status_hint, headers=headers)
        await self._write(self._encoded(response, h11.Data(data=text), h11.EndOfMessage()))
        await self._linger()

    async def _linger(self) -> None:
        """Reads on for a moment: closed with something unread, a connection may lose the answer on its way."""
        with contextlib.suppress(asyncio.TimeoutError):
            if self._writer.can_write_eof():
                self._writer.write_eof()
            await asyncio.wait_for(self._until_gone(), 1)

    async def _until_gone(self) -> None:
        self._is_idle = True
        while await self._reader.read(65_536):
            pass

    def _encoded(self, *events: h11.Event) -> bytes:
        return b"".join(self._http.send(event) or b"" for event in events)

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        await asyncio.wait_for(self._writer.drain(), self._patience.write)


def _reason(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
