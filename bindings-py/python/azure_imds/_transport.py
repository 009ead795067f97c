"""The transport: carries one request by the standard library, within the limits that the core sets.

A request is carried by a thread of its own, which is left behind when its time is over. So the limits hold for all
that may hang: the look-up of a name, a connection, a server that sends a byte a minute. The host's usual proxy settings
apply. Redirects are never followed: a 3xx is an answer like any other.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from typing import NamedTuple

from azure_imds import _native
from azure_imds.errors import TransportError


class Response(NamedTuple):
    """What came back. The body has at most one byte more than the request allows."""

    status: int
    body: bytes


def now_ms() -> int:
    """The monotonic clock, as the core counts it."""
    return time.monotonic_ns() // 1_000_000


def carry(request: _native.Request) -> Response | TransportError:
    """Carries a request, and gives the answer or the reason why there is none. Raises nothing."""
    carriage = _Carriage(request)
    try:
        threading.Thread(target=carriage.run, name="azure-imds-fetch", daemon=True).start()
    except RuntimeError as error:
        return _unreachable(str(error))
    return carriage.outcome()


class _Carriage:
    """One request on its way.

    The thread of ``run`` sets ``result`` before ``_finished``, and ``_connected`` at the latest then.
    """

    def __init__(self, request: _native.Request) -> None:
        self.request = request
        self.result: Response | TransportError | None = None
        self._connected = threading.Event()
        self._finished = threading.Event()
        self._socket: socket.socket | None = None

    def run(self) -> None:
        try:
            self.result = self._answer()
        except Exception as error:
            self.result = _transport_error(error, self._connected.is_set())
        self._finished.set()
        self._connected.set()

    def outcome(self) -> Response | TransportError:
        connect_by = min(now_ms() + self.request.connect_timeout_ms, self.request.deadline_ms)
        in_time = self._connected.wait(_seconds_until(connect_by))
        in_time = in_time and self._finished.wait(_seconds_until(self.request.deadline_ms))
        if in_time and self.result is not None:
            return self.result
        self._abandon()
        return _timeout(self._connected.is_set())

    def connected(self, opened: socket.socket) -> None:
        """Called as soon as there is a connection, that through a proxy's tunnel included."""
        opened.settimeout(max(_seconds_until(self.request.deadline_ms), 0.001))
        self._socket = opened
        self._connected.set()

    def _answer(self) -> Response:
        opener = urllib.request.OpenerDirector()
        for handler in (urllib.request.ProxyHandler(), _Http(self), _Https(self), _EveryStatus()):
            opener.add_handler(handler)
        opener.addheaders = [("User-Agent", f"azure-imds/{_native.version()}")]
        asked = urllib.request.Request(self.request.url, headers=dict(self.request.headers), method=self.request.method)
        with opener.open(asked, timeout=self.request.connect_timeout_ms / 1000) as response:
            body: bytes = response.read(self.request.max_body + 1)
            if response.length and len(body) <= self.request.max_body:
                raise http.client.IncompleteRead(body)
            return Response(response.status, body)

    def _abandon(self) -> None:
        """Wakes the thread up, should it wait for the server."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, carriage: _Carriage) -> None:
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
    def __init__(self, carriage: _Carriage) -> None:
        super().__init__()
        self._carriage = carriage

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        carriage = self._carriage

        class Connection(http.client.HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                carriage.connected(self.sock)

        return self.do_open(Connection, req, context=ssl.create_default_context())


class _EveryStatus(urllib.request.BaseHandler):
    """Hands every answer out as it came, whatever its status."""

    def http_response(
        self, request: urllib.request.Request, response: http.client.HTTPResponse
    ) -> http.client.HTTPResponse:
        return response

    https_response = http_response


def _seconds_until(moment_ms: int) -> float:
    return max(moment_ms - now_ms(), 0) / 1000


def _transport_error(error: BaseException, is_connected: bool) -> TransportError:
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, BaseException):
        error = error.reason
    if isinstance(error, TimeoutError):
        return _timeout(is_connected)
    if isinstance(error, http.client.HTTPException):
        return TransportError("the answer ended early or is not HTTP", code="truncated", retryable=True)
    if isinstance(error, ConnectionError):
        return TransportError("the connection was refused", code="refused", retryable=True)
    return _unreachable(str(error))


def _timeout(is_connected: bool) -> TransportError:
    if is_connected:
        return TransportError("no whole answer in time", code="read_timeout", retryable=True)
    return TransportError("no connection in time", code="connect_timeout", retryable=True)


def _unreachable(reason: str) -> TransportError:
    return TransportError(reason, code="unreachable", retryable=True)
