//! Extensions of certificates, well formed and otherwise.

use crate::asn1::{bit_string, element, integer, octet_string, oid, sequence, tag};
use crate::oid;

/// One extension: object identifier, criticality as encoded (None: the default, absent), value.
#[derive(Clone, Debug)]
pub struct Extension {
    /// Dotted object identifier.
    pub oid: &'static str,
    /// The BOOLEAN's octet, where it is written at all.
    pub critical: Option<u8>,
    /// What the OCTET STRING holds.
    pub value: Vec<u8>,
}

impl Extension {
    /// An extension that is not critical.
    #[must_use]
    pub const fn new(oid: &'static str, value: Vec<u8>) -> Self {
        Self { oid, critical: None, value }
    }

    /// The same, critical.
    #[must_use]
    pub const fn critical(mut self) -> Self {
        self.critical = Some(0xff);
        self
    }

    /// The extension's DER.
    #[must_use]
    pub fn der(&self) -> Vec<u8> {
        let mut parts = vec![oid(self.oid)];
        parts.extend(self.critical.map(|octet| element(tag::BOOLEAN, &[octet])));
        parts.push(octet_string(&self.value));
        sequence(&parts)
    }
}

/// Bits of a key usage, from the most significant of the first octet on.
pub mod usage {
    /// Bit 0.
    pub const DIGITAL_SIGNATURE: u8 = 0x80;
    /// Bit 2.
    pub const KEY_ENCIPHERMENT: u8 = 0x20;
    /// Bit 5.
    pub const KEY_CERT_SIGN: u8 = 0x04;
    /// Bit 6.
    pub const CRL_SIGN: u8 = 0x02;
}

/// A critical keyUsage.
#[must_use]
pub fn key_usage(bits: u8) -> Extension {
    let value = element(tag::BIT_STRING, &[bits.trailing_zeros() as u8, bits]);
    Extension::new(oid::KEY_USAGE, value).critical()
}

/// A critical basicConstraints of a CA.
#[must_use]
pub fn authority(path_length: Option<u64>) -> Extension {
    let mut parts = vec![element(tag::BOOLEAN, &[0xff])];
    parts.extend(path_length.map(integer));
    Extension::new(oid::BASIC_CONSTRAINTS, sequence(&parts)).critical()
}

/// A critical basicConstraints of an end entity, as Azure writes it: an empty SEQUENCE.
#[must_use]
pub fn end_entity() -> Extension {
    Extension::new(oid::BASIC_CONSTRAINTS, sequence::<Vec<u8>>(&[])).critical()
}

/// An extKeyUsage.
#[must_use]
pub fn purposes(purposes: &[&str]) -> Extension {
    let purposes: Vec<_> = purposes.iter().map(|purpose| oid(purpose)).collect();
    Extension::new(oid::EXTENDED_KEY_USAGE, sequence(&purposes))
}

/// A subjectKeyIdentifier.
#[must_use]
pub fn subject_key(identifier: &[u8]) -> Extension {
    Extension::new(oid::SUBJECT_KEY_IDENTIFIER, octet_string(identifier))
}

/// An authorityKeyIdentifier by key.
#[must_use]
pub fn authority_key(identifier: &[u8]) -> Extension {
    Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, sequence(&[element(tag::implicit(0), identifier)]))
}

/// An authorityInfoAccess with one caIssuers address.
#[must_use]
pub fn issuer_address(url: &str) -> Extension {
    let location = element(tag::implicit(6), url.as_bytes());
    Extension::new(oid::AUTHORITY_INFO_ACCESS, sequence(&[sequence(&[oid(oid::CA_ISSUERS), location])]))
}

/// A certificatePolicies with one policy.
#[must_use]
pub fn policy(policy: &str) -> Extension {
    Extension::new(oid::CERTIFICATE_POLICIES, sequence(&[sequence(&[oid(policy)])]))
}

/// A subjectAltName of GeneralNames.
#[must_use]
pub fn alternative_names(names: &[Vec<u8>]) -> Extension {
    Extension::new(oid::SUBJECT_ALT_NAME, sequence(names))
}

/// A critical nameConstraints over GeneralNames.
#[must_use]
pub fn name_constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Extension {
    let mut parts = Vec::new();
    for (number, names) in [(0, permitted), (1, excluded)] {
        if !names.is_empty() {
            let subtrees: Vec<_> = names.iter().map(|name| sequence(&[name])).collect();
            parts.push(element(tag::explicit(number), &subtrees.concat()));
        }
    }
    Extension::new(oid::NAME_CONSTRAINTS, sequence(&parts)).critical()
}

/// GeneralNames, each by its kind.
pub mod general_name {
    use crate::asn1::{element, oid, sequence, tag};

    /// otherName with a UTF8String.
    #[must_use]
    pub fn other(kind: &str, text: &str) -> Vec<u8> {
        let value = element(tag::explicit(0), &element(tag::UTF8_STRING, text.as_bytes()));
        element(tag::explicit(0), &[oid(kind), value].concat())
    }

    /// rfc822Name.
    #[must_use]
    pub fn email(text: &str) -> Vec<u8> {
        element(tag::implicit(1), text.as_bytes())
    }

    /// dNSName, of any octets.
    #[must_use]
    pub fn dns(text: impl AsRef<[u8]>) -> Vec<u8> {
        element(tag::implicit(2), text.as_ref())
    }

    /// directoryName.
    #[must_use]
    pub fn directory(name: &[u8]) -> Vec<u8> {
        element(tag::explicit(4), name)
    }

    /// uniformResourceIdentifier.
    #[must_use]
    pub fn uri(text: &str) -> Vec<u8> {
        element(tag::implicit(6), text.as_bytes())
    }

    /// iPAddress.
    #[must_use]
    pub fn address(octets: &[u8]) -> Vec<u8> {
        element(tag::implicit(7), octets)
    }

    /// registeredID.
    #[must_use]
    pub fn registered(dotted: &str) -> Vec<u8> {
        let mut name = oid(dotted);
        name[0] = tag::implicit(8);
        name
    }

    /// A SEQUENCE where a GeneralName belongs.
    #[must_use]
    pub fn nonsense() -> Vec<u8> {
        sequence(&[dns("metadata.azure.com")])
    }
}

/// A keyUsage without any bit.
#[must_use]
pub fn empty_key_usage() -> Extension {
    Extension::new(oid::KEY_USAGE, bit_string(&[])).critical()
}
