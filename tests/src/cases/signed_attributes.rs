//! Signed attributes: each must be there once, of its type, equal to what it vouches for, and in DER.

use crate::asn1::{algorithm, bit_string, concat, element, integer, octet_string, oid, sequence, set, sorted, tag};
use crate::claims::Claims;
use crate::clock;
use crate::oid;
use crate::pki::Pki;
use crate::scheme::Hash;
use crate::signed_data::{attribute, content_type, message_digest, sha256, signing_time};
use crate::suite::Case;
use crate::suite::Importance::{Critical, High, Low, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    let attributes = Attributes { pki, digest: sha256(&Vec::from(Claims::short())) };
    [attributes.counts(), attributes.types(), attributes.values(), attributes.order(), attributes.signatures()].concat()
}

struct Attributes<'a> {
    pki: &'a Pki,
    digest: Vec<u8>,
}

impl Attributes<'_> {
    /// A case with these attributes, in the order of DER and genuinely signed.
    fn case(
        &self,
        name: &str,
        verdict: &'static str,
        flaws: &'static [&'static str],
        description: &str,
        attributes: &[Vec<u8>],
    ) -> Case {
        let document = self.pki.short(Claims::short()).attributes(attributes.to_vec());
        self.pki
            .short_case(&format!("signed_attributes::{name}"), verdict, High, flaws, description)
            .document(&document)
    }

    fn counts(&self) -> Vec<Case> {
        let (kind, digest) = (content_type(oid::DATA), message_digest(&self.digest));
        let missing = |name: &str, description: &str, attributes: &[Vec<u8>]| {
            self.case(name, "signed_attribute_missing", &["C4", "9"], description, attributes)
        };
        let repeated = |name: &str, description: &str, more: &[Vec<u8>]| {
            let attributes = [&[kind.clone(), digest.clone()], more].concat();
            self.case(name, "signed_attribute_repeated", &["C4", "9"], description, &attributes)
        };
        let unknown = |number| attribute(oid::UNKNOWN, &[integer(number)]);
        vec![
            missing("none", "A set of no attributes: nothing binds the content.", &[]),
            missing("content_type_missing", "No contentType.", std::slice::from_ref(&digest)),
            missing(
                "message_digest_missing",
                "No messageDigest: the signature says nothing about the content.",
                std::slice::from_ref(&kind),
            ),
            missing(
                "only_others",
                "Neither contentType nor messageDigest, but a signing time.",
                &[signing_time(clock::CREATED)],
            ),
            repeated(
                "message_digest_twice",
                "Two messageDigests, one right and one wrong; readers take either.",
                &[message_digest(&[0; 32])],
            ),
            repeated(
                "content_type_twice",
                "Two contentTypes, one right and one wrong.",
                &[content_type(oid::TST_INFO)],
            ),
            repeated(
                "signing_time_twice",
                "Two signing times; no attribute may stand twice.",
                &[signing_time(clock::CREATED), signing_time(clock::EXPIRES)],
            ),
            repeated("unknown_twice", "An attribute nobody knows stands twice.", &[unknown(1), unknown(2)]),
        ]
    }

    fn types(&self) -> Vec<Case> {
        let malformed = |name: &str, description: &str, attribute: Vec<u8>, other: Vec<u8>| {
            self.case(name, "signed_attribute_malformed", &["C4", "10"], description, &[attribute, other])
        };
        let digest = |name: &str, description: &str, values: &[Vec<u8>]| {
            let name = format!("message_digest_{name}");
            malformed(&name, description, attribute(oid::MESSAGE_DIGEST, values), content_type(oid::DATA))
        };
        let kind = |name: &str, description: &str, values: &[Vec<u8>]| {
            let name = format!("content_type_{name}");
            malformed(&name, description, attribute(oid::CONTENT_TYPE, values), message_digest(&self.digest))
        };
        let right = octet_string(&self.digest);
        vec![
            digest("integer", "The messageDigest is an INTEGER: a crash in OpenSSL (CVE-2026-22796).", &[integer(1)]),
            digest(
                "integer_of_digest",
                "The messageDigest is an INTEGER of the right octets.",
                &[element(tag::INTEGER, &[&[0x00], &self.digest[..]].concat())],
            ),
            digest(
                "sequence",
                "The messageDigest is a SEQUENCE around the right OCTET STRING.",
                &[sequence(std::slice::from_ref(&right))],
            ),
            digest("bit_string", "The messageDigest is a BIT STRING of the right octets.", &[bit_string(&self.digest)]),
            digest(
                "two_values",
                "The messageDigest has two values, one of them right.",
                &sorted(vec![right, octet_string(&[0; 32])]),
            ),
            digest("no_value", "The messageDigest has no value.", &[]),
            kind("text", "The contentType is a text.", &[element(tag::UTF8_STRING, b"data")]),
            kind(
                "octets",
                "The contentType is an OCTET STRING of the right octets.",
                &[octet_string(&oid(oid::DATA)[2..])],
            ),
            kind(
                "two_values",
                "The contentType has two values, one of them right.",
                &sorted(vec![oid(oid::DATA), oid(oid::TST_INFO)]),
            ),
            kind("no_value", "The contentType has no value.", &[]),
        ]
    }

    fn values(&self) -> Vec<Case> {
        let digest = |name: &str, flaws, description: &str, digest: &[u8]| {
            let attributes = [content_type(oid::DATA), message_digest(digest)];
            self.case(&format!("digest_{name}"), "message_digest_mismatch", flaws, description, &attributes)
        };
        let kind = |name: &str, description: &str, kind: &str| {
            let attributes = [content_type(kind), message_digest(&self.digest)];
            self.case(&format!("type_{name}"), "content_type_mismatch", &["C2", "9"], description, &attributes)
        };
        let other = sha256(&Vec::from(Claims::short().text("nonce", "1111111111")));
        let content: Vec<u8> = Claims::short().into();
        vec![
            digest(
                "of_other_content",
                &["1", "9"],
                "The digest of other claims, signed: the content was exchanged.",
                &other,
            ),
            digest("of_31_octets", &["C4"], "The right digest lacks its last octet.", &self.digest[..31]),
            digest(
                "of_33_octets",
                &["C4"],
                "The right digest with an octet behind it.",
                &[&self.digest[..], &[0]].concat(),
            ),
            digest("empty", &["C4"], "A digest of no octets.", &[]),
            digest(
                "of_octet_string",
                &["C10"],
                "The digest of the content with its tag and length.",
                &sha256(&octet_string(&content)),
            ),
            digest("sha1", &["14"], "The SHA-1 digest of the right content.", &Hash::Sha1.of(&content)),
            kind("signed_data", "The contentType says signedData, the content is data.", oid::SIGNED_DATA),
            kind("time_stamp", "The contentType says time stamp: signed for another purpose.", oid::TST_INFO),
            kind("unknown", "The contentType is one nobody knows.", oid::UNKNOWN),
        ]
    }

    fn order(&self) -> Vec<Case> {
        let usual = sorted(vec![content_type(oid::DATA), message_digest(&self.digest)]);
        let reversed: Vec<_> = usual.iter().rev().cloned().collect();
        let case = |name: &str, flaws, description: &str, written: &[Vec<u8>], signed: Vec<u8>| {
            let document = self.pki.short(Claims::short()).signer(|signer| {
                signer.attributes = Some(written.to_vec());
                signer.message = Some(signed);
            });
            self.pki
                .short_case(&format!("signed_attributes::{name}"), "der_malformed", Medium, flaws, description)
                .document(&document)
        };
        let long = |attribute: &[u8]| [&[0x30, 0x81, attribute[1]], &attribute[2..]].concat();
        let ber = vec![usual[0].clone(), long(&usual[1])];
        let text = vec![usual[0].clone(), usual[1].clone(), octet_string(b"no attribute")];
        vec![
            case(
                "unsorted_signed_as_written",
                &["C6", "12"],
                "The attributes are not in the order of DER; signed as they are written, as OpenSSL checks it.",
                &reversed,
                set(&reversed),
            ),
            case(
                "unsorted_signed_sorted",
                &["C6", "12"],
                "The attributes are not in the order of DER; signed in that order, as BouncyCastle checks it.",
                &reversed,
                set(&usual),
            ),
            case(
                "long_length",
                &["C6", "12"],
                "An attribute's length in the long form; signed in DER.",
                &ber,
                set(&usual),
            ),
            case(
                "not_an_attribute",
                &["19"],
                "An OCTET STRING among the attributes.",
                &sorted(text.clone()),
                set(&sorted(text)),
            ),
            case(
                "without_values",
                &["19"],
                "An attribute that lacks its set of values.",
                &sorted([&usual[..], &[algorithm(oid::UNKNOWN)]].concat()),
                set(&usual),
            ),
        ]
    }

    fn signatures(&self) -> Vec<Case> {
        let usual = sorted(vec![content_type(oid::DATA), message_digest(&self.digest)]);
        let case = |name: &str, importance, description: &str, signed: Vec<u8>| {
            self.pki
                .short_case(
                    &format!("signed_attributes::{name}"),
                    "content_signature",
                    importance,
                    &["C3", "C6", "8"],
                    description,
                )
                .document(
                    &self.pki.short(Claims::short()).usual_attributes().signer(|signer| signer.message = Some(signed)),
                )
        };
        let broken = self
            .pki
            .short(Claims::short())
            .usual_attributes()
            .signer(|signer| signer.key = self.pki.keys.key("ecc_attacker"));
        vec![
            self.pki
                .short_case(
                    "signed_attributes::signed_by_another",
                    "content_signature",
                    Critical,
                    &["C3", "8"],
                    "The messageDigest is right, the signature is another key's: not looked at with attributes \
                in AWS-LC (CVE-2026-3338).",
                )
                .document(&broken),
            case(
                "signed_content",
                High,
                "The signature is over the content, as if there were no attributes.",
                Claims::short().into(),
            ),
            case(
                "signed_as_tagged",
                Medium,
                "The signature is over the attributes with the tag [0] they are sent under.",
                element(tag::explicit(0), &concat(&usual)),
            ),
            case(
                "signed_without_tag",
                Low,
                "The signature is over the attributes without tag and length.",
                concat(&usual),
            ),
            case("signed_as_sequence", Low, "The signature is over the attributes as a SEQUENCE.", sequence(&usual)),
        ]
    }
}
