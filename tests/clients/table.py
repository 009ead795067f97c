"""The table of README.md: made of the tests themselves, so that it says what was run and nothing else."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest

HERE = Path(__file__).parent
README = HERE / "README.md"
BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"

BY_ENVIRONMENT = "`AZURE_POD_IDENTITY_AUTHORITY_HOST`"
BY_ADDRESS = "169.254.169.254"


@dataclass(frozen=True)
class Client:
    """A client under test; each test file has one, called CLIENT."""

    name: str
    version: str
    reached: str


def pip(name: str, reached: str) -> Client:
    """A Python package, in the version that pip has installed: requirements.txt pins it."""
    return Client(f"{name} (Python)", metadata.version(name), reached)


def npm(name: str, reached: str) -> Client:
    """A Node package, in the version that npm has installed: package-lock.json pins it."""
    package = HERE / "node_modules" / name / "package.json"
    version = json.loads(package.read_text())["version"] if package.exists() else "?"
    return Client(f"{name} (Node)", version, reached)


def debian(name: str, reached: str) -> Client:
    """A Debian package that check.sh has unpacked. Its version is the release's: the head of the run tells it."""
    return Client(f"{name} (Debian)", "the machine's" if debian_package(name) else "?", reached)


def debian_package(name: str) -> Path | None:
    """The package as check.sh has downloaded it."""
    return next((debian_folder() / "packages").glob(f"{name}_*.deb"), None)


def debian_folder() -> Path:
    """Where check.sh has unpacked Debian packages."""
    return Path(os.environ.get("AZURE_IMDS_DEBIAN", HERE / "target/debian"))


def table(items: list[pytest.Item]) -> str:
    """The table for these tests. What was run is their docstrings."""
    rows: dict[Client, list[str]] = {}
    for item in items:
        client = getattr(getattr(item, "module", None), "CLIENT", None)
        if client is not None:
            said = (item.function.__doc__ or "").strip()  # type: ignore[attr-defined]
            assert said and "\n" not in said, f"{item.nodeid} does not say in one line what it runs"
            done = rows.setdefault(client, [])
            if said not in done:
                done.append(said)
    lines = ["| client | version | reached by | what was run |", "|---|---|---|---|"]
    for client, done in sorted(rows.items(), key=lambda row: row[0].name.lower()):
        lines.append(f"| {client.name} | {client.version} | {client.reached} | {'; '.join(done)} |")
    return "\n".join(lines) + "\n"
