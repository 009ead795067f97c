//! Randomness from the caller's seed: one independent generator for each purpose.

use alloc::string::String;
use core::fmt::Write as _;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::{Rng as _, SeedableRng as _};
use sha2::{Digest, Sha256};

/// What an emulator draws its keys, identifiers and serial numbers from.
pub type Seed = [u8; 32];

/// A generator for one purpose, independent of those for others and of how much they have drawn.
pub(super) fn generator(seed: &Seed, purpose: &str) -> ChaCha20Rng {
    let mut hash = Sha256::new();
    hash.update(b"azure-imds emulator\0");
    hash.update(seed);
    hash.update(purpose.as_bytes());
    ChaCha20Rng::from_seed(hash.finalize().into())
}

/// A random UUID of RFC 9562 section 5.4, in lower case.
pub(super) fn uuid(random: &mut ChaCha20Rng) -> String {
    let mut octets = [0_u8; 16];
    random.fill_bytes(&mut octets);
    if let Some(version) = octets.get_mut(6) {
        *version = (*version & 0x0f) | 0x40;
    }
    if let Some(variant) = octets.get_mut(8) {
        *variant = (*variant & 0x3f) | 0x80;
    }
    let mut text = String::with_capacity(36);
    for (index, octet) in octets.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a string can't fail.
        let _ = write!(text, "{octet:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_are_independent_and_seeds_repeat() {
        let first = uuid(&mut generator(&[1; 32], "one"));
        assert_eq!(first, uuid(&mut generator(&[1; 32], "one")));
        assert_ne!(first, uuid(&mut generator(&[1; 32], "two")));
        assert_ne!(first, uuid(&mut generator(&[2; 32], "one")));
        assert_eq!((first.len(), &first[14..15]), (36, "4"));
        assert!(matches!(&first[19..20], "8" | "9" | "a" | "b"));
    }
}
