//! The signature algorithms that are accepted, and how a CMS signer names them.

use alloc::format;
use alloc::string::ToString;
use core::fmt;

use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
use sha2::{Sha256, Sha384, Sha512};

use crate::attested::der::object_identifier::{self, RSA_ENCRYPTION};
use crate::attested::error::VerifyError;
use crate::attested::x509::algorithm::AlgorithmIdentifierRef;
use crate::attested::x509::certificate::{Certificate, Signed};
use crate::attested::x509::key::{PublicKey, SubjectPublicKeyInfo};
use crate::quoted::Quoted;

#[cfg(feature = "rustcrypto")]
mod ecdsa;
#[cfg(feature = "rustcrypto")]
mod rsa;
mod spelling;

use self::spelling::{DIGESTS, DigestName, SIGNATURES, Unlisted};

/// The default algorithms: pure Rust, for certificates and documents alike.
///
/// RSA takes keys of 2048 to 4096 bits with an odd exponent of at most 32 bits; ECDSA takes keys that are uncompressed
/// points, and signatures in DER.
#[cfg_attr(not(feature = "rustcrypto"), expect(unreachable_pub, reason = "then it is only a list of names"))]
pub static DEFAULT_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    &Algorithm { scheme: Scheme::RsaPkcs1, digest: Digest::Sha256 },
    &Algorithm { scheme: Scheme::RsaPkcs1, digest: Digest::Sha384 },
    &Algorithm { scheme: Scheme::RsaPkcs1, digest: Digest::Sha512 },
    &Algorithm { scheme: Scheme::RsaPss, digest: Digest::Sha256 },
    &Algorithm { scheme: Scheme::RsaPss, digest: Digest::Sha384 },
    &Algorithm { scheme: Scheme::RsaPss, digest: Digest::Sha512 },
    &Algorithm { scheme: Scheme::EcdsaP256, digest: Digest::Sha256 },
    &Algorithm { scheme: Scheme::EcdsaP256, digest: Digest::Sha384 },
    &Algorithm { scheme: Scheme::EcdsaP256, digest: Digest::Sha512 },
    &Algorithm { scheme: Scheme::EcdsaP384, digest: Digest::Sha256 },
    &Algorithm { scheme: Scheme::EcdsaP384, digest: Digest::Sha384 },
    &Algorithm { scheme: Scheme::EcdsaP384, digest: Digest::Sha512 },
];

/// A digest algorithm of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::attested) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

/// The octets of a digest.
pub(in crate::attested) struct DigestValue {
    octets: [u8; 64],
    length: usize,
}

impl Digest {
    /// The digest of the concatenated parts.
    pub(in crate::attested) fn of(self, parts: &[&[u8]]) -> DigestValue {
        match self {
            Self::Sha256 => DigestValue::new(&hash::<Sha256>(parts)),
            Self::Sha384 => DigestValue::new(&hash::<Sha384>(parts)),
            Self::Sha512 => DigestValue::new(&hash::<Sha512>(parts)),
        }
    }

    /// Octets of a digest.
    #[cfg(feature = "rustcrypto")]
    pub(in crate::attested) const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }
}

impl DigestValue {
    fn new(octets: &[u8]) -> Self {
        let mut value = Self { octets: [0; 64], length: octets.len() };
        for (to, from) in value.octets.iter_mut().zip(octets) {
            *to = *from;
        }
        value
    }
}

impl AsRef<[u8]> for DigestValue {
    fn as_ref(&self) -> &[u8] {
        self.octets.get(..self.length).unwrap_or_default()
    }
}

fn hash<D: sha2::Digest>(parts: &[&[u8]]) -> sha2::digest::Output<D> {
    let mut hash = D::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize()
}

/// How a digest is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    RsaPkcs1,
    RsaPss,
    EcdsaP256,
    EcdsaP384,
}

/// One algorithm of the list.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Algorithm {
    scheme: Scheme,
    digest: Digest,
}

