//! BER where DER belongs, torn and endless elements: C8, X6, X8, X10 and their kin.

use crate::asn1::{
    algorithm, concat, element, indefinite, integer, length, long_length, octet_string, oid, sequence, set, tag,
};
use crate::claims::Claims;
use crate::oid;
use crate::pki::Pki;
use crate::signed_data::{Document, Encapsulated, attribute};
use crate::suite::Case;
use crate::suite::Importance::{self, High, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [torn(pki), ber(pki), shapes(pki), nested(pki), identifiers(pki), sets(pki)].concat()
}

fn short(pki: &Pki) -> Document {
    pki.short(Claims::short())
}

fn malformed(pki: &Pki, name: &str, importance: Importance, flaws: &'static [&'static str], description: &str) -> Case {
    pki.short_case(&format!("encoding::{name}"), "der_malformed", importance, flaws, description)
}

fn torn(pki: &Pki) -> Vec<Case> {
    let inputs: [(&str, &[u8]); 11] = [
        ("1f_80", &[0x1f, 0x80]),
        ("1f_05", &[0x1f, 0x05]),
        ("30_81", &[0x30, 0x81]),
        ("30_84_01", &[0x30, 0x84, 0x01]),
        ("30_82_06", &[0x30, 0x82, 0x06]),
        ("5f_4d", &[0x5f, 0x4d]),
        ("30", &[0x30]),
        ("30_80", &[0x30, 0x80]),
        ("31_81_00", &[0x31, 0x81, 0x00]),
        ("30_84_ffffffff", &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
        ("30_88_7f", &[0x30, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    ];
    let mut cases: Vec<_> = inputs
        .into_iter()
        .map(|(name, octets)| {
            let description = "A few octets that made readers of BER panic, loop or ask for gigabytes.";
            let flaws = if octets.len() > 5 { &["C4", "C8", "18"][..] } else { &["C8", "18"] };
            malformed(pki, &format!("octets_{name}"), High, flaws, description).octets(octets)
        })
        .collect();
    let der = short(pki).der();
    let huge = |octets: &[u8]| {
        let rest = &der[4..];
        [&[0x30], octets, rest].concat()
    };
    cases.extend([
        malformed(pki, "torn_after_one_octet", Medium, &["18"], "Input of raw DER that ends after its first octet.")
            .input(crate::input::Input::Bytes(vec![0x30])),
        malformed(pki, "torn_in_signature", Medium, &["18"], "The document lacks its last octet.")
            .octets(&der[..der.len() - 1]),
        malformed(pki, "torn_in_content", Medium, &["18"], "The document ends in the midst of the content.")
            .octets(&der[..100]),
        malformed(pki, "length_of_4_gib", High, &["C4"], "The outer length says 4 GiB.")
            .octets(&huge(&[0x84, 0xff, 0xff, 0xff, 0xff])),
        malformed(pki, "length_of_8_eib", High, &["C4"], "The outer length says 8 EiB.")
            .octets(&huge(&[0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
        malformed(
            pki,
            "length_one_short",
            Medium,
            &["18"],
            "The outer length fits the input, which ends one octet before the inner ones do.",
        )
        .octets(&{
            let inner = short(pki).signed_data();
            let content = [oid(oid::SIGNED_DATA), element(tag::explicit(0), &inner)].concat();
            element(tag::SEQUENCE, &content[..content.len() - 1])
        }),
    ]);
    cases
}

fn ber(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, description: &str| malformed(pki, name, High, &["C8", "18"], description);
    let document = || short(pki);
    let inner = document().signed_data();
    let body = [oid(oid::SIGNED_DATA), element(tag::explicit(0), &inner)].concat();
    let wrap = |signed_data: &[u8]| sequence(&[oid(oid::SIGNED_DATA), element(tag::explicit(0), signed_data)]);
    let parts = document().parts();
    let with_part = |index: usize, part: Vec<u8>| {
        let mut parts = parts.clone();
        parts[index] = part;
        wrap(&sequence(&parts))
    };
    let content = document().content;
    let (head, tail) = content.split_at(100);
    let pieces = [octet_string(head), octet_string(tail)];
    let eighty = element(tag::SEQUENCE, &concat(&parts));
    let header = length(concat(&parts).len()).len() + 1;
    vec![
        case("indefinite_outer", "The outermost SEQUENCE has an indefinite length.")
            .octets(&indefinite(tag::SEQUENCE, &body)),
        case("indefinite_signed_data", "SignedData has an indefinite length.")
            .octets(&wrap(&indefinite(tag::SEQUENCE, &concat(&parts)))),
        case("indefinite_certificates", "The set of certificates has an indefinite length.")
            .octets(&with_part(3, indefinite(tag::explicit(0), &pki.short_leaf.der))),
        case("indefinite_digest_algorithms", "The set of digest algorithms has an indefinite length.")
            .octets(&with_part(1, indefinite(tag::SET, &document().digest_algorithms[0]))),
        case(
            "indefinite_content",
            "The content is an OCTET STRING of indefinite length, as a streaming writer makes it.",
        )
        .document(&document().with(|document| {
            document.encapsulated = Encapsulated::Raw(indefinite(0x24, &concat(&pieces)));
        })),
        case("superfluous_zero_in_length", "A zero in front of the outer length.")
            .octets(&[&[0x30], &long_length(body.len(), 1)[..], &body].concat()),
        case("superfluous_zeros_in_length", "Four zeros in front of the inner length.")
            .octets(&wrap(&[&[0x30], &long_length(eighty.len() - header, 4)[..], &eighty[header..]].concat())),
        case("long_form_of_short_length", "The length of the version in the long form: 02 81 01 01.")
            .octets(&with_part(0, vec![2, 0x81, 1, 1])),
        case("long_form_of_zero", "The parameters NULL as 05 81 00.")
            .octets(&document().digest_algorithm(&sequence(&[oid(oid::SHA256), vec![5, 0x81, 0]])).der()),
        case("long_tag", "The tag SEQUENCE in the form for large numbers.")
            .octets(&[&[0x3f, 0x10][..], &length(body.len()), &body].concat()),
        case("padded_integer", "The version as 02 02 00 01.").octets(&with_part(0, vec![2, 2, 0, 1])),
    ]
}

fn shapes(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, description: &str| malformed(pki, name, High, &["19"], description);
    let document = || short(pki);
    let parts = document().parts();
    let wrap = |parts: &[Vec<u8>]| sequence(&[oid(oid::SIGNED_DATA), element(tag::explicit(0), &sequence(parts))]);
    let with_part = |index: usize, part: Vec<u8>| {
        let mut parts = parts.clone();
        parts[index] = part;
        wrap(&parts)
    };
    let retag = |index: usize, tag: u8| {
        let mut part = parts[index].clone();
        part[0] = tag;
        with_part(index, part)
    };
    let reordered = |order: &[usize]| wrap(&order.iter().map(|index| parts[*index].clone()).collect::<Vec<_>>());
    let body = document().signed_data();
    vec![
        case("outer_set", "The outermost element is a SET.").octets(&[&[0x31], &document().der()[1..]].concat()),
        case("signed_data_alone", "SignedData without the ContentInfo around it.").octets(&body),
        case("extra_element", "A third element inside ContentInfo.").octets(&sequence(&[
            oid(oid::SIGNED_DATA),
            element(tag::explicit(0), &body),
            integer(1),
        ])),
        case("content_info_empty", "A ContentInfo that holds nothing.").octets(&sequence::<Vec<u8>>(&[])),
        case("content_info_without_content", "A ContentInfo of its type alone.")
            .octets(&sequence(&[oid(oid::SIGNED_DATA)])),
        case("signed_data_two", "Two SignedData inside one ContentInfo.").octets(&sequence(&[
            oid(oid::SIGNED_DATA),
            element(tag::explicit(0), &[body.clone(), body.clone()].concat()),
        ])),
        case("signed_data_extra_element", "An element behind the signers.")
            .document(&document().with(|document| document.extra = integer(1))),
        case("signed_data_unknown_field", "A field [2] behind the signers.")
            .document(&document().with(|document| document.extra = element(tag::explicit(2), &integer(1)))),
        case("certificates_after_signers", "The optional certificates behind the signers.")
            .octets(&reordered(&[0, 1, 2, 4, 3])),
        case(
            "certificates_twice",
            "The optional certificates stand twice: the second is read as nothing or as something else.",
        )
        .octets(&reordered(&[0, 1, 2, 3, 3, 4])),
        case("certificates_as_set", "The certificates with the tag SET instead of [0].").octets(&retag(3, tag::SET)),
        case("digest_algorithms_as_sequence", "The digest algorithms in a SEQUENCE instead of a SET.")
            .octets(&retag(1, tag::SEQUENCE)),
        case("signers_as_sequence", "The signers in a SEQUENCE instead of a SET.").octets(&retag(4, tag::SEQUENCE)),
        case("version_as_boolean", "The version is a BOOLEAN.").octets(&with_part(0, vec![1, 1, 0xff])),
        case("content_type_as_octets", "The type of the content is an OCTET STRING.")
            .octets(&with_part(2, sequence(&[octet_string(b"data"), element(tag::explicit(0), &octet_string(b"{}"))]))),
        case("digest_algorithm_extra_element", "A third element inside an AlgorithmIdentifier.")
            .octets(&with_part(1, set(&[sequence(&[oid(oid::SHA256), vec![5, 0], integer(1)])]))),
        case("digest_algorithm_without_identifier", "An AlgorithmIdentifier of parameters alone.")
            .octets(&with_part(1, set(&[sequence(&[vec![5, 0]])]))),
        case("serial_as_octets", "The signer's serial number is an OCTET STRING of the same octets.").document(
            &document().signer(|signer| {
                let leaf = &pki.short_leaf;
                signer.identifier = sequence(&[leaf.issuer.clone(), octet_string(&leaf.serial)]);
            }),
        ),
        case("signature_as_bit_string", "The signature is a BIT STRING, as in certificates.").octets(&{
            let mut parts = pki.document().parts();
            let signer = &mut parts[4];
            let at = signer.len() - 256 - 4;
            assert_eq!(signer[at..at + 4], [4, 0x82, 1, 0]);
            signer[at] = tag::BIT_STRING;
            wrap(&parts)
        }),
    ]
}

fn nested(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, description: &str| malformed(pki, name, High, &["X6", "19"], description);
    let deep = |tag: u8, depth: usize| (0..depth).fold(Vec::new(), |inner, _| element(tag, &inner));
    // Indefinite lengths need no end to be dived into.
    let endless = |pair: [u8; 2], size: usize| pair.repeat(size / 2);
    let inside =
        |content: Vec<u8>| short(pki).with(|document| document.encapsulated = Encapsulated::Raw(content)).der();
    vec![
        case("nested_sequences", "1,000 SEQUENCEs inside one another.").octets(&deep(tag::SEQUENCE, 1_000)),
        case("nested_indefinite_sequences", "4,096 SEQUENCEs of indefinite length inside one another.")
            .input(crate::input::Input::Bytes(endless([0x30, 0x80], 8_192))),
        case("nested_sets", "1,000 SETs inside one another.").octets(&deep(tag::SET, 3_000)),
        case("nested_explicit_tags", "1,000 tags [0] inside one another.").octets(&deep(tag::explicit(0), 3_000)),
        case(
            "nested_octet_strings",
            "1,000 constructed OCTET STRINGs inside one another, in the place of the content.",
        )
        .octets(&inside(deep(0x24, 1_000))),
        case(
            "nested_indefinite_octet_strings",
            "1,000 constructed OCTET STRINGs of indefinite length in the place of the content.",
        )
        .octets(&inside(endless([0x24, 0x80], 3_000))),
    ]
}

fn identifiers(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, description: &str| malformed(pki, name, Medium, &["X8", "19"], description);
    let outer =
        |content: &[u8]| sequence(&[element(tag::OID, content), element(tag::explicit(0), &short(pki).signed_data())]);
    let digest =
        |content: &[u8]| short(pki).digest_algorithm(&sequence(&[element(tag::OID, content), vec![5, 0]])).der();
    let sha256 = &oid(oid::SHA256)[2..];
    let padded = |dotted: &str| {
        let octets = &oid(dotted)[2..];
        let (before, last) = octets.split_at(octets.len() - 1);
        sequence(&[element(tag::OID, &[before, &[0x80], last].concat())])
    };
    let giant_arc = [&sha256[..8], &[0xff; 12], &[0x7f]].concat();
    let long: Vec<u8> = std::iter::once(0x2a).chain(std::iter::repeat_n(1, 8_000)).collect();
    vec![
        case("identifier_empty", "An OBJECT IDENTIFIER without octets as type of the document.").octets(&outer(&[])),
        case("identifier_padded", "An arc with a leading 0x80: a second spelling of SHA-256.")
            .octets(&digest(&[&sha256[..8], &[0x80], &sha256[8..]].concat())),
        case("identifier_padded_in_digest_algorithms", "A second spelling of SHA-256 in digestAlgorithms alone.")
            .octets(&short(pki).with(|document| document.digest_algorithms = vec![padded(oid::SHA256)]).der()),
        case("identifier_padded_in_digest_of_signer", "A second spelling of SHA-256 in the signer's digest alone.")
            .octets(&short(pki).signer(|signer| signer.digest_algorithm = padded(oid::SHA256)).der()),
        case(
            "identifier_padded_in_signature_algorithm",
            "A second spelling of ecdsa-with-SHA256 as signature algorithm.",
        )
        .octets(&short(pki).signer(|signer| signer.signature_algorithm = padded(oid::ECDSA_SHA256)).der()),
        case("identifier_torn", "The last arc never ends.").octets(&digest(&[&sha256[..8], &[0x81]].concat())),
        case("identifier_giant_arc", "An arc of 91 bits as digest algorithm; cut to 32 bits it might be another.")
            .octets(&digest(&giant_arc)),
        case("identifier_of_8_kb", "An OBJECT IDENTIFIER of 8,000 arcs as type of the document.").octets(&outer(&long)),
    ]
}

fn sets(pki: &Pki) -> Vec<Case> {
    let attributes: Vec<_> =
        (0..1_200_u64).rev().map(|number| attribute(oid::UNKNOWN, &[integer(0x40_0000 + number)])).collect();
    let algorithms: Vec<_> =
        (1..=400).rev().map(|number| algorithm(&format!("1.3.6.1.4.1.32473.{}", 20_000 + number))).collect();
    vec![
        malformed(
            pki,
            "reversed_attributes",
            High,
            &["X10", "12"],
            "Over a thousand signed attributes in the reverse of DER's order: sorting them must not \
                take quadratic time.",
        )
        .octets(&short(pki).signer(|signer| signer.attributes = Some(attributes)).der()),
        pki.short_case(
            "encoding::reversed_digest_algorithms",
            "digest_algorithm_count",
            Medium,
            &["X10"],
            "Hundreds of digest algorithms in the reverse of DER's order; there are too many in any order.",
        )
        .octets(&short(pki).with(|document| document.digest_algorithms = algorithms).der()),
    ]
}
