"""What the doctor wants to know of this machine: raw texts, which the core interprets."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Mapping

from azure_imds import _native

_FILE_LIMIT = 4 * 1024
_ROUTES_LIMIT = 1024 * 1024
_SECONDS = 5


def gather(environment: Mapping[str, str]) -> tuple[str, dict[str, str], dict[str, str], str | None]:
    """Platform, variables, files, routes, as far as they can be found out: what is left out is not examined."""
    wanted = _native.wanted()
    files, routes = {}, None
    if sys.platform == "linux":
        for path in wanted["linux_files"]:
            content = _file(path, _FILE_LIMIT)
            if content is not None:
                files[path] = content
        routes = _file(wanted["linux_routes"], _ROUTES_LIMIT)
    elif sys.platform == "win32":
        routes = _output(wanted["windows_routes"])
    return sys.platform, {name: environment[name] for name in wanted["variables"] if name in environment}, files, routes


def _file(path: str, limit: int) -> str | None:
    """How a file begins. One that is not there, or not to be read by this user, tells nothing."""
    with contextlib.suppress(OSError), open(path, "rb") as file:
        return file.read(limit).decode(errors="replace")
    return None


def _output(command: list[str]) -> str | None:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        ran = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
        return ran.stdout[:_ROUTES_LIMIT].decode(errors="replace")
    return None
