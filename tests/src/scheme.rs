//! Digests and signature schemes, and their identifiers.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::asn1::{algorithm, algorithm_null, algorithm_with, element, integer, sequence, tag};
use crate::oid;

/// A digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// The digest of a message.
    #[must_use]
    pub fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => Md5::digest(message).to_vec(),
            Self::Sha1 => Sha1::digest(message).to_vec(),
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// The digest's own identifier.
    #[must_use]
    pub const fn oid(self) -> &'static str {
        match self {
            Self::Md5 => oid::MD5,
            Self::Sha1 => oid::SHA1,
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }

    /// The identifier of this digest with RSA, which the service writes in the digest's place.
    #[must_use]
    pub const fn with_rsa(self) -> &'static str {
        match self {
            Self::Md5 => oid::MD5_WITH_RSA,
            Self::Sha1 => oid::SHA1_WITH_RSA,
            Self::Sha256 => oid::SHA256_WITH_RSA,
            Self::Sha384 => oid::SHA384_WITH_RSA,
            Self::Sha512 => oid::SHA512_WITH_RSA,
        }
    }

    const fn with_ecdsa(self) -> &'static str {
        match self {
            Self::Md5 => oid::UNKNOWN,
            Self::Sha1 => oid::ECDSA_SHA1,
            Self::Sha256 => oid::ECDSA_SHA256,
            Self::Sha384 => oid::ECDSA_SHA384,
            Self::Sha512 => oid::ECDSA_SHA512,
        }
    }

    const fn length(self) -> u64 {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// A way to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// ECDSA on the key's curve.
    Ecdsa(Hash),
    /// RSASSA-PKCS1-v1_5.
    Pkcs1(Hash),
    /// RSASSA-PSS with a salt of so many octets, MGF1 over the same digest.
    Pss(Hash, usize),
}

impl Scheme {
    /// The digest.
    #[must_use]
    pub const fn hash(self) -> Hash {
        match self {
            Self::Ecdsa(hash) | Self::Pkcs1(hash) | Self::Pss(hash, _) => hash,
        }
    }

    /// PSS with a salt as long as the digest.
    #[must_use]
    pub const fn pss(hash: Hash) -> Self {
        Self::Pss(hash, hash.length() as usize)
    }

    /// The AlgorithmIdentifier that names digest and signature together.
    #[must_use]
    pub fn identifier(self) -> Vec<u8> {
        match self {
            Self::Ecdsa(hash) => algorithm(hash.with_ecdsa()),
            Self::Pkcs1(hash) => algorithm_null(hash.with_rsa()),
            Self::Pss(hash, salt) => pss_identifier(hash, hash, salt as u64),
        }
    }
}

/// The AlgorithmIdentifier of PSS with the digests and the salt length spelled out.
#[must_use]
pub fn pss_identifier(hash: Hash, mask: Hash, salt: u64) -> Vec<u8> {
    let mask = algorithm_with(oid::MGF1, &algorithm_null(mask.oid()));
    let parameters = sequence(&[
        element(tag::explicit(0), &algorithm_null(hash.oid())),
        element(tag::explicit(1), &mask),
        element(tag::explicit(2), &integer(salt)),
    ]);
    algorithm_with(oid::RSA_PSS, &parameters)
}
