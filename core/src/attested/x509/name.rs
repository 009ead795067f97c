//! Distinguished names: strict reading, and the text of RFC 4514.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};

use der::asn1::{Ia5StringRef, PrintableStringRef, TeletexStringRef, Utf8StringRef};

use crate::attested::der::element::{Element, Fault, Malformed, Tag};
use crate::attested::der::object_identifier::{
    self, ID_AT_COMMON_NAME, ID_AT_COUNTRY_NAME, ID_AT_LOCALITY_NAME, ID_AT_ORGANIZATION_NAME,
    ID_AT_ORGANIZATIONAL_UNIT_NAME, ID_AT_SERIAL_NUMBER, ID_AT_STATE_OR_PROVINCE_NAME, ID_AT_STREET_ADDRESS,
    ID_DOMAIN_COMPONENT, ID_EMAIL_ADDRESS, ID_USER_ID,
};
use crate::quoted::unseen::is_unseen;

/// Parts that a name may have; those of the web's CAs have about five.
const PART_LIMIT: usize = 64;
/// Octets that a name may have. RFC 5280 appendix A.1 gives most parts 64 characters or 128.
const LENGTH_LIMIT: usize = 4096;

/// The short names of [RFC 4514 Section 3](https://www.rfc-editor.org/rfc/rfc4514#section-3), and two that stand in
/// certificates and not in its table.
const SHORT_NAMES: [(&[u8], &str); 11] = [
    (ID_AT_COMMON_NAME, "CN"),
    (ID_AT_LOCALITY_NAME, "L"),
    (ID_AT_STATE_OR_PROVINCE_NAME, "ST"),
    (ID_AT_ORGANIZATION_NAME, "O"),
    (ID_AT_ORGANIZATIONAL_UNIT_NAME, "OU"),
    (ID_AT_COUNTRY_NAME, "C"),
    (ID_AT_STREET_ADDRESS, "STREET"),
    (ID_DOMAIN_COMPONENT, "DC"),
    (ID_USER_ID, "UID"),
    (ID_AT_SERIAL_NUMBER, "SERIALNUMBER"),
    (ID_EMAIL_ADDRESS, "EMAILADDRESS"),
];

/// The `AttributeTypeAndValue` type is defined in [RFC 5280 Section 4.1.2.4].
///
/// ```text
/// AttributeTypeAndValue ::= SEQUENCE {
///   type AttributeType,
///   value AttributeValue }
/// ```
///
/// [RFC 5280 Section 4.1.2.4]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.4
struct AttributeTypeAndValue<'a> {
    /// The octets of the identifier.
    kind: &'a [u8],
    value: Element<'a>,
}

/// A distinguished name: its parts, as they came, each of which can be read.
pub(in crate::attested) struct Name<'a>(Vec<Element<'a>>);

impl<'a> Name<'a> {
    /// Reads a name in strict DER: the attributes of a part in the order of a SET OF, one at least, none twice.
    pub(in crate::attested) fn parse(der: &'a [u8]) -> Result<Self, Malformed> {
        Self::read(&Element::parse(der)?)
    }

    /// The same of an element of something larger.
    pub(in crate::attested) fn read(name: &Element<'a>) -> Result<Self, Malformed> {
        if name.der.len() > LENGTH_LIMIT {
            return Err(name.at(Fault::Limit));
        }
        let mut parts = Vec::new();
        let mut left = name.fields(Tag::SEQUENCE)?;
        let mut count = 0_usize;
        while let Some(part) = left.following()? {
            let mut attributes = part.fields(Tag::SET)?.some()?;
            let mut last: Option<&[u8]> = None;
            while let Some(attribute) = attributes.following()? {
                count = count.saturating_add(1);
                if count > PART_LIMIT {
                    return Err(attribute.at(Fault::Limit));
                }
                if last.is_some_and(|last| last >= attribute.der) {
                    return Err(attribute.at(Fault::Order));
                }
                last = Some(attribute.der);
                AttributeTypeAndValue::read(&attribute)?;
            }
            parts.push(part);
        }
        Ok(Self(parts))
    }

    /// Whether it holds the attribute `emailAddress`.
    pub(in crate::attested) fn has_address(&self) -> bool {
        self.0.iter().flat_map(attributes).any(|attribute| attribute.kind == ID_EMAIL_ADDRESS)
    }

    /// The text of RFC 4514: the last part first.
    pub(in crate::attested) fn text(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, part) in self.0.iter().rev().enumerate() {
            formatter.write_str(if number == 0 { "" } else { "," })?;
            for (number, attribute) in attributes(part).enumerate() {
                formatter.write_str(if number == 0 { "" } else { "+" })?;
                attribute.fmt(formatter)?;
            }
        }
        Ok(())
    }
}

/// The attributes of a part, which were read before.
fn attributes<'a>(part: &Element<'a>) -> impl Iterator<Item = AttributeTypeAndValue<'a>> + use<'a> {
    let mut left = part.contents();
    core::iter::from_fn(move || AttributeTypeAndValue::read(&left.following().ok()??).ok())
}

impl<'a> AttributeTypeAndValue<'a> {
    fn read(attribute: &Element<'a>) -> Result<Self, Malformed> {
        let mut fields = attribute.fields(Tag::SEQUENCE)?;
        let kind = fields.required(Tag::OBJECT_IDENTIFIER)?.identifier()?;
        let value = fields.any()?;
        fields.end()?;
        Ok(Self { kind, value })
    }

    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = SHORT_NAMES.iter().find(|(kind, _)| *kind == self.kind);
        if let (Some((_, name)), Some(text)) = (short, text(&self.value)) {
            write!(formatter, "{name}=")?;
            return escaped(text, formatter);
        }
        // The form for what has no string form: the octets of the whole value.
        write!(formatter, "{}=#", object_identifier::text(self.kind))?;
        formatter.write_str(&base16ct::lower::encode_string(self.value.der))
    }
}

/// A value that is text.
fn text<'a>(value: &Element<'a>) -> Option<&'a str> {
    let contents = value.contents;
    match value.tag() {
        Tag::PRINTABLE_STRING => PrintableStringRef::new(contents).ok().map(|it| it.as_str()),
        Tag::UTF8_STRING => Utf8StringRef::new(contents).ok().map(|it| it.as_str()),
        Tag::IA5_STRING => Ia5StringRef::new(contents).ok().map(|it| it.as_str()),
        Tag::TELETEX_STRING => TeletexStringRef::new(contents).ok().map(|it| it.as_str()),
        _ => None,
    }
}

/// [RFC 4514 Section 2.4](https://www.rfc-editor.org/rfc/rfc4514#section-2.4). What is not seen is escaped too, octet by
/// octet, so that the text can be shown anywhere. Each escape is written in one piece.
fn escaped(text: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let last = text.len().saturating_sub(1);
    for (at, character) in text.char_indices() {
        match character {
            '#' if at == 0 => formatter.write_str("\\#")?,
            ' ' if at == 0 || at == last => formatter.write_str("\\ ")?,
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => formatter.write_str(&format!("\\{character}"))?,
            _ if is_unseen(character) => {
                let mut octets = [0; 4];
                let octets = character.encode_utf8(&mut octets).bytes();
                formatter.write_str(&octets.map(|octet| format!("\\{octet:02X}")).collect::<String>())?;
            }
            _ => formatter.write_char(character)?,
        }
    }
    Ok(())
}
