"""Fetched issuers on the disk: a folder of files, each named by the SHA-256 of its content.

What is read there is as untrusted as it was when it was fetched. Nothing that goes wrong here is an error to anybody:
the certificate is then fetched again. Bounded: the file written last stays longest.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

FILES = 64
"""Files kept."""

_SIZE = 64 * 1024
_ENTRIES = 4096
_ERRORS = (OSError, ValueError)  # a path that holds a NUL is a ValueError
_NAME = re.compile(r"[0-9a-f]{64}\.der")


def default_cache_dir() -> Path | None:
    """The folder for fetched issuers in the platform's cache folder. ``None`` if there is no such folder."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):
            base = os.path.expanduser("~/.cache")
    return Path(base, "azure-imds", "issuers") if os.path.isabs(base) else None


class IssuerCache:
    """The files of one folder, which need not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> Iterator[bytes]:
        """The certificates in it, DER. Files of another name, kind, size or content are passed over."""
        for path in self._files()[:FILES]:
            with contextlib.suppress(*_ERRORS):
                with path.open("rb") as file:
                    content = file.read(_SIZE + 1)
                if len(content) <= _SIZE and path.name == _name(content):
                    yield content

    def store(self, certificates: Iterable[bytes]) -> None:
        """Writes those that are not there yet, each whole or not at all, and removes the oldest beyond the bound."""
        with contextlib.suppress(*_ERRORS):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for content in certificates:
                path = self._folder / _name(content)
                if not path.exists():
                    self._write(path, content)
            for path in self._files()[FILES:]:
                path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        """Regular files with the right form of name, the newest first."""
        found = []
        with contextlib.suppress(*_ERRORS), os.scandir(self._folder) as entries:
            for entry in itertools.islice(entries, _ENTRIES):
                status = entry.stat(follow_symlinks=False)
                if _NAME.fullmatch(entry.name) and stat.S_ISREG(status.st_mode):
                    found.append((status.st_mtime, entry.name))
        return [self._folder / name for _, name in sorted(found, reverse=True)]

    def _write(self, path: Path, content: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise


def _name(content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()}.der"
