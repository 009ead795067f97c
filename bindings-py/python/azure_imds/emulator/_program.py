"""The program ``azure-imds serve``: what it prints, the file that it reads again, the signals that end it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from azure_imds._escaped import escaped, escaped_lines
from azure_imds.emulator._emulator import Emulator
from azure_imds.emulator._server import Server, url_of
from azure_imds.errors import UsageError

_LOOKS_EVERY = 0.25


def run(emulator: Emulator, listening: socket.socket, config: Path | None, *, verbose: bool) -> None:
    """Serves until a signal comes."""
    asyncio.run(_run(emulator, listening, config, verbose))


def announce(emulator: Emulator, listening: socket.socket, config: Path | None) -> None:
    """Says where it is, what to tell clients, and what is in force. First the URL, alone on its line."""
    print(url_of(listening))
    for name, value in emulator.environment.items():
        print(f"export {name}={value}")
    print(f"# seed {emulator.seed.hex()}")
    print(f"# root of its attested documents, for tests alone: {emulator.url}/emulator/root.pem")
    print(
        f"# machine: {'the default one' if config is None else f'{escaped(str(config))}, read again when it changes'}"
    )
    for path in emulator.unknown:
        print(f"# {escaped(path)} is not a known field, and served as it is")
    for rule in emulator.faults:
        print(f"# fault {escaped(rule)}")
    for event in emulator.events:
        print(f"# event {event.id} {event.event_type}")
    print(escaped_lines(emulator.configuration().to_toml()), flush=True)


def complain(sentence: str) -> None:
    """Says something on standard error."""
    if sys.stderr is not None:
        print(f"azure-imds: {escaped(sentence)}", file=sys.stderr, flush=True)


async def _run(emulator: Emulator, listening: socket.socket, config: Path | None, verbose: bool) -> None:
    server = Server(emulator, listening, log=_log if verbose else None)
    seen = _state(config)
    end = asyncio.Event()
    with _signals(end):
        await server.start()
        announce(emulator, listening, config)
        watch = asyncio.create_task(_watch(emulator, config, seen)) if config is not None else None
        try:
            await end.wait()
        finally:
            if watch is not None:
                watch.cancel()
            await server.stop()


def _log(line: str) -> None:
    if sys.stderr is not None:
        print(line, file=sys.stderr, flush=True)


async def _watch(emulator: Emulator, config: Path, seen: tuple[int, ...] | None) -> None:
    """Reads the file again when it has changed. One that can't be read changes nothing."""
    while True:
        await asyncio.sleep(_LOOKS_EVERY)
        state = _state(config)
        if state is None or state == seen:
            continue
        seen = state
        try:
            emulator.machine = config
        except UsageError as error:
            complain(f"{error}; what was in force stays ({error.code})")
        else:
            complain(f"{config} was read again")
            for path in emulator.unknown:
                complain(f"{path} is not a known field, and served as it is")


def _state(config: Path | None) -> tuple[int, ...] | None:
    """What of a file tells that it has changed; nothing while it is away, as when an editor replaces it."""
    try:
        state = os.stat(config) if config is not None else None
    except OSError:
        return None
    return state and (state.st_mtime_ns, state.st_size, state.st_ino)


@contextlib.contextmanager
def _signals(end: asyncio.Event) -> Iterator[None]:
    """SIGINT and SIGTERM end the program in good order; a second one at once."""
    loop = asyncio.get_running_loop()
    former = {}

    def caught(number: int, _frame: object) -> None:
        if end.is_set():
            os._exit(128 + number)
        loop.call_soon_threadsafe(end.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        former[number] = signal.signal(number, caught)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
