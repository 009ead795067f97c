//! DER, field by field: `der` reads the tags and the lengths, and shapes take their fields here in their order.
//!
//! Nothing here depends on the shape that is read, so that it exists once: the derive of `der` makes a reader for each
//! type and each field, which is several times the size in WebAssembly.

use core::fmt;
use core::ops::Range;

use der::asn1::{BitStringRef, ObjectIdentifier};
use der::{Decode, ErrorKind, Header, Reader, SliceReader};

/// A tag by its identifier octet, X.690 section 8.1.2. No tag of more octets is ever expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::attested) struct Tag(u8);

/// What is wrong with an encoding, and at which byte of what was read as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::attested) struct Malformed {
    pub(in crate::attested) position: usize,
    pub(in crate::attested) fault: Fault,
}

/// What is wrong with an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::attested) enum Fault {
    /// Another tag than the one that belongs there.
    Unexpected { expected: Tag, found: Tag },
    /// The element that belongs there is not there.
    Missing,
    /// The input ends in the middle of an element.
    Incomplete,
    /// A tag of no type.
    UnknownTag,
    /// A length that is indefinite, longer than need be, or too large.
    Length,
    /// Elements behind the last one that belongs there.
    Trailing,
    /// Contents that are none of the type, or not as DER writes them.
    Contents(Tag),
    /// A choice that is not accepted.
    Choice(Tag),
    /// A default value that is written out.
    Default,
    /// A SET OF that is not in order.
    Order,
    /// More or longer parts than are accepted.
    Limit,
}

/// One element: tag, length and contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::attested) struct Element<'a> {
    /// The whole element, as it came.
    pub(in crate::attested) der: &'a [u8],
    /// Its contents.
    pub(in crate::attested) contents: &'a [u8],
    /// Byte of what was read as a whole at which it begins.
    pub(in crate::attested) position: usize,
}

/// The elements that are left to be read of some contents.
#[derive(Clone)]
pub(in crate::attested) struct Fields<'a> {
    rest: &'a [u8],
    position: usize,
}

impl Tag {
    pub(in crate::attested) const BOOLEAN: Self = Self(0x01);
    pub(in crate::attested) const INTEGER: Self = Self(0x02);
    pub(in crate::attested) const BIT_STRING: Self = Self(0x03);
    pub(in crate::attested) const OCTET_STRING: Self = Self(0x04);
    pub(in crate::attested) const OBJECT_IDENTIFIER: Self = Self(0x06);
    pub(in crate::attested) const UTF8_STRING: Self = Self(0x0c);
    pub(in crate::attested) const PRINTABLE_STRING: Self = Self(0x13);
    pub(in crate::attested) const TELETEX_STRING: Self = Self(0x14);
    pub(in crate::attested) const IA5_STRING: Self = Self(0x16);
    pub(in crate::attested) const UTC_TIME: Self = Self(0x17);
    pub(in crate::attested) const GENERALIZED_TIME: Self = Self(0x18);
    pub(in crate::attested) const SEQUENCE: Self = Self(0x30);
    pub(in crate::attested) const SET: Self = Self(0x31);

    /// The context-specific tag of an element with elements inside, its number at most 30.
    pub(in crate::attested) const fn constructed(number: u8) -> Self {
        Self(0xa0 | number)
    }

    /// The context-specific tag of an element without elements inside, its number at most 30.
    pub(in crate::attested) const fn primitive(number: u8) -> Self {
        Self(0x80 | number)
    }

    /// The identifier octet.
    pub(in crate::attested) const fn octet(self) -> u8 {
        self.0
    }
}

impl<'a> Fields<'a> {
    /// The elements that these bytes are made of.
    pub(in crate::attested) const fn of(contents: &'a [u8]) -> Self {
        Self { rest: contents, position: 0 }
    }

