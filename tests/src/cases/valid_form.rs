//! Documents that must verify: the forms they come in, and the ways to write the same CMS.

use crate::asn1::{algorithm, algorithm_null, octet_string, sorted};
use crate::claims::Claims;
use crate::clock;
use crate::input::{self, Input};
use crate::oid;
use crate::pki::Pki;
use crate::scheme::{Hash, Scheme};
use crate::signed_data::{attribute, content_type, message_digest, sha256, signing_time};
use crate::suite::Importance::{Critical, High, Low, Medium};
use crate::suite::{Case, VERIFIED};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [forms(pki), digests(pki), signatures(pki), attributes(pki)].concat()
}

fn forms(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, importance, description: &str| {
        pki.short_case(&format!("valid::{name}"), VERIFIED, importance, &[], description)
    };
    let der = pki.plain(Claims::short()).der();
    let base64 = data_encoding::BASE64.encode(&der);
    let envelope = input::envelope(&base64);
    let padded = |length: usize| format!("{envelope}{}", " ".repeat(length - envelope.len()));
    vec![
        pki.case(
            "valid::as_azure_signs",
            VERIFIED,
            Critical,
            &["AZ6"],
            "A document in every respect as the service writes it.",
        ),
        pki.case("valid::base64", VERIFIED, High, &[], "The signature of the envelope alone.")
            .input(Input::base64(&pki.document().der())),
        case("base64_crlf", Medium, "Base64 in lines of 64 characters that end with CR and LF.")
            .input(Input::text(input::lines(&der, "\r\n"))),
        case("base64_lf", Medium, "Base64 in lines that end with LF.").input(Input::text(input::lines(&der, "\n"))),
        case("pem_pkcs7", Medium, "PEM with the label PKCS7.").input(Input::text(input::pem("PKCS7", &der))),
        case("pem_cms", Medium, "PEM with the label CMS.").input(Input::text(input::pem("CMS", &der))),
        case("pem_crlf", Low, "PEM with lines that end with CR and LF.")
            .input(Input::text(input::pem("PKCS7", &der).replace('\n', "\r\n"))),
        pki.case("valid::der", VERIFIED, High, &[], "The bare DER.").input(Input::der(&pki.document().der())),
        case(
            "envelope_unknown_key",
            High,
            "The envelope holds keys that this verifier does not know; a later service may add some.",
        )
        .input(Input::text(format!(r#"{{"version":{{"major":[2]}},"encoding":"pkcs7","signature":"{base64}"}}"#))),
        case("envelope_deep_lists", Low, "Seven lists inside one another in a key nobody knows: as many as may be.")
            .input(Input::text(envelope.replacen(
                '{',
                &format!(r#"{{"extra":{}{},"#, "[".repeat(7), "]".repeat(7)),
                1,
            ))),
        case("envelope_spread", Low, "The envelope's keys in the other order, with white space between and around.")
            .input(Input::text(format!("\r\n\t {{ \"signature\" :\n\"{base64}\",\r\"encoding\": \"pkcs7\" }} \n"))),
        case("envelope_escapes", Low, "The envelope's texts written with escapes, as some JSON writers do.")
            .input(Input::text(envelope.replace('/', "\\/").replace("pkcs7", "\\u0070kcs7"))),
        case("white_space_around_base64", Low, "ASCII white space in front of base64 and behind it.")
            .input(Input::text(format!(" \t\r\n{base64}\n \t"))),
        case("white_space_before_pem", Low, "ASCII white space in front of PEM.")
            .input(Input::text(format!("\n\n  {}", input::pem("PKCS7", &der)))),
        case("longest_input", Medium, "65,536 bytes, the longest input there may be; white space makes up most of it.")
            .input(Input::text(padded(65_536))),
    ]
}

fn digests(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, flaws, description: &str| {
        pki.short_case(&format!("valid::{name}"), VERIFIED, High, flaws, description)
    };
    let document = || pki.plain(Claims::short());
    let of = |hash: Hash, algorithm: &[u8]| {
        document().signer(|signer| signer.scheme = Scheme::Pkcs1(hash)).digest_algorithm(algorithm)
    };
    vec![
        case(
            "digest_id_sha256",
            &["AZ6"],
            "The digest algorithm is id-sha256 with NULL, as a verifier of 1999 had hoped.",
        )
        .document(&document().digest_algorithm(&algorithm_null(oid::SHA256))),
        case(
            "digest_id_sha256_no_parameters",
            &["AZ6", "C5"],
            "The digest algorithm is id-sha256 without parameters, as RFC 5754 has it.",
        )
        .document(&document().digest_algorithm(&algorithm(oid::SHA256))),
        case(
            "digest_odd_no_parameters",
            &["C5"],
            "The service's odd digest identifier without parameters, which RFC 4055 section 5 has everybody accept.",
        )
        .document(&document().digest_algorithm(&algorithm(oid::SHA256_WITH_RSA))),
        case(
            "digest_two_spellings",
            &["AZ6"],
            "digestAlgorithms says id-sha256 and the signer says sha256WithRSAEncryption: the same digest.",
        )
        .document(&document().with(|document| document.digest_algorithms = vec![algorithm(oid::SHA256)])),
        case(
            "digest_two_spellings_swapped",
            &["AZ6"],
            "digestAlgorithms says sha256WithRSAEncryption and the signer says id-sha256: the same digest.",
        )
        .document(&document().signer(|signer| signer.digest_algorithm = algorithm_null(oid::SHA256))),
        case("digest_sha384", &[], "SHA-384 by its own name.").document(&of(Hash::Sha384, &algorithm(oid::SHA384))),
        case("digest_sha512", &[], "SHA-512 by its own name.")
            .document(&of(Hash::Sha512, &algorithm_null(oid::SHA512))),
    ]
}

fn signatures(pki: &Pki) -> Vec<Case> {
    let case =
        |name: &str, description: &str| pki.short_case(&format!("valid::{name}"), VERIFIED, High, &[], description);
    let scheme = |scheme| pki.plain(Claims::short()).scheme(scheme);
    vec![
        case(
            "signature_sha256_with_rsa",
            "The signature algorithm is sha256WithRSAEncryption, which most CMS writers use.",
        )
        .document(&scheme(Scheme::Pkcs1(Hash::Sha256))),
        case("signature_sha512_with_rsa", "The signature algorithm is sha512WithRSAEncryption over SHA-512.")
            .document(&scheme(Scheme::Pkcs1(Hash::Sha512))),
        case("signature_pss_sha256", "RSASSA-PSS with SHA-256 throughout and a salt of 32 octets.")
            .document(&scheme(Scheme::pss(Hash::Sha256))),
        case("signature_pss_sha384", "RSASSA-PSS with SHA-384 throughout and a salt of 48 octets.")
            .document(&scheme(Scheme::pss(Hash::Sha384))),
        case("signature_pss_sha512", "RSASSA-PSS with SHA-512 throughout and a salt of 64 octets.")
            .document(&scheme(Scheme::pss(Hash::Sha512))),
    ]
}

fn attributes(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, flaws, description: &str| {
        pki.short_case(&format!("valid::{name}"), VERIFIED, Medium, flaws, description)
    };
    let content: Vec<u8> = Claims::short().into();
    let digest = sha256(&content);
    let usual = || vec![content_type(oid::DATA), message_digest(&digest)];
    let with = |more: &[Vec<u8>]| pki.plain(Claims::short()).attributes([usual(), more.to_vec()].concat());
    let unknown = attribute(oid::UNKNOWN, &sorted(vec![octet_string(b"one"), octet_string(b"two")]));
    vec![
        case(
            "signed_attributes",
            &["C6"],
            "Signed attributes in the order of DER: the signature is over them, tagged as SET OF.",
        )
        .document(&pki.plain(Claims::short()).usual_attributes()),
        case(
            "signed_attributes_signing_time",
            &["C2"],
            "A signingTime among the attributes, in another year: it has no say in anything.",
        )
        .document(&with(&[signing_time(clock::midnight(2020, 1, 1))])),
        case(
            "signed_attributes_unknown",
            &[],
            "An attribute nobody knows, with two values; it is signed and means nothing.",
        )
        .document(&with(&[unknown])),
        case(
            "signed_attributes_odd_digest",
            &["C5", "AZ6"],
            "Signed attributes with SHA-256 by its own name and no parameters.",
        )
        .document(&pki.plain(Claims::short()).usual_attributes().digest_algorithm(&algorithm(oid::SHA256))),
    ]
}
