"""Where output goes: to a person at a terminal, or to a program."""

from __future__ import annotations

import os
import sys


def is_for_a_terminal() -> bool:
    """Whether to lay out and colour: for a terminal, and where `FORCE_COLOR` asks for it."""
    if sys.stdout is None:
        return False
    if sys.stdout.isatty():
        return os.environ.get("TERM") != "dumb"
    return bool(os.environ.get("FORCE_COLOR")) and not os.environ.get("NO_COLOR")
