//! `network`: how the machine is connected.

use crate::metadata::record::record;

record! {
    /// `network`: the interfaces.
    Network {
        /// The interfaces, in an order that says nothing.
        interfaces: list(Interface) = "interface";
    }
}

record! {
    /// An element of `network.interface`.
    Interface {
        /// The network compartment. Not documented.
        interface_compartment_id: text = "interfaceCompartmentID" | "interfaceCompartmentId";
        /// Its version. Not documented.
        interface_compartment_version: text = "interfaceCompartmentVersion";
        /// IPv4.
        ipv4: record(Ipv4) = "ipv4";
        /// IPv6.
        ipv6: record(Ipv6) = "ipv6";
        /// Twelve hexadecimal digits in upper case, without separators.
        mac_address: text = "macAddress";
    }
}

record! {
    /// `ipv4` of an interface.
    Ipv4 {
        /// The addresses, that of the primary configuration first.
        ip_addresses: list(Ipv4Address) = "ipAddress";
        /// Blocks delegated to the interface. Not documented.
        ip_address_blocks: list(AddressBlock) = "ipAddressBlock";
        /// The subnet, one entry.
        subnets: list(AddressBlock) = "subnet";
    }
}

record! {
    /// `ipv6` of an interface.
    Ipv6 {
        /// The addresses.
        ip_addresses: list(Ipv6Address) = "ipAddress";
        /// Blocks delegated to the interface. Not documented.
        ip_address_blocks: list(AddressBlock) = "ipAddressBlock";
    }
}

record! {
    /// An element of `ipv4.ipAddress`.
    Ipv4Address {
        /// The address in the network.
        private_ip_address: text = "privateIpAddress";
        /// The address on the Internet; for many kinds only [`LoadBalancer`](crate::LoadBalancer) has it.
        public_ip_address: text = "publicIpAddress";
    }
}

record! {
    /// An element of `ipv6.ipAddress`.
    Ipv6Address {
        /// The address in the network.
        private_ip_address: text = "privateIpAddress";
    }
}

record! {
    /// A subnet or a block of addresses.
    AddressBlock {
        /// The first address.
        address: text = "address";
        /// The prefix length.
        prefix: number = "prefix";
    }
}
