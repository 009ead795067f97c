"""The transport: carries one request by the standard library, within the limits that the core sets.

A request is carried by a thread of its own, which is left behind when its time is over, or when the task that waits for
it is cancelled. So the limits hold for all that may hang: the look-up of a name, a connection, a server that sends a
byte a minute. The metadata service is asked directly, whatever proxies the surroundings name; the web by the host's
usual proxy settings. Redirects are never followed: a 3xx is an answer like any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import http.client
import socket
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from azure_imds import _native
from azure_imds.errors import TransportError


@dataclass(frozen=True, repr=False)
class Request:
    """A request for the transport to carry, with the limits to keep. The native half makes it, by place."""

    method: str
    """The method."""

    url: str
    """The absolute URL."""

    headers: tuple[tuple[str, str], ...]
    """Fields to send, beside those that HTTP itself needs."""

    body: bytes
    """The body to send; empty for none."""

    route: Literal["direct", "internet"]
    """The way to take: ``direct`` without any proxy, ``internet`` by the host's usual proxy settings."""

    connect_timeout_ms: int
    """Give up connecting after so many milliseconds."""

    deadline_ms: int
    """Give up altogether at this moment: milliseconds of ``time.monotonic_ns() // 1_000_000``."""

    max_body: int
    """Read at most so many bytes and one more."""

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.url}>"


class Response(NamedTuple):
    """What came back."""

    status: int
    """The status code."""

    headers: Iterable[tuple[str, str]]
    """The header fields, in order."""

    body: bytes
    """The whole body after transfer decoding; of a longer one at most one byte more than the request allows."""


class Transport(Protocol):
    """Carries a request: any callable that takes one and gives what came back.

    It keeps the limits of the request (``connect_timeout_ms``, ``deadline_ms`` on the clock of ``time.monotonic``,
    ``max_body``), uses no proxy, follows no redirect, and adds no ``X-Forwarded-For``. If there is no whole answer it
    raises ``TransportError`` with one of the codes ``connect_timeout``, ``read_timeout``, ``refused`` (only if nothing
    was sent), ``truncated``, ``too_long``, ``unreachable`` and ``local_failure`` (both again only if nothing was sent;
    the latter for what says nothing of the server, such as too many open files). Whatever else it raises ends the call
    and reaches the caller.
    """

    def __call__(self, request: Request, /) -> Response:
        """Carries one request."""
        ...


class AsyncTransport(Protocol):
    """The same, awaitable."""

    def __call__(self, request: Request, /) -> Awaitable[Response]:
        """Carries one request."""
        ...


def now_ms() -> int:
    """The monotonic clock, as the core counts it."""
    return time.monotonic_ns() // 1_000_000


def seconds_until(moment_ms: int) -> float:
    """Seconds until a moment of that clock; none once it is over."""
    return max(moment_ms - now_ms(), 0) / 1000


def carry(request: Request) -> Response:
    """Carries a request. The ``Transport`` used unless another is given."""
    return wait_for(Carriage(request, _by_its_route))


async def carry_async(request: Request) -> Response:
    """Carries a request while the loop runs. The ``AsyncTransport`` used unless another is given."""
    loop, changed = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
            loop.call_soon_threadsafe(changed.set)

    carriage = Carriage(request, _by_its_route)
    try:
        carriage.start(wake)
        while seconds := carriage.seconds_left():
            await set_or_over(changed, seconds)
            changed.clear()
        return carriage.outcome()
    finally:
        carriage.abandon()


async def set_or_over(event: asyncio.Event, seconds: float) -> None:
    """Waits until an event is set, and sets it when the time is over.

    ``asyncio.wait_for`` would forget, before Python 3.12, that the task was cancelled if both happen at once.
    """
    timer = asyncio.get_running_loop().call_later(seconds, event.set)
    try:
        await event.wait()
    finally:
        timer.cancel()


def wait_for(carriage: Carriage) -> Response:
    """Blocks until a carriage has come to its end, or has to."""
    changed = threading.Event()
    try:
        carriage.start(changed.set)
        while seconds := carriage.seconds_left():
            changed.wait(seconds)
            changed.clear()
        return carriage.outcome()
    finally:
        carriage.abandon()