    /// The next element, if there is one.
    pub(in crate::attested) fn following(&mut self) -> Result<Option<Element<'a>>, Malformed> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut position = self.position;
        let mut read = || {
            let mut reader = SliceReader::new(self.rest)?;
            let header = Header::decode(&mut reader);
            position = position.saturating_add(usize::try_from(reader.position())?);
            let contents = reader.read_slice(header?.length())?;
            let cut = self.rest.split_at_checked(usize::try_from(reader.position())?);
            let (der, rest) = cut.ok_or(ErrorKind::Overflow)?;
            Ok::<_, der::Error>((der, contents, rest))
        };
        match read() {
            Ok((der, contents, rest)) => {
                let element = Element { der, contents, position: self.position };
                self.position = self.position.saturating_add(der.len());
                self.rest = rest;
                Ok(Some(element))
            }
            Err(error) => Err(Malformed { position, fault: Fault::of(&error) }),
        }
    }

    /// The next element, whatever its tag.
    pub(in crate::attested) fn any(&mut self) -> Result<Element<'a>, Malformed> {
        self.following()?.ok_or(Malformed { position: self.position, fault: Fault::Missing })
    }

    /// The next element, which must have this tag.
    pub(in crate::attested) fn required(&mut self, tag: Tag) -> Result<Element<'a>, Malformed> {
        let element = self.any()?;
        element.expect(tag)?;
        Ok(element)
    }

    /// The next element if it has this tag. Whoever leaves another one unread must ask for the [end](Self::end).
    pub(in crate::attested) fn optional(&mut self, tag: Tag) -> Result<Option<Element<'a>>, Malformed> {
        if self.rest.first() == Some(&tag.0) { self.following() } else { Ok(None) }
    }

    /// These fields, of which there must be one at least: SEQUENCE or SET, SIZE (1..MAX).
    pub(in crate::attested) fn some(self) -> Result<Self, Malformed> {
        match self.rest {
            [] => Err(Malformed { position: self.position, fault: Fault::Missing }),
            _ => Ok(self),
        }
    }

    /// Whether none is left.
    pub(in crate::attested) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Nothing may be left.
    pub(in crate::attested) fn end(&self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed { position: self.position, fault: Fault::Trailing }) }
    }

    /// How many elements are left.
    pub(in crate::attested) fn count(mut self) -> Result<usize, Malformed> {
        let mut count = 0_usize;
        while self.following()?.is_some() {
            count = count.saturating_add(1);
        }
        Ok(count)
    }
}

impl<'a> Element<'a> {
    /// Reads bytes that are one element and nothing else.
    pub(in crate::attested) fn parse(der: &'a [u8]) -> Result<Self, Malformed> {
        Self::only_of(Fields::of(der))
    }

    /// The one element inside, whose tag is the explicit one.
    pub(in crate::attested) fn only(&self, tag: Tag) -> Result<Self, Malformed> {
        let element = Self::only_of(self.contents())?;
        element.expect(tag)?;
        Ok(element)
    }

