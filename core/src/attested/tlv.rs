//! Views of DER that stay unread: one whole element, and the elements within one.

use alloc::vec::Vec;

use der::{
    AnyRef, Decode, DecodeValue, Encode, EncodeValue, Error, FixedTag, Header, Length, Reader, SliceReader, Tag,
    Tagged, Writer,
};

/// One element, tag and length included, as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tlv<'a>(pub(super) &'a [u8]);

impl<'a> Decode<'a> for Tlv<'a> {
    type Error = Error;

    fn decode<R: Reader<'a>>(reader: &mut R) -> Result<Self, Error> {
        reader.tlv_bytes().map(Self)
    }
}

impl Encode for Tlv<'_> {
    fn encoded_len(&self) -> Result<Length, Error> {
        Length::try_from(self.0.len())
    }

    fn encode(&self, writer: &mut impl Writer) -> Result<(), Error> {
        writer.write(self.0)
    }
}

/// The elements of a SET OF, in the order in which they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SetOf<'a> {
    contents: &'a [u8],
    position: usize,
}

impl<'a> SetOf<'a> {
    /// Byte of the document at which the elements begin.
    pub(super) const fn position(&self) -> usize {
        self.position
    }

    /// The elements, each whole.
    pub(super) fn elements(&self) -> Result<Vec<&'a [u8]>, Error> {
        elements(self.contents)
    }

    /// The whole SET with its universal tag, whatever tag it came under.
    pub(super) fn to_der(self) -> Result<Vec<u8>, Error> {
        Encode::to_der(&self)
    }
}

impl<'a> DecodeValue<'a> for SetOf<'a> {
    type Error = Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> Result<Self, Error> {
        let position = usize::try_from(reader.position())?;
        Ok(Self { contents: reader.read_slice(header.length())?, position })
    }
}

impl EncodeValue for SetOf<'_> {
    fn value_len(&self) -> Result<Length, Error> {
        Length::try_from(self.contents.len())
    }

    fn encode_value(&self, writer: &mut impl Writer) -> Result<(), Error> {
        writer.write(self.contents)
    }
}

impl FixedTag for SetOf<'_> {
    const TAG: Tag = Tag::Set;
}

/// The elements within an element, each whole.
pub(super) fn children(der: &[u8]) -> Result<Vec<&[u8]>, Error> {
    elements(AnyRef::from_der(der)?.value())
}

/// The elements that these contents are made of, each whole.
pub(super) fn elements(contents: &[u8]) -> Result<Vec<&[u8]>, Error> {
    let mut reader = SliceReader::new(contents)?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        elements.push(reader.tlv_bytes()?);
    }
    Ok(elements)
}

/// The elements within a SEQUENCE, each whole.
pub(super) fn sequence(der: &[u8]) -> Result<Vec<&[u8]>, Error> {
    let any = AnyRef::from_der(der)?;
    any.tag().assert_eq(Tag::Sequence)?;
    elements(any.value())
}
