//! Algorithm identifiers that are not on the list, disagree, or carry what does not belong to them.

use crate::asn1::{algorithm, algorithm_null, algorithm_with, integer, octet_string, sequence};
use crate::claims::Claims;
use crate::oid;
use crate::pki::Pki;
use crate::scheme::{Hash, Scheme};
use crate::signed_data::Document;
use crate::suite::Case;
use crate::suite::Importance::{Critical, High, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [digests(pki), quirks(pki), disagreements(pki)].concat()
}

fn digests(pki: &Pki) -> Vec<Case> {
    let unsupported = |name: &str, importance, flaws, description: &str, algorithm: &[u8], hash| {
        let document = plain(pki).signer(|signer| signer.scheme = Scheme::Pkcs1(hash)).digest_algorithm(algorithm);
        pki.short_case(
            &format!("algorithms::digest_{name}"),
            "digest_algorithm_unsupported",
            importance,
            flaws,
            description,
        )
        .document(&document)
    };
    let parameters = |name: &str, description: &str, algorithm: &[u8]| {
        pki.short_case(
            &format!("algorithms::digest_parameters_{name}"),
            "algorithm_parameters",
            Medium,
            &["C9"],
            description,
        )
        .document(&plain(pki).digest_algorithm(algorithm))
    };
    let quirk = "The service's quirk covers SHA-256 with RSA and nothing else.";
    let genuine = "The signature is genuine under that digest, for which collisions can be made.";
    vec![
        unsupported("md5", Critical, &["14"], genuine, &algorithm_null(oid::MD5), Hash::Md5),
        unsupported("sha1", Critical, &["14"], genuine, &algorithm_null(oid::SHA1), Hash::Sha1),
        unsupported(
            "md5_with_rsa",
            Critical,
            &["14", "15"],
            "The quirk over MD5, as in the sample of the documentation.",
            &algorithm_null(oid::MD5_WITH_RSA),
            Hash::Md5,
        ),
        unsupported(
            "sha1_with_rsa",
            Critical,
            &["AZ6", "14", "15"],
            "The quirk over SHA-1.",
            &algorithm_null(oid::SHA1_WITH_RSA),
            Hash::Sha1,
        ),
        unsupported(
            "sha224",
            Medium,
            &["15"],
            "SHA-224 is not on the list.",
            &algorithm_null(oid::SHA224),
            Hash::Sha256,
        ),
        unsupported("sha224_with_rsa", Medium, &["15"], quirk, &algorithm_null(oid::SHA224_WITH_RSA), Hash::Sha256),
        unsupported(
            "sha384_with_rsa",
            Medium,
            &["AZ6", "15"],
            "The quirk a size larger, which nobody has seen: sha384WithRSAEncryption in the place of SHA-384.",
            &algorithm_null(oid::SHA384_WITH_RSA),
            Hash::Sha384,
        ),
        unsupported(
            "sha512_with_rsa",
            Medium,
            &["AZ6", "15"],
            "The same of SHA-512.",
            &algorithm_null(oid::SHA512_WITH_RSA),
            Hash::Sha512,
        ),
        unsupported("sha3", Medium, &["15"], "SHA3-256 is not on the list.", &algorithm(oid::SHA3_256), Hash::Sha256),
        unsupported(
            "rsa",
            Medium,
            &["AZ6", "15"],
            "rsaEncryption, which says no digest.",
            &algorithm_null(oid::RSA),
            Hash::Sha256,
        ),
        unsupported(
            "pss",
            Medium,
            &["AZ6", "15"],
            "RSASSA-PSS, whose digest is in its parameters.",
            &Scheme::pss(Hash::Sha256).identifier(),
            Hash::Sha256,
        ),
        unsupported(
            "ecdsa",
            Medium,
            &["AZ6", "15"],
            "ecdsa-with-SHA256 beside an RSA signature.",
            &algorithm(oid::ECDSA_SHA256),
            Hash::Sha256,
        ),
        unsupported(
            "unknown",
            High,
            &["C4"],
            "A digest nobody knows: a null dereference in OpenSSL, an endless loop in another release.",
            &algorithm_null(oid::UNKNOWN),
            Hash::Sha256,
        ),
        parameters("integer", "An INTEGER as parameters of SHA-256.", &algorithm_with(oid::SHA256, &integer(1))),
        parameters(
            "octets",
            "An OCTET STRING as parameters of SHA-256: octets anybody may choose.",
            &algorithm_with(oid::SHA256, &octet_string(&[0x41; 32])),
        ),
        parameters(
            "sequence",
            "An empty SEQUENCE as parameters of SHA-256.",
            &algorithm_with(oid::SHA256, &sequence::<Vec<u8>>(&[])),
        ),
        parameters(
            "odd_identifier",
            "An OCTET STRING as parameters of the service's odd identifier.",
            &algorithm_with(oid::SHA256_WITH_RSA, &octet_string(b"")),
        ),
        pki.short_case(
            "algorithms::digest_parameters_in_set",
            "algorithm_parameters",
            Medium,
            &["C9"],
            "An INTEGER as parameters, in the set of digest algorithms alone.",
        )
        .document(
            &plain(pki).with(|document| document.digest_algorithms = vec![algorithm_with(oid::SHA256, &integer(1))]),
        ),
    ]
}

