"""The plugin of pytest: ``imds_emulator``, a metadata service of each test's own.

It lies outside ``azure_imds`` so that a run of pytest that does not use it does not import that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from azure_imds.emulator import Emulator
    from azure_imds.emulator._fixture import Session

MARK = (
    "imds_emulator(machine=None, *, limits=False, environment=True, speed=1, faults=(), scenarios=()): "
    "what the fixture imds_emulator is made of"
)


def pytest_configure(config: pytest.Config) -> None:
    """Tells the marker."""
    config.addinivalue_line("markers", MARK)


@pytest.fixture(scope="session")
def _imds_emulators() -> Iterator[Session]:
    from azure_imds.emulator._fixture import Session

    with Session() as session:
        yield session


@pytest.fixture
def imds_emulator(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _imds_emulators: Session
) -> Iterator[Emulator]:
    """A metadata service on a free port of 127.0.0.1, which the environment names; see ``azure_imds.emulator``.

    No limits are in force unless the marker or ``imds_emulator.limits = True`` asks for them.
    """
    mark = request.node.get_closest_marker("imds_emulator")
    args, kwargs = (mark.args, mark.kwargs) if mark is not None else ((), {})
    with _imds_emulators.emulator(monkeypatch.setenv, *args, **kwargs) as emulator:
        yield emulator
