//! Distinguished names: strict reading, and the text of RFC 4514.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};

use der::asn1::{Ia5StringRef, ObjectIdentifier, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use der::{AnyRef, Decode, ErrorKind, Sequence, Tag, Tagged};

use crate::attested::tlv::{elements, sequence};

/// Parts that a name may have; those of the web's CAs have about five.
const PART_LIMIT: usize = 64;
/// Octets that a name may have. RFC 5280 appendix A.1 gives most parts 64 characters or 128.
const LENGTH_LIMIT: usize = 4096;

const ID_EMAIL_ADDRESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");

/// The short names of [RFC 4514 Section 3](https://www.rfc-editor.org/rfc/rfc4514#section-3), and two that stand in
/// certificates and not in its table.
const SHORT_NAMES: [(ObjectIdentifier, &str); 11] = [
    (ObjectIdentifier::new_unwrap("2.5.4.3"), "CN"),
    (ObjectIdentifier::new_unwrap("2.5.4.7"), "L"),
    (ObjectIdentifier::new_unwrap("2.5.4.8"), "ST"),
    (ObjectIdentifier::new_unwrap("2.5.4.10"), "O"),
    (ObjectIdentifier::new_unwrap("2.5.4.11"), "OU"),
    (ObjectIdentifier::new_unwrap("2.5.4.6"), "C"),
    (ObjectIdentifier::new_unwrap("2.5.4.9"), "STREET"),
    (ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.25"), "DC"),
    (ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.1"), "UID"),
    (ObjectIdentifier::new_unwrap("2.5.4.5"), "SERIALNUMBER"),
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
#[derive(Sequence)]
struct AttributeTypeAndValue<'a> {
    kind: ObjectIdentifier,
    value: AnyRef<'a>,
}

/// A distinguished name, part by part, as it came.
pub(in crate::attested) struct Name<'a>(Vec<Vec<AttributeTypeAndValue<'a>>>);

impl<'a> Name<'a> {
    /// Reads a name in strict DER: the attributes of a part in the order of a SET OF, none twice.
    pub(in crate::attested) fn parse(der: &'a [u8]) -> Result<Self, der::Error> {
        if der.len() > LENGTH_LIMIT {
            return Err(ErrorKind::Overlength.into());
        }
        let encoded = sequence(der)?;
        let mut count = 0_usize;
        let mut parts = Vec::with_capacity(encoded.len().min(PART_LIMIT));
        for part in encoded {
            let set = AnyRef::from_der(part)?;
            set.tag().assert_eq(Tag::Set)?;
            let attributes = elements(set.value())?;
            count = count.saturating_add(attributes.len());
            if count > PART_LIMIT {
                return Err(ErrorKind::Overlength.into());
            }
            if !attributes.is_sorted_by(|one, next| one < next) {
                return Err(ErrorKind::SetOrdering.into());
            }
            let attributes: Result<_, _> = attributes.into_iter().map(AttributeTypeAndValue::from_der).collect();
            parts.push(attributes?);
        }
        Ok(Self(parts))
    }

    /// Whether it holds the attribute `emailAddress`.
    pub(in crate::attested) fn has_address(&self) -> bool {
        self.0.iter().flatten().any(|attribute| attribute.kind == ID_EMAIL_ADDRESS)
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
            for (number, attribute) in part.iter().enumerate() {
                formatter.write_str(if number == 0 { "" } else { "+" })?;
                attribute.fmt(formatter)?;
            }
        }
        Ok(())
    }
}

impl AttributeTypeAndValue<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = SHORT_NAMES.iter().find(|(kind, _)| *kind == self.kind);
        if let (Some((_, name)), Some(text)) = (short, text(self.value)) {
            write!(formatter, "{name}=")?;
            return escaped(text, formatter);
        }
        // The form for what has no string form: the octets of the whole value.
        write!(formatter, "{}=#", self.kind)?;
        let value = der::Encode::to_der(&self.value).map_err(|_| fmt::Error)?;
        formatter.write_str(&base16ct::lower::encode_string(&value))
    }
}

/// A value that is text.
fn text(value: AnyRef<'_>) -> Option<&str> {
    match value.tag() {
        Tag::PrintableString => PrintableStringRef::try_from(value).ok().map(|it| it.as_str()),
        Tag::Utf8String => Utf8StringRef::try_from(value).ok().map(|it| it.as_str()),
        Tag::Ia5String => Ia5StringRef::try_from(value).ok().map(|it| it.as_str()),
        Tag::TeletexString => TeletexStringRef::try_from(value).ok().map(|it| it.as_str()),
        _ => None,
    }
}

/// [RFC 4514 Section 2.4](https://www.rfc-editor.org/rfc/rfc4514#section-2.4).
fn escaped(text: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let last = text.len().saturating_sub(1);
    for (at, character) in text.char_indices() {
        match character {
            '#' if at == 0 => formatter.write_str("\\#")?,
            ' ' if at == 0 || at == last => formatter.write_str("\\ ")?,
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(formatter, "\\{character}")?,
            '\0'..='\x1f' | '\x7f' => write!(formatter, "\\{:02x}", u32::from(character))?,
            _ => formatter.write_char(character)?,
        }
    }
    Ok(())
}
