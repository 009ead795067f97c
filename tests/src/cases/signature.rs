//! Content signatures that are wrong, and those that lenient verifiers took for right.

use num_bigint::BigUint;

use crate::asn1::{element, integer, octet_string, oid, sequence, set, sorted, tag, unsigned};
use crate::claims::Claims;
use crate::key::fixed;
use crate::oid;
use crate::pki::Pki;
use crate::scheme::{Hash, Scheme};
use crate::signed_data::{Document, content_type, message_digest, sha256};
use crate::suite::Case;
use crate::suite::Importance::{self, Critical, High, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [changed(pki), numbers(pki), schemes(pki), ecdsa(pki), contents(pki)].concat()
}

fn wrong(pki: &Pki, name: &str, importance: Importance, flaws: &'static [&'static str], description: &str) -> Case {
    pki.short_case(&format!("signature::{name}"), "content_signature", importance, flaws, description)
}

fn with_signature(document: Document, signature: Vec<u8>) -> Document {
    document.signer(|signer| signer.signature = Some(signature))
}

fn changed(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, importance, flaws, description: &str, document: Document| {
        wrong(pki, name, importance, flaws, description).document(&document)
    };
    let other_vm = Claims::short().text("vmId", "11111111-2222-3333-4444-555555555555");
    let genuine = plain(pki).content;
    let kept = |content: Claims| pki.plain(content).signer(|signer| signer.message = Some(genuine.clone()));
    let signature = pki.leaf.key.sign(Scheme::Pkcs1(Hash::Sha256), &genuine);
    let flipped = |index: usize, bit: u8| {
        let mut signature = signature.clone();
        signature[index] ^= bit;
        with_signature(plain(pki), signature)
    };
    let by = |key: &str| plain(pki).signer(|signer| signer.key = pki.keys.key(key));
    vec![
        case(
            "content_changed",
            Critical,
            &["AZ1", "1"],
            "The vmId was changed after signing (CVE-2026-46354: never noticed).",
            kept(other_vm.clone()),
        ),
        case(
            "nonce_changed",
            Critical,
            &["AZ1", "1"],
            "The nonce was changed after signing, so as to fit.",
            kept(Claims::short()).signer(|signer| {
                signer.message = Some(Claims::short().text("nonce", "1111111111").into());
            }),
        ),
        case(
            "content_extended",
            Critical,
            &["AZ1", "1"],
            "A space was added behind the content.",
            pki.plain([&genuine[..], b" "].concat()).signer(|signer| signer.message = Some(genuine.clone())),
        ),
        case(
            "attacker_claims_azure_certificate",
            Critical,
            &["AZ1", "1"],
            "Attacker's claims with a genuine certificate of the service, which is public, signed by \
                his own key.",
            by("attacker").with(|document| document.content = other_vm.into()),
        ),
        case("by_the_issuer", High, &["AZ1"], "The issuing CA's key signed in the leaf's name.", by("issuing")),
        case("zeroed", Critical, &["AZ1", "1"], "The signature is zeroed.", with_signature(plain(pki), vec![0; 256])),
        case("first_bit", High, &["C9"], "The first bit of the signature is turned.", flipped(0, 0x80)),
        case("last_bit", High, &["C9"], "The last bit of the signature is turned.", flipped(255, 1)),
        case(
            "over_sha384",
            High,
            &["14"],
            "The signature is over SHA-384, the document says SHA-256.",
            plain(pki).signer(|signer| signer.scheme = Scheme::Pkcs1(Hash::Sha384)),
        ),
        case(
            "over_octet_string",
            High,
            &["C10"],
            "The signature is over the content with its tag and length.",
            plain(pki).signer(|signer| signer.message = Some(octet_string(&genuine))),
        ),
        case(
            "over_nothing",
            High,
            &["C10"],
            "The signature is over no octets.",
            plain(pki).signer(|signer| signer.message = Some(vec![])),
        ),
    ]
}

