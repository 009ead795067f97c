"""The loop that drives everything: ask the core what to do, do it, tell what happened. Blocking and async."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from time import sleep
from typing import Literal, Protocol, TypeVar

from azure_imds._transport import AsyncTransport, Request, Response, Transport, now_ms, seconds_until, set_or_over
from azure_imds.errors import TransportError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Exchange(Protocol[T_co]):
    """Something that may need requests carried for it before it has its value. Times are those of ``now_ms``."""

    def poll(
        self, now_ms: int
    ) -> tuple[Literal["send"], int, Request] | tuple[Literal["wait"], int] | tuple[Literal["done"], T_co]:
        """Says what to do next."""
        ...

    def receive(self, id: int, now_ms: int, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Hands in the answer to a request. It is ignored unless that request is out."""
        ...

    def fail(self, id: int, now_ms: int, code: str, reason: str, max_body: int) -> None:
        """Says that a request could not be carried to its end. It is ignored unless that request is out."""
        ...


class Shared(Exchange[T_co], Protocol):
    """An exchange that may wait for the requests of others of its kind, as they may for its own."""

    def release(self) -> None:
        """Lets the others go on without it."""
        ...


class Bell:
    """Wakes all threads that wait for a request of another: rung whenever one has ended."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.rung = 0
        """How often it was rung."""

    def ring(self) -> None:
        """Wakes all who wait."""
        with self._condition:
            self.rung += 1
            self._condition.notify_all()

    def wait(self, rung: int, seconds: float) -> None:
        """Waits until it has been rung more often than so many times, or the time is over."""
        with self._condition:
            self._condition.wait_for(lambda: self.rung != rung, seconds)


class AsyncBell:
    """The same for tasks, of any loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.rung = 0
        """How often it was rung."""
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def ring(self) -> None:
        """Wakes all who wait."""
        with self._lock:
            self.rung += 1
            waiting, self._waiting = self._waiting, set()
        for loop, event in waiting:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(event.set)

    async def wait(self, rung: int, seconds: float) -> None:
        """Waits until it has been rung more often than so many times, or the time is over."""
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            if self.rung != rung:
                return
            self._waiting.add(waiter)
        try:
            await set_or_over(waiter[1], seconds)
        finally:
            with self._lock:
                self._waiting.discard(waiter)


def run(exchange: Exchange[T], transport: Transport) -> T:
    """Drives an exchange to its value."""
    while True:
        step = exchange.poll(now_ms())
        if step[0] == "send":
            _carry(exchange, step[1], step[2], transport)
        elif step[0] == "wait":
            sleep(seconds_until(step[1]))
        else:
            return step[1]


async def run_async(exchange: Exchange[T], transport: AsyncTransport) -> T:
    """Drives an exchange to its value while the loop runs."""
    while True:
        step = exchange.poll(now_ms())
        if step[0] == "send":
            await _carry_async(exchange, step[1], step[2], transport)
        elif step[0] == "wait":
            await asyncio.sleep(seconds_until(step[1]))
        else:
            return step[1]


def run_shared(exchange: Shared[T], transport: Transport, bell: Bell) -> T:
    """The same for one of several that wait for each other. However it ends, the others go on."""
    rung = bell.rung
    step = exchange.poll(now_ms())
    if step[0] == "done":
        return step[1]
    try:
        while True:
            if step[0] == "send":
                _carry(exchange, step[1], step[2], transport)
                bell.ring()
            elif step[0] == "wait":
                bell.wait(rung, seconds_until(step[1]))
            else:
                return step[1]
            rung = bell.rung
            step = exchange.poll(now_ms())
    finally:
        exchange.release()
        bell.ring()


async def run_shared_async(exchange: Shared[T], transport: AsyncTransport, bell: AsyncBell) -> T:
    """The same while the loop runs."""
    rung = bell.rung
    step = exchange.poll(now_ms())
    if step[0] == "done":
        return step[1]
    try:
        while True:
            if step[0] == "send":
                await _carry_async(exchange, step[1], step[2], transport)
                bell.ring()
            elif step[0] == "wait":
                await bell.wait(rung, seconds_until(step[1]))
            else:
                return step[1]
            rung = bell.rung
            step = exchange.poll(now_ms())
    finally:
        exchange.release()
        bell.ring()


def _carry(exchange: Exchange[T], id: int, request: Request, transport: Transport) -> None:
    try:
        _receive(exchange, id, transport(request))
    except TransportError as error:
        exchange.fail(id, now_ms(), error.code, str(error), request.max_body)


async def _carry_async(exchange: Exchange[T], id: int, request: Request, transport: AsyncTransport) -> None:
    try:
        _receive(exchange, id, await transport(request))
    except TransportError as error:
        exchange.fail(id, now_ms(), error.code, str(error), request.max_body)


def _receive(exchange: Exchange[T], id: int, response: Response) -> None:
    exchange.receive(id, now_ms(), response.status, list(response.headers), response.body)
