"""The typed values have the core's tables of fields: the same names, the same kinds, nothing more, nothing less."""

from __future__ import annotations

import dataclasses
import pickle
import typing
from datetime import datetime
from typing import Any

import pytest
from azure_imds import Instance, _native, records
from service import INSTANCE

TABLES = _native.record_types()
NOT_OF_THE_TABLE = {"json", "unreadable"}
NATIVE = {"Instance", "AccessToken"}

KINDS: dict[str, Any] = {
    "flag": bool | None,
    "number": int | None,
    "text": str | None,
    "texts": tuple[str, ...],
    "time": datetime | None,
}


def expected(kind: str, inner: str | None) -> Any:
    if inner is None:
        return KINDS[kind]
    of_that_type: Any = getattr(records, inner)
    return tuple.__class_getitem__((of_that_type, ...)) if kind == "list" else of_that_type


def test_every_record_is_public() -> None:
    assert len(TABLES) > 30 and TABLES.keys() <= set(records.__all__)


@pytest.mark.parametrize("name", sorted(TABLES.keys() - NATIVE))
def test_a_record_follows_its_table(name: str) -> None:
    record = getattr(records, name)
    types = typing.get_type_hints(record)
    declared = {field.name: types[field.name] for field in dataclasses.fields(record)}
    for extra in NOT_OF_THE_TABLE:
        declared.pop(extra, None)
    wanted = {field: expected(kind, inner) for field, _, kind, inner in TABLES[name]}
    if name == "ScheduledEvents":
        wanted["incarnation_text"] = str  # never absent
    assert declared == wanted and list(declared) == list(wanted)
    assert record() == record() and hash(record()) == hash(record())
    assert pickle.loads(pickle.dumps(record())) == record()


@pytest.mark.parametrize("name", sorted(NATIVE))
def test_a_native_value_has_its_fields(name: str) -> None:
    value = getattr(records, name)
    assert all(hasattr(value, field) for field, *_ in TABLES[name])


def test_every_field_arrives_with_its_type() -> None:
    found = _compared(Instance(INSTANCE, "2025-04-07").compute) + _compared(Instance(INSTANCE).network)
    assert found > 80


def _compared(record: Any) -> int:
    """Compares the values of a record with their types, and counts those that are there."""
    count = 0
    for field, _, kind, _inner in TABLES[type(record).__name__]:
        value = getattr(record, field)
        if kind == "record":
            count += _compared(value)
        elif kind == "list":
            assert type(value) is tuple
            count += sum(map(_compared, value))
        elif value is not None:
            assert type(value) is {"flag": bool, "number": int, "text": str, "texts": tuple, "time": datetime}[kind]
            count += 1
    return count
