//! The keys of the vectors: derived from the seed once, then read from a file, since RSA keys take their time.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use num_bigint::BigUint;
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use rsa::{BoxedUint, RsaPrivateKey};

use crate::key::Key;
use crate::multi_prime::MultiPrimeKey;
use crate::rng::SeededRng;

/// The seed from which everything follows.
pub const SEED: &[u8] = b"azure-imds test vectors, version 1";

/// Keys by name, as PKCS#8.
#[derive(Clone, Debug)]
pub struct KeyRing {
    keys: BTreeMap<String, Vec<u8>>,
}

impl KeyRing {
    /// Derives all keys from the seed, which takes a while in a debug build.
    ///
    /// # Panics
    ///
    /// If a library refuses to make a key.
    #[must_use]
    pub fn derive() -> Self {
        let derive_one = |(name, kind): &(&str, Kind)| {
            let rng = &mut SeededRng::new(SEED, &format!("key {name}"));
            let der = match *kind {
                Kind::P256 => p256::ecdsa::SigningKey::from_slice(&rng.bytes(32)).expect("scalar").to_pkcs8_der(),
                Kind::P384 => p384::ecdsa::SigningKey::from_slice(&rng.bytes(48)).expect("scalar").to_pkcs8_der(),
                Kind::Rsa(bits) => RsaPrivateKey::new(rng, bits).expect("RSA key").to_pkcs8_der(),
                Kind::RsaThree(bits) => RsaPrivateKey::new_with_exp_unchecked(rng, bits, BoxedUint::from(3_u8))
                    .expect("RSA key")
                    .to_pkcs8_der(),
            };
            (String::from(*name), der.expect("PKCS#8").as_bytes().to_vec())
        };
        Self { keys: KEYS.iter().map(derive_one).collect() }
    }

    /// Reads what [`Self::json`] has written.
    ///
    /// # Panics
    ///
    /// If the text is anything else.
    #[must_use]
    pub fn parse(json: &str) -> Self {
        let keys: BTreeMap<String, String> = serde_json::from_str(json).expect("an object of strings");
        let decode = |(name, key): (String, String)| (name, BASE64.decode(key.as_bytes()).expect("base64"));
        Self { keys: keys.into_iter().map(decode).collect() }
    }

    /// The keys as a JSON object from name to base64 of PKCS#8, a key a line.
    #[must_use]
    pub fn json(&self) -> String {
        let lines: Vec<_> =
            self.keys.iter().map(|(name, key)| format!("  \"{name}\": \"{}\"", BASE64.encode(key))).collect();
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }

    /// The key of a name.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn key(&self, name: &str) -> Key {
        let (_, kind) = KEYS.iter().find(|(known, _)| *known == name).expect("a known name");
        let der = self.keys.get(name).unwrap_or_else(|| panic!("keys.json lacks {name}: make it with --new-keys"));
        match kind {
            Kind::P256 => Key::p256(p256::ecdsa::SigningKey::from_pkcs8_der(der).expect("P-256")),
            Kind::P384 => Key::p384(p384::ecdsa::SigningKey::from_pkcs8_der(der).expect("P-384")),
            Kind::Rsa(_) | Kind::RsaThree(_) => Key::rsa(RsaPrivateKey::from_pkcs8_der(der).expect("RSA")),
        }
    }
}

/// A key with many primes, derived from the seed on the spot.
#[must_use]
pub fn multi_prime(name: &str, bits: usize, exponent: &BigUint) -> Key {
    let rng = &mut SeededRng::new(SEED, &format!("many primes {name}"));
    Key::multi_prime(MultiPrimeKey::new(rng, bits, exponent.clone()))
}

/// A key with an even modulus.
#[must_use]
pub fn even_modulus(bits: usize) -> Key {
    let rng = &mut SeededRng::new(SEED, "even modulus");
    Key::multi_prime(MultiPrimeKey::even(rng, bits, BigUint::from(65_537_u32)))
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    P256,
    P384,
    Rsa(usize),
    RsaThree(usize),
}

const KEYS: &[(&str, Kind)] = &[
    ("attacker", Kind::Rsa(2048)),
    ("attacker_ca", Kind::Rsa(2048)),
    ("ecc_attacker", Kind::P256),
    ("ecc_issuing", Kind::P384),
    ("ecc_leaf_p256", Kind::P256),
    ("ecc_leaf_p384", Kind::P384),
    ("ecc_root", Kind::P384),
    ("exponent_3", Kind::RsaThree(2048)),
    ("issuing", Kind::Rsa(4096)),
    ("issuing_2", Kind::Rsa(2048)),
    ("leaf", Kind::Rsa(2048)),
    ("leaf_4096", Kind::Rsa(4096)),
    ("root", Kind::Rsa(2048)),
    ("root_2", Kind::Rsa(2048)),
    ("root_g2", Kind::Rsa(2048)),
    ("small", Kind::Rsa(1024)),
];