class Carriage:
    """One request on its way, by a thread of its own."""

    def __init__(self, request: Request, send: Callable[[Carriage], Response]) -> None:
        self.request = request
        self._send = send
        self._connect_by = now_ms() + request.connect_timeout_ms
        self._lock = threading.Lock()
        self._wake: Callable[[], None] = lambda: None
        self._result: Response | Exception | None = None
        self._socket: socket.socket | None = None
        self._is_connected = self._is_abandoned = False

    def start(self, wake: Callable[[], None]) -> None:
        """Sets out. Calls ``wake``, from the thread, whenever something has changed."""
        self._wake = wake
        try:
            threading.Thread(target=self._run, name="azure-imds-request", daemon=True).start()
        except RuntimeError as error:  # there is no thread left
            self._result = local_failure(str(error))

    def seconds_left(self) -> float:
        """Seconds to wait for the next change; none if it has come to its end, or has to."""
        if self._result is not None:
            return 0
        limit = self.request.deadline_ms
        return seconds_until(limit if self._is_connected else min(self._connect_by, limit))

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection, by which something may have been sent."""
        return self._is_connected

    def connected(self, opened: socket.socket | None) -> None:
        """To be called as soon as there is a connection, with its socket if that is known, before anything is sent."""
        with self._lock:
            if self._is_abandoned:
                raise ConnectionAbortedError("nobody waits for the answer any more")
            if opened is not None:
                opened.settimeout(max(seconds_until(self.request.deadline_ms), 0.001))
            self._socket, self._is_connected = opened, True
        self._wake()

    def outcome(self) -> Response:
        """What came back, or ``TransportError``."""
        with self._lock:
            result, is_connected = self._result, self._is_connected
        if result is None:
            raise timeout(is_connected)
        if isinstance(result, Exception):
            raise result
        return result

    def abandon(self) -> None:
        """Leaves it behind: nothing is sent any more, and its thread ends should it wait for the server."""
        with self._lock:
            self._is_abandoned, opened = True, self._socket
        if opened is not None:
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        result: Response | Exception
        try:
            result = self._send(self)
        except Exception as error:
            result = _reason(error, self._is_connected)
        with self._lock:
            self._result = result
        self._wake()


def timeout(is_connected: bool) -> TransportError:
    """The time is over, for connecting or for the answer."""
    if is_connected:
        return TransportError("no whole answer in time", code="read_timeout", retryable=True)
    return TransportError("no connection in time", code="connect_timeout", retryable=True)


def truncated() -> TransportError:
    """It has begun, and did not come to its end."""
    return TransportError("the answer ended early or is not HTTP", code="truncated", retryable=True)


def refused() -> TransportError:
    """Nothing was sent: nobody listens there."""
    return TransportError("the connection was refused", code="refused", retryable=True)


def unreachable(reason: str) -> TransportError:
    """Nothing was sent."""
    return TransportError(reason, code="unreachable", retryable=True)


def local_failure(reason: str) -> TransportError:
    """Nothing was sent, for a reason of this machine."""
    return TransportError(reason, code="local_failure", retryable=True)


_OF_THE_NETWORK = {
    getattr(errno, name, None)
    for name in (
        *("ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETRESET"),
        *("ENETUNREACH", "ENOTCONN", "EPIPE", "EPROTO", "ESHUTDOWN", "ETIMEDOUT"),
    )
}
_OF_THE_RESOLVER = {getattr(socket, name, None) for name in ("EAI_MEMORY", "EAI_SYSTEM")}


def is_local(error: OSError) -> bool:
    """Whether this machine is why there is no connection: an error of the system that is not one of the network."""
    if isinstance(error, socket.gaierror):
        return error.errno in _OF_THE_RESOLVER
    return error.errno is not None and not isinstance(error, ssl.SSLError) and error.errno not in _OF_THE_NETWORK


def _reason(error: Exception, is_connected: bool) -> Exception:
    """Why there is no answer. What is no matter of the network is left as it is, for the caller to see."""
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception):
        error = error.reason
    if isinstance(error, TimeoutError):
        return timeout(is_connected)
    if isinstance(error, http.client.HTTPException) or (is_connected and isinstance(error, OSError)):
        return truncated()
    if isinstance(error, ConnectionRefusedError):
        return refused()
    if isinstance(error, OSError) and is_local(error):
        return local_failure(str(error))
    if isinstance(error, OSError | ValueError):  # ValueError: an address that makes no sense
        return unreachable(str(error))
    return error


def _by_its_route(carriage: Carriage) -> Response:
    return _direct(carriage) if carriage.request.route == "direct" else _by_the_web(carriage)


def _direct(carriage: Carriage) -> Response:
    """By `http.client`, which knows no proxies and no redirects."""
    request, url = carriage.request, urllib.parse.urlsplit(carriage.request.url)

    class Connection(http.client.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            carriage.connected(self.sock)

    connection = Connection(url.hostname or "", url.port, timeout=request.connect_timeout_ms / 1000)
    target = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
    try:
        connection.request(request.method, target, request.body or None, dict(request.headers))
        with connection.getresponse() as response:
            return _read(request, response)
    finally:
        connection.close()


def _by_the_web(carriage: Carriage) -> Response:
    """By `urllib`, with the proxies of the surroundings."""
    request, opener = carriage.request, urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler(), _Http(carriage), _Https(carriage), _EveryStatus()):
        opener.add_handler(handler)
    opener.addheaders = [("User-Agent", f"azure-imds/{_native.version()}")]
    asked = urllib.request.Request(
        request.url, data=request.body or None, headers=dict(request.headers), method=request.method
    )
    response = opener.open(asked, timeout=request.connect_timeout_ms / 1000)
    if response is None:
        raise ValueError(f"nothing carries a request to {asked.type}:")
    with response:
        return _read(request, response)


def _read(request: Request, response: http.client.HTTPResponse) -> Response:
    body = response.read(request.max_body + 1)
    if response.length and len(body) <= request.max_body:
        raise http.client.IncompleteRead(body)
    return Response(response.status, list(response.headers.items()), body)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, carriage: Carriage) -> None:
        super().__init__()
        self._carriage = carriage

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        carriage = self._carriage

        class Connection(http.client.HTTPConnection):
            def connect(self) -> None:
                super().connect()
                carriage.connected(self.sock)

        return self.do_open(Connection, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, carriage: Carriage) -> None:
        super().__init__()
        self._carriage = carriage

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        carriage = self._carriage

        class Connection(http.client.HTTPSConnection):
            def connect(self) -> None:
                super().connect()  # that through a proxy's tunnel included
                carriage.connected(self.sock)

        return self.do_open(Connection, req, context=ssl.create_default_context())


class _EveryStatus(urllib.request.BaseHandler):
    """Hands every answer out as it came, whatever its status."""

    def http_response(
        self, request: urllib.request.Request, response: http.client.HTTPResponse
    ) -> http.client.HTTPResponse:
        return response

    https_response = http_response
