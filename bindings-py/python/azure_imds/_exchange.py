"""The loop that drives everything: ask the core what to do, do it, tell what happened. Blocking and async."""

from __future__ import annotations

import asyncio
from time import sleep
from typing import Literal, Protocol, TypeVar

from azure_imds import _native
from azure_imds._transport import AsyncTransport, Response, Transport, now_ms, seconds_until
from azure_imds.errors import TransportError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Exchange(Protocol[T_co]):
    """Something that may need requests carried for it before it has its value. Times are those of ``now_ms``."""

    def poll(
        self, now_ms: int
    ) -> tuple[Literal["send"], int, _native.Request] | tuple[Literal["wait"], int] | tuple[Literal["done"], T_co]:
        """Says what to do next."""
        ...

    def receive(self, id: int, now_ms: int, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Hands in the answer to a request."""
        ...

    def fail(self, id: int, now_ms: int, code: str, reason: str, max_body: int) -> None:
        """Says that a request could not be carried to its end."""
        ...


def run(exchange: Exchange[T], transport: Transport) -> T:
    """Drives an exchange to its value."""
    while True:
        step = exchange.poll(now_ms())
        if step[0] == "send":
            try:
                _receive(exchange, step[1], transport(step[2]))
            except TransportError as error:
                exchange.fail(step[1], now_ms(), error.code, str(error), step[2].max_body)
        elif step[0] == "wait":
            sleep(seconds_until(step[1]))
        else:
            return step[1]


async def run_async(exchange: Exchange[T], transport: AsyncTransport) -> T:
    """Drives an exchange to its value while the loop runs."""
    while True:
        step = exchange.poll(now_ms())
        if step[0] == "send":
            try:
                _receive(exchange, step[1], await transport(step[2]))
            except TransportError as error:
                exchange.fail(step[1], now_ms(), error.code, str(error), step[2].max_body)
        elif step[0] == "wait":
            await asyncio.sleep(seconds_until(step[1]))
        else:
            return step[1]


def _receive(exchange: Exchange[T], id: int, response: Response) -> None:
    exchange.receive(id, now_ms(), response.status, list(response.headers), response.body)