/// Asked for by the trait, which keeps it in every program: so it is no derived one.
impl fmt::Debug for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::RsaPkcs1 => "RSA PKCS#1 v1.5 with ",
            Scheme::RsaPss => "RSA-PSS with ",
            Scheme::EcdsaP256 => "ECDSA P-256 with ",
            Scheme::EcdsaP384 => "ECDSA P-384 with ",
        };
        formatter.write_str(scheme)?;
        formatter.write_str(self.digest.name())
    }
}

/// Without the pure Rust algorithms it is the name of one, by which those that are handed in are found.
impl SignatureVerificationAlgorithm for Algorithm {
    #[cfg(not(feature = "rustcrypto"))]
    fn verify_signature(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), InvalidSignature> {
        Err(InvalidSignature)
    }

    #[cfg(feature = "rustcrypto")]
    fn verify_signature(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let digest = self.digest.of(&[message]);
        match self.scheme {
            Scheme::RsaPkcs1 => rsa::verify_pkcs1(public_key, self.digest, &digest, signature),
            Scheme::RsaPss => rsa::verify_pss(public_key, self.digest, &digest, signature),
            Scheme::EcdsaP256 => ecdsa::verify_p256(public_key, &digest, signature),
            Scheme::EcdsaP384 => ecdsa::verify_p384(public_key, &digest, signature),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        match self.scheme {
            Scheme::RsaPkcs1 | Scheme::RsaPss => alg_id::RSA_ENCRYPTION,
            Scheme::EcdsaP256 => alg_id::ECDSA_P256,
            Scheme::EcdsaP384 => alg_id::ECDSA_P384,
        }
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        match (self.scheme, self.digest) {
            (Scheme::RsaPkcs1, Digest::Sha256) => alg_id::RSA_PKCS1_SHA256,
            (Scheme::RsaPkcs1, Digest::Sha384) => alg_id::RSA_PKCS1_SHA384,
            (Scheme::RsaPkcs1, Digest::Sha512) => alg_id::RSA_PKCS1_SHA512,
            (Scheme::RsaPss, Digest::Sha256) => alg_id::RSA_PSS_SHA256,
            (Scheme::RsaPss, Digest::Sha384) => alg_id::RSA_PSS_SHA384,
            (Scheme::RsaPss, Digest::Sha512) => alg_id::RSA_PSS_SHA512,
            (Scheme::EcdsaP256 | Scheme::EcdsaP384, Digest::Sha256) => alg_id::ECDSA_SHA256,
            (Scheme::EcdsaP256 | Scheme::EcdsaP384, Digest::Sha384) => alg_id::ECDSA_SHA384,
            (Scheme::EcdsaP256 | Scheme::EcdsaP384, Digest::Sha512) => alg_id::ECDSA_SHA512,
        }
    }
}

/// Whether a certificate's signature algorithm, as encoded, is on the list.
pub(in crate::attested) fn is_accepted(signature_algorithm: &[u8]) -> bool {
    DEFAULT_ALGORITHMS.iter().any(|algorithm| algorithm.signature_alg_id().as_ref() == signature_algorithm)
}

/// The algorithm by which a CMS signer signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::attested) struct ContentAlgorithm {
    pub(in crate::attested) digest: Digest,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    RsaPkcs1,
    RsaPss,
    Ecdsa,
}

