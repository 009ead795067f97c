"""Text from outside as it is shown: nothing in it moves the cursor, changes colours or hides. The core decides what."""

from __future__ import annotations

import os
import re

from azure_imds._native import printable

LIMIT = 120
"""Characters shown of a value, as in the core."""

_PATH_LIMIT = 400


def escaped(text: str) -> str:
    """The text with every character that is not seen written as ``\\u{..}``, halves of pairs too."""
    return "".join(
        # The core's text has no halves of pairs.
        f"\\u{{{ord(part):x}}}" if _SURROGATE.fullmatch(part) else printable(part)
        for part in _SURROGATE.split(text)
        if part
    )


def escaped_lines(text: str) -> str:
    """The same, line by line."""
    return "\n".join(map(escaped, text.splitlines()))


def bounded(text: str, limit: int = LIMIT) -> str:
    """At most so many characters of it, escaped."""
    return escaped(text[:limit]) + ("…" if len(text) > limit else "")


def quoted(path: str | os.PathLike[str]) -> str:
    """A path as it is shown."""
    return f'"{bounded(os.fsdecode(path), _PATH_LIMIT)}"'


_SURROGATE = re.compile("([\ud800-\udfff])")
