//! Signature algorithms that are not on the list, disagree with the digest, or have odd parameters.

use crate::asn1::{algorithm, algorithm_null, algorithm_with, element, integer, octet_string, sequence, tag};
use crate::claims::Claims;
use crate::oid;
use crate::pki::Pki;
use crate::scheme::{Hash, Scheme, pss_identifier};
use crate::signed_data::Document;
use crate::suite::Case;
use crate::suite::Importance::{High, Low, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [signatures(pki), pss(pki), ecdsa(pki)].concat()
}

fn plain(pki: &Pki) -> Document {
    pki.plain(Claims::short())
}

fn signatures(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, verdict, importance, flaws, description: &str, algorithm: Vec<u8>| {
        pki.short_case(&format!("algorithms::signature_{name}"), verdict, importance, flaws, description)
            .document(&plain(pki).signer(|signer| signer.signature_algorithm = algorithm))
    };
    let unsupported = "signature_algorithm_unsupported";
    let parameters = "algorithm_parameters";
    vec![
        case(
            "md5_with_rsa",
            unsupported,
            High,
            &["14"],
            "md5WithRSAEncryption as signature algorithm.",
            algorithm_null(oid::MD5_WITH_RSA),
        ),
        case(
            "sha1_with_rsa",
            unsupported,
            High,
            &["14"],
            "sha1WithRSAEncryption as signature algorithm.",
            algorithm_null(oid::SHA1_WITH_RSA),
        ),
        case(
            "digest",
            unsupported,
            Medium,
            &["C9"],
            "The digest's identifier in the place of the signature's.",
            algorithm_null(oid::SHA256),
        ),
        case("encryption", unsupported, Medium, &["C9"], "RSAES-OAEP, which encrypts.", algorithm(oid::RSA_OAEP)),
        case("dsa", unsupported, Medium, &["C9"], "DSA with SHA-256.", algorithm(oid::DSA_SHA256)),
        case(
            "ed25519",
            unsupported,
            Medium,
            &["S2"],
            "Ed25519, whose signatures some libraries took in two forms (CVE-2026-33895).",
            algorithm(oid::ED25519),
        ),
        case("unknown", unsupported, High, &["C4"], "An identifier nobody knows.", algorithm_null(oid::UNKNOWN)),
        case(
            "rsa_without_parameters",
            parameters,
            Low,
            &["C9"],
            "rsaEncryption without its NULL.",
            algorithm(oid::RSA),
        ),
        case(
            "rsa_octets",
            parameters,
            Medium,
            &["C9"],
            "rsaEncryption with an OCTET STRING.",
            algorithm_with(oid::RSA, &octet_string(b"x")),
        ),
        case(
            "sha256_with_rsa_without_parameters",
            parameters,
            Low,
            &["C9"],
            "sha256WithRSAEncryption without its NULL.",
            algorithm(oid::SHA256_WITH_RSA),
        ),
        case(
            "sha256_with_rsa_sequence",
            parameters,
            Medium,
            &["C9"],
            "sha256WithRSAEncryption with an empty SEQUENCE.",
            algorithm_with(oid::SHA256_WITH_RSA, &sequence::<Vec<u8>>(&[])),
        ),
    ]
}

