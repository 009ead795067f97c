"""The emulator on a socket with a thread of its own, for tests of blocking and async code alike."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from azure_imds._options import Unpack, takes
from azure_imds.emulator._configuration import Machine
from azure_imds.emulator._emulator import Emulator, EmulatorOptions
from azure_imds.emulator._server import Server, listen, url_of


class LoopThread:
    """An event loop in a thread, that serves any number of emulators."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="azure-imds emulator", daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def serving(
        self,
        machine: Machine | None = None,
        *,
        sibling: Emulator | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        **options: Unpack[EmulatorOptions],
    ) -> Iterator[Emulator]:
        """Serves an emulator for the length of the block."""
        with listen(host, port) as listening:
            emulator = Emulator(machine, origin=url_of(listening), sibling=sibling, **options)
            with self.running(Server(emulator, listening)):
                yield emulator

    @contextlib.contextmanager
    def running(self, server: Server) -> Iterator[None]:
        """Runs a server for the length of the block."""
        asyncio.run_coroutine_threadsafe(server.start(), self._loop).result()
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(grace=0), self._loop).result()

    def close(self) -> None:
        """Ends the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@takes(EmulatorOptions)
@contextlib.contextmanager
def serving(
    machine: Machine | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    **options: Unpack[EmulatorOptions],
) -> Iterator[Emulator]:
    """Serves an emulator on a socket for the length of the block, by a thread of its own; ``emulator.url`` is where.

    Takes what ``Emulator`` takes, see ``EmulatorOptions``; instead of an origin, host and port: a free port of
    127.0.0.1 unless given.

    Raises:
        UsageError: ``address_unusable``, and what ``Emulator`` raises.
    """
    thread = LoopThread()
    try:
        with thread.serving(machine, host=host, port=port, **options) as emulator:
            yield emulator
    finally:
        thread.close()