fn numbers(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, description: &str, document: Document| {
        wrong(pki, name, High, &["23"], description).document(&document)
    };
    let modulus = pki.leaf.key.modulus();
    let one = BigUint::from(1_u8);
    let number = |number: &BigUint, length| with_signature(plain(pki), fixed(number, length));
    let sign = |document: &Document| pki.leaf.key.sign(Scheme::Pkcs1(Hash::Sha256), &document.content);
    let genuine = sign(&plain(pki));
    // A genuine signature small enough that it plus the modulus still fits.
    let candidates = (0..).map(|try_| pki.plain(Claims::short().text("licenseType", &format!("{try_}"))));
    let (document, sum) = candidates
        .map(|document| (document.clone(), BigUint::from_bytes_be(&sign(&document)) + &modulus))
        .find(|(_, sum)| sum.bits() <= 2048)
        .expect("one in a few");
    // And one that starts with a zero octet, which may not be left out.
    let candidates = (0..).map(|try_| pki.plain(Claims::short().text("licenseType", &format!("{try_}"))));
    let (zero_first, signature) = candidates
        .map(|document| (document.clone(), sign(&document)))
        .find(|(_, signature)| signature[0] == 0)
        .expect("one in 256");
    vec![
        case("empty", "The signature has no octets.", with_signature(plain(pki), vec![])),
        case(
            "octet_in_front",
            "A zero in front of the signature: the same number, longer than the modulus.",
            with_signature(plain(pki), [&[0], &genuine[..]].concat()),
        ),
        case(
            "octet_behind",
            "An octet behind the signature.",
            with_signature(plain(pki), [&genuine[..], &[0]].concat()),
        ),
        case(
            "octet_lacking",
            "The signature lacks its last octet.",
            with_signature(plain(pki), genuine[..255].to_vec()),
        ),
        case(
            "leading_zero_lacking",
            "The signature's number is right, but its leading zero octet is left out.",
            with_signature(zero_first, signature[1..].to_vec()),
        ),
        case(
            "twice_as_long",
            "The signature filled up with zeros to twice the modulus.",
            with_signature(plain(pki), [vec![0; 256], genuine.clone()].concat()),
        ),
        case(
            "plus_modulus",
            "The modulus is added to a genuine signature: another number with the same power.",
            with_signature(document, fixed(&sum, 256)),
        ),
        case("zero", "The number 0.", number(&BigUint::ZERO, 256)),
        case("one", "The number 1.", number(&one, 256)),
        case("modulus", "The modulus itself.", number(&modulus, 256)),
        case("modulus_less_one", "The modulus less one, whose power is itself.", number(&(&modulus - &one), 256)),
        case(
            "of_4096_bits",
            "A signature twice as long as the key.",
            with_signature(plain(pki), pki.issuing.key.sign(Scheme::Pkcs1(Hash::Sha256), &plain(pki).content)),
        ),
    ]
}

fn schemes(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, description: &str, scheme, declared: Scheme| {
        let document = plain(pki).scheme(declared).signer(|signer| signer.scheme = scheme);
        wrong(pki, name, High, &["14"], description).document(&document)
    };
    let sha256 = Hash::Sha256;
    vec![
        case("pkcs1_said_pss", "Signed with PKCS#1 v1.5, declared as PSS.", Scheme::Pkcs1(sha256), Scheme::pss(sha256)),
        case("pss_said_pkcs1", "Signed with PSS, declared as PKCS#1 v1.5.", Scheme::pss(sha256), Scheme::Pkcs1(sha256)),
        case(
            "pss_other_salt",
            "Signed with a salt of 20 octets, declared as 32.",
            Scheme::Pss(sha256, 20),
            Scheme::pss(sha256),
        ),
        case(
            "pss_longest_salt",
            "Signed with the longest salt there can be, declared as 32.",
            Scheme::Pss(sha256, 222),
            Scheme::pss(sha256),
        ),
    ]
}

