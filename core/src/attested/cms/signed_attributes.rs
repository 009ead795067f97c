//! Signed attributes, RFC 5652 sections 5.4 and 11: what was signed instead of the content, and what binds it to it.

use alloc::vec::Vec;

use super::signature::Digest;
use super::signed_data::malformed;
use crate::attested::der::element::{Element, Fault, Malformed, Tag};
use crate::attested::der::object_identifier::{self, ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST};
use crate::attested::error::VerifyError;
use crate::quoted::Quoted;
use crate::repeated::repeated;

/// The `Attribute` type is defined in [RFC 5652 Section 5.3].
///
/// ```text
/// Attribute ::= SEQUENCE {
///   attrType OBJECT IDENTIFIER,
///   attrValues SET OF AttributeValue }
/// ```
///
/// [RFC 5652 Section 5.3]: https://www.rfc-editor.org/rfc/rfc5652#section-5.3
struct Attribute<'a> {
    /// The octets of the identifier.
    kind: &'a [u8],
    values: Element<'a>,
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
pub(in crate::attested) fn message(
    attributes: &Element<'_>,
    content: &[u8],
    digest: Digest,
) -> Result<Vec<u8>, VerifyError> {
    let read = read(attributes).map_err(|error| malformed("SignedAttributes", error))?;
    if let Some(kind) = repeated(read.iter().map(|attribute| attribute.kind)) {
        return Err(VerifyError::SignedAttributeRepeated { attribute: object_identifier::quoted(kind) });
    }
    let content_type = one_value(&read, ID_CONTENT_TYPE, "contentType")?;
    let message_digest = one_value(&read, ID_MESSAGE_DIGEST, "messageDigest")?;
    content_type.expect(Tag::OBJECT_IDENTIFIER).map_err(|_| wrong("contentType"))?;
    let content_type = content_type.identifier().map_err(|_| wrong("contentType"))?;
    if content_type != ID_DATA {
        return Err(VerifyError::ContentTypeMismatch { found: object_identifier::quoted(content_type) });
    }
    message_digest.expect(Tag::OCTET_STRING).map_err(|_| wrong("messageDigest"))?;
    if message_digest.contents != digest.of(&[content]).as_ref() {
        return Err(VerifyError::MessageDigestMismatch);
    }
    let mut message = attributes.der.to_vec();
    if let Some(tag) = message.first_mut() {
        *tag = Tag::SET.octet();
    }
    Ok(message)
}

/// The attributes, which must come in the order of DER.
fn read<'a>(attributes: &Element<'a>) -> Result<Vec<Attribute<'a>>, Malformed> {
    let mut read = Vec::new();
    let mut last: &[u8] = &[];
    let mut left = attributes.contents();
    while let Some(attribute) = left.following()? {
        if attribute.der < last {
            return Err(attribute.at(Fault::Order));
        }
        last = attribute.der;
        let mut fields = attribute.fields(Tag::SEQUENCE)?;
        let kind = fields.required(Tag::OBJECT_IDENTIFIER)?.identifier()?;
        let values = fields.required(Tag::SET)?;
        fields.end()?;
        read.push(Attribute { kind, values });
    }
    Ok(read)
}

fn one_value<'a>(attributes: &[Attribute<'a>], kind: &[u8], name: &'static str) -> Result<Element<'a>, VerifyError> {
    let attribute = attributes
        .iter()
        .find(|attribute| attribute.kind == kind)
        .ok_or(VerifyError::SignedAttributeMissing { attribute: name })?;
    let mut values = attribute.values.contents();
    values.any().and_then(|value| values.end().map(|()| value)).map_err(|_| wrong(name))
}

fn wrong(name: &str) -> VerifyError {
    VerifyError::SignedAttributeMalformed { attribute: Quoted::from(name) }
}