    /// The elements inside, if it has this tag.
    pub(in crate::attested) fn fields(&self, tag: Tag) -> Result<Fields<'a>, Malformed> {
        self.expect(tag)?;
        Ok(self.contents())
    }

    /// The elements inside, whatever its tag.
    pub(in crate::attested) fn contents(&self) -> Fields<'a> {
        Fields { rest: self.contents, position: self.place_of_contents().start }
    }

    /// Where it stands in what was read as a whole.
    pub(in crate::attested) fn place(&self) -> Range<usize> {
        self.place_of_last(self.der.len())
    }

    /// Where its contents stand.
    pub(in crate::attested) fn place_of_contents(&self) -> Range<usize> {
        self.place_of_last(self.contents.len())
    }

    /// Where so many of its last octets stand.
    pub(in crate::attested) fn place_of_last(&self, length: usize) -> Range<usize> {
        let end = self.position.saturating_add(self.der.len());
        end.saturating_sub(length)..end
    }

    /// Its tag.
    pub(in crate::attested) fn tag(&self) -> Tag {
        Tag(self.der.first().copied().unwrap_or_default())
    }

    /// It must have this tag.
    pub(in crate::attested) fn expect(&self, expected: Tag) -> Result<(), Malformed> {
        let found = self.tag();
        if found == expected { Ok(()) } else { Err(self.at(Fault::Unexpected { expected, found })) }
    }

    /// Something is wrong with it.
    pub(in crate::attested) const fn at(&self, fault: Fault) -> Malformed {
        Malformed { position: self.position, fault }
    }

    /// The contents of an INTEGER of any sign, which must be as short as can be.
    pub(in crate::attested) fn integer(&self) -> Result<&'a [u8], Malformed> {
        match self.contents {
            [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => Err(self.at(Fault::Contents(Tag::INTEGER))),
            contents => Ok(contents),
        }
    }

    /// The octets of an INTEGER that is not negative, without the one that is there for the sign.
    pub(in crate::attested) fn unsigned(&self) -> Result<&'a [u8], Malformed> {
        match self.integer()? {
            [0x80..=0xff, ..] => Err(self.at(Fault::Contents(Tag::INTEGER))),
            [0, rest @ ..] if !rest.is_empty() => Ok(rest),
            octets => Ok(octets),
        }
    }

    /// An INTEGER of 0 to 255.
    pub(in crate::attested) fn small(&self) -> Result<u8, Malformed> {
        match self.unsigned()? {
            [octet] => Ok(*octet),
            _ => Err(self.at(Fault::Contents(Tag::INTEGER))),
        }
    }

    /// The octets of both numbers of a SEQUENCE of two that are not negative, as keys for RSA and signatures by ECDSA
    /// are written.
    pub(in crate::attested) fn two_numbers(&self) -> Result<[&'a [u8]; 2], Malformed> {
        let mut fields = self.fields(Tag::SEQUENCE)?;
        let numbers = [fields.required(Tag::INTEGER)?.unsigned()?, fields.required(Tag::INTEGER)?.unsigned()?];
        fields.end()?;
        Ok(numbers)
    }

    /// The value of a BOOLEAN.
    pub(in crate::attested) fn boolean(&self) -> Result<bool, Malformed> {
        match self.contents {
            [0] => Ok(false),
            [0xff] => Ok(true),
            _ => Err(self.at(Fault::Contents(Tag::BOOLEAN))),
        }
    }

    /// The value of a BIT STRING, whose unused bits are zero (X.690 section 11.2.1).
    pub(in crate::attested) fn bits(&self) -> Result<BitStringRef<'a>, Malformed> {
        let bits = self.contents.split_first().and_then(|(unused, octets)| BitStringRef::new(*unused, octets).ok());
        let is_zero = |bits: &BitStringRef<'_>| {
            let last = bits.raw_bytes().last().copied().unwrap_or_default();
            last.trailing_zeros() >= u32::from(bits.unused_bits())
        };
        bits.filter(is_zero).ok_or(self.at(Fault::Contents(Tag::BIT_STRING)))
    }

    /// The octets of an OBJECT IDENTIFIER, which must be one that can be told in numbers.
    pub(in crate::attested) fn identifier(&self) -> Result<&'a [u8], Malformed> {
        match ObjectIdentifier::from_bytes(self.contents) {
            Ok(_) => Ok(self.contents),
            Err(_) => Err(self.at(Fault::Contents(Tag::OBJECT_IDENTIFIER))),
        }
    }

    /// Whether it is NULL.
    pub(in crate::attested) fn is_null(&self) -> bool {
        self.der == [0x05, 0x00]
    }

    fn only_of(mut fields: Fields<'a>) -> Result<Self, Malformed> {
        let element = fields.any()?;
        fields.end()?;
        Ok(element)
    }
}

impl Fault {
    fn of(error: &der::Error) -> Self {
        match error.kind() {
            ErrorKind::TagUnknown { .. } | ErrorKind::TagNumberInvalid => Self::UnknownTag,
            ErrorKind::Incomplete { .. } => Self::Incomplete,
            _ => Self::Length,
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at byte {}", self.fault, self.position)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Unexpected { expected, found } => return write!(formatter, "expected {expected}, found {found}"),
            Self::Contents(tag) => return write!(formatter, "not a valid DER {tag}"),
            Self::Choice(tag) => return write!(formatter, "{tag} is not accepted here"),
            Self::Missing => "an element is missing",
            Self::Incomplete => "it ends in the middle of an element",
            Self::UnknownTag => "the tag is unknown",
            Self::Length => "the length is not as DER writes it, or too large",
            Self::Trailing => "elements follow the last one expected",
            Self::Default => "the default value is written out",
            Self::Order => "the SET OF is not in order",
            Self::Limit => "it has more or longer parts than are accepted",
        };
        formatter.write_str(text)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match *self {
            Self::BOOLEAN => "BOOLEAN",
            Self::INTEGER => "INTEGER",
            Self::BIT_STRING => "BIT STRING",
            Self::OCTET_STRING => "OCTET STRING",
            Self::OBJECT_IDENTIFIER => "OBJECT IDENTIFIER",
            Self::UTF8_STRING => "UTF8String",
            Self::PRINTABLE_STRING => "PrintableString",
            Self::TELETEX_STRING => "TeletexString",
            Self::IA5_STRING => "IA5String",
            Self::UTC_TIME => "UTCTime",
            Self::GENERALIZED_TIME => "GeneralizedTime",
            Self::SEQUENCE => "SEQUENCE",
            Self::SET => "SET",
            Self(octet) => return write!(formatter, "the tag 0x{octet:02x}"),
        };
        formatter.write_str(name)
    }
}

#[cfg(test)]
mod tests;
