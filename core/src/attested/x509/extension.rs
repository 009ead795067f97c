//! The extensions that are understood, each read out of its octets.

use alloc::vec::Vec;

use der::asn1::BitStringRef;

use super::general_name::GeneralName;
use crate::attested::der::element::{Element, Fault, Malformed, Tag};
use crate::attested::der::object_identifier::{
    ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_BASIC_CONSTRAINTS, ID_CE_EXT_KEY_USAGE, ID_CE_KEY_USAGE,
    ID_CE_NAME_CONSTRAINTS, ID_CE_SUBJECT_ALT_NAME, ID_CE_SUBJECT_KEY_IDENTIFIER, ID_PE_AUTHORITY_INFO_ACCESS,
};

/// An extension that is understood.
pub(in crate::attested) trait Extension<'a>: Sized {
    /// The octets of its identifier.
    const OID: &'static [u8];

    /// Reads its value.
    fn parse(value: &'a [u8]) -> Result<Self, Malformed>;
}

/// [RFC 5280 Section 4.2.1.9](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9).
///
/// ```text
/// BasicConstraints ::= SEQUENCE {
///   cA BOOLEAN DEFAULT FALSE,
///   pathLenConstraint INTEGER (0..MAX) OPTIONAL }
/// ```
pub(in crate::attested) struct BasicConstraints {
    pub(in crate::attested) ca: bool,
    pub(in crate::attested) path_len_constraint: Option<u8>,
}

/// [RFC 5280 Section 4.2.1.3](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3): a string of named bits. DER leaves
/// out zeros at its end, and public roots (those of Trustwave on elliptic curves) write them; so they are read, and
/// [refused](Self::has_trailing_zeros) where the profile is.
pub(in crate::attested) struct KeyUsage<'a>(BitStringRef<'a>);

/// [RFC 5280 Section 4.2.1.12](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12).
///
/// ```text
/// ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
/// ```
///
/// The octets of each identifier.
pub(in crate::attested) struct ExtendedKeyUsage<'a>(pub(in crate::attested) Vec<&'a [u8]>);

/// [RFC 5280 Section 4.2.1.6](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6).
///
/// ```text
/// SubjectAltName ::= SEQUENCE SIZE (1..MAX) OF GeneralName
/// ```
///
/// One of no names is read, so that a signer's has a verdict of its own.
pub(in crate::attested) struct SubjectAltName<'a>(pub(in crate::attested) Vec<GeneralName<'a>>);

/// The names that [RFC 5280 Section 4.2.1.10] constrains. What it allows of them is judged by the path builder.
///
/// ```text
/// NameConstraints ::= SEQUENCE {
///   permittedSubtrees [0] GeneralSubtrees OPTIONAL,
///   excludedSubtrees [1] GeneralSubtrees OPTIONAL }
/// ```
///
/// [RFC 5280 Section 4.2.1.10]: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10
pub(in crate::attested) struct NameConstraints<'a> {
    pub(in crate::attested) permitted_subtrees: Vec<GeneralName<'a>>,
    pub(in crate::attested) excluded_subtrees: Vec<GeneralName<'a>>,
}

/// [RFC 5280 Section 4.2.1.1](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.1).
///
/// ```text
/// AuthorityKeyIdentifier ::= SEQUENCE {
///   keyIdentifier [0] KeyIdentifier OPTIONAL,
///   authorityCertIssuer [1] GeneralNames OPTIONAL,
///   authorityCertSerialNumber [2] CertificateSerialNumber OPTIONAL }
/// ```
///
/// The two last are both there or neither (appendix A.2).
#[derive(Default)]
pub(in crate::attested) struct AuthorityKeyIdentifier<'a> {
    pub(in crate::attested) key_identifier: Option<&'a [u8]>,
}

/// [RFC 5280 Section 4.2.1.2](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.2): an OCTET STRING.
pub(in crate::attested) struct SubjectKeyIdentifier<'a>(pub(in crate::attested) &'a [u8]);

/// The addresses of [RFC 5280 Section 4.2.2.1](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.2.1) that are URIs,
/// each with the octets of the service's identifier.
///
/// ```text
/// AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
/// AccessDescription ::= SEQUENCE {
///   accessMethod OBJECT IDENTIFIER,
///   accessLocation GeneralName }
/// ```
pub(in crate::attested) struct AuthorityInfoAccess<'a>(pub(in crate::attested) Vec<(&'a [u8], &'a str)>);

/// Bits that a key usage may have; RFC 5280 names nine.
const USAGE_LIMIT: usize = 16;

impl KeyUsage<'_> {
    /// Whether the key may sign data.
    pub(in crate::attested) fn digital_signature(&self) -> bool {
        self.holds(0)
    }

    /// Whether the key may sign certificates.
    pub(in crate::attested) fn key_cert_sign(&self) -> bool {
        self.holds(5)
    }

    /// Whether the last bit is zero, which DER forbids of a string of named bits (X.690 section 11.2.2).
    pub(in crate::attested) fn has_trailing_zeros(&self) -> bool {
        self.0.bit_len().checked_sub(1).is_some_and(|last| !self.holds(last))
    }

    fn holds(&self, number: usize) -> bool {
        self.0.get(number).unwrap_or(false)
    }
}