impl ContentAlgorithm {
    /// Reads the two algorithm identifiers of a signer, and holds the document's digest algorithm against them. Each must
    /// be spelt as the closed list of [`spelling`] has it.
    ///
    /// The service writes `sha256WithRSAEncryption` where the digest's own identifier belongs. That is accepted beside
    /// `rsaEncryption` as signature algorithm, which is how the service writes it, and beside no other.
    ///
    /// # Errors
    ///
    /// `digest_algorithm_unsupported`, `digest_algorithm_mismatch`, `signature_algorithm_unsupported`,
    /// `algorithm_parameters`.
    pub(in crate::attested) fn of_signer(
        listed: &AlgorithmIdentifierRef<'_>,
        digest: &AlgorithmIdentifierRef<'_>,
        signature: &AlgorithmIdentifierRef<'_>,
    ) -> Result<Self, VerifyError> {
        let own_name = digest_name(digest)?;
        let own = own_name.digest();
        let listed_name = digest_name(listed).map_err(|error| match error {
            VerifyError::DigestAlgorithmUnsupported { found } => mismatch(own, found),
            other => other,
        })?;
        if listed_name.digest() != own {
            return Err(mismatch(own, Quoted::from(listed_name.digest().name())));
        }
        let kind = signature_algorithm(signature, own)?;
        for (name, identifier) in [(own_name, digest), (listed_name, listed)] {
            if name == DigestName::Odd && signature.oid != RSA_ENCRYPTION {
                return Err(unsupported_digest(identifier));
            }
        }
        Ok(Self { digest: own, kind })
    }

    /// The pair of identifiers under which an implementation of this algorithm is found for a key.
    ///
    /// # Errors
    ///
    /// `key_algorithm_mismatch`.
    fn for_key(self, key: &PublicKey<'_>) -> Result<Algorithm, VerifyError> {
        let scheme = match (self.kind, key) {
            (Kind::RsaPkcs1, PublicKey::Rsa(_)) => Scheme::RsaPkcs1,
            (Kind::RsaPss, PublicKey::Rsa(_)) => Scheme::RsaPss,
            (Kind::Ecdsa, PublicKey::P256(_)) => Scheme::EcdsaP256,
            (Kind::Ecdsa, PublicKey::P384(_)) => Scheme::EcdsaP384,
            _ => {
                return Err(VerifyError::KeyAlgorithmMismatch {
                    signature: Quoted::from(&*self.to_string()),
                    key: object_identifier::quoted(key.algorithm()),
                });
            }
        };
        Ok(Algorithm { scheme, digest: self.digest })
    }

    /// Checks that a key can have made such a signature.
    ///
    /// # Errors
    ///
    /// `key_algorithm_mismatch`.
    pub(in crate::attested) fn check_key(self, key: &PublicKey<'_>) -> Result<(), VerifyError> {
        self.for_key(key).map(|_| ())
    }

    /// Checks a signature with the implementation that the caller chose.
    pub(in crate::attested) fn verify(
        self,
        algorithms: &[&dyn SignatureVerificationAlgorithm],
        key_info: &[u8],
        key: &PublicKey<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let wanted = self.for_key(key).map_err(|_| InvalidSignature)?;
        let implementation = algorithms.iter().find(|it| {
            it.signature_alg_id() == wanted.signature_alg_id() && it.public_key_alg_id() == wanted.public_key_alg_id()
        });
        let key = subject_public_key(key_info).ok_or(InvalidSignature)?;
        implementation.ok_or(InvalidSignature)?.verify_signature(key, message, signature)
    }

    /// Checks a signature by a key that is too weak to be accepted, only to tell what was wrong with the document:
    /// the key alone, or the signature too.
    ///
    /// Without the pure Rust algorithms nobody can tell.
    #[cfg_attr(not(feature = "rustcrypto"), expect(unused_variables))]
    pub(in crate::attested) fn verify_weak(
        self,
        key_info: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = subject_public_key(key_info).ok_or(InvalidSignature)?;
        match self.kind {
            #[cfg(not(feature = "rustcrypto"))]
            Kind::RsaPkcs1 => Err(InvalidSignature),
            #[cfg(feature = "rustcrypto")]
            Kind::RsaPkcs1 => rsa::verify_weak_pkcs1(key, self.digest, &self.digest.of(&[message]), signature),
            Kind::RsaPss | Kind::Ecdsa => Err(InvalidSignature),
        }
    }
}

