//! A small writer of DER that can also write what is not DER, and takes DER apart.

use der::{AnyRef, Decode, Reader, SliceReader};

/// Tags of universal types, and of the context-specific ones that certificates and CMS use.
pub mod tag {
    /// BOOLEAN.
    pub const BOOLEAN: u8 = 0x01;
    /// INTEGER.
    pub const INTEGER: u8 = 0x02;
    /// BIT STRING.
    pub const BIT_STRING: u8 = 0x03;
    /// OCTET STRING.
    pub const OCTET_STRING: u8 = 0x04;
    /// NULL.
    pub const NULL: u8 = 0x05;
    /// OBJECT IDENTIFIER.
    pub const OID: u8 = 0x06;
    /// UTF8String.
    pub const UTF8_STRING: u8 = 0x0c;
    /// PrintableString.
    pub const PRINTABLE_STRING: u8 = 0x13;
    /// IA5String.
    pub const IA5_STRING: u8 = 0x16;
    /// UTCTime.
    pub const UTC_TIME: u8 = 0x17;
    /// GeneralizedTime.
    pub const GENERALIZED_TIME: u8 = 0x18;
    /// SEQUENCE, constructed.
    pub const SEQUENCE: u8 = 0x30;
    /// SET, constructed.
    pub const SET: u8 = 0x31;

    /// A constructed context-specific tag.
    #[must_use]
    pub const fn explicit(number: u8) -> u8 {
        0xa0 | number
    }

    /// A primitive context-specific tag.
    #[must_use]
    pub const fn implicit(number: u8) -> u8 {
        0x80 | number
    }
}

/// Tag, definite length in the fewest octets, content.
#[must_use]
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    out.extend(length(content.len()));
    out.extend_from_slice(content);
    out
}

/// The length octets of DER.
#[must_use]
pub fn length(length: usize) -> Vec<u8> {
    if length < 0x80 {
        return vec![length as u8];
    }
    long_length(length, 0)
}

/// Length octets in the long form, with `zeros` superfluous zeros in front: BER where DER has a shorter form.
#[must_use]
pub fn long_length(length: usize, zeros: usize) -> Vec<u8> {
    let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let mut out = vec![0x80 | (digits.len() + zeros) as u8];
    out.extend(std::iter::repeat_n(0, zeros));
    out.extend(digits);
    out
}

/// An element of BER with an indefinite length.
#[must_use]
pub fn indefinite(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}

/// A SEQUENCE of elements.
#[must_use]
pub fn sequence<T: AsRef<[u8]>>(elements: &[T]) -> Vec<u8> {
    element(tag::SEQUENCE, &concat(elements))
}

/// A SET of elements in the order given, which need not be the one DER asks for.
#[must_use]
pub fn set<T: AsRef<[u8]>>(elements: &[T]) -> Vec<u8> {
    element(tag::SET, &concat(elements))
}

/// The elements one after another.
#[must_use]
pub fn concat<T: AsRef<[u8]>>(elements: &[T]) -> Vec<u8> {
    let mut out = Vec::new();
    elements.iter().for_each(|element| out.extend_from_slice(element.as_ref()));
    out
}

/// The elements in the order of a DER SET OF.
#[must_use]
pub fn sorted(mut elements: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    elements.sort();
    elements
}

/// An INTEGER of a small non-negative number.
#[must_use]
pub fn integer(number: u64) -> Vec<u8> {
    unsigned(&number.to_be_bytes())
}

/// An INTEGER of a non-negative number, given by its octets, most significant first.
#[must_use]
pub fn unsigned(octets: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = octets.iter().copied().skip_while(|byte| *byte == 0).collect();
    if content.first().is_none_or(|byte| *byte >= 0x80) {
        content.insert(0, 0);
    }
    element(tag::INTEGER, &content)
}

/// An OCTET STRING.
#[must_use]
pub fn octet_string(content: &[u8]) -> Vec<u8> {
    element(tag::OCTET_STRING, content)
}

/// A BIT STRING of whole octets.
#[must_use]
pub fn bit_string(content: &[u8]) -> Vec<u8> {
    element(tag::BIT_STRING, &[&[0], content].concat())
}

/// NULL.
#[must_use]
pub fn null() -> Vec<u8> {
    element(tag::NULL, &[])
}

/// An OBJECT IDENTIFIER from its dotted form.
///
/// # Panics
///
/// If the text is not one.
#[must_use]
pub fn oid(dotted: &str) -> Vec<u8> {
    element(tag::OID, der::oid::ObjectIdentifier::new(dotted).expect("dotted object identifier").as_bytes())
}

/// An AlgorithmIdentifier without parameters.
#[must_use]
pub fn algorithm(dotted: &str) -> Vec<u8> {
    sequence(&[oid(dotted)])
}

/// An AlgorithmIdentifier with parameters.
#[must_use]
pub fn algorithm_with(dotted: &str, parameters: &[u8]) -> Vec<u8> {
    sequence(&[oid(dotted), parameters.to_vec()])
}

/// An AlgorithmIdentifier whose parameters are NULL.
#[must_use]
pub fn algorithm_null(dotted: &str) -> Vec<u8> {
    algorithm_with(dotted, &null())
}

/// The elements within an element, each whole.
///
/// # Panics
///
/// If it is not DER.
#[must_use]
pub fn elements(der: &[u8]) -> Vec<&[u8]> {
    let contents = AnyRef::from_der(der).expect("DER").value();
    let mut reader = SliceReader::new(contents).expect("DER");
    let mut elements = Vec::new();
    while !reader.is_finished() {
        elements.push(reader.tlv_bytes().expect("DER"));
    }
    elements
}
