"""What records can be asked beside their fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, TypeVar

from azure_imds import _native

if TYPE_CHECKING:
    from azure_imds._arguments import CloudName


class _InACloud(Protocol):
    @property
    def az_environment(self) -> str | None: ...


class _WithVmId(Protocol):
    @property
    def vm_id(self) -> str | None: ...


class _OfMachines(Protocol):
    @property
    def resources(self) -> tuple[str, ...]: ...

    def affects(self, vm_name: str, /) -> bool: ...


_Event = TypeVar("_Event", bound=_OfMachines, covariant=True)


class _WithEvents(Protocol[_Event]):
    @property
    def events(self) -> tuple[_Event, ...]: ...


class Compute:
    """The methods of ``Compute``."""

    __slots__ = ()

    @property
    def cloud(self: _InACloud) -> CloudName | None:
        """The cloud that ``az_environment`` names; none if it is absent or names none that is known."""
        return _native.cloud_of(self.az_environment or "")

    def vm_id_matches(self: _WithVmId, smbios: str, /) -> bool:
        """Whether the UUID that the machine's own SMBIOS shows is this ``vm_id``.

        SMBIOS before version 2.6 has the first three groups of a UUID in reverse order of bytes: both orders match.
        Case, braces and white space around do not count.
        """
        return _native.vm_id_matches(self.vm_id or "", smbios)


class ScheduledEvent:
    """The methods of ``ScheduledEvent``."""

    __slots__ = ()

    def affects(self: _OfMachines, vm_name: str, /) -> bool:
        """Whether the event happens to the machine of this name, which is ``compute.name``."""
        return _native.event_affects(list(self.resources), vm_name)


class ScheduledEvents:
    """The methods of ``ScheduledEvents``."""

    __slots__ = ()

    def affecting(self: _WithEvents[_Event], vm_name: str, /) -> Iterator[_Event]:
        """The events that happen to the machine of this name, which is ``compute.name``."""
        return (event for event in self.events if event.affects(vm_name))
