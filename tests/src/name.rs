//! Distinguished names.

use crate::asn1::{element, oid, sequence, set, tag};
use crate::oid;

/// A name of one-valued parts, in the order given, each a PrintableString.
#[must_use]
pub fn name(parts: &[(&str, &str)]) -> Vec<u8> {
    let parts: Vec<_> = parts.iter().map(|(kind, value)| set(&[part(kind, value)])).collect();
    sequence(&parts)
}

/// One part of a name, a PrintableString.
#[must_use]
pub fn part(kind: &str, value: &str) -> Vec<u8> {
    sequence(&[oid(kind), element(tag::PRINTABLE_STRING, value.as_bytes())])
}

/// The name of one of these tests' CAs.
#[must_use]
pub fn authority(common_name: &str) -> Vec<u8> {
    name(&[(oid::COUNTRY, "US"), (oid::ORGANIZATION, "azure-imds tests"), (oid::COMMON_NAME, common_name)])
}

/// The subject of the service's certificates.
#[must_use]
pub fn service(common_name: &str) -> Vec<u8> {
    name(&[
        (oid::COUNTRY, "US"),
        (oid::STATE, "WA"),
        (oid::LOCALITY, "Redmond"),
        (oid::ORGANIZATION, "Microsoft Corporation"),
        (oid::COMMON_NAME, common_name),
    ])
}
