"""Transports by `httpx`, blocking and async, for the extra ``azure-imds[httpx]``.

They are for programs that watch or record their requests by `httpx` already; the standard transport needs nothing. No
proxy is used, whatever the environment names, no redirect is followed, and no connection is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from azure_imds._transport import (
    Carriage,
    Request,
    Response,
    is_local,
    local_failure,
    refused,
    seconds_until,
    timeout,
    truncated,
    unreachable,
    wait_for,
)
from azure_imds.errors import TransportError

try:
    import httpx
except ImportError as error:
    raise ImportError("azure_imds.httpx needs httpx: pip install 'azure-imds[httpx]'", name="httpx") from error

__all__ = ["AsyncHttpxTransport", "HttpxTransport"]


class HttpxTransport:
    """A ``Transport`` by ``httpx.Client``."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        """Makes the ``httpx.Client``; ``transport`` is what carries its requests, if not `httpx` itself."""
        self._tells_of_connections = transport is None
        self._client = httpx.Client(
            transport=transport, trust_env=False, follow_redirects=False, limits=_LIMITS, headers=_NOTHING_OWN
        )

    def __call__(self, request: Request, /) -> Response:
        """Carries one request, by a thread of its own."""
        return wait_for(Carriage(request, self._send))

    def close(self) -> None:
        """Closes the ``httpx.Client``."""
        self._client.close()

    def _send(self, carriage: Carriage) -> Response:
        request = carriage.request

        def trace(event: str, details: Mapping[str, Any]) -> None:
            if event == _CONNECTED:
                carriage.connected(_socket_of(details))

        if not self._tells_of_connections:
            carriage.connected(None)
        with _told(lambda: carriage.is_connected):
            asked = self._client.build_request(**_asked(request, trace))
            response = self._client.send(asked, stream=True)
            try:
                if response.is_stream_consumed:  # by a transport of the caller's
                    return _response(request, response, response.content)
                body = b""
                for piece in response.iter_raw():
                    body += piece
                    if len(body) > request.max_body:
                        break
                return _response(request, response, body)
            finally:
                response.close()


class AsyncHttpxTransport:
    """An ``AsyncTransport`` by ``httpx.AsyncClient``."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Makes the ``httpx.AsyncClient``; ``transport`` is what carries its requests, if not `httpx` itself."""
        self._tells_of_connections = transport is None
        self._client = httpx.AsyncClient(
            transport=transport, trust_env=False, follow_redirects=False, limits=_LIMITS, headers=_NOTHING_OWN
        )

    async def __call__(self, request: Request, /) -> Response:
        """Carries one request."""
        is_connected = not self._tells_of_connections

        async def trace(event: str, _details: Mapping[str, Any]) -> None:
            nonlocal is_connected
            is_connected = is_connected or event == _CONNECTED

        async def answer() -> Response:
            asked = self._client.build_request(**_asked(request, trace))
            response = await self._client.send(asked, stream=True)
            try:
                if response.is_stream_consumed:  # by a transport of the caller's
                    return _response(request, response, response.content)
                body = b""
                async for piece in response.aiter_raw():
                    body += piece
                    if len(body) > request.max_body:
                        break
                return _response(request, response, body)
            finally:
                await response.aclose()

        with _told(lambda: is_connected):
            return await asyncio.wait_for(answer(), seconds_until(request.deadline_ms))

    async def close(self) -> None:
        """Closes the ``httpx.AsyncClient``."""
        await self._client.aclose()


_LIMITS = httpx.Limits(max_keepalive_connections=0)
_NOTHING_OWN = {"Accept-Encoding": "identity", "Connection": "close"}
_CONNECTED = "connection.connect_tcp.complete"


def _asked(request: Request, trace: Callable[[str, Mapping[str, Any]], Any]) -> dict[str, Any]:
    connecting = min(request.connect_timeout_ms / 1000, seconds_until(request.deadline_ms))
    return {
        "method": request.method,
        "url": request.url,
        "headers": request.headers,
        "content": request.body or None,
        "timeout": httpx.Timeout(seconds_until(request.deadline_ms), connect=connecting),
        "extensions": {"trace": trace},
    }


def _socket_of(details: Mapping[str, Any]) -> socket.socket:
    opened = details["return_value"].get_extra_info("socket")
    assert isinstance(opened, socket.socket)
    return opened


def _response(request: Request, response: httpx.Response, body: bytes) -> Response:
    return Response(response.status_code, response.headers.multi_items(), body[: request.max_body + 1])


@contextlib.contextmanager
def _told(is_connected: Callable[[], bool]) -> Iterator[None]:
    """Says by ``TransportError`` why there is no answer."""
    try:
        yield
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise timeout(is_connected=False) from error
    except httpx.TimeoutException as error:
        raise timeout(is_connected=True) from error
    except asyncio.TimeoutError as error:
        raise timeout(is_connected()) from error
    except httpx.ConnectError as error:
        raise _unconnected(error) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise unreachable(str(error)) from error
    except httpx.TransportError as error:
        raise truncated() from error


def _unconnected(error: httpx.ConnectError) -> TransportError:
    """Why there is no connection, by the error of the system that is behind it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ConnectionRefusedError):
            return refused()
        if isinstance(cause, OSError) and is_local(cause):
            return local_failure(str(cause))
        cause = cause.__cause__ or cause.__context__
    return unreachable(str(error))
