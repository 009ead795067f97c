"""What typed values have in common."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A field whose value can't be read as what it should be. It is absent where it should stand."""

    path: str
    """Where it stands in the answer."""

    text: str
    """What stands there, bounded and escaped: a value as text, an object or array by its kind."""
