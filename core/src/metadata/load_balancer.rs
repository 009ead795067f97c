//! The load balancer metadata: addresses on the Internet, and the rules that lead to the machine.

use crate::metadata::document::Document;
use crate::metadata::error::ServiceError;
use crate::metadata::fields::{InboundRule, LoadBalancer};
use crate::metadata::instance::unexpected;
use crate::metadata::record::{Reader, Unreadable};

impl LoadBalancer {
    /// Reads an answer. Ports are numbers on the wire; digits in a string are read as well.
    ///
    /// # Errors
    ///
    /// `answer_malformed`, `answer_too_deep`; `answer_unexpected` without an object `loadbalancer`.
    ///
    /// ```
    /// use azure_imds::metadata::LoadBalancer;
    ///
    /// let answer = r#"{"loadbalancer":{"publicIpAddresses":[{"frontendIpAddress":"51.0.0.1"}]}}"#;
    /// let balancer = LoadBalancer::parse(answer)?;
    /// assert_eq!(balancer.public_ip_addresses[0].frontend_ip_address.as_deref(), Some("51.0.0.1"));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ServiceError> {
        Self::from_document(Document::parse(text)?)
    }

    /// The same for an answer that is already read.
    ///
    /// # Errors
    ///
    /// `answer_unexpected`.
    pub fn from_document(document: Document) -> Result<Self, ServiceError> {
        let Some(inner) = document.root().member("loadbalancer").filter(|inner| inner.kind() == "an object") else {
            return Err(unexpected("an object loadbalancer", document.root()));
        };
        let mut reader = Reader::default();
        let rows = reader.within_key("loadbalancer", |reader| Self::read_rows(inner, reader));
        Ok(Self::assemble(rows, document, reader.finish()))
    }

    /// The answer as it came.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// Fields that hold something that can't be read as what it should be.
    #[must_use]
    pub fn unreadable(&self) -> &[Unreadable] {
        &self.unreadable
    }
}

impl InboundRule {
    /// Whether the rule is for a protocol, compared without case.
    #[must_use]
    pub fn is_protocol(&self, protocol: &str) -> bool {
        self.protocol.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(protocol))
    }
}

/// An address without the brackets that an IPv6 address may come in.
///
/// ```
/// use azure_imds::metadata::without_brackets;
///
/// assert_eq!(without_brackets("[2001:db8::1]"), "2001:db8::1");
/// ```
#[must_use]
pub fn without_brackets(address: &str) -> &str {
    address.strip_prefix('[').and_then(|address| address.strip_suffix(']')).unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;
    use crate::metadata::record::Record as _;

    #[test]
    fn reads_rules() {
        let text = r#"{"loadbalancer":{
            "publicIpAddresses":[{"frontendIpAddress":"[2001:db8::1]","privateIpAddress":"10.1.0.4"}],
            "inboundRules":[{"frontendIpAddress":"192.0.2.1","protocol":"Tcp","frontendPort":80,"backendPort":"443",
                "privateIpAddress":"10.1.0.4"},{"protocol":"all","frontendPort":-1,"backendPort":1.5}],
            "outboundRules":[{"frontendIpAddress":"192.0.2.2","privateIpAddress":"10.1.0.4"}]}}"#;
        let answer = LoadBalancer::parse(text).unwrap();
        let [first, second] = answer.inbound_rules.as_slice() else { panic!("two rules") };
        assert_eq!((first.frontend_port, first.backend_port), (Some(80), Some(443)));
        assert!(first.is_protocol("TCP") && !second.is_protocol("tcp") && !InboundRule::default().is_protocol(""));
        let address = answer.public_ip_addresses[0].frontend_ip_address.as_deref().unwrap();
        assert_eq!(without_brackets(address), "2001:db8::1");
        assert_eq!(answer.outbound_rules.len(), 1);
        assert!(answer.tunnel_interfaces.is_empty());
        let odd: Vec<_> = answer.unreadable().iter().map(|odd| odd.path.to_string()).collect();
        assert_eq!(odd, ["loadbalancer/inboundRules/1/frontendPort", "loadbalancer/inboundRules/1/backendPort"]);
        assert!(answer.unreadable().iter().all(|odd| answer.document().select(&odd.path).is_ok()));
        assert_eq!(answer.fields().members.len(), LoadBalancer::TYPE.fields.len());
    }

    #[test]
    fn reads_tunnels() {
        let text = r#"{"loadbalancer":{"tunnelInterfaces":[{"gatewayIpAddress":"10.1.0.5","gatewayPort":10800,
            "identifier":900,"type":"internal","protocol":"vxlan","localIpAddress":"10.1.0.4","localPort":10800}]}}"#;
        let answer = LoadBalancer::parse(text).unwrap();
        let tunnel = &answer.tunnel_interfaces[0];
        assert_eq!((tunnel.identifier, tunnel.local_port), (Some(900), Some(10_800)));
        assert_eq!(tunnel.type_name.as_deref(), Some("internal"));
        assert!(answer.unreadable().is_empty());
    }

    #[test]
    fn the_wrapper_is_the_point() {
        for text in ["{}", "[]", r#"{"loadbalancer":[]}"#, r#"{"error":"No load balancer metadata is found."}"#] {
            assert_eq!(LoadBalancer::parse(text).unwrap_err().code(), "answer_unexpected", "{text}");
        }
    }

    #[test]
    fn brackets_come_in_pairs() {
        for (text, expected) in [("[::1]", "::1"), ("[::1", "[::1"), ("::1]", "::1]"), ("", ""), ("[]", "")] {
            assert_eq!(without_brackets(text), expected);
        }
    }
}
