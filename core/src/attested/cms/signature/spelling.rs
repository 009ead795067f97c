//! The closed list of how the three algorithm identifiers of a document may be spelt.
//!
//! Nothing signs `digestAlgorithms`, the signer's `digestAlgorithm` and its `signatureAlgorithm`: anybody who has a
//! document can write one accepted spelling in the place of another. So each spelling is here for a real document or an RFC, and
//! no two documents that differ in them alone have two [identities](crate::VerifiedDocument::identity).

use rustls_pki_types::{AlgorithmIdentifier, alg_id};

use super::{Digest, Kind};
use crate::attested::der::object_identifier::{
    ECDSA_WITH_SHA256, ECDSA_WITH_SHA384, ECDSA_WITH_SHA512, ID_RSASSA_PSS, ID_SHA256, ID_SHA384, ID_SHA512,
    RSA_ENCRYPTION, SHA256_WITH_RSA_ENCRYPTION, SHA384_WITH_RSA_ENCRYPTION, SHA512_WITH_RSA_ENCRYPTION,
};
use crate::attested::x509::algorithm::AlgorithmIdentifierRef;

/// One accepted spelling of an algorithm, and what it means.
#[derive(Clone, Copy)]
pub(super) struct Spelling<T: 'static> {
    oid: &'static [u8],
    parameters: Parameters,
    pub(super) meaning: T,
}

/// What follows the object identifier.
#[derive(Clone, Copy)]
enum Parameters {
    Absent,
    Null,
    /// As in this identifier, which has one form.
    Whole(AlgorithmIdentifier),
}

/// Why an identifier is not on a list.
pub(super) enum Unlisted {
    /// Its object identifier is not.
    Identifier,
    /// Its parameters are not among those of its object identifier.
    Parameters,
}

/// A digest algorithm as it is spelt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DigestName {
    /// By its own identifier.
    Own(Digest),
    /// By the service's odd identifier for SHA-256, which names a signature algorithm.
    Odd,
}

impl DigestName {
    /// The digest that is meant.
    pub(super) const fn digest(self) -> Digest {
        match self {
            Self::Own(digest) => digest,
            Self::Odd => Digest::Sha256,
        }
    }
}

/// A signature algorithm as it is spelt: how it signs, and the digest that it names beside that.
pub(super) type SignatureName = (Kind, Option<Digest>);

/// Both places of the digest algorithm.
pub(super) static DIGESTS: &[Spelling<DigestName>] = &[
    // RFC 5754 section 2: parameters absent are to be written; absent and NULL are both to be read.
    absent(ID_SHA256, DigestName::Own(Digest::Sha256)),
    absent(ID_SHA384, DigestName::Own(Digest::Sha384)),
    absent(ID_SHA512, DigestName::Own(Digest::Sha512)),
    null(ID_SHA256, DigestName::Own(Digest::Sha256)),
    null(ID_SHA384, DigestName::Own(Digest::Sha384)),
    null(ID_SHA512, DigestName::Own(Digest::Sha512)),
    // Every real document known, from 2019 to 2026, beside rsaEncryption as signature algorithm.
    null(SHA256_WITH_RSA_ENCRYPTION, DigestName::Odd),
    // RFC 4055 section 5: who reads this identifier must take its parameters absent as well as NULL.
    absent(SHA256_WITH_RSA_ENCRYPTION, DigestName::Odd),
];

/// The signature algorithm.
pub(super) static SIGNATURES: &[Spelling<SignatureName>] = &[
    // Every real document known; RFC 3370 section 3.2 asks for the NULL.
    null(RSA_ENCRYPTION, (Kind::RsaPkcs1, None)),
    // RFC 5754 section 3.2, which asks for the NULL as well.
    null(SHA256_WITH_RSA_ENCRYPTION, (Kind::RsaPkcs1, Some(Digest::Sha256))),
    null(SHA384_WITH_RSA_ENCRYPTION, (Kind::RsaPkcs1, Some(Digest::Sha384))),
    null(SHA512_WITH_RSA_ENCRYPTION, (Kind::RsaPkcs1, Some(Digest::Sha512))),
    // RFC 5754 section 3.3: the parameters must be absent.
    absent(ECDSA_WITH_SHA256, (Kind::Ecdsa, Some(Digest::Sha256))),
    absent(ECDSA_WITH_SHA384, (Kind::Ecdsa, Some(Digest::Sha384))),
    absent(ECDSA_WITH_SHA512, (Kind::Ecdsa, Some(Digest::Sha512))),
    // RFC 4056 section 3, with the mask and the salt that RFC 4055 section 3.1 recommends for the digest.
    whole(ID_RSASSA_PSS, alg_id::RSA_PSS_SHA256, (Kind::RsaPss, Some(Digest::Sha256))),
    whole(ID_RSASSA_PSS, alg_id::RSA_PSS_SHA384, (Kind::RsaPss, Some(Digest::Sha384))),
    whole(ID_RSASSA_PSS, alg_id::RSA_PSS_SHA512, (Kind::RsaPss, Some(Digest::Sha512))),
];

/// What an identifier means, if it is spelt as one of a list.
pub(super) fn meaning<T: Copy>(list: &[Spelling<T>], found: &AlgorithmIdentifierRef<'_>) -> Result<T, Unlisted> {
    let mut known = list.iter().filter(|spelling| spelling.oid == found.oid).peekable();
    if known.peek().is_none() {
        return Err(Unlisted::Identifier);
    }
    let is_this = |spelling: &&Spelling<T>| match spelling.parameters {
        Parameters::Absent => found.parameters.is_none(),
        Parameters::Null => found.has_null(),
        Parameters::Whole(identifier) => found.contents == identifier.as_ref(),
    };
    known.find(is_this).map(|spelling| spelling.meaning).ok_or(Unlisted::Parameters)
}

const fn absent<T: Copy>(oid: &'static [u8], meaning: T) -> Spelling<T> {
    Spelling { oid, parameters: Parameters::Absent, meaning }
}

const fn null<T: Copy>(oid: &'static [u8], meaning: T) -> Spelling<T> {
    Spelling { oid, parameters: Parameters::Null, meaning }
}

const fn whole<T: Copy>(oid: &'static [u8], identifier: AlgorithmIdentifier, meaning: T) -> Spelling<T> {
    Spelling { oid, parameters: Parameters::Whole(identifier), meaning }
}
