//! Key pairs, and what they sign.

use std::sync::Arc;

use num_bigint::BigUint;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use rsa::traits::PrivateKeyParts as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey};
use sha2::{Sha256, Sha384, Sha512};

use crate::asn1::{algorithm_null, algorithm_with, bit_string, integer, octet_string, oid, sequence, unsigned};
use crate::forgery;
use crate::multi_prime::MultiPrimeKey;
use crate::oid;
use crate::rng::SeededRng;
use crate::scheme::{Hash, Scheme};

/// A key pair; cheap to clone. The public half is kept encoded, so that it can be encoded wrongly.
#[derive(Clone, Debug)]
pub struct Key {
    spki: Vec<u8>,
    secret: Arc<Secret>,
}

#[derive(Debug)]
enum Secret {
    MultiPrime(MultiPrimeKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    Rsa(Box<RsaPrivateKey>),
    Unknown,
}

impl Key {
    /// An RSA key pair of the `rsa` crate.
    #[must_use]
    pub fn rsa(key: RsaPrivateKey) -> Self {
        let spki = rsa_spki(&key.n_bytes(), &key.e_bytes());
        Self { spki, secret: Arc::new(Secret::Rsa(Box::new(key))) }
    }

    /// An RSA key pair that no library makes.
    #[must_use]
    pub fn multi_prime(key: MultiPrimeKey) -> Self {
        let spki = rsa_spki(&key.modulus().to_bytes_be(), &key.exponent().to_bytes_be());
        Self { spki, secret: Arc::new(Secret::MultiPrime(key)) }
    }

    /// A key pair on P-256.
    #[must_use]
    pub fn p256(key: p256::ecdsa::SigningKey) -> Self {
        let spki = ec_spki(&oid(oid::P256), key.verifying_key().to_sec1_point(false).as_bytes());
        Self { spki, secret: Arc::new(Secret::P256(key)) }
    }

    /// A key pair on P-384.
    #[must_use]
    pub fn p384(key: p384::ecdsa::SigningKey) -> Self {
        let spki = ec_spki(&oid(oid::P384), key.verifying_key().to_sec1_point(false).as_bytes());
        Self { spki, secret: Arc::new(Secret::P384(key)) }
    }

    /// A public key of any kind. What it "signs" is noise.
    #[must_use]
    pub fn public(spki: Vec<u8>) -> Self {
        Self { spki, secret: Arc::new(Secret::Unknown) }
    }

    /// The same secret, the public half encoded another way.
    #[must_use]
    pub fn with_spki(&self, spki: Vec<u8>) -> Self {
        Self { spki, secret: Arc::clone(&self.secret) }
    }

    /// The SubjectPublicKeyInfo.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The key identifier of RFC 5280, section 4.2.1.2, near enough: SHA-1 of the SubjectPublicKeyInfo.
    #[must_use]
    pub fn identifier(&self) -> Vec<u8> {
        Hash::Sha1.of(&self.spki)
    }

