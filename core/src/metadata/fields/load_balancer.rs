//! `/metadata/loadbalancer`: addresses on the Internet, and the rules that lead to the machine.

use alloc::vec::Vec;

use crate::metadata::document::Document;
use crate::metadata::record::{Unreadable, record};

record! {
    /// A VM without a load balancer and without an address of the Standard SKU gets status 404 instead.
    ///
    /// Source: [load balancer metadata][docs].
    ///
    /// [docs]: https://learn.microsoft.com/azure/load-balancer/howto-load-balancer-imds
    #[derive(Clone, Debug, PartialEq, Eq)]
    LoadBalancer: "The answer of `/metadata/loadbalancer`: the load balancer and the public addresses" {
        public_ip_addresses: list(PublicIpAddress) = "publicIpAddresses", "2020-10-01",
            "Public addresses of the machine itself";
        inbound_rules: list(InboundRule) = "inboundRules", "2020-10-01", "Rules that lead to the machine";
        outbound_rules: list(OutboundRule) = "outboundRules", "2020-10-01", "Rules by which the machine reaches out";
        tunnel_interfaces: list(TunnelInterface) = "tunnelInterfaces", unknown, "Tunnels of a gateway load balancer"
            => "Empty or missing on other machines";
    } beside {
        pub(in crate::metadata) document: Document;
        pub(in crate::metadata) unreadable: Vec<Unreadable>;
    }
}

record! {
    PublicIpAddress: "An element of `publicIpAddresses`" => "IPv6 addresses may be in brackets" {
        frontend_ip_address: text = "frontendIpAddress", "2020-10-01", "The address on the Internet";
        private_ip_address: text = "privateIpAddress", "2020-10-01", "The address in the network";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::metadata::{InboundRule, LoadBalancer};
    ///
    /// let balancer = LoadBalancer::parse(
    ///     r#"{"loadbalancer":{"inboundRules":[{"frontendIpAddress":"51.0.0.1","protocol":"Tcp",
    ///         "frontendPort":443,"backendPort":8443,"privateIpAddress":"10.0.0.4"}]}}"#,
    /// )?;
    /// let rule: &InboundRule = &balancer.inbound_rules[0];
    /// assert_eq!((rule.frontend_port, rule.backend_port), (Some(443), Some(8443)));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    InboundRule: "An element of `inboundRules`" {
        frontend_ip_address: text = "frontendIpAddress", "2020-10-01", "The address on the Internet";
        protocol: text = "protocol", "2020-10-01", "The protocol" => "Its case varies";
        frontend_port: integer = "frontendPort", "2020-10-01", "The port on the Internet";
        backend_port: integer = "backendPort", "2020-10-01", "The port of the machine";
        private_ip_address: text = "privateIpAddress", "2020-10-01", "The address in the network";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::metadata::{LoadBalancer, OutboundRule, PublicIpAddress};
    ///
    /// let balancer = LoadBalancer::parse(
    ///     r#"{"loadbalancer":{"publicIpAddresses":[{"frontendIpAddress":"51.0.0.1"}],
    ///         "outboundRules":[{"frontendIpAddress":"51.0.0.1","privateIpAddress":"10.0.0.4"}]}}"#,
    /// )?;
    /// let rule: &OutboundRule = &balancer.outbound_rules[0];
    /// let public: &PublicIpAddress = &balancer.public_ip_addresses[0];
    /// assert_eq!(rule.frontend_ip_address, public.frontend_ip_address);
    /// assert_eq!(rule.private_ip_address.as_deref(), Some("10.0.0.4"));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    OutboundRule: "An element of `outboundRules`" {
        frontend_ip_address: text = "frontendIpAddress", "2020-10-01", "The address on the Internet";
        private_ip_address: text = "privateIpAddress", "2020-10-01", "The address in the network";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::metadata::{LoadBalancer, TunnelInterface};
    ///
    /// let balancer = LoadBalancer::parse(
    ///     r#"{"loadbalancer":{"tunnelInterfaces":[{"identifier":800,"type":"internal","protocol":"vxlan"}]}}"#,
    /// )?;
    /// let tunnel: &TunnelInterface = &balancer.tunnel_interfaces[0];
    /// assert_eq!((tunnel.identifier, tunnel.type_name.as_deref()), (Some(800), Some("internal")));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    TunnelInterface: "An element of `tunnelInterfaces`" {
        gateway_ip_address: text = "gatewayIpAddress", inherited, "The gateway's address";
        gateway_port: integer = "gatewayPort", inherited, "The gateway's port";
        identifier: integer = "identifier", inherited, "The number of the tunnel";
        type_name: text = "type", inherited, "internal or external";
        protocol: text = "protocol", inherited, "The protocol: vxlan";
        local_ip_address: text = "localIpAddress", inherited, "The machine's address";
        local_port: integer = "localPort", inherited, "The machine's port";
    }
}
