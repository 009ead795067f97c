//! `network`: interfaces and their addresses.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::text::{optional_text, text};

/// `/metadata/instance/network`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Network {
    /// `interface`; the first one is the primary.
    pub interface: Vec<Interface>,
}

impl Default for Network {
    fn default() -> Self {
        Self { interface: Vec::from([Interface::default()]) }
    }
}

/// One of `interface`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Interface {
    /// `interfaceCompartmentID`: not documented; absent if not given.
    #[serde(
        rename = "interfaceCompartmentID",
        deserialize_with = "optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub interface_compartment_id: Option<String>,
    /// `interfaceCompartmentVersion`: not documented; absent if not given.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub interface_compartment_version: Option<String>,
    /// `ipv4`.
    pub ipv4: Ipv4,
    /// `ipv6`.
    pub ipv6: Ipv6,
    /// `macAddress`: twelve upper-case hexadecimal digits.
    #[serde(deserialize_with = "text")]
    pub mac_address: String,
}

impl Default for Interface {
    fn default() -> Self {
        Self {
            interface_compartment_id: None,
            interface_compartment_version: None,
            ipv4: Ipv4::default(),
            ipv6: Ipv6::default(),
            mac_address: "000D3A123456".to_string(),
        }
    }
}

/// `ipv4`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Ipv4 {
    /// `ipAddress`; the first one is the primary.
    pub ip_address: Vec<IpAddress>,
    /// `ipAddressBlock`: not documented; absent if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_address_block: Option<Vec<Subnet>>,
    /// `subnet`.
    pub subnet: Vec<Subnet>,
}

impl Default for Ipv4 {
    fn default() -> Self {
        Self {
            ip_address: Vec::from([IpAddress::default()]),
            ip_address_block: None,
            subnet: Vec::from([Subnet::default()]),
        }
    }
}

/// `ipv6`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Ipv6 {
    /// `ipAddress`.
    pub ip_address: Vec<PrivateAddress>,
    /// `ipAddressBlock`: not documented; absent if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_address_block: Option<Vec<Subnet>>,
}

/// One of `ipv4.ipAddress`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct IpAddress {
    /// `privateIpAddress`.
    #[serde(deserialize_with = "text")]
    pub private_ip_address: String,
    /// `publicIpAddress`: empty for Standard addresses.
    #[serde(deserialize_with = "text")]
    pub public_ip_address: String,
}

impl Default for IpAddress {
    fn default() -> Self {
        Self { private_ip_address: "10.0.0.4".to_string(), public_ip_address: String::new() }
    }
}

/// One of `ipv6.ipAddress`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct PrivateAddress {
    /// `privateIpAddress`.
    #[serde(deserialize_with = "text")]
    pub private_ip_address: String,
}

/// One of `subnet`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Subnet {
    /// `address`.
    #[serde(deserialize_with = "text")]
    pub address: String,
    /// `prefix`: digits.
    #[serde(deserialize_with = "text")]
    pub prefix: String,
}

impl Default for Subnet {
    fn default() -> Self {
        Self { address: "10.0.0.0".to_string(), prefix: "24".to_string() }
    }
}
