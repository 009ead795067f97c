//! The extensions that are understood, each read out of its octets.

use alloc::vec::Vec;

use der::asn1::{BitStringRef, IntRef, ObjectIdentifier, OctetStringRef};
use der::{AnyRef, Decode, DecodeValue, FixedTag, Header, Reader, Sequence, Tag};

use super::general_name::GeneralName;
use crate::attested::tlv::{elements, sequence};

/// An extension that is understood.
pub(in crate::attested) trait Extension<'a>: Sized {
    /// Its identifier.
    const OID: ObjectIdentifier;

    /// Reads its value.
    fn parse(value: &'a [u8]) -> Result<Self, der::Error>;
}

/// [RFC 5280 Section 4.2.1.9](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9).
///
/// ```text
/// BasicConstraints ::= SEQUENCE {
///   cA BOOLEAN DEFAULT FALSE,
///   pathLenConstraint INTEGER (0..MAX) OPTIONAL }
/// ```
#[derive(Sequence)]
pub(in crate::attested) struct BasicConstraints {
    #[asn1(default = "Default::default")]
    pub(in crate::attested) ca: bool,
    pub(in crate::attested) path_len_constraint: Option<u8>,
}

/// [RFC 5280 Section 4.2.1.3](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3): a string of named bits.
pub(in crate::attested) struct KeyUsage<'a>(BitStringRef<'a>);

/// [RFC 5280 Section 4.2.1.12](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12).
///
/// ```text
/// ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
/// ```
pub(in crate::attested) struct ExtendedKeyUsage(pub(in crate::attested) Vec<ObjectIdentifier>);

/// [RFC 5280 Section 4.2.1.6](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6).
///
/// ```text
/// SubjectAltName ::= SEQUENCE SIZE (1..MAX) OF GeneralName
/// ```
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
#[derive(Default)]
pub(in crate::attested) struct AuthorityKeyIdentifier<'a> {
    pub(in crate::attested) key_identifier: Option<&'a [u8]>,
}

/// [RFC 5280 Section 4.2.1.2](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.2): an OCTET STRING.
pub(in crate::attested) struct SubjectKeyIdentifier<'a>(pub(in crate::attested) &'a [u8]);

/// The addresses of [RFC 5280 Section 4.2.2.1](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.2.1) that are URIs,
/// each with the service it belongs to.
///
/// ```text
/// AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
/// AccessDescription ::= SEQUENCE {
///   accessMethod OBJECT IDENTIFIER,
///   accessLocation GeneralName }
/// ```
pub(in crate::attested) struct AuthorityInfoAccess<'a>(pub(in crate::attested) Vec<(ObjectIdentifier, &'a str)>);

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

    fn holds(&self, number: usize) -> bool {
        self.0.bits().nth(number).unwrap_or(false)
    }
}

impl Extension<'_> for BasicConstraints {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");

    fn parse(value: &[u8]) -> Result<Self, der::Error> {
        Self::from_der(value)
    }
}

impl<'a> Extension<'a> for KeyUsage<'a> {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");

    fn parse(value: &'a [u8]) -> Result<Self, der::Error> {
        let bits = BitStringRef::from_der(value)?;
        if bits.bit_len() > USAGE_LIMIT { Err(Tag::BitString.length_error().into()) } else { Ok(Self(bits)) }
    }
}

impl Extension<'_> for ExtendedKeyUsage {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");

    fn parse(value: &[u8]) -> Result<Self, der::Error> {
        let purposes: Result<_, _> = sequence(value)?.into_iter().map(ObjectIdentifier::from_der).collect();
        Ok(Self(purposes?))
    }
}

impl<'a> Extension<'a> for SubjectAltName<'a> {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");

    fn parse(value: &'a [u8]) -> Result<Self, der::Error> {
        GeneralName::all(sequence(value)?).map(Self)
    }
}

