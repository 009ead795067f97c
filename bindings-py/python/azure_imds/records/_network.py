"""How a VM is connected: ``network``."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressBlock:
    """A subnet or a block of addresses."""

    address: str | None = None
    """The first address."""

    prefix: int | None = None
    """The prefix length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipv4Address:
    """An element of ``ipv4.ipAddress``."""

    private_ip_address: str | None = None
    """The address in the network."""

    public_ip_address: str | None = None
    """The address on the Internet; for many kinds only ``LoadBalancer`` has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipv4:
    """``ipv4`` of an interface."""

    ip_addresses: tuple[Ipv4Address, ...] = ()
    """The addresses, that of the primary configuration first."""

    ip_address_blocks: tuple[AddressBlock, ...] = ()
    """Blocks delegated to the interface. Not documented."""

    subnets: tuple[AddressBlock, ...] = ()
    """The subnet, one entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipv6Address:
    """An element of ``ipv6.ipAddress``."""

    private_ip_address: str | None = None
    """The address in the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipv6:
    """``ipv6`` of an interface."""

    ip_addresses: tuple[Ipv6Address, ...] = ()
    """The addresses."""

    ip_address_blocks: tuple[AddressBlock, ...] = ()
    """Blocks delegated to the interface. Not documented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """An element of ``network.interface``."""

    interface_compartment_id: str | None = None
    """The network compartment. Not documented."""

    interface_compartment_version: str | None = None
    """Its version. Not documented."""

    ipv4: Ipv4 = field(default_factory=Ipv4)
    """IPv4."""

    ipv6: Ipv6 = field(default_factory=Ipv6)
    """IPv6."""

    mac_address: str | None = None
    """Twelve hexadecimal digits in upper case, without separators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """``network``: the interfaces."""

    interfaces: tuple[Interface, ...] = ()
    """The interfaces, in an order that says nothing."""
