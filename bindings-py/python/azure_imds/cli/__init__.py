"""The command line: ``azure-imds``, or ``python -m azure_imds``."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line, that of the process unless given, and gives its exit status."""
    from azure_imds.cli._commands import run

    return run(arguments)
