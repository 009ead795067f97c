//! Keys of the signer that must not be used, however right the signature.

use num_bigint::BigUint;

use crate::asn1::{
    algorithm, algorithm_null, algorithm_with, bit_string, element, integer, null, oid, sequence, tag, unsigned,
};
use crate::certificate::Certificate;
use crate::claims::Claims;
use crate::key::{Key, ec_spki, explicit_p256, rsa_spki, spki};
use crate::key_ring::{even_modulus, multi_prime};
use crate::pki::Pki;
use crate::scheme::{Hash, Scheme};
use crate::signed_data::Document;
use crate::suite::Case;
use crate::suite::Importance::{self, Critical, High, Medium};
use crate::{key_ring, oid};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [kinds(pki), mismatches(pki), malformed_rsa(pki), malformed_points(pki), sizes(pki), exponents(pki)].concat()
}

fn with_key(
    pki: &Pki,
    name: &str,
    verdict: &'static str,
    importance: Importance,
    flaws: &'static [&'static str],
    description: &str,
    key: &Key,
) -> Case {
    pki.short_case(&format!("keys::{name}"), verdict, importance, flaws, description)
        .document(&signed_by(&pki.short_leaf_with(key).issue()))
}

fn kinds(pki: &Pki) -> Vec<Case> {
    let noise = |length| crate::rng::SeededRng::new(key_ring::SEED, "public keys").bytes(length);
    let case = |name: &str, importance, flaws, description: &str, spki: Vec<u8>| {
        let leaf = pki.short_leaf_with(&Key::public(spki)).issue();
        pki.short_case(&format!("keys::{name}"), "key_algorithm_unsupported", importance, flaws, description)
            .document(&signed_by(&leaf))
    };
    let ec = |name: &str, importance, flaws, description: &str, spki: Vec<u8>| {
        let leaf = pki.short_leaf_with(&pki.keys.key("ecc_leaf_p256").with_spki(spki)).issue();
        pki.short_case(&format!("keys::{name}"), "key_algorithm_unsupported", importance, flaws, description)
            .document(&signed_by(&leaf))
    };
    let point = pki.keys.key("ecc_leaf_p256").point();
    let rsa = pki.keys.key("leaf");
    let long_point = |length| [&[4], &noise(length)[..]].concat();
    vec![
        case(
            "unknown",
            High,
            &["X5"],
            "A key of a kind nobody knows: a panic in Go (CVE-2024-24783).",
            spki(&algorithm_null(oid::UNKNOWN), &noise(64)),
        ),
        case("ed25519", Medium, &["X5"], "An Ed25519 key.", spki(&algorithm(oid::ED25519), &noise(32))),
        case("x25519", Medium, &["X5"], "A key that can't sign at all.", spki(&algorithm(oid::X25519), &noise(32))),
        case(
            "dsa",
            Medium,
            &["X5"],
            "A DSA key that inherits its parameters.",
            spki(&algorithm(oid::DSA), &unsigned(&noise(128))),
        ),
        case(
            "pss",
            Medium,
            &["X5"],
            "An RSA key bound to PSS by its own identifier; not on the list.",
            spki(&algorithm(oid::RSA_PSS), &sequence(&[unsigned(&noise(256)), integer(65_537)])),
        ),
        ec(
            "p521",
            Medium,
            &["X5"],
            "A key on P-521, which is not on the list.",
            ec_spki(&oid(oid::P521), &long_point(132)),
        ),
        ec(
            "secp256k1",
            Medium,
            &["X5"],
            "A key on secp256k1, as long as one on P-256.",
            ec_spki(&oid(oid::SECP256K1), &long_point(64)),
        ),
        ec(
            "explicit_parameters",
            Critical,
            &["S3"],
            "P-256 with its parameters spelled out: whoever chooses the generator has every key \
                (CVE-2020-0601).",
            ec_spki(&explicit_p256(), &point),
        ),
        ec("implicit_parameters", High, &["S3"], "An EC key whose curve is NULL, inherited.", ec_spki(&null(), &point)),
        ec("no_parameters", High, &["S3"], "An EC key that names no curve.", spki(&algorithm(oid::EC), &point)),
        ec(
            "ecdh",
            Medium,
            &["X5"],
            "A key on P-256 whose identifier is that of keys for ECDH, which do not sign.",
            spki(&algorithm_with(oid::EC_DH, &oid(oid::P256)), &point),
        ),
        with_key(
            pki,
            "rsa_no_parameters",
            "key_algorithm_unsupported",
            Medium,
            &["C5", "X5"],
            "An RSA key whose identifier lacks its NULL.",
            &rsa.with_spki(spki(
                &algorithm(oid::RSA),
                &sequence(&[unsigned(&rsa.modulus().to_bytes_be()), integer(65_537)]),
            )),
        ),
    ]
}