fn ecdsa(pki: &Pki) -> Vec<Case> {
    let document = pki.short(Claims::short());
    let genuine = pki.short_leaf.key.sign(Scheme::Ecdsa(Hash::Sha256), &document.content);
    let (r, s) = pair(&genuine);
    let case = |name: &str, importance, description: &str, signature: Vec<u8>| {
        pki.short_case(&format!("signature::ecdsa_{name}"), "content_signature", importance, &["S2"], description)
            .document(&with_signature(document.clone(), signature))
    };
    let der = |r: &[u8], s: &[u8]| sequence(&[unsigned(r), unsigned(s)]);
    let order = data_encoding::HEXUPPER.decode(ORDER_P256.as_bytes()).expect("hexadecimal");
    let over = (BigUint::from_bytes_be(&r) + BigUint::from_bytes_be(&order)).to_bytes_be();
    let body = [unsigned(&r), unsigned(&s)].concat();
    let raw = |octets: &[u8]| fixed(&BigUint::from_bytes_be(octets), 32);
    let negative = sequence(&[element(tag::INTEGER, &[&[0x80 | r[0]], &r[1..]].concat()), unsigned(&s)]);
    let mut changed = s.clone();
    changed[5] ^= 1;
    vec![
        case("trailing_octet", High, "An octet behind the SEQUENCE of the signature.", [&genuine[..], &[0]].concat()),
        case(
            "third_number",
            High,
            "A third number inside the SEQUENCE.",
            sequence(&[unsigned(&r), unsigned(&s), integer(0)]),
        ),
        case(
            "long_length",
            Medium,
            "The length of the SEQUENCE in the long form.",
            [&[0x30, 0x81, body.len() as u8][..], &body].concat(),
        ),
        case(
            "padded_number",
            Medium,
            "A superfluous zero in front of r.",
            sequence(&[element(tag::INTEGER, &[&[0, 0], &r[..]].concat()), unsigned(&s)]),
        ),
        case("negative_number", High, "A negative r.", negative),
        case("zero_r", Critical, "r is zero (CVE-2022-21449).", der(&[0], &s)),
        case("zero_s", Critical, "s is zero (CVE-2022-21449).", der(&r, &[0])),
        case("zeros", Critical, "Both are zero (CVE-2022-21449).", der(&[0], &[0])),
        case("order", High, "Both are the order of the curve.", der(&order, &order)),
        case("plus_order", High, "The order is added to r.", der(&over, &s)),
        case("raw", Medium, "The two numbers without DER, as in JSON Web Signatures.", [raw(&r), raw(&s)].concat()),
        case("changed", Critical, "A bit of s is turned.", der(&r, &changed)),
        case("swapped", High, "r and s change places.", der(&s, &r)),
        case("empty", Medium, "The signature has no octets.", vec![]),
        case(
            "of_another",
            Critical,
            "Another key signed.",
            pki.keys.key("ecc_attacker").sign(Scheme::Ecdsa(Hash::Sha256), &document.content),
        ),
        case(
            "over_sha384",
            High,
            "The signature is over SHA-384, the document says SHA-256.",
            pki.short_leaf.key.sign(Scheme::Ecdsa(Hash::Sha384), &document.content),
        ),
    ]
}

fn contents(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, importance, flaws, description: &str, content: Vec<u8>| {
        pki.short_case(&format!("signature::content_{name}"), "content_not_json", importance, flaws, description)
            .document(&pki.plain(content))
    };
    let claims: Vec<u8> = Claims::short().into();
    let attributes = set(&sorted(vec![content_type(oid::DATA), message_digest(&sha256(&claims))]));
    vec![
        case(
            "is_attributes",
            Critical,
            &["C1", "8"],
            "A document with signed attributes, stripped: its attributes are presented as the content, \
                and the signature fits (draft-ietf-lamps-cms-euf-cma-signeddata).",
            attributes,
        ),
        case(
            "is_set",
            High,
            &["C1", "8"],
            "The content is the DER of a SET of one's choice, honestly signed.",
            set(&[content_type(oid::DATA)]),
        ),
        case(
            "byte_order_mark",
            Medium,
            &["44"],
            "A byte order mark in front of the JSON.",
            [&[0xef, 0xbb, 0xbf], &claims[..]].concat(),
        ),
        case("white_space_before", Medium, &["44"], "White space in front of the JSON.", [b" ", &claims[..]].concat()),
        case("list", Medium, &["44"], "The claims inside a list.", [b"[", &claims[..], b"]"].concat()),
        case("text", Medium, &["44"], "A JSON text instead of an object.", br#""verified""#.to_vec()),
        case("certificate", High, &["C1"], "The content is a certificate, as a CA signs it.", pki.leaf.der.clone()),
        case(
            "utf16",
            Medium,
            &["44"],
            "The JSON in UTF-16, the high octet first.",
            claims.iter().flat_map(|byte| [0, *byte]).collect(),
        ),
        case("identifier", Medium, &["C1"], "The content is an OBJECT IDENTIFIER.", oid(oid::DATA)),
    ]
}

/// The two numbers of an ECDSA signature, without leading zeros.
fn pair(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let number = |at: usize| der[at + 2..at + 2 + usize::from(der[at + 1])].to_vec();
    let strip = |octets: Vec<u8>| octets.into_iter().skip_while(|octet| *octet == 0).collect();
    let second = 4 + usize::from(der[3]);
    (strip(number(2)), strip(number(second)))
}

const ORDER_P256: &str = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";

fn plain(pki: &Pki) -> Document {
    pki.plain(Claims::short())
}