impl fmt::Display for ContentAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::RsaPkcs1 => "RSA PKCS#1 v1.5",
            Kind::RsaPss => "RSA-PSS",
            Kind::Ecdsa => "ECDSA",
        };
        write!(formatter, "{kind} with {}", self.digest.name())
    }
}

/// Checks the signature of one certificate by the key of another; `algorithm` and `key_info` as they were encoded.
pub(in crate::attested) fn verify_certificate(
    algorithms: &[&dyn SignatureVerificationAlgorithm],
    signed: &Signed<'_>,
    key_info: &[u8],
) -> Result<(), InvalidSignature> {
    let info = SubjectPublicKeyInfo::parse(key_info).map_err(|_| InvalidSignature)?;
    let key = info.subject_public_key.as_bytes().ok_or(InvalidSignature)?;
    let implementation = algorithms.iter().find(|it| {
        it.signature_alg_id().as_ref() == signed.algorithm && it.public_key_alg_id().as_ref() == info.algorithm.contents
    });
    implementation.ok_or(InvalidSignature)?.verify_signature(key, signed.message, signed.signature)
}

/// Whether the algorithm of a certificate's signature goes with the kind of another's key: RSA with RSA, ECDSA with a
/// curve. The digest and the curve are free, as they are in certificates.
pub(in crate::attested) fn goes_with_key(child: &Certificate, issuer: &Certificate) -> bool {
    let (Some(signed), Ok(info)) = (child.signed(), SubjectPublicKeyInfo::parse(issuer.key_info())) else {
        return false;
    };
    let is_rsa = info.algorithm.oid == RSA_ENCRYPTION;
    let mut algorithms = DEFAULT_ALGORITHMS.iter().filter(|it| it.signature_alg_id().as_ref() == signed.algorithm);
    algorithms.any(|it| (it.public_key_alg_id() == alg_id::RSA_ENCRYPTION) == is_rsa)
}

/// The key of a `SubjectPublicKeyInfo`.
pub(in crate::attested) fn subject_public_key(key_info: &[u8]) -> Option<&[u8]> {
    SubjectPublicKeyInfo::parse(key_info).ok()?.subject_public_key.as_bytes()
}

fn digest_name(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<DigestName, VerifyError> {
    spelling::meaning(DIGESTS, algorithm).map_err(|unlisted| match unlisted {
        Unlisted::Identifier => unsupported_digest(algorithm),
        Unlisted::Parameters => wrong_parameters(algorithm),
    })
}

fn signature_algorithm(algorithm: &AlgorithmIdentifierRef<'_>, digest: Digest) -> Result<Kind, VerifyError> {
    let (kind, own_digest) = spelling::meaning(SIGNATURES, algorithm).map_err(|unlisted| match unlisted {
        Unlisted::Identifier => {
            VerifyError::SignatureAlgorithmUnsupported { found: object_identifier::quoted(algorithm.oid) }
        }
        Unlisted::Parameters => wrong_parameters(algorithm),
    })?;
    match own_digest.filter(|own| *own != digest) {
        None => Ok(kind),
        // RSASSA-PSS has its digest in its parameters.
        Some(_) if kind == Kind::RsaPss => Err(wrong_parameters(algorithm)),
        Some(own) => Err(mismatch(digest, Quoted::from(&*format!("{} in the signature algorithm", own.name())))),
    }
}

fn unsupported_digest(algorithm: &AlgorithmIdentifierRef<'_>) -> VerifyError {
    VerifyError::DigestAlgorithmUnsupported { found: object_identifier::quoted(algorithm.oid) }
}

fn mismatch(expected: Digest, found: Quoted) -> VerifyError {
    VerifyError::DigestAlgorithmMismatch { expected: Quoted::from(expected.name()), found }
}

fn wrong_parameters(algorithm: &AlgorithmIdentifierRef<'_>) -> VerifyError {
    VerifyError::AlgorithmParameters { algorithm: object_identifier::quoted(algorithm.oid) }
}
