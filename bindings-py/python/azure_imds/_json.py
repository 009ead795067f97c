"""JSON that may hold anything, as values."""

from __future__ import annotations

import json
import math
from typing import Any

from azure_imds._escaped import LIMIT


def json_object(text: str) -> dict[str, Any] | None:
    """What the text says, if it is a JSON object: numbers out of all bounds stay as they are written."""
    try:
        value = json.loads(text, parse_float=_float, parse_int=_int, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _float(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


def _int(text: str) -> int | str:
    return int(text) if len(text) <= LIMIT else text


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is not JSON")