fn pss(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, description: &str, salt, algorithm: Vec<u8>| {
        let document =
            plain(pki).scheme(Scheme::Pss(Hash::Sha256, salt)).signer(|signer| signer.signature_algorithm = algorithm);
        pki.short_case(&format!("algorithms::pss_{name}"), "algorithm_parameters", High, &["32"], description)
            .document(&document)
    };
    let (sha1, sha256, sha512) = (Hash::Sha1, Hash::Sha256, Hash::Sha512);
    let fields = |fields: &[(u8, Vec<u8>)]| {
        let fields: Vec<_> = fields.iter().map(|(number, value)| element(tag::explicit(*number), value)).collect();
        algorithm_with(oid::RSA_PSS, &sequence(&fields))
    };
    let hash = || (0, algorithm_null(oid::SHA256));
    let mask = || (1, algorithm_with(oid::MGF1, &algorithm_null(oid::SHA256)));
    vec![
        case("without_parameters", "RSASSA-PSS without parameters.", 32, algorithm(oid::RSA_PSS)),
        case("null", "RSASSA-PSS with NULL.", 32, algorithm_null(oid::RSA_PSS)),
        case("defaults", "RSASSA-PSS with the default parameters, which mean SHA-1.", 32, fields(&[])),
        case("no_salt", "A salt of no octets, so declared and so signed.", 0, pss_identifier(sha256, sha256, 0)),
        case("short_salt", "A salt of 20 octets, so declared and so signed.", 20, pss_identifier(sha256, sha256, 20)),
        case("default_salt", "The salt's length is left out, which means 20.", 20, fields(&[hash(), mask()])),
        case("mask_sha1", "MGF1 over SHA-1.", 32, pss_identifier(sha256, sha1, 32)),
        case("hash_sha1", "SHA-1 in the parameters, SHA-256 as digest.", 32, pss_identifier(sha1, sha1, 20)),
        case("hash_sha512", "SHA-512 in the parameters, SHA-256 as digest.", 32, pss_identifier(sha512, sha512, 64)),
        case(
            "trailer",
            "A trailer field other than the one there is.",
            32,
            fields(&[hash(), mask(), (2, integer(32)), (3, integer(2))]),
        ),
        case(
            "unknown_mask",
            "A mask generation function nobody knows.",
            32,
            fields(&[hash(), (1, algorithm_with(oid::UNKNOWN, &algorithm_null(oid::SHA256))), (2, integer(32))]),
        ),
    ]
}

fn ecdsa(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, verdict, importance, flaws, description: &str, change: &dyn Fn(Document) -> Document| {
        pki.short_case(&format!("algorithms::ecdsa_{name}"), verdict, importance, flaws, description)
            .document(&change(pki.short(Claims::short())))
    };
    let signature = |algorithm: Vec<u8>| {
        move |document: Document| document.signer(|signer| signer.signature_algorithm.clone_from(&algorithm))
    };
    let parameters = "algorithm_parameters";
    vec![
        case(
            "null",
            parameters,
            Medium,
            &["C7"],
            "ecdsa-with-SHA256 with NULL, where nothing belongs.",
            &signature(algorithm_null(oid::ECDSA_SHA256)),
        ),
        case(
            "octets",
            parameters,
            Medium,
            &["C7"],
            "ecdsa-with-SHA256 with an OCTET STRING, where nothing belongs.",
            &signature(algorithm_with(oid::ECDSA_SHA256, &octet_string(b"junk"))),
        ),
        case(
            "curve",
            parameters,
            Medium,
            &["C7"],
            "ecdsa-with-SHA256 with the curve, which belongs to the key.",
            &signature(algorithm_with(oid::ECDSA_SHA256, &crate::asn1::oid(oid::P256))),
        ),
        case(
            "sha384_digest_sha256",
            "digest_algorithm_mismatch",
            High,
            &["15"],
            "ecdsa-with-SHA384 over a SHA-256 digest.",
            &signature(algorithm(oid::ECDSA_SHA384)),
        ),
        case(
            "sha1",
            "signature_algorithm_unsupported",
            High,
            &["14"],
            "ecdsa-with-SHA1.",
            &signature(algorithm(oid::ECDSA_SHA1)),
        ),
        case(
            "odd_digest",
            "digest_algorithm_unsupported",
            High,
            &["AZ6", "15"],
            "The service's odd digest identifier with ECDSA, where it makes no sense.",
            &|document| document.digest_algorithm(&algorithm_null(oid::SHA256_WITH_RSA)),
        ),
        case(
            "odd_digest_ecdsa",
            "digest_algorithm_unsupported",
            High,
            &["AZ6", "15"],
            "The quirk carried over: ecdsa-with-SHA256 in the place of SHA-256.",
            &|document| document.digest_algorithm(&algorithm(oid::ECDSA_SHA256)),
        ),
    ]
}