/// The contents of a SEQUENCE OF that comes under a tag of its own.
struct SequenceOf<'a>(&'a [u8]);

impl<'a> DecodeValue<'a> for SequenceOf<'a> {
    type Error = der::Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> Result<Self, der::Error> {
        reader.read_slice(header.length()).map(Self)
    }
}

impl FixedTag for SequenceOf<'_> {
    const TAG: Tag = Tag::Sequence;
}

/// ```text
/// GeneralSubtree ::= SEQUENCE {
///   base GeneralName,
///   minimum [0] BaseDistance DEFAULT 0,
///   maximum [1] BaseDistance OPTIONAL }
/// ```
fn subtrees(contents: Option<SequenceOf<'_>>) -> Result<Vec<GeneralName<'_>>, der::Error> {
    let encoded = contents.map(|contents| elements(contents.0)).transpose()?.unwrap_or_default();
    let base = |subtree| {
        let mut reader = der::SliceReader::new(subtree)?;
        reader.sequence::<_, _, der::Error>(|reader| {
            let base = reader.decode::<AnyRef<'_>>()?;
            reader.context_specific::<u32>(der::TagNumber(0), der::TagMode::Implicit)?;
            reader.context_specific::<u32>(der::TagNumber(1), der::TagMode::Implicit)?;
            GeneralName::parse(base)
        })
    };
    encoded.into_iter().map(base).collect()
}

impl<'a> Extension<'a> for NameConstraints<'a> {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");

    fn parse(value: &'a [u8]) -> Result<Self, der::Error> {
        let mut reader = der::SliceReader::new(value)?;
        let read = reader.sequence::<_, _, der::Error>(|reader| {
            let permitted = reader.context_specific::<SequenceOf<'_>>(der::TagNumber(0), der::TagMode::Implicit)?;
            let excluded = reader.context_specific::<SequenceOf<'_>>(der::TagNumber(1), der::TagMode::Implicit)?;
            Ok(Self { permitted_subtrees: subtrees(permitted)?, excluded_subtrees: subtrees(excluded)? })
        })?;
        reader.finish()?;
        Ok(read)
    }
}

impl<'a> Extension<'a> for AuthorityKeyIdentifier<'a> {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");

    fn parse(value: &'a [u8]) -> Result<Self, der::Error> {
        let mut reader = der::SliceReader::new(value)?;
        let read = reader.sequence::<_, _, der::Error>(|reader| {
            let key = reader.context_specific::<&OctetStringRef>(der::TagNumber(0), der::TagMode::Implicit)?;
            let issuer = reader.context_specific::<SequenceOf<'_>>(der::TagNumber(1), der::TagMode::Implicit)?;
            reader.context_specific::<IntRef<'_>>(der::TagNumber(2), der::TagMode::Implicit)?;
            if let Some(SequenceOf(names)) = issuer {
                GeneralName::all(elements(names)?)?;
            }
            Ok(Self { key_identifier: key.map(OctetStringRef::as_bytes) })
        })?;
        reader.finish()?;
        Ok(read)
    }
}

impl<'a> Extension<'a> for SubjectKeyIdentifier<'a> {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");

    fn parse(value: &'a [u8]) -> Result<Self, der::Error> {
        <&OctetStringRef>::from_der(value).map(|octets| Self(octets.as_bytes()))
    }
}

impl<'a> Extension<'a> for AuthorityInfoAccess<'a> {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");

    fn parse(value: &'a [u8]) -> Result<Self, der::Error> {
        let mut addresses = Vec::new();
        for description in sequence(value)? {
            match sequence(description)?.as_slice() {
                [method, location] => {
                    let method = ObjectIdentifier::from_der(method)?;
                    if let GeneralName::Uri(uri) = GeneralName::parse(AnyRef::from_der(location)?)? {
                        addresses.push((method, uri));
                    }
                }
                _ => return Err(Tag::Sequence.length_error().into()),
            }
        }
        Ok(Self(addresses))
    }
}
