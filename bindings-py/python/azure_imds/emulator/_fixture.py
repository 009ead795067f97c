"""What is behind the fixture of pytest: one thread and one set of keys for a session, an emulator for each test."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from azure_imds._options import Unpack
from azure_imds.emulator._configuration import Machine
from azure_imds.emulator._emulator import Emulator, EmulatorOptions
from azure_imds.emulator._thread import LoopThread


class Session:
    """What the tests of a run share."""

    def __init__(self) -> None:
        self._loop = LoopThread()
        self._elder = Emulator()
        # Most tests need no key. Those that do find it made, or make the same one themselves.
        self._keys = threading.Thread(target=self._elder.make_keys, name="azure-imds keys", daemon=True)
        self._keys.start()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.close()
        self._keys.join()

    @contextlib.contextmanager
    def emulator(
        self,
        set_variable: Callable[[str, str], None],
        machine: Machine | None = None,
        *,
        environment: bool = True,
        **options: Unpack[EmulatorOptions],
    ) -> Iterator[Emulator]:
        """An emulator for one test, without limits unless they are asked for."""
        options.setdefault("limits", False)
        with self._loop.serving(machine, sibling=self._elder, **options) as emulator:
            for name, value in emulator.environment.items() if environment else ():
                set_variable(name, value)
            yield emulator
