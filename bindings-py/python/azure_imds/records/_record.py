"""What typed values have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from azure_imds import _native


class Formed:
    """A value that has a JSON form."""

    __slots__ = ()

    def to_json(self) -> str:
        """The JSON form, the same in every language: names as here, times as RFC 3339, what is absent as null."""
        return _native.form(self)

    def to_dict(self) -> dict[str, Any]:
        """The same as values."""
        return _native.form_values(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable(Formed):
    """A field whose value can't be read as what it should be. It is absent where it should stand."""

    path: str
    """Where it stands in the answer."""

    text: str
    """What stands there, bounded and escaped: a value as text, an object or array by its kind."""
