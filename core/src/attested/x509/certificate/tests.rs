//! What the strict reader of certificates takes and what not, part by part.

use alloc::vec::Vec;

use super::*;
use crate::attested::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, Extension, KeyUsage, NameConstraints,
};
use crate::attested::x509::general_name::GeneralName;

/// One element: its tag, its length of one octet or two, its contents.
fn tlv(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    let contents = contents.concat();
    let mut element = alloc::vec![tag];
    match u8::try_from(contents.len()).unwrap() {
        length @ 0..0x80 => element.push(length),
        length => element.extend([0x81, length]),
    }
    element.extend(contents);
    element
}

/// An attribute `kind=text`, `kind` below 2.5.4.
fn attribute(kind: u8, text: &str) -> Vec<u8> {
    tlv(0x30, &[&[0x06, 3, 0x55, 4, kind], &tlv(0x0c, &[text.as_bytes()])])
}

fn name(parts: &[&[Vec<u8>]]) -> Vec<u8> {
    let parts: Vec<Vec<u8>> = parts.iter().map(|part| tlv(0x31, &[&part.concat()])).collect();
    tlv(0x30, &[&parts.concat()])
}

/// The parts of a certificate, in their order: version, serial number, inner algorithm, issuer, validity, subject, key,
/// extensions, outer algorithm.
fn parts() -> [Vec<u8>; 9] {
    let algorithm = tlv(0x30, &[b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"]);
    let key = tlv(0x30, &[&algorithm, b"\x03\x02\x00\x04"]);
    let extension = tlv(0x30, &[b"\x06\x03\x55\x1d\x0e", b"\x01\x01\xff", b"\x04\x03\x04\x01\x07"]);
    [
        tlv(0xa0, &[&[2, 1, 2]]),
        alloc::vec![2, 1, 5],
        algorithm.clone(),
        name(&[&[attribute(10, "o")], &[attribute(3, "cn")]]),
        validity(&tlv(0x17, &[b"491231235959Z"])),
        name(&[&[attribute(3, "s")]]),
        key,
        tlv(0xa3, &[&tlv(0x30, &[&extension])]),
        algorithm,
    ]
}

fn validity(not_after: &[u8]) -> Vec<u8> {
    tlv(0x30, &[b"\x17\x0d260101000000Z", not_after])
}

fn parse(parts: &[Vec<u8>; 9]) -> Result<Certificate, Malformed> {
    let [tbs @ .., algorithm] = parts;
    Certificate::parse(&tlv(0x30, &[&tlv(0x30, &[&tbs.concat()]), algorithm, b"\x03\x02\x00\x01"]))
}

fn with(number: usize, part: Vec<u8>) -> Result<Certificate, Malformed> {
    let mut parts = parts();
    parts[number] = part;
    parse(&parts)
}

#[test]
fn its_parts_are_those_that_came() {
    let whole = parse(&parts()).unwrap();
    assert_eq!(whole.serial(), [5]);
    assert_eq!((whole.issuer(), whole.subject()), (&*parts()[3], &*parts()[5]));
    assert_eq!((whole.key_info(), whole.inner_signature_algorithm()), (&*parts()[6], &*parts()[2]));
    assert_eq!(whole.signature_algorithm(), &*parts()[8]);
    assert_eq!(whole.not_after(), Timestamp::from_unix(2_524_607_999));
    assert_eq!((whole.issuer_text().as_str(), &*whole.issuer_name()), ("CN=cn,O=o", "CN=cn,O=o"));
    let extension = whole.extensions().next().unwrap();
    assert_eq!((extension.id, extension.critical, extension.value), (&b"\x55\x1d\x0e"[..], true, &b"\x04\x01\x07"[..]));
    assert_eq!(whole.signed().unwrap().signature, [1]);
    assert_eq!(whole.signed().unwrap().algorithm, &parts()[8][2..]);
}

#[test]
fn a_signature_is_a_whole_number_of_octets() {
    let [tbs @ .., algorithm] = parts();
    let signed = |bits: &[u8]| {
        let whole = tlv(0x30, &[&tlv(0x30, &[&tbs.concat()]), &algorithm, bits]);
        Certificate::parse(&whole).unwrap().signed().map(|it| it.signature.to_vec())
    };
    assert_eq!(signed(b"\x03\x02\x00\x80"), Some(alloc::vec![0x80]));
    assert_eq!(signed(b"\x03\x01\x00"), Some(Vec::new()));
    assert_eq!(signed(b"\x03\x02\x01\x80"), None);
}

#[test]
fn a_serial_number_has_at_most_21_octets() {
    assert_eq!(with(1, tlv(2, &[&[1; 21]])).unwrap().serial(), [1; 21]);
    assert!(with(1, tlv(2, &[&[1; 22]])).is_err());
    assert!(with(1, alloc::vec![2, 2, 0, 1]).is_err(), "a zero in front that says nothing");
}

#[test]
fn times_are_of_the_type_that_belongs_to_the_year() {
    let generalized = |text: &[u8]| with(4, validity(&tlv(0x18, &[text])));
    assert_eq!(generalized(b"20500101000000Z").unwrap().not_after(), Timestamp::from_unix(2_524_608_000));
    assert!(generalized(b"20491231235959Z").is_err());
    assert!(with(4, validity(&tlv(0x17, &[b"4912312359Z"]))).is_err(), "no seconds");
    assert!(with(4, validity(&tlv(0x0c, &[b"491231235959Z"]))).is_err(), "no time");
}

#[test]
fn algorithms_and_keys_are_read() {
    for number in [2, 6, 8] {
        assert!(with(number, tlv(0x30, &[])).is_err(), "part {number}");
    }
}

#[test]
fn sets_are_in_order_and_hold_nothing_twice() {
    let (one, other) = (attribute(3, "a"), attribute(10, "b"));
    for number in [3, 5] {
        assert!(with(number, name(&[&[one.clone(), other.clone()]])).is_ok());
        assert!(with(number, name(&[&[other.clone(), one.clone()]])).is_err());
        assert!(with(number, name(&[&[one.clone(), one.clone()]])).is_err());
        assert!(with(number, name(&[&[tlv(0x30, &[])]])).is_err(), "an attribute of nothing");
    }
}

#[test]
fn an_error_says_where_in_the_certificate_it_is() {
    let error = with(8, tlv(0x30, &[&[6, 1, 0x80]])).unwrap_err();
    let length = parse(&parts()).unwrap().der().len();
    let position = error.position;
    assert!((length - 20..length).contains(&position), "{position} of {length}");
}

#[test]
fn the_text_of_a_name_is_that_of_rfc_4514() {
    let text = |parts: &[&[Vec<u8>]]| Name::parse(&name(parts)).unwrap().text();
    assert_eq!(text(&[]), "");
    assert_eq!(text(&[&[attribute(6, "US")], &[attribute(3, "a"), attribute(11, "b")]]), "CN=a+OU=b,C=US");
    assert_eq!(text(&[&[attribute(3, " #a,b\\\u{1} ")]]), "CN=\\ #a\\,b\\\\\\01\\ ");
    assert_eq!(text(&[&[attribute(3, "#1")]]), "CN=\\#1");
    assert_eq!(text(&[&[attribute(99, "a")]]), "2.5.4.99=#0c0161");
    let number = tlv(0x30, &[&[0x06, 3, 0x55, 4, 3], &[2, 1, 7]]);
    assert_eq!(text(&[&[number]]), "2.5.4.3=#020107");
    let email = tlv(0x30, &[b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", &tlv(0x16, &[b"a@b"])]);
    assert_eq!(text(&[core::slice::from_ref(&email)]), "EMAILADDRESS=a@b");
    assert!(Name::parse(&name(&[&[email]])).unwrap().has_address());
    assert!(!Name::parse(&parts()[3]).unwrap().has_address());
}

#[test]
fn a_name_in_an_old_type_of_string_is_shown_as_text() {
    let part = |tag: u8, text: &[u8]| tlv(0x30, &[&[0x06, 3, 0x55, 4, 3], &tlv(tag, &[text])]);
    for (tag, shown) in [(0x0c, "CN=a"), (0x13, "CN=a"), (0x14, "CN=a"), (0x16, "CN=a"), (0x1e, "2.5.4.3=#1e0161")] {
        let certificate = with(5, name(&[&[part(tag, b"a")]])).unwrap();
        assert_eq!(certificate.subject_text().as_str(), shown);
    }
}

#[test]
fn a_key_usage_has_at_most_16_bits() {
    let usage = KeyUsage::parse(b"\x03\x02\x02\x84").unwrap();
    assert!(usage.digital_signature() && usage.key_cert_sign());
    let usage = KeyUsage::parse(b"\x03\x02\x06\x40").unwrap();
    assert!(!usage.digital_signature() && !usage.key_cert_sign());
    assert!(KeyUsage::parse(b"\x03\x03\x00\x80\x01").is_ok());
    assert!(KeyUsage::parse(b"\x03\x02\x02\x86").is_err(), "a bit that is not used");
    assert!(KeyUsage::parse(b"\x03\x04\x07\x80\x00\x80").is_err());
}

#[test]
fn zeros_at_the_end_of_a_key_usage_are_seen() {
    let has = |usage| KeyUsage::parse(usage).unwrap().has_trailing_zeros();
    for usage in [&b"\x03\x02\x07\x80"[..], b"\x03\x02\x00\x01", b"\x03\x03\x07\x00\x80", b"\x03\x01\x00"] {
        assert!(!has(usage), "{usage:x?}");
    }
    for usage in [&b"\x03\x02\x06\x80"[..], b"\x03\x02\x00\x80", b"\x03\x02\x07\x00", b"\x03\x03\x00\x80\x00"] {
        assert!(has(usage), "{usage:x?}");
    }
}

#[test]
fn basic_constraints_do_not_write_out_what_is_meant_without() {
    let read = |value| BasicConstraints::parse(value).map(|read| (read.ca, read.path_len_constraint));
    assert_eq!(read(b"\x30\x00"), Ok((false, None)));
    assert_eq!(read(b"\x30\x06\x01\x01\xff\x02\x01\x05"), Ok((true, Some(5))));
    assert_eq!(read(b"\x30\x03\x02\x01\x05"), Ok((false, Some(5))));
    assert_eq!(read(b"\x30\x03\x01\x01\x00").unwrap_err(), Malformed { position: 2, fault: Fault::Default });
}

#[test]
fn what_has_one_part_at_least_is_not_empty() {
    assert!(with(7, tlv(0xa3, &[&tlv(0x30, &[])])).is_err(), "extensions");
    assert!(with(3, name(&[&[]])).is_err(), "a part of a name");
    assert!(ExtendedKeyUsage::parse(b"\x30\x00").is_err());
    assert!(ExtendedKeyUsage::parse(b"\x30\x03\x06\x01\x29").is_ok());
    assert!(NameConstraints::parse(b"\x30\x02\xa0\x00").is_err());
    assert!(NameConstraints::parse(b"\x30\x02\xa1\x00").is_err());
    assert!(AuthorityKeyIdentifier::parse(b"\x30\x05\xa1\x00\x82\x01\x05").is_err());
}

#[test]
fn an_authority_key_identifier_is_read_to_its_end() {
    let identifier = AuthorityKeyIdentifier::parse(b"\x30\x03\x80\x01\x07").unwrap();
    assert_eq!(identifier.key_identifier, Some(&[7][..]));
    assert!(AuthorityKeyIdentifier::parse(b"\x30\x08\xa1\x03\x82\x01a\x82\x01\x05").is_ok());
    assert!(AuthorityKeyIdentifier::parse(b"\x30\x08\xa1\x03\x83\x01a\x82\x01\x05").is_err(), "an X.400 address");
    assert!(AuthorityKeyIdentifier::parse(b"\x30\x05\xa1\x03\x82\x01a").is_err(), "an issuer alone");
    assert!(AuthorityKeyIdentifier::parse(b"\x30\x09\xa1\x03\x82\x01a\x82\x02\x00\x05").is_err(), "no INTEGER");
    assert!(AuthorityKeyIdentifier::parse(b"\x30\x03\x82\x01\x05").is_err(), "a serial number alone");
    assert!(AuthorityKeyIdentifier::parse(b"\x30\x06\x82\x01\x05\x83\x01\x05").is_err(), "a fourth field");
    assert!(AuthorityKeyIdentifier::parse(b"\x30\x03\x80\x01\x07\x00").is_err(), "an octet behind it");
}

#[test]
fn name_constraints_are_read_to_their_end() {
    let constraints = NameConstraints::parse(b"\x30\x0c\xa0\x05\x30\x03\x82\x01a\xa1\x03\x30\x01\x00");
    assert!(constraints.is_err(), "no name in the second");
    let read = NameConstraints::parse(b"\x30\x0e\xa0\x05\x30\x03\x82\x01a\xa1\x05\x30\x03\x81\x01b").unwrap();
    assert!(matches!(read.permitted_subtrees.as_slice(), [GeneralName::Dns("a")]));
    assert!(matches!(read.excluded_subtrees.as_slice(), [GeneralName::Rfc822("b")]));
    assert!(NameConstraints::parse(b"\x30\x00\x00").is_err(), "an octet behind it");
    assert!(NameConstraints::parse(b"\x30\x03\x82\x01a").is_err(), "a third kind");
    for (number, distance) in [(b'\x80', 0), (b'\x80', 1), (b'\x81', 0), (b'\x81', 5)] {
        let with_distance = [&b"\x30\x0a\xa0\x08\x30\x06\x82\x01a"[..], &[number, 1, distance]].concat();
        assert!(NameConstraints::parse(&with_distance).is_err(), "{with_distance:x?}");
    }
    assert!(NameConstraints::parse(b"\x30\x0a\xa0\x08\x30\x06\x82\x01a\x83\x01\x05").is_err(), "an unknown field");
}

#[test]
fn general_names_are_told_apart() {
    let read = |name: &'static [u8]| GeneralName::read(&Element::parse(name).unwrap());
    assert!(matches!(read(b"\x81\x01a"), Ok(GeneralName::Rfc822("a"))));
    assert!(matches!(read(b"\x82\x01a"), Ok(GeneralName::Dns("a"))));
    assert!(matches!(read(b"\x86\x01a"), Ok(GeneralName::Uri("a"))));
    assert!(matches!(read(b"\x87\x01a"), Ok(GeneralName::Ip(b"a"))));
    assert!(matches!(read(b"\xa4\x02\x30\x00"), Ok(GeneralName::Directory(_))));
    for name in [&b"\xa0\x01a"[..], b"\xa5\x01a", b"\x88\x01a"] {
        assert!(matches!(read(name), Ok(GeneralName::Other)));
    }
    for name in [&b"\x82\x01\xff"[..], b"\xa2\x01a", b"\xa3\x01a", b"\x89\x01a", b"\xa4\x01a", b"\x0c\x01a"] {
        assert!(read(name).is_err(), "{name:x?}");
    }
}
