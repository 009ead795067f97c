//! Object identifiers as they are encoded: compared as octets, told in numbers only to be shown.

use alloc::string::{String, ToString};

use der::asn1::ObjectIdentifier;

use crate::quoted::Quoted;

pub(in crate::attested) const RSA_ENCRYPTION: &[u8] = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1").as_bytes();

/// An identifier in numbers with dots between them; nothing if it is none.
pub(in crate::attested) fn text(octets: &[u8]) -> String {
    ObjectIdentifier::from_bytes(octets).map(|identifier| identifier.to_string()).unwrap_or_default()
}

/// The same, fit for an error.
pub(in crate::attested) fn quoted(octets: &[u8]) -> Quoted {
    Quoted::from(&*text(octets))
}
