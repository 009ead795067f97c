//! SignedData of the right form that says what the service never says.

use crate::asn1::{algorithm, algorithm_null, bit_string, element, integer, null, octet_string, sequence, sorted, tag};
use crate::claims::Claims;
use crate::clock;
use crate::oid;
use crate::pki::{self, Pki};
use crate::signed_data::{Document, Encapsulated};
use crate::suite::Case;
use crate::suite::Importance::{High, Low, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [types(pki), contents(pki), certificates(pki)].concat()
}

fn types(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, verdict, importance, flaws, description: &str| {
        pki.short_case(&format!("signed_data::{name}"), verdict, importance, flaws, description)
    };
    let outer = |kind| short(pki).with(|document| document.outer_type = kind);
    let algorithms = |all: Vec<Vec<u8>>| short(pki).with(|document| document.digest_algorithms = all);
    let (sha256, sha384) = (algorithm(oid::SHA256), algorithm_null(oid::SHA384));
    let many: Vec<_> = (0..200).map(|number| algorithm(&format!("1.3.6.1.4.1.32473.{}", 1_000 + number))).collect();
    let der = short(pki).der();
    vec![
        case(
            "trailing_octet",
            "trailing_data",
            High,
            &["C2", "C9", "20"],
            "An octet follows the document; many readers never look.",
        )
        .octets(&[&der[..], &[0]].concat()),
        case("trailing_document", "trailing_data", High, &["C2", "20"], "A second document follows the first.")
            .octets(&[&der[..], &der].concat()),
        case("trailing_zeros_raw", "trailing_data", Medium, &["20"], "Zeros follow the document, given as raw DER.")
            .input(crate::input::Input::Bytes([&der[..], &[0, 0]].concat())),
        case("enveloped_data", "not_signed_data", Medium, &[], "The outer type says envelopedData.")
            .document(&outer(oid::ENVELOPED_DATA)),
        case(
            "digested_data",
            "not_signed_data",
            Medium,
            &[],
            "The outer type says digestedData: anybody can make that.",
        )
        .document(&outer(oid::DIGESTED_DATA)),
        case(
            "plain_data",
            "not_signed_data",
            Medium,
            &[],
            "The outer type says data, and claims stand there unsigned.",
        )
        .octets(&sequence(&[
            crate::asn1::oid(oid::DATA),
            element(tag::explicit(0), &octet_string(&short(pki).content)),
        ])),
        case(
            "no_digest_algorithm",
            "digest_algorithm_count",
            High,
            &["C4", "11"],
            "The set of digest algorithms is empty: a use after free in OpenSSL.",
        )
        .document(&algorithms(vec![])),
        case(
            "two_digest_algorithms",
            "digest_algorithm_count",
            Medium,
            &["15"],
            "Two digest algorithms for one signer.",
        )
        .document(&algorithms(sorted(vec![sha256, sha384]))),
        case(
            "many_digest_algorithms",
            "digest_algorithm_count",
            Medium,
            &["X10"],
            "Two hundred digest algorithms in order.",
        )
        .document(&algorithms(sorted(many))),
    ]
}

fn contents(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, verdict, description: &str, document: Document| {
        pki.short_case(&format!("signed_data::content_{name}"), verdict, High, &["C10", "16"], description)
            .document(&document)
    };
    let kind = |kind| short(pki).with(|document| document.content_type = kind);
    let raw = |octets: Vec<u8>| short(pki).with(|document| document.encapsulated = Encapsulated::Raw(octets));
    let content = short(pki).content;
    let (head, tail) = content.split_at(100);
    vec![
        case(
            "type_signed_data",
            "content_type_not_data",
            "The signed content is said to be signedData.",
            kind(oid::SIGNED_DATA),
        ),
        case(
            "type_time_stamp",
            "content_type_not_data",
            "The signed content is said to be a time stamp.",
            kind(oid::TST_INFO),
        ),
        case(
            "type_unknown",
            "content_type_not_data",
            "The signed content is of a type nobody knows.",
            kind(oid::UNKNOWN),
        ),
        case(
            "absent",
            "content_missing",
            "The content is detached; the signature is right for it all the same.",
            short(pki).with(|document| document.encapsulated = Encapsulated::Absent),
        ),
        case(
            "empty",
            "content_empty",
            "The content has no octets, and the signature is right for none.",
            pki.short(""),
        ),
        case(
            "constructed",
            "der_malformed",
            "The content is a constructed OCTET STRING of two pieces, which DER does not know.",
            raw(element(0x24, &[octet_string(head), octet_string(tail)].concat())),
        ),
        case(
            "two_octet_strings",
            "der_malformed",
            "Two OCTET STRINGs: readers take the first, or join them.",
            raw([octet_string(&content), octet_string(&content)].concat()),
        ),
        case(
            "sequence",
            "der_malformed",
            "The content is a SEQUENCE, as PKCS#7 of 1998 allowed.",
            raw(sequence(&[octet_string(&content)])),
        ),
        case("nothing", "der_malformed", "The field of the content holds no element.", raw(vec![])),
        case("null", "der_malformed", "The content is NULL.", raw(null())),
    ]
}

