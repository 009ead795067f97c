//! Signed attributes, RFC 5652 sections 5.4 and 11: what was signed instead of the content, and what binds it to it.

use alloc::string::ToString;
use alloc::vec::Vec;

use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode, Sequence};

use super::repeated::repeated;
use super::signature::Digest;
use super::signed_data::{ID_DATA, malformed};
use super::tlv::SetOf;
use crate::error::VerifyError;
use crate::quoted::Quoted;

const ID_CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const ID_MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");

/// The `Attribute` type is defined in [RFC 5652 Section 5.3].
///
/// ```text
/// Attribute ::= SEQUENCE {
///   attrType OBJECT IDENTIFIER,
///   attrValues SET OF AttributeValue }
/// ```
///
/// [RFC 5652 Section 5.3]: https://www.rfc-editor.org/rfc/rfc5652#section-5.3
#[derive(Sequence)]
struct Attribute<'a> {
    kind: ObjectIdentifier,
    values: SetOf<'a>,
}

/// Checks the attributes against the content, and gives the octets that the signature is over: the attributes as they
/// came, under the tag of a SET. They must come in the order of DER; they are never sorted here.
///
/// Attributes other than `contentType` and `messageDigest` are not looked at: a `signingTime` decides nothing.
///
/// # Errors
///
/// `der_malformed`, `signed_attribute_repeated`, `signed_attribute_missing`, `signed_attribute_malformed`,
/// `content_type_mismatch`, `message_digest_mismatch`.
pub(super) fn message(attributes: SetOf<'_>, content: &[u8], digest: Digest) -> Result<Vec<u8>, VerifyError> {
    let fault = |error| malformed("SignedAttributes", attributes.position(), error);
    let encoded = attributes.elements().map_err(fault)?;
    if !encoded.is_sorted() {
        return Err(fault(der::ErrorKind::SetOrdering.into()));
    }
    let read: Result<Vec<_>, _> = encoded.iter().map(|attribute| Attribute::from_der(attribute)).collect();
    let read = read.map_err(fault)?;
    if let Some(kind) = repeated(read.iter().map(|attribute| attribute.kind.as_bytes())) {
        let kind = <ObjectIdentifier>::from_bytes(kind).map(|kind| kind.to_string()).unwrap_or_default();
        return Err(VerifyError::SignedAttributeRepeated { attribute: Quoted::from(&*kind) });
    }
    let content_type = one_value(&read, ID_CONTENT_TYPE, "contentType")?;
    let message_digest = one_value(&read, ID_MESSAGE_DIGEST, "messageDigest")?;
    let content_type = ObjectIdentifier::from_der(content_type).map_err(|_| wrong("contentType"))?;
    if content_type != ID_DATA {
        return Err(VerifyError::ContentTypeMismatch { found: Quoted::from(&*content_type.to_string()) });
    }
    let message_digest = <&OctetStringRef>::from_der(message_digest).map_err(|_| wrong("messageDigest"))?;
    if message_digest.as_bytes() != digest.of(&[content]).as_ref() {
        return Err(VerifyError::MessageDigestMismatch);
    }
    attributes.to_der().map_err(fault)
}

fn one_value<'a>(
    attributes: &[Attribute<'a>],
    kind: ObjectIdentifier,
    name: &'static str,
) -> Result<&'a [u8], VerifyError> {
    let attribute = attributes
        .iter()
        .find(|attribute| attribute.kind == kind)
        .ok_or(VerifyError::SignedAttributeMissing { attribute: name })?;
    match attribute.values.elements().map_err(|_| wrong(name))?.as_slice() {
        [value] => Ok(value),
        _ => Err(wrong(name)),
    }
}

fn wrong(name: &str) -> VerifyError {
    VerifyError::SignedAttributeMalformed { attribute: Quoted::from(name) }
}
