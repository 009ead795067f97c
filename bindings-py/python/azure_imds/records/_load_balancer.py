"""The load balancer and the public addresses of a VM."""

from __future__ import annotations

from dataclasses import dataclass, field

from azure_imds.records._record import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicIpAddress:
    """An element of ``publicIpAddresses``.

    IPv6 addresses may stand in brackets.
    """

    frontend_ip_address: str | None = None
    """The address on the Internet."""

    private_ip_address: str | None = None
    """The address in the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRule:
    """An element of ``inboundRules``."""

    backend_port: int | None = None
    """The port of the machine."""

    frontend_ip_address: str | None = None
    """The address on the Internet."""

    frontend_port: int | None = None
    """The port on the Internet."""

    private_ip_address: str | None = None
    """The address in the network."""

    protocol: str | None = None
    """The protocol, in a case that varies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundRule:
    """An element of ``outboundRules``."""

    frontend_ip_address: str | None = None
    """The address on the Internet."""

    private_ip_address: str | None = None
    """The address in the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelInterface:
    """An element of ``tunnelInterfaces``, of a gateway load balancer."""

    gateway_ip_address: str | None = None
    """The gateway's address."""

    gateway_port: int | None = None
    """The gateway's port."""

    identifier: int | None = None
    """The number of the tunnel."""

    local_ip_address: str | None = None
    """The machine's address."""

    local_port: int | None = None
    """The machine's port."""

    protocol: str | None = None
    """The protocol: ``vxlan``."""

    type_name: str | None = None
    """``internal`` or ``external``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    """The answer of ``/metadata/loadbalancer``: the load balancer and the public addresses."""

    public_ip_addresses: tuple[PublicIpAddress, ...] = ()
    """Public addresses of the machine itself."""

    inbound_rules: tuple[InboundRule, ...] = ()
    """Rules that lead to the machine."""

    outbound_rules: tuple[OutboundRule, ...] = ()
    """Rules by which the machine reaches out."""

    tunnel_interfaces: tuple[TunnelInterface, ...] = ()
    """Tunnels of a gateway load balancer; none on other machines."""

    json: str = field(default="", repr=False)
    """The answer as it came, byte for byte."""

    unreadable: tuple[Unreadable, ...] = ()
    """Fields that hold something that can't be read as what it should be."""
