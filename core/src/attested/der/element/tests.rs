//! Unit tests of element.

use alloc::string::ToString;

use der::asn1::{AnyRef, IntRef, UintRef};

use super::*;

/// All contents of up to two octets under a tag, each as an element.
fn each(tag: Tag, look: impl Fn(&[u8])) {
    look(&[tag.0, 0]);
    for one in 0..=255 {
        look(&[tag.0, 1, one]);
        for other in 0..=255 {
            look(&[tag.0, 2, one, other]);
        }
    }
}

#[test]
fn numbers_are_those_that_der_reads() {
    each(Tag::INTEGER, |der| {
        let element = Element::parse(der).unwrap();
        assert_eq!(element.integer().ok(), IntRef::from_der(der).ok().map(|_| element.contents), "{der:x?}");
        let unsigned = UintRef::from_der(der);
        assert_eq!(element.unsigned().ok(), unsigned.as_ref().ok().map(UintRef::as_bytes), "{der:x?}");
        assert_eq!(element.small().ok(), u8::from_der(der).ok(), "{der:x?}");
    });
}

#[test]
fn other_contents_are_those_that_der_reads() {
    each(Tag::BOOLEAN, |der| {
        assert_eq!(Element::parse(der).unwrap().boolean().ok(), bool::from_der(der).ok(), "{der:x?}");
    });
    each(Tag::BIT_STRING, |der| {
        // It passes over unused bits that are set, which DER forbids.
        let is_der = |bits: &BitStringRef<'_>| {
            bits.raw_bytes().last().is_none_or(|last| u16::from(*last) % (1 << bits.unused_bits()) == 0)
        };
        let read = BitStringRef::from_der(der).ok().filter(is_der);
        assert_eq!(Element::parse(der).unwrap().bits().ok(), read, "{der:x?}");
    });
    each(Tag::OBJECT_IDENTIFIER, |der| {
        let read = <ObjectIdentifier>::from_der(der);
        let read = read.as_ref().map(|it| it.as_bytes()).ok();
        assert_eq!(Element::parse(der).unwrap().identifier().ok(), read, "{der:x?}");
    });
    let longest = [&[6, 40][..], &[0x2a; 40]].concat();
    for der in [&longest[..], &[&[6, 39][..], &longest[2..41]].concat()] {
        assert_eq!(Element::parse(der).unwrap().identifier().is_ok(), <ObjectIdentifier>::from_der(der).is_ok());
    }
    for der in [&[5, 0][..], &[5, 1, 0], &[4, 0]] {
        assert_eq!(Element::parse(der).unwrap().is_null(), AnyRef::from_der(der).unwrap().is_null());
    }
}

#[test]
fn headers_are_those_that_der_reads() {
    for tag in 0..=255 {
        for length in 0..=255 {
            for rest in [&[][..], &[0], &[0x7f], &[0x80], &[1, 0], &[0, 0, 0], &[0x80; 0x82]] {
                let der = [&[tag, length][..], rest].concat();
                let read = Element::parse(&der);
                let expected = AnyRef::from_der(&der);
                assert_eq!(read.map(|it| it.contents).ok(), expected.map(AnyRef::value).ok(), "{der:x?}");
            }
        }
    }
}

#[test]
fn fields_come_in_their_order_and_to_the_end() {
    let der = b"\x30\x08\x02\x01\x05\xa0\x03\x01\x01\xff";
    let mut fields = Element::parse(der).unwrap().fields(Tag::SEQUENCE).unwrap();
    assert_eq!(fields.clone().count(), Ok(2));
    assert_eq!(fields.optional(Tag::BOOLEAN), Ok(None));
    let number = fields.required(Tag::INTEGER).unwrap();
    assert_eq!((number.place(), number.place_of_contents()), (2..5, 4..5));
    assert_eq!(fields.end(), Err(Malformed { position: 5, fault: Fault::Trailing }));
    let found = Fault::Unexpected { expected: Tag::SET, found: Tag::constructed(0) };
    assert_eq!(fields.clone().required(Tag::SET), Err(Malformed { position: 5, fault: found }));
    let explicit = fields.optional(Tag::constructed(0)).unwrap().unwrap();
    assert_eq!(explicit.only(Tag::BOOLEAN).unwrap().boolean(), Ok(true));
    assert_eq!(explicit.only(Tag::INTEGER).unwrap_err().position, 7);
    assert_eq!(fields.end(), Ok(()));
    assert_eq!(fields.any(), Err(Malformed { position: 10, fault: Fault::Missing }));
}

#[test]
fn faults_say_what_is_wrong_and_where() {
    let fault = |der: &[u8]| Element::parse(der).unwrap_err();
    assert_eq!(fault(b"\x30\x05\x00").fault, Fault::Incomplete);
    assert_eq!(fault(b"\x1f\x00"), Malformed { position: 1, fault: Fault::UnknownTag });
    assert_eq!(fault(b"\x30\x80\x00\x00").fault, Fault::Length);
    assert_eq!(fault(b"\x30\x00\x00"), Malformed { position: 2, fault: Fault::Trailing });
    assert_eq!(fault(b"").to_string(), "an element is missing at byte 0");
    let number = Element::parse(b"\x02\x01\x05").unwrap();
    assert_eq!(number.expect(Tag::SET).unwrap_err().to_string(), "expected SET, found INTEGER at byte 0");
    assert_eq!(number.boolean().unwrap_err().fault.to_string(), "not a valid DER BOOLEAN");
    assert_eq!(Fault::Choice(Tag::primitive(3)).to_string(), "the tag 0x83 is not accepted here");
}