fn mismatches(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, description: &str, signer: &Certificate, algorithm: Vec<u8>| {
        pki.short_case(&format!("keys::{name}"), "key_algorithm_mismatch", High, &["X5"], description).document(
            &signed_by(signer)
                .signer(|signer| signer.signature_algorithm = algorithm)
                .digest_algorithm(&algorithm_null(oid::SHA256)),
        )
    };
    vec![
        case(
            "rsa_signature_ec_key",
            "rsaEncryption as signature algorithm, an EC key.",
            &pki.short_leaf,
            algorithm_null(oid::RSA),
        ),
        case(
            "pss_signature_ec_key",
            "RSASSA-PSS as signature algorithm, an EC key.",
            &pki.short_leaf,
            Scheme::pss(Hash::Sha256).identifier(),
        ),
        case(
            "ecdsa_signature_rsa_key",
            "ecdsa-with-SHA256 as signature algorithm, an RSA key.",
            &pki.plain_leaf,
            algorithm(oid::ECDSA_SHA256),
        ),
    ]
}

fn malformed_rsa(pki: &Pki) -> Vec<Case> {
    let leaf = pki.keys.key("leaf");
    let modulus = leaf.modulus().to_bytes_be();
    let case = |name: &str, importance, description: &str, spki: Vec<u8>| {
        with_key(
            pki,
            &format!("rsa_{name}"),
            "key_malformed",
            importance,
            &["S5", "X5"],
            description,
            &leaf.with_spki(spki),
        )
    };
    let rsa = algorithm_null(oid::RSA);
    let public_key = sequence(&[unsigned(&modulus), integer(65_537)]);
    let unused_bits = sequence(&[
        rsa.clone(),
        element(tag::BIT_STRING, &[&[1][..], &public_key[..public_key.len() - 1], &[0]].concat()),
    ]);
    let mut cases = vec![
        case(
            "negative_modulus",
            High,
            "The modulus lacks its leading zero: a negative number.",
            spki(&rsa, &sequence(&[element(tag::INTEGER, &modulus), integer(65_537)])),
        ),
        case(
            "padded_modulus",
            Medium,
            "The modulus has two leading zeros, which is not DER.",
            spki(&rsa, &sequence(&[element(tag::INTEGER, &[&[0, 0], &modulus[..]].concat()), integer(65_537)])),
        ),
        case("torn", Medium, "The RSAPublicKey is torn.", spki(&rsa, &public_key[..100])),
        case(
            "trailing_octet",
            Medium,
            "An octet behind the RSAPublicKey.",
            spki(&rsa, &[&public_key[..], &[0]].concat()),
        ),
        case(
            "third_number",
            Medium,
            "A third number inside the RSAPublicKey.",
            spki(&rsa, &sequence(&[unsigned(&modulus), integer(65_537), integer(1)])),
        ),
        case(
            "without_exponent",
            Medium,
            "An RSAPublicKey without exponent.",
            spki(&rsa, &sequence(&[unsigned(&modulus)])),
        ),
        case("empty", Medium, "No octets in the place of the RSAPublicKey: a panic in some readers.", spki(&rsa, &[])),
        case("unused_bits", Medium, "The BIT STRING around the RSAPublicKey is not one of whole octets.", unused_bits),
    ];
    cases.push(with_key(
        pki,
        "rsa_even_modulus",
        "key_malformed",
        High,
        &["S5", "23"],
        "An even modulus, genuinely signed with: Montgomery's arithmetic breaks down on it.",
        &even_modulus(2048),
    ));
    cases
}

