//! The paddings of PKCS#1 v1.5 and PSS done right, and the ways in which lenient verifiers were fooled.
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

/// The parts of a block of PSS, each of which may be changed before [`block`](Self::block).
///
/// ```text
/// block = (zeros || one || salt) masked by MGF1 of the hash || hash || trailer
/// hash  = digest of eight zeros || digest of the message || salt
/// ```
#[derive(Clone, Debug)]
pub struct PssBlock {
    /// The zeros in front of the one.
    pub zeros: Vec<u8>,
    /// The octet between zeros and salt.
    pub one: u8,
    /// The salt.
    pub salt: Vec<u8>,
    /// The digest of the message.
    pub digest: Vec<u8>,
    /// The last octet.
    pub trailer: u8,
    /// The highest bit of the block, which stays clear where the modulus has a multiple of eight bits.
    pub top_bit: bool,
}

impl PssBlock {
    /// A block as RFC 8017, section 9.1, has it: SHA-256, `length` octets in all.
    #[must_use]
    pub fn new(length: usize, digest: &[u8], salt: &[u8]) -> Self {
        Self {
            zeros: vec![0; length - digest.len() - salt.len() - 2],
            one: 1,
            salt: salt.to_vec(),
            digest: digest.to_vec(),
            trailer: 0xbc,
            top_bit: false,
        }
    }

    /// Changes anything.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The octets, of which the highest bit is what [`top_bit`](Self::top_bit) says.
    #[must_use]
    pub fn block(&self) -> Vec<u8> {
        let mut block = self.unclipped();
        block[0] &= 0x7f;
        block[0] |= u8::from(self.top_bit) << 7;
        block
    }

    /// The octets for a modulus one bit longer than they are, of which no bit has to be clear.
    #[must_use]
    pub fn unclipped(&self) -> Vec<u8> {
        let hash = Hash::Sha256.of(&[&[0; 8], &self.digest[..], &self.salt].concat());
        let data = [&self.zeros[..], &[self.one], &self.salt].concat();
        let mask = mask(&hash, data.len());
        let masked: Vec<u8> = data.iter().zip(mask).map(|(octet, mask)| octet ^ mask).collect();
        [&masked[..], &hash, &[self.trailer]].concat()
    }
}

/// MGF1 over SHA-256.
fn mask(seed: &[u8], length: usize) -> Vec<u8> {
    (0_u32..).flat_map(|counter| Hash::Sha256.of(&[seed, &counter.to_be_bytes()].concat())).take(length).collect()
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
