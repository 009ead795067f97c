//! The load balancer in front of the machine, `/metadata/loadbalancer`.
//!
//! In the order in which the service writes it. Ports are JSON numbers here.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::text::text;

/// What `loadbalancer` holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct LoadBalancer {
    /// `publicIpAddresses`.
    pub public_ip_addresses: Vec<AddressPair>,
    /// `inboundRules`.
    pub inbound_rules: Vec<InboundRule>,
    /// `outboundRules`.
    pub outbound_rules: Vec<AddressPair>,
    /// `tunnelInterfaces`, with a gateway load balancer; absent if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tunnel_interfaces: Option<Vec<TunnelInterface>>,
}

/// A public address and the private one behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct AddressPair {
    /// `frontendIpAddress`.
    #[serde(deserialize_with = "text")]
    pub frontend_ip_address: String,
    /// `privateIpAddress`.
    #[serde(deserialize_with = "text")]
    pub private_ip_address: String,
}

/// One of `inboundRules`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct InboundRule {
    /// `frontendIpAddress`.
    #[serde(deserialize_with = "text")]
    pub frontend_ip_address: String,
    /// `protocol`, such as `Tcp`.
    #[serde(deserialize_with = "text")]
    pub protocol: String,
    /// `frontendPort`.
    pub frontend_port: u16,
    /// `backendPort`.
    pub backend_port: u16,
    /// `privateIpAddress`.
    #[serde(deserialize_with = "text")]
    pub private_ip_address: String,
}

/// One of `tunnelInterfaces`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct TunnelInterface {
    /// `gatewayIpAddress`.
    #[serde(deserialize_with = "text")]
    pub gateway_ip_address: String,
    /// `gatewayPort`.
    pub gateway_port: u16,
    /// `identifier`.
    pub identifier: u32,
    /// `type`: `internal` or `external`.
    #[serde(deserialize_with = "text")]
    pub r#type: String,
    /// `protocol`: `vxlan`.
    #[serde(deserialize_with = "text")]
    pub protocol: String,
    /// `localIpAddress`.
    #[serde(deserialize_with = "text")]
    pub local_ip_address: String,
    /// `localPort`.
    pub local_port: u16,
}
