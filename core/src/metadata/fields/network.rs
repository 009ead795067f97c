//! `network`: how the machine is connected.

use crate::metadata::record::record;

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::{AddressBlock, Interface, Ipv4, Ipv4Address, Network};
    ///
    /// let instance = Instance::parse(
    ///     r#"{"network":{"interface":[{"macAddress":"000D3AB7733F","ipv4":{
    ///         "ipAddress":[{"privateIpAddress":"10.0.0.4","publicIpAddress":""}],
    ///         "subnet":[{"address":"10.0.0.0","prefix":"24"}]}}]}}"#,
    ///     None,
    /// )?;
    /// let Network { interfaces, .. } = &instance.network;
    /// let interface: &Interface = &interfaces[0];
    /// assert_eq!(interface.mac_address.as_deref(), Some("000D3AB7733F"));
    /// let Ipv4 { ip_addresses, subnets, .. } = &interface.ipv4;
    /// let address: &Ipv4Address = &ip_addresses[0];
    /// assert_eq!(address.private_ip_address.as_deref(), Some("10.0.0.4"));
    /// assert_eq!(address.public_ip_address, None); // the load balancer may know it
    /// let subnet: &AddressBlock = &subnets[0];
    /// assert_eq!((subnet.address.as_deref(), subnet.prefix), (Some("10.0.0.0"), Some(24)));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    Network: "`network`: the interfaces" {
        interfaces: list(Interface) = "interface", "2017-04-02", "The network interfaces"
            => "Their order says nothing: the primary one is not always the first";
    }
}

record! {
    Interface: "An element of `network.interface`" {
        interface_compartment_id: text = "interfaceCompartmentID" | "interfaceCompartmentId", unknown,
            "The network compartment of the interface";
        interface_compartment_version: text = "interfaceCompartmentVersion", unknown,
            "The version of that compartment";
        ipv4: record(Ipv4) = "ipv4", "2017-04-02", "IPv4";
        ipv6: record(Ipv6) = "ipv6", "2017-04-02", "IPv6";
        mac_address: text = "macAddress", "2017-04-02", "Twelve hexadecimal digits in upper case, without separators";
    }
}

record! {
    Ipv4: "`ipv4` of an interface" {
        ip_addresses: list(Ipv4Address) = "ipAddress", "2017-04-02",
            "The addresses, that of the primary configuration first";
        ip_address_blocks: list(AddressBlock) = "ipAddressBlock", unknown, "Blocks delegated to the interface";
        subnets: list(AddressBlock) = "subnet", "2017-04-02", "The subnet, one entry";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::{Ipv6, Ipv6Address};
    ///
    /// let instance = Instance::parse(
    ///     r#"{"network":{"interface":[{"ipv6":{"ipAddress":[{"privateIpAddress":"fd00::4"}]}}]}}"#,
    ///     None,
    /// )?;
    /// let Ipv6 { ip_addresses, .. } = &instance.network.interfaces[0].ipv6;
    /// let address: &Ipv6Address = &ip_addresses[0];
    /// assert_eq!(address.private_ip_address.as_deref(), Some("fd00::4"));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    Ipv6: "`ipv6` of an interface" {
        ip_addresses: list(Ipv6Address) = "ipAddress", "2017-04-02", "The addresses";
        ip_address_blocks: list(AddressBlock) = "ipAddressBlock", unknown, "Blocks delegated to the interface";
    }
}

record! {
    Ipv4Address: "An element of `ipv4.ipAddress`" {
        private_ip_address: text = "privateIpAddress", "2017-04-02", "The address in the network";
        public_ip_address: text = "publicIpAddress", "2017-04-02", "The address on the Internet"
            => "Empty for addresses of the Standard SKU and of load balancers: ask the load balancer metadata";
    }
}

record! {
    Ipv6Address: "An element of `ipv6.ipAddress`" {
        private_ip_address: text = "privateIpAddress", "2017-04-02", "The address in the network"
            => "For the public one, ask the load balancer metadata";
        public_ip_address: text = "publicIpAddress", unknown, "The address on the Internet";
    }
}

record! {
    AddressBlock: "A subnet or a block of addresses" {
        address: text = "address", inherited, "The first address";
        prefix: number = "prefix", inherited, "The prefix length";
    }
}
