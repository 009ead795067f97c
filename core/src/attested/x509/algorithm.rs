//! Algorithm identifiers, as certificates and documents name their algorithms.

use crate::attested::der::element::{Element, Malformed, Tag};

/// The `AlgorithmIdentifier` type is defined in [RFC 5280 Section 4.1.1.2].
///
/// ```text
/// AlgorithmIdentifier ::= SEQUENCE {
///   algorithm OBJECT IDENTIFIER,
///   parameters ANY DEFINED BY algorithm OPTIONAL }
/// ```
///
/// [RFC 5280 Section 4.1.1.2]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1.1.2
#[derive(Clone, Copy, Debug)]
pub(in crate::attested) struct AlgorithmIdentifierRef<'a> {
    /// The octets of the identifier.
    pub(in crate::attested) oid: &'a [u8],
    pub(in crate::attested) parameters: Option<Element<'a>>,
    /// The contents of the whole, as they came.
    pub(in crate::attested) contents: &'a [u8],
}

impl<'a> AlgorithmIdentifierRef<'a> {
    pub(in crate::attested) fn read(element: &Element<'a>) -> Result<Self, Malformed> {
        let mut fields = element.fields(Tag::SEQUENCE)?;
        let oid = fields.required(Tag::OBJECT_IDENTIFIER)?.identifier()?;
        let parameters = fields.following()?;
        fields.end()?;
        Ok(Self { oid, parameters, contents: element.contents })
    }

    /// Whether there are parameters, and they are NULL.
    pub(in crate::attested) fn has_null(&self) -> bool {
        self.parameters.is_some_and(|parameters| parameters.is_null())
    }
}
