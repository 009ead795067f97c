//! RSA signatures that lenient verifiers took for right: S1 and its kin.

use num_bigint::BigUint;

use crate::asn1::{algorithm, algorithm_with, octet_string, sequence};
use crate::claims::Claims;
use crate::forgery::{PssBlock, block, cube_root, digest_info, digest_info_with, left_justified, padded};
use crate::key_ring::{SEED, multi_prime};
use crate::oid;
use crate::pki::Pki;
use crate::rng::SeededRng;
use crate::scheme::{Hash, Scheme};
use crate::signed_data::{Document, sha256};
use crate::suite::Case;
use crate::suite::Importance::{self, Critical, High};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [forgeries(pki), paddings(pki), pss(pki)].concat()
}

fn wrong(pki: &Pki, name: &str, importance: Importance, flaws: &'static [&'static str], description: &str) -> Case {
    pki.short_case(&format!("signature::{name}"), "content_signature", importance, flaws, description)
}

fn with_signature(document: Document, signature: Vec<u8>) -> Document {
    document.signer(|signer| signer.signature = Some(signature))
}

fn plain(pki: &Pki) -> Document {
    pki.plain(Claims::short())
}

/// Forged without the secret, for a leaf with exponent 3.
fn forgeries(pki: &Pki) -> Vec<Case> {
    let key = pki.keys.key("exponent_3");
    let leaf = pki.short_leaf_with(&key).issue();
    let evil: Vec<u8> = Claims::short().text("vmId", "11111111-2222-3333-4444-555555555555").into();
    let digest = sha256(&evil);
    let case = |name: &str, description: &str, signature: Vec<u8>| {
        wrong(pki, name, Critical, &["S1", "22"], description)
            .document(&with_signature(Document::new(&leaf, evil.clone()), signature))
    };
    let without_null = digest_info_with(&algorithm(oid::SHA256), &digest);
    vec![
        case(
            "cube_root",
            "Bleichenbacher's forgery of 2006: a cube that starts with padding and DigestInfo, and \
                ends with garbage. Made without the secret.",
            cube_root(&key, &digest_info(Hash::Sha256, &digest)),
        ),
        case(
            "cube_root_without_null",
            "The same with a DigestInfo that lacks its NULL. Made without the secret.",
            cube_root(&key, &without_null),
        ),
        case(
            "cube_root_bare_digest",
            "The same with the bare digest behind the padding. Made without the secret.",
            cube_root(&key, &digest),
        ),
    ]
}

/// Blocks that a verifier which parses would take, made with the secret so that nothing else is wrong.
fn paddings(pki: &Pki) -> Vec<Case> {
    let key = &pki.leaf.key;
    let content = plain(pki).content;
    let digest = sha256(&content);
    let info = digest_info(Hash::Sha256, &digest);
    let case = |name: &str, description: &str, block: Vec<u8>| {
        assert_eq!(block.len(), 256, "{name}");
        wrong(pki, &format!("padding_{name}"), High, &["S1", "22"], description)
            .document(&with_signature(plain(pki), key.root(&block)))
    };
    let other = |info: &[u8]| padded(256, info);
    let with = |algorithm: &[u8]| other(&digest_info_with(algorithm, &digest));
    let ff = |count| vec![0xff_u8; count];
    let full = 253 - info.len();
    let mut odd_padding = ff(full);
    odd_padding[40] = 0xfe;
    let mut early_zero = ff(full);
    early_zero[20] = 0;
    let long_length = {
        let body = [algorithm_with(oid::SHA256, &[5, 0]), octet_string(&digest)].concat();
        [&[0x30, 0x81, body.len() as u8][..], &body].concat()
    };
    let trailing_inside =
        sequence(&[algorithm_with(oid::SHA256, &[5, 0]), octet_string(&digest), octet_string(&[0; 16])]);
    let hidden = algorithm_with(oid::SHA256, &octet_string(&[0x41; 150]));
    let mut type_2 = other(&info);
    type_2[1] = 2;
    let mut type_0 = vec![0; 256 - info.len()];
    type_0.extend(&info);
    let mut first = other(&info);
    first[0] = 1;
    vec![
        case("garbage_after", "Eight octets of padding, the DigestInfo, garbage.", left_justified(256, &info, 0x41)),
        case("zeros_after", "Eight octets of padding, the DigestInfo, zeros.", left_justified(256, &info, 0)),
        case("one_octet_after", "One octet behind the DigestInfo.", block(&ff(full - 1), &[&info[..], &[0]].concat())),
        case("without_null", "The DigestInfo lacks its NULL (CVE-2022-24773's kin).", with(&algorithm(oid::SHA256))),
        case(
            "parameters",
            "The DigestInfo has an OCTET STRING instead of NULL: octets of one's choice (CVE-2022-24771).",
            with(&hidden),
        ),
        case("null_twice", "The DigestInfo has NULL twice.", with(&algorithm_with(oid::SHA256, &[5, 0, 5, 0]))),
        case("long_length", "The DigestInfo's length in the long form.", other(&long_length)),
        case("third_element", "A third element inside the DigestInfo (CVE-2022-24772).", other(&trailing_inside)),
        case(
            "odd_digest",
            "The DigestInfo repeats the service's odd identifier.",
            with(&algorithm_with(oid::SHA256_WITH_RSA, &[5, 0])),
        ),
        case(
            "other_digest",
            "The DigestInfo says SHA-384 around a SHA-256 digest.",
            with(&algorithm_with(oid::SHA384, &[5, 0])),
        ),
        case(
            "sha1",
            "The DigestInfo is SHA-1's, of the same content.",
            other(&digest_info(Hash::Sha1, &Hash::Sha1.of(&content))),
        ),
        case("bare_digest", "The digest without a DigestInfo.", other(&digest)),
        case("odd_octet", "An octet of the padding is FE.", block(&odd_padding, &info)),
        case("early_zero", "A zero inside the padding.", block(&early_zero, &info)),
        case("none", "No padding but zeros in front.", type_0),
        case("type_2", "The block type of encryption.", type_2),
        case("first_octet", "The block starts with 01.", first),
        case(
            "no_separator",
            "FF in the place of the zero between padding and DigestInfo.",
            [&[0, 1][..], &ff(full + 1), &info].concat(),
        ),
        case("digest_changed", "The last bit of the digest is turned.", {
            let mut block = other(&info);
            block[255] ^= 1;
            block
        }),
    ]
}

