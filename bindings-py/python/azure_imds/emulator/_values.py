"""What an emulator answers, has under way and remembers: plain values, which the native half makes by place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Reply:
    """An answer of the emulator, how it is to be delivered, and who gave it."""

    status: int
    """The status code."""

    headers: tuple[tuple[str, str], ...]
    """The header fields, in order."""

    body: bytes
    """The whole body."""

    delay_ms: int
    """Milliseconds to wait before the first byte."""

    ending: tuple[Literal["drop", "endless", "hang", "slow", "truncate", "whole"], int | None]
    """How the answer ends; with the bytes a second of ``slow``, and the bytes in all of ``truncate``."""

    part: str
    """The part of the service."""

    fault: str | None
    """The fault that was played, as it would be written; nothing for the service's own answer."""


@dataclass(frozen=True)
class JournalEntry:
    """A request that the emulator answered."""

    at: datetime
    """When, UTC."""

    at_ms: int = field(repr=False)
    """When, by the monotonic clock."""

    method: str
    """The method as it came."""

    target: str
    """Path and query as they came; the first 4096 bytes."""

    headers: tuple[tuple[str, str], ...] = field(repr=False)
    """The first 64 fields, as far as they take no more than 16 KiB in all."""

    body: bytes = field(repr=False)
    """The first 4096 bytes."""

    part: str
    """The part of the service: ``attested``, ``emulator``, ``info``, ``instance``, ``loadbalancer``, ``other``,
    ``scheduledevents``, ``token``, ``versions``."""

    status: int
    """The status of the answer."""

    fault: str | None
    """The fault that was played; ``None`` for the service's own answer."""

    def header(self, name: str, /) -> str | None:
        """The value of the first field of that name, in any case."""
        return next((value for field, value in self.headers if field.lower() == name.lower()), None)


@dataclass(frozen=True)
class EmulatedEvent:
    """A scheduled event that is under way."""

    id: str
    """Its ``EventId``."""

    event_type: str
    """Its ``EventType``, such as ``Freeze``."""

    status: Literal["Scheduled", "Started"]
    """Its ``EventStatus``."""

    not_before: datetime
    """When it starts, UTC."""

    resources: tuple[str, ...]
    """The machines that it happens to."""
