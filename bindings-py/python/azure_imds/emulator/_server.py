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

_TURNS = 8
"""Turns of the loop before a connection is turned away: those whose clients have left end meanwhile."""


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
        self._connections: dict[asyncio.Task[None], Connection | None] = {}
        self._taking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins to answer."""
        self._listening.setblocking(False)
        self._taking = asyncio.create_task(self._take())

    async def stop(self, grace: float = 5) -> None:
        """Takes no further connections, lets answers that are under way end, and ends what remains after the grace."""
        if self._taking is not None:
            self._taking.cancel()
            await asyncio.gather(self._taking, return_exceptions=True)
        self._listening.close()
        for connection in self._connections.values():
            if connection is not None:
                connection.finish()
        if self._connections and grace > 0:
            await asyncio.wait(list(self._connections), timeout=grace)
        tasks = list(self._connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self) -> None:
        """Takes connections one by one, unlike asyncio's server, which takes a hundred before it looks at the first."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                connected, _ = await loop.sock_accept(self._listening)
            except OSError:  # a client that has left again, or no file descriptor to be had: it passes
                await asyncio.sleep(0.05)
                continue
            for _ in range(_TURNS):
                if len(self._connections) >= self._most:
                    await asyncio.sleep(0)
            if len(self._connections) >= self._most:
                connected.close()
                continue
            task = asyncio.create_task(self._serve(connected))
            self._connections[task] = None
            task.add_done_callback(self._connections.pop)

    async def _serve(self, connected: socket.socket) -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            reader, writer = await asyncio.open_connection(sock=connected)
        except BaseException:
            connected.close()
            raise
        connection = Connection(self.emulator, reader, writer, self._patience, self._log)
        self._connections[task] = connection
        try:
            # A connection that ends in an ordinary way of connections is nothing to tell anybody.
            with contextlib.suppress(OSError, asyncio.CancelledError, asyncio.TimeoutError):
                await connection.serve()
                writer.close()
                await asyncio.wait_for(writer.wait_closed(), self._patience.write)
        finally:
            writer.close()
            if writer.transport.get_write_buffer_size() > 0:
                writer.transport.abort()  # to whoever does not read, the rest would never be sent