    /// The scheme the service would sign with.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        match *self.secret {
            Secret::P256(_) => Scheme::Ecdsa(Hash::Sha256),
            Secret::P384(_) => Scheme::Ecdsa(Hash::Sha384),
            _ => Scheme::Pkcs1(Hash::Sha256),
        }
    }

    /// A genuine signature; ECDSA's as the SEQUENCE of two INTEGERs.
    ///
    /// # Panics
    ///
    /// If the scheme is not one of this key.
    #[must_use]
    pub fn sign(&self, scheme: Scheme, message: &[u8]) -> Vec<u8> {
        let digest = scheme.hash().of(message);
        match (&*self.secret, scheme) {
            (Secret::Unknown, _) => SeededRng::new(message, "noise").bytes(256),
            (Secret::P256(key), Scheme::Ecdsa(_)) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&digest).expect("ECDSA");
                signature.to_der().as_bytes().to_vec()
            }
            (Secret::P384(key), Scheme::Ecdsa(_)) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&digest).expect("ECDSA");
                signature.to_der().as_bytes().to_vec()
            }
            (Secret::Rsa(key), Scheme::Pkcs1(hash)) => {
                let info = forgery::digest_info(hash, &digest);
                key.sign(Pkcs1v15Sign::new_unprefixed(), &info).expect("RSA")
            }
            (Secret::MultiPrime(_), Scheme::Pkcs1(hash)) => {
                let info = forgery::digest_info(hash, &digest);
                self.root(&forgery::padded(self.modulus_length(), &info))
            }
            (Secret::Rsa(key), Scheme::Pss(hash, salt)) => {
                let mut rng = SeededRng::new(message, "salt");
                match hash {
                    Hash::Sha256 => key.sign_with_rng(&mut rng, Pss::<Sha256>::new_with_salt(salt), &digest),
                    Hash::Sha384 => key.sign_with_rng(&mut rng, Pss::<Sha384>::new_with_salt(salt), &digest),
                    Hash::Sha512 => key.sign_with_rng(&mut rng, Pss::<Sha512>::new_with_salt(salt), &digest),
                    Hash::Md5 | Hash::Sha1 => panic!("PSS over {hash:?} is not needed"),
                }
                .expect("PSS")
            }
            (secret, scheme) => panic!("{scheme:?} does not go with {secret:?}"),
        }
    }

    /// RSA's private operation on a block of any shape, as long as the modulus.
    ///
    /// # Panics
    ///
    /// If this is not an RSA key.
    #[must_use]
    pub fn root(&self, block: &[u8]) -> Vec<u8> {
        let root = match &*self.secret {
            Secret::MultiPrime(key) => key.root(&BigUint::from_bytes_be(block)),
            Secret::Rsa(key) => {
                let modulus = BigUint::from_bytes_be(&key.n_bytes());
                let exponent = BigUint::from_bytes_be(&key.d().to_be_bytes());
                BigUint::from_bytes_be(block).modpow(&exponent, &modulus)
            }
            secret => panic!("{secret:?} is not an RSA key"),
        };
        fixed(&root, self.modulus_length())
    }

    /// The modulus.
    ///
    /// # Panics
    ///
    /// If this is not an RSA key.
    #[must_use]
    pub fn modulus(&self) -> BigUint {
        match &*self.secret {
            Secret::MultiPrime(key) => key.modulus(),
            Secret::Rsa(key) => BigUint::from_bytes_be(&key.n_bytes()),
            secret => panic!("{secret:?} is not an RSA key"),
        }
    }

    /// Octets of the modulus.
    #[must_use]
    pub fn modulus_length(&self) -> usize {
        self.modulus().to_bytes_be().len()
    }

    /// The point of an EC key, uncompressed.
    ///
    /// # Panics
    ///
    /// If this is not an EC key.
    #[must_use]
    pub fn point(&self) -> Vec<u8> {
        match &*self.secret {
            Secret::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Secret::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            secret => panic!("{secret:?} is not an EC key"),
        }
    }
}

/// A number as so many octets, most significant first.
///
/// # Panics
///
/// If it is longer.
#[must_use]
pub fn fixed(number: &BigUint, length: usize) -> Vec<u8> {
    let octets = number.to_bytes_be();
    let mut out = vec![0; length.checked_sub(octets.len()).expect("number fits")];
    out.extend(octets);
    out
}

/// The SubjectPublicKeyInfo of an RSA key, by modulus and exponent.
#[must_use]
pub fn rsa_spki(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    spki(&algorithm_null(oid::RSA), &sequence(&[unsigned(modulus), unsigned(exponent)]))
}

/// The SubjectPublicKeyInfo of an EC key, by the encoded parameters and point.
#[must_use]
pub fn ec_spki(parameters: &[u8], point: &[u8]) -> Vec<u8> {
    spki(&algorithm_with(oid::EC, parameters), point)
}

/// A SubjectPublicKeyInfo.
#[must_use]
pub fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    sequence(&[algorithm.to_vec(), bit_string(key)])
}

/// P-256 with its parameters spelled out instead of named, the form of CVE-2020-0601 and CVE-2022-0778.
#[must_use]
pub fn explicit_p256() -> Vec<u8> {
    let hex = |text: &str| data_encoding::HEXUPPER.decode(text.as_bytes()).expect("hexadecimal");
    let prime = hex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
    let a = hex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC");
    let b = hex("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");
    let x = hex("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296");
    let y = hex("4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5");
    let order = hex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    sequence(&[
        integer(1),
        sequence(&[oid(oid::PRIME_FIELD), unsigned(&prime)]),
        sequence(&[octet_string(&a), octet_string(&b)]),
        octet_string(&[&[4], &x[..], &y[..]].concat()),
        unsigned(&order),
        integer(1),
    ])
}