fn certificates(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, verdict, importance, flaws, description: &str| {
        pki.short_case(&format!("signed_data::{name}"), verdict, importance, flaws, description)
    };
    let bag =
        |more: Vec<Vec<u8>>| short(pki).with(|document| document.certificates.as_mut().expect("bag").extend(more));
    let choice = |name: &str, number| {
        let octets = element(tag::explicit(number), &integer(1));
        let description = "The bag holds a choice other than Certificate; RFC 5652 calls it obsolete or foreign.";
        case(name, "certificate_malformed", Medium, &["19"], description).document(&bag(vec![octets]))
    };
    let crl = sequence(&[
        sequence(&[
            integer(1),
            pki.issuing.key.scheme().identifier(),
            pki.issuing.subject.clone(),
            clock::certificate_time(clock::CREATED),
        ]),
        pki.issuing.key.scheme().identifier(),
        bit_string(&pki.issuing.key.sign(pki.issuing.key.scheme(), b"")),
    ]);
    let leaf = &pki.short_leaf.der;
    let many: Vec<_> = (1..=32).map(|number| pki::filler(pki, number).der).collect();
    vec![
        case("crls", "crls_present", Medium, &["X3"], "A revocation list beside the certificates.")
            .document(&short(pki).with(|document| document.crls = Some(vec![crl]))),
        case("crls_empty", "crls_present", Low, &["X3"], "The field of revocation lists is there and empty.")
            .document(&short(pki).with(|document| document.crls = Some(vec![]))),
        case(
            "too_many_certificates",
            "too_many_certificates",
            High,
            &["21"],
            "33 certificates: one more than are looked at.",
        )
        .document(&bag(many)),
        case(
            "certificate_torn",
            "certificate_malformed",
            Medium,
            &["19"],
            "A second certificate is a SEQUENCE of octets that are none.",
        )
        .document(&bag(vec![element(tag::SEQUENCE, &leaf[4..200])])),
        case(
            "certificate_empty",
            "certificate_malformed",
            Medium,
            &["19"],
            "A second certificate is an empty SEQUENCE.",
        )
        .document(&bag(vec![vec![0x30, 0]])),
        case(
            "certificate_extra_element",
            "certificate_malformed",
            Medium,
            &["C9"],
            "A fourth element inside the signer's certificate.",
        )
        .document(&short(pki).with(|document| {
            document.certificates = Some(vec![element(tag::SEQUENCE, &[&leaf[4..], &[5, 0]].concat())])
        })),
        case("certificate_integer", "certificate_malformed", Medium, &["19"], "An INTEGER in the bag.")
            .document(&bag(vec![integer(1)])),
        choice("certificate_choice_0", 0),
        choice("certificate_choice_1", 1),
        choice("certificate_choice_2", 2),
        choice("certificate_choice_3", 3),
        case(
            "certificate_of_pkcs6",
            "certificate_malformed",
            Low,
            &[],
            "The choice extendedCertificate of PKCS#6 around the signer's certificate.",
        )
        .document(&short(pki).with(|document| document.certificates = Some(vec![element(tag::explicit(0), leaf)]))),
    ]
}

fn short(pki: &Pki) -> Document {
    pki.short(Claims::short())
}
