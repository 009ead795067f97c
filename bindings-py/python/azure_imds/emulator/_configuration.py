"""What an emulator is made of: mappings and files, read by the native half."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from azure_imds._escaped import bounded
from azure_imds._native import Configuration
from azure_imds.errors import UsageError

Machine: TypeAlias = Mapping[str, Any] | str | os.PathLike[str]
"""The parts of a configuration by their names, or the path of a file in TOML or JSON (``.json``)."""

LONGEST = 1 << 20
"""Bytes that a file may have."""


def read(machine: Machine | None) -> Configuration:
    """Reads a configuration.

    Raises:
        UsageError: ``configuration_malformed``, ``file_unreadable``, ``argument_type``.
    """
    if machine is None:
        return Configuration.from_json("{}", False)
    if isinstance(machine, Mapping):
        return Configuration.from_json(as_json(machine), False)
    if isinstance(machine, (str, os.PathLike)):
        return _read_file(Path(machine))
    raise UsageError(
        f"the machine is of type {type(machine).__name__}; give a mapping, or the path of a file in TOML or JSON",
        code="argument_type",
    )


def as_json(value: Mapping[str, Any]) -> str:
    """The text that the native half reads.

    Raises:
        UsageError: ``argument_type``.
    """
    try:
        return json.dumps(value, default=_plain)
    except (TypeError, ValueError) as error:
        raise UsageError(f"the configuration can't be written as JSON: {error}", code="argument_type") from None


def as_dict(configuration: Configuration) -> dict[str, Any]:
    """The configuration as plain data."""
    read: dict[str, Any] = json.loads(configuration.to_json())
    return read


def frozen(value: Any) -> Any:
    """The same to be read only, so that a change that would be lost raises."""
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return tuple(frozen(inner) for inner in value)
    return value


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _read_file(path: Path) -> Configuration:
    shown = bounded(str(path), 400)
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except OSError as error:
        raise UsageError(f"{shown} can't be read: {error.strerror or error}", code="file_unreadable") from None
    if len(content) > LONGEST:
        raise UsageError(f"{shown} is longer than a mebibyte", code="file_unreadable")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{shown}: line {line}: not UTF-8", code="configuration_malformed") from None
    try:
        if path.suffix.lower() == ".json":
            return Configuration.from_json(text, True)
        return Configuration.from_toml(text)
    except UsageError as error:
        raise UsageError(f"{shown}: {error}", code=error.code) from None