fn malformed_points(pki: &Pki) -> Vec<Case> {
    let key = pki.keys.key("ecc_leaf_p256");
    let point = key.point();
    let on = |key: &Key, curve: &str, name: &str, description: &str, point: &[u8]| {
        let leaf = pki.short_leaf_with(&key.with_spki(ec_spki(&oid(curve), point))).issue();
        pki.short_case(&format!("keys::point_{name}"), "key_malformed", High, &["S3", "X5"], description)
            .document(&signed_by(&leaf))
    };
    let case = |name: &str, description: &str, point: &[u8]| on(&key, oid::P256, name, description, point);
    let beside = |mut point: Vec<u8>| {
        *point.last_mut().expect("octets") ^= 1;
        point
    };
    let p384 = pki.keys.key("ecc_leaf_p384");
    let hybrid = [&[6 | (point[64] & 1)], &point[1..]].concat();
    vec![
        case("beside_the_curve", "A point that is not on the curve.", &beside(point.clone())),
        on(&p384, oid::P384, "beside_p384", "A point that is not on P-384.", &beside(p384.point())),
        case("at_infinity", "The point at infinity.", &[0]),
        case("short", "A coordinate lacks an octet.", &point[..64]),
        case("long", "An octet too many.", &[&point[..], &[0]].concat()),
        case("hybrid", "The hybrid form, which RFC 5480 forbids.", &hybrid),
        case("of_another_curve", "A point of P-384 under the name of P-256.", &p384.point()),
        case("empty", "No octets at all: a panic in some readers.", &[]),
    ]
}

fn sizes(pki: &Pki) -> Vec<Case> {
    let odd = |bits| multi_prime(&format!("{bits} bits"), bits, &BigUint::from(65_537_u32));
    vec![
        with_key(
            pki,
            "rsa_1024",
            "key_too_small",
            Critical,
            &["23"],
            "1024 bits, as in the sample of the documentation.",
            &pki.keys.key("small"),
        ),
        with_key(
            pki,
            "rsa_2047",
            "key_too_small",
            Medium,
            &["23"],
            "2047 bits: one too few, in as many octets.",
            &odd(2047),
        ),
        with_key(pki, "rsa_4097", "key_too_large", Medium, &["S5"], "4097 bits: one too many.", &odd(4097)),
        with_key(
            pki,
            "rsa_16384",
            "key_too_large",
            High,
            &["S5"],
            "16,384 bits, genuinely signed with: only costs time.",
            &odd(16_384),
        ),
    ]
}

fn exponents(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, importance, description: &str, exponent: BigUint| {
        let key = multi_prime(&format!("exponent {name}"), 2048, &exponent);
        with_key(pki, &format!("exponent_{name}"), "key_exponent", importance, &["S5", "23"], description, &key)
    };
    let bits_4096 = (BigUint::from(1_u8) << 4095_u32) + 12_345_u32;
    let modulus = pki.keys.key("leaf").modulus().to_bytes_be();
    vec![
        case(
            "one",
            Critical,
            "Exponent 1: the signature is the padded block itself, and anybody can write it.",
            BigUint::from(1_u8),
        ),
        case("two", High, "Exponent 2, which no RSA key has.", BigUint::from(2_u8)),
        case("even", High, "Exponent 65,536.", BigUint::from(65_536_u32)),
        case("of_33_bits", Medium, "An exponent of 33 bits: one too many.", BigUint::from(4_294_967_311_u64)),
        case("of_4096_bits", High, "An exponent of 4,096 bits, genuinely signed with: only costs time.", bits_4096),
        with_key(
            pki,
            "exponent_zero",
            "key_exponent",
            High,
            &["S5", "23"],
            "Exponent 0: every signature gives 1.",
            &pki.keys.key("leaf").with_spki(rsa_spki(&modulus, &[0])),
        ),
        with_key(
            pki,
            "bit_string_of_key",
            "key_malformed",
            Medium,
            &["S5"],
            "A BIT STRING in the place of the RSAPublicKey.",
            &pki.keys.key("leaf").with_spki(spki(&algorithm_with(oid::RSA, &null()), &bit_string(&modulus))),
        ),
    ]
}

fn signed_by(signer: &Certificate) -> Document {
    Document::new(signer, Claims::short())
}