/// The service's odd identifier where the service does not write it: beside a signature algorithm that is not
/// rsaEncryption. Each accepted spelling is one more form of the same document.
fn quirks(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, description: &str, document: Document| {
        pki.short_case(
            &format!("algorithms::odd_{name}"),
            "digest_algorithm_unsupported",
            Medium,
            &["AZ6", "15"],
            description,
        )
        .document(&document)
    };
    let odd = || algorithm_null(oid::SHA256_WITH_RSA);
    let signed = |scheme| plain(pki).scheme(scheme);
    let in_set = |scheme| signed(scheme).with(|document| document.digest_algorithms = vec![odd()]);
    let of_signer = |scheme| signed(scheme).signer(|signer| signer.digest_algorithm = odd());
    let (rsa, pss) = (Scheme::Pkcs1(Hash::Sha256), Scheme::pss(Hash::Sha256));
    vec![
        case("sha256_with_rsa", "sha256WithRSAEncryption in all three places.", signed(rsa).digest_algorithm(&odd())),
        case("sha256_with_rsa_in_set", "The same, and SHA-256 as the signer's digest.", in_set(rsa)),
        case("sha256_with_rsa_of_signer", "The same, and SHA-256 in the set of digests.", of_signer(rsa)),
        case("pss", "The odd identifier beside RSASSA-PSS.", signed(pss).digest_algorithm(&odd())),
        case("pss_in_set", "The same, and SHA-256 as the signer's digest.", in_set(pss)),
        case("pss_of_signer", "The same, and SHA-256 in the set of digests.", of_signer(pss)),
    ]
}

fn disagreements(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, verdict, importance, flaws, description: &str, document: Document| {
        pki.short_case(&format!("algorithms::{name}"), verdict, importance, flaws, description).document(&document)
    };
    let in_set = |algorithm: Vec<u8>| plain(pki).with(|document| document.digest_algorithms = vec![algorithm]);
    let of_signer = |algorithm: Vec<u8>| plain(pki).signer(|signer| signer.digest_algorithm = algorithm);
    let signature = |algorithm: Vec<u8>| plain(pki).signer(|signer| signer.signature_algorithm = algorithm);
    let mismatch = "digest_algorithm_mismatch";
    vec![
        case(
            "set_sha384",
            mismatch,
            High,
            &["C4", "15"],
            "The set of digest algorithms says SHA-384, the signer SHA-256.",
            in_set(algorithm_null(oid::SHA384)),
        ),
        case(
            "set_sha1",
            mismatch,
            High,
            &["C4", "15"],
            "The set says SHA-1, the signer SHA-256.",
            in_set(algorithm_null(oid::SHA1)),
        ),
        case(
            "set_sha1_with_rsa",
            mismatch,
            High,
            &["AZ6", "15"],
            "The set says sha1WithRSAEncryption, the signer SHA-256.",
            in_set(algorithm_null(oid::SHA1_WITH_RSA)),
        ),
        case(
            "set_odd_sha384",
            mismatch,
            High,
            &["AZ6", "15"],
            "The set says sha384WithRSAEncryption, the signer sha256WithRSAEncryption.",
            in_set(algorithm_null(oid::SHA384_WITH_RSA)),
        ),
        case(
            "set_unknown",
            mismatch,
            Medium,
            &["C4"],
            "The set holds an identifier nobody knows, the signer is as it should be.",
            in_set(algorithm_null(oid::UNKNOWN)),
        ),
        case(
            "signer_sha1",
            "digest_algorithm_unsupported",
            High,
            &["14", "15"],
            "The signer says SHA-1, the set SHA-256.",
            of_signer(algorithm_null(oid::SHA1)),
        ),
        case(
            "signer_sha1_with_rsa",
            "digest_algorithm_unsupported",
            High,
            &["AZ6", "15"],
            "The signer says sha1WithRSAEncryption, the set SHA-256.",
            of_signer(algorithm_null(oid::SHA1_WITH_RSA)),
        ),
        case(
            "signature_sha384_digest_sha256",
            mismatch,
            High,
            &["15"],
            "sha384WithRSAEncryption as signature over a SHA-256 digest.",
            signature(algorithm_null(oid::SHA384_WITH_RSA)),
        ),
        case(
            "signature_sha256_digest_sha512",
            mismatch,
            High,
            &["15"],
            "sha256WithRSAEncryption as signature, SHA-512 as digest.",
            signature(algorithm_null(oid::SHA256_WITH_RSA)).digest_algorithm(&algorithm(oid::SHA512)),
        ),
    ]
}

fn plain(pki: &Pki) -> Document {
    pki.plain(Claims::short())
}
