//! Algorithm identifiers, as certificates and documents name their algorithms.

use der::asn1::ObjectIdentifier;
use der::{AnyRef, Sequence};

/// The `AlgorithmIdentifier` type is defined in [RFC 5280 Section 4.1.1.2].
///
/// ```text
/// AlgorithmIdentifier ::= SEQUENCE {
///   algorithm OBJECT IDENTIFIER,
///   parameters ANY DEFINED BY algorithm OPTIONAL }
/// ```
///
/// [RFC 5280 Section 4.1.1.2]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1.1.2
#[derive(Clone, Copy, Debug, PartialEq, Eq, Sequence)]
pub(super) struct AlgorithmIdentifierRef<'a> {
    pub(super) oid: ObjectIdentifier,
    pub(super) parameters: Option<AnyRef<'a>>,
}
