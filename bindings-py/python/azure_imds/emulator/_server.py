"""The emulator on a socket, by asyncio: connections come and go, and the server ends in good order."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

from azure_imds.emulator._connection import Connection, Patience
from azure_imds.emulator._emulator import Emulator
from azure_imds.errors import UsageError

Log = Callable[[str], None]

CONNECTIONS = 1000
"""Connections at once; further ones are closed."""

BACKLOG = 1024
"""Connections that wait to be taken."""


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A socket that listens; port 0 takes a free one.

    Raises:
        UsageError: ``address_unusable``.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        return socket.create_server((str(address[0]), int(address[1])), family=family, backlog=BACKLOG)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise UsageError(
            f"{host} port {port} can't be listened on: {reason or error}; give another --port, or 0 for any",
            code="address_unusable",
        ) from None


def url_of(listening: socket.socket) -> str:
    """The URL by which this machine reaches the socket."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server:
    """An emulator that listens."""

    def __init__(
        self,
        emulator: Emulator,
        listening: socket.socket,
        *,
        log: Log | None = None,
        patience: Patience | None = None,
        connections: int = CONNECTIONS,
    ) -> None:
        self.emulator = emulator
        self._listening = listening
        self._log = log
        self._patience = patience or Patience()
        self._most = connections
        self._connections: dict[asyncio.Task[None], Connection] = {}
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Begins to answer."""
        self._server = await asyncio.start_server(self._accept, sock=self._listening)
        self._listening.listen(BACKLOG)  # asyncio has made it a hundred: more at once would wait for seconds

    async def stop(self, grace: float = 5) -> None:
        """Takes no further connections, lets answers that are under way end, and ends what remains after the grace."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections.values():
            connection.finish()
        if self._connections and grace > 0:
            await asyncio.wait(list(self._connections), timeout=grace)
        tasks = list(self._connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._connections) >= self._most:
            writer.transport.abort()
            return
        connection = Connection(self.emulator, reader, writer, self._patience, self._log)
        self._connections[task] = connection
        try:
            # A connection that ends in an ordinary way of connections is nothing to tell anybody.
            with contextlib.suppress(OSError, asyncio.CancelledError, asyncio.TimeoutError):
                await connection.serve()
                writer.close()
                await asyncio.wait_for(writer.wait_closed(), self._patience.write)
        finally:
            del self._connections[task]
            writer.close()
            if writer.transport.get_write_buffer_size() > 0:
                writer.transport.abort()  # to whoever does not read, the rest would never be sent
