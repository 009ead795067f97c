//! The padding of PKCS#1 v1.5 done right, and the ways in which lenient verifiers were fooled.
//!
//! Bleichenbacher's forgery of 2006 and its kin (CVE-2006-4339, CVE-2022-24771 to 24773): a verifier that
//! parses the block, where it should compare the whole of it, overlooks octets that the forger may choose.

use num_bigint::BigUint;

use crate::asn1::{algorithm_null, octet_string, sequence};
use crate::key::{Key, fixed};
use crate::scheme::Hash;

/// A DigestInfo, with NULL.
#[must_use]
pub fn digest_info(hash: Hash, digest: &[u8]) -> Vec<u8> {
    sequence(&[algorithm_null(hash.oid()), octet_string(digest)])
}

/// A DigestInfo whose AlgorithmIdentifier is given.
#[must_use]
pub fn digest_info_with(algorithm: &[u8], digest: &[u8]) -> Vec<u8> {
    sequence(&[algorithm.to_vec(), octet_string(digest)])
}

/// The block as RFC 8017, section 9.2, has it: 00 01 FF ... FF 00 and the DigestInfo, `length` octets in all.
#[must_use]
pub fn padded(length: usize, digest_info: &[u8]) -> Vec<u8> {
    block(&vec![0xff; length - 3 - digest_info.len()], digest_info)
}

/// A block with a padding string of one's own.
#[must_use]
pub fn block(padding: &[u8], rest: &[u8]) -> Vec<u8> {
    [&[0, 1], padding, &[0], rest].concat()
}

/// A block with eight octets of padding and the DigestInfo to the left, `fill` to the right.
#[must_use]
pub fn left_justified(length: usize, digest_info: &[u8], fill: u8) -> Vec<u8> {
    let mut block = block(&[0xff; 8], digest_info);
    block.resize(length, fill);
    block
}

/// A signature forged for a key with exponent 3, **without its secret**: the cube of the result starts as
/// [`left_justified`] does and goes on with whatever comes out.
///
/// # Panics
///
/// If there is no such cube; with 2048 bits there always is.
#[must_use]
pub fn cube_root(key: &Key, digest_info: &[u8]) -> Vec<u8> {
    let length = key.modulus_length();
    let root = BigUint::from_bytes_be(&left_justified(length, digest_info, 0)).cbrt() + 1_u8;
    let cube = fixed(&root.pow(3), length);
    let start = block(&[0xff; 8], digest_info);
    assert!(cube.starts_with(&start), "the cube does not start as it should");
    fixed(&root, length)
}
