"""Scheduled events: what is about to happen to a VM."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from azure_imds import _native
from azure_imds.records._record import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledEvent:
    """One event. What the answer's version does not have yet is absent."""

    event_id: str | None = None
    """The event's identifier, the same for all of its life."""

    event_type: str | None = None
    """What will happen: ``Freeze``, ``Reboot``, ``Redeploy``, ``Preempt``, ``Terminate``, or a newer word."""

    resource_type: str | None = None
    """``VirtualMachine``."""

    resources: tuple[str, ...] = ()
    """The names of the machines it happens to."""

    event_status: str | None = None
    """``Scheduled`` or ``Started``. An event that is over vanishes."""

    not_before: datetime | None = None
    """It begins no earlier than this, UTC, unless it is approved; absent once it has begun."""

    not_before_text: str | None = None
    """The same as it was written, also when it can't be read."""

    description: str | None = None
    """What will happen, in words: since 2019-04-01."""

    event_source: str | None = None
    """Who caused it, ``Platform`` or ``User``: since 2019-08-01."""

    duration_in_seconds: int | None = None
    """How long the machine will be interrupted, zero for not at all: since 2020-07-01."""

    duration_unknown: bool | None = None
    """Whether the service says that it does not know for how long."""

    def affects(self, vm_name: str, /) -> bool:
        """Whether the event happens to the machine of this name, which is ``compute.name``."""
        return _native.event_affects(list(self.resources), vm_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledEvents:
    """The answer of ``/metadata/scheduledevents``.

    The events of all machines of an availability set or placement group are listed: see ``affecting``.
    """

    document_incarnation: int | None = None
    """A number that grows whenever the events change; absent if it is larger than 64 bits hold."""

    incarnation_text: str = ""
    """The same as it was written, for comparing."""

    events: tuple[ScheduledEvent, ...] = ()
    """The events."""

    json: str = field(default="", repr=False)
    """The answer as it came, byte for byte."""

    unreadable: tuple[Unreadable, ...] = ()
    """Fields that hold something that can't be read as what it should be."""

    def affecting(self, vm_name: str, /) -> Iterator[ScheduledEvent]:
        """The events that happen to the machine of this name, which is ``compute.name``."""
        return (event for event in self.events if event.affects(vm_name))