/// Blocks of PSS that are wrong in one place, made with the secret so that nothing else is.
fn pss(pki: &Pki) -> Vec<Case> {
    let declared = |document: Document| document.scheme(Scheme::pss(Hash::Sha256));
    let content = plain(pki).content;
    let digest = sha256(&content);
    let salts = || {
        let mut rng = SeededRng::new(SEED, "salts of PSS");
        std::iter::repeat_with(move || rng.bytes(32))
    };
    let key = &pki.leaf.key;
    let whole = || PssBlock::new(256, &digest, &salts().next().expect("endless"));
    let case = |name: &str, description: &str, block: Vec<u8>| {
        assert_eq!(block.len(), 256, "{name}");
        assert!(BigUint::from_bytes_be(&block) < key.modulus(), "{name}");
        wrong(pki, &format!("pss_{name}"), High, &["S1", "22"], description)
            .document(&with_signature(declared(plain(pki)), key.root(&block)))
    };
    let top_bit = salts()
        .map(|salt| PssBlock::new(256, &digest, &salt).with(|block| block.top_bit = true).block())
        .find(|block| BigUint::from_bytes_be(block) < key.modulus())
        .expect("one in a few");
    // With 2049 bits the block has an octet less than the modulus.
    let odd_key = multi_prime("2049 bits", 2049, &BigUint::from(65_537_u32));
    let odd_leaf = pki.short_leaf_with(&odd_key).issue();
    let odd_block = salts()
        .map(|salt| [&[1], &PssBlock::new(256, &digest, &salt).unclipped()[..]].concat())
        .find(|block| BigUint::from_bytes_be(block) < odd_key.modulus())
        .expect("one in a few");
    assert_eq!(odd_key.modulus_length(), 257);
    vec![
        wrong(
            pki,
            "pss_content_changed",
            Critical,
            &["AZ1", "1"],
            "Signed with PSS; the vmId was changed after signing.",
        )
        .document(
            &declared(pki.plain(Claims::short().text("vmId", "11111111-2222-3333-4444-555555555555")))
                .signer(|signer| signer.message = Some(content.clone())),
        ),
        case("trailer", "The block of PSS ends with CC instead of BC.", whole().with(|it| it.trailer = 0xcc).block()),
        case("one", "02 in the place of the 01 in front of the salt.", whole().with(|it| it.one = 2).block()),
        case(
            "zeros",
            "One octet of the zeros in front of the salt is 01.",
            whole().with(|it| it.zeros[100] = 1).block(),
        ),
        case("top_bit", "The highest bit of the block is set, which the mask leaves clear.", top_bit),
        wrong(
            pki,
            "pss_leading_octet",
            High,
            &["S1", "22"],
            "A key of 2049 bits, whose block has an octet less than the modulus: that octet is 01 instead of zero.",
        )
        .document(&with_signature(declared(Document::new(&odd_leaf, content.clone())), odd_key.root(&odd_block))),
    ]
}
