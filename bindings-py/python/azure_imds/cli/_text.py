"""Values as text for people, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from azure_imds._escaped import bounded

_ROWS = 64
_TREE_ROWS = 1000
_TREE_LIMIT = 400


def rows(claims: dict[str, Any]) -> list[tuple[str, str]]:
    """Claims as names and values, inner names behind a dot. Empty values are left out: the service means "none"."""
    found: list[tuple[str, str]] = []
    for name, value in _leaves("", claims):
        if len(found) == _ROWS:
            return [*found, ("…", "")]
        found.append((bounded(name), bounded(value)))
    return found


def tree(value: Any, *, depth: int = 0) -> list[tuple[str, str]]:
    """Names and values of an answer, inner names further in below a heading. Empty values are left out, too."""
    found: list[tuple[str, str]] = []
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        shown = "  " * depth + bounded(str(name))
        if isinstance(inner, dict | list):
            if below := tree(inner, depth=depth + 1):
                found += [(shown, ""), *below]
        elif inner is not None and inner != "":
            text = inner if isinstance(inner, str) else json.dumps(inner)
            found.append((shown, bounded(text, _TREE_LIMIT)))
    if depth == 0 and len(found) > _TREE_ROWS:
        return [*found[:_TREE_ROWS], ("…", "")]
    return found


def json_text(value: Any) -> str:
    """JSON in ASCII: whatever it holds can be written to a terminal."""
    return json.dumps(value, indent=2).replace("\x7f", "\\u007f")


def _leaves(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{prefix}.{name}" if prefix else name, inner)
    elif isinstance(value, str):
        if value:
            yield prefix, value
    elif value is not None:
        yield prefix, json.dumps(value)