impl Extension<'_> for BasicConstraints {
    const OID: &'static [u8] = ID_CE_BASIC_CONSTRAINTS;

    fn parse(value: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Element::parse(value)?.fields(Tag::SEQUENCE)?;
        let ca = match fields.optional(Tag::BOOLEAN)? {
            None => false,
            Some(ca) if ca.boolean()? => true,
            Some(ca) => return Err(ca.at(Fault::Default)),
        };
        let path_len_constraint = match fields.optional(Tag::INTEGER)? {
            Some(length) => Some(length.small()?),
            None => None,
        };
        fields.end()?;
        Ok(Self { ca, path_len_constraint })
    }
}

impl<'a> Extension<'a> for KeyUsage<'a> {
    const OID: &'static [u8] = ID_CE_KEY_USAGE;

    fn parse(value: &'a [u8]) -> Result<Self, Malformed> {
        let usage = Element::parse(value)?;
        usage.expect(Tag::BIT_STRING)?;
        let bits = usage.bits()?;
        if bits.bit_len() > USAGE_LIMIT { Err(usage.at(Fault::Limit)) } else { Ok(Self(bits)) }
    }
}

impl<'a> Extension<'a> for ExtendedKeyUsage<'a> {
    const OID: &'static [u8] = ID_CE_EXT_KEY_USAGE;

    fn parse(value: &'a [u8]) -> Result<Self, Malformed> {
        let mut purposes = Vec::new();
        let mut left = Element::parse(value)?.fields(Tag::SEQUENCE)?.some()?;
        while !left.is_empty() {
            purposes.push(left.required(Tag::OBJECT_IDENTIFIER)?.identifier()?);
        }
        Ok(Self(purposes))
    }
}

impl<'a> Extension<'a> for SubjectAltName<'a> {
    const OID: &'static [u8] = ID_CE_SUBJECT_ALT_NAME;

    fn parse(value: &'a [u8]) -> Result<Self, Malformed> {
        GeneralName::all(Element::parse(value)?.fields(Tag::SEQUENCE)?).map(Self)
    }
}

/// The minimum must be zero, which is the default and so not written, and the maximum absent (section 4.2.1.10): nothing
/// follows the base.
///
/// ```text
/// GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
/// GeneralSubtree ::= SEQUENCE {
///   base GeneralName,
///   minimum [0] BaseDistance DEFAULT 0,
///   maximum [1] BaseDistance OPTIONAL }
/// ```
fn subtrees(subtrees: Option<Element<'_>>) -> Result<Vec<GeneralName<'_>>, Malformed> {
    let mut bases = Vec::new();
    let Some(subtrees) = subtrees else {
        return Ok(bases);
    };
    let mut left = subtrees.contents().some()?;
    while let Some(subtree) = left.following()? {
        let mut fields = subtree.fields(Tag::SEQUENCE)?;
        let base = fields.any()?;
        fields.end()?;
        bases.push(GeneralName::read(&base)?);
    }
    Ok(bases)
}

impl<'a> Extension<'a> for NameConstraints<'a> {
    const OID: &'static [u8] = ID_CE_NAME_CONSTRAINTS;

    fn parse(value: &'a [u8]) -> Result<Self, Malformed> {
        let mut fields = Element::parse(value)?.fields(Tag::SEQUENCE)?;
        let permitted = fields.optional(Tag::constructed(0))?;
        let excluded = fields.optional(Tag::constructed(1))?;
        fields.end()?;
        Ok(Self { permitted_subtrees: subtrees(permitted)?, excluded_subtrees: subtrees(excluded)? })
    }
}

impl<'a> Extension<'a> for AuthorityKeyIdentifier<'a> {
    const OID: &'static [u8] = ID_CE_AUTHORITY_KEY_IDENTIFIER;

    fn parse(value: &'a [u8]) -> Result<Self, Malformed> {
        let mut fields = Element::parse(value)?.fields(Tag::SEQUENCE)?;
        let key = fields.optional(Tag::primitive(0))?;
        if let Some(issuer) = fields.optional(Tag::constructed(1))? {
            // Read, and not kept: there may be thousands.
            let mut names = issuer.contents().some()?;
            while let Some(name) = names.following()? {
                GeneralName::read(&name)?;
            }
            fields.required(Tag::primitive(2))?.integer()?;
        }
        fields.end()?;
        Ok(Self { key_identifier: key.map(|key| key.contents) })
    }
}

impl<'a> Extension<'a> for SubjectKeyIdentifier<'a> {
    const OID: &'static [u8] = ID_CE_SUBJECT_KEY_IDENTIFIER;

    fn parse(value: &'a [u8]) -> Result<Self, Malformed> {
        let identifier = Element::parse(value)?;
        identifier.expect(Tag::OCTET_STRING)?;
        Ok(Self(identifier.contents))
    }
}

impl<'a> Extension<'a> for AuthorityInfoAccess<'a> {
    const OID: &'static [u8] = ID_PE_AUTHORITY_INFO_ACCESS;

    fn parse(value: &'a [u8]) -> Result<Self, Malformed> {
        let mut addresses = Vec::new();
        let mut left = Element::parse(value)?.fields(Tag::SEQUENCE)?;
        while let Some(description) = left.following()? {
            let mut fields = description.fields(Tag::SEQUENCE)?;
            let method = fields.required(Tag::OBJECT_IDENTIFIER)?.identifier()?;
            let location = fields.any()?;
            fields.end()?;
            if let GeneralName::Uri(uri) = GeneralName::read(&location)? {
                addresses.push((method, uri));
            }
        }
        Ok(Self(addresses))
    }
}
