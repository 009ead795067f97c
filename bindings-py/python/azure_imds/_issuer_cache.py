"""Fetched issuers on the disk: a folder of files, each named by the SHA-256 of its content.

What is read there is as untrusted as it was when it was fetched, and offered to the core, which takes nothing that does
not lead to an anchor. Nothing that goes wrong here is an error to anybody: the certificate is then fetched again.
Who can write to the folder can cause that, and nothing more. Who can write above it can put another folder in its
place: its path is the host's own, and trusted. Bounded: the file written last stays longest.
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
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

FILES = 64
"""Files kept."""

_SIZE = 64 * 1024
_ENTRIES = 4096
_LOOKED_AT = 65536  # files of other names among them
_ERRORS = (OSError, ValueError)  # a path that holds a NUL is a ValueError
_NAME = re.compile(r"[0-9a-f]{64}\.der")
_OURS = re.compile(rf"{_NAME.pattern}|\..*\.tmp")  # or left unfinished
_UNFINISHED_FOR = 3600
# No link is followed, and opening does not wait. A platform without one of these flags has no such files either.
_READ = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


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
    """The files of one folder, which need not exist. If a link is in its place, nothing is read, written or removed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> Iterator[bytes]:
        """The certificates in it, DER. Files of another name, kind, size or content are passed over."""
        for path in self._files()[:FILES]:
            content = _content(path)
            if content is not None and path.name == _name(content):
                yield content

    def store(self, certificates: Iterable[bytes]) -> None:
        """Writes those that are not there, each whole or not at all, and removes the oldest beyond the bound.

        What is there under a right name and has not the right content is replaced.
        """
        with contextlib.suppress(*_ERRORS):
            self._folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder.mkdir(exist_ok=True, mode=0o700)
            if self._folder.is_symlink():
                return
            for content in certificates:
                path = self._folder / _name(content)
                with contextlib.suppress(*_ERRORS):
                    if _content(path) != content:
                        self._write(path, content)
            for path in self._files()[FILES:]:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _files(self) -> list[Path]:
        """Regular files with the right form of name, the newest first. What was left unfinished long ago is removed."""
        found, now = [], time.time()
        if os.path.islink(self._folder):
            return []
        with contextlib.suppress(*_ERRORS), os.scandir(self._folder) as entries:
            ours = (entry for entry in itertools.islice(entries, _LOOKED_AT) if _OURS.fullmatch(entry.name))
            for entry in itertools.islice(ours, _ENTRIES):
                with contextlib.suppress(OSError):  # another process has just removed it
                    status = entry.stat(follow_symlinks=False)
                    if not stat.S_ISREG(status.st_mode):
                        continue
                    if _NAME.fullmatch(entry.name):
                        # A time in the future was not written here.
                        found.append((status.st_mtime if status.st_mtime <= now + 60 else 0, entry.name))
                    elif status.st_mtime < now - _UNFINISHED_FOR:
                        os.unlink(entry.path)
        return [self._folder / name for _, name in sorted(found, reverse=True)]

    def _write(self, path: Path, content: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            with contextlib.suppress(OSError):
                os.rmdir(path)  # an empty folder of that name
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise


def _content(path: Path) -> bytes | None:
    """The content of a regular file, if it is not too long."""
    with contextlib.suppress(*_ERRORS), os.fdopen(os.open(path, _READ), "rb") as file:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            content = file.read(_SIZE + 1)
            return content if len(content) <= _SIZE else None
    return None


def _name(content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()}.der"
