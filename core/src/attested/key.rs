//! Public keys of the accepted kinds, and whether they are strong enough.

use alloc::format;
use alloc::string::ToString;

use der::asn1::{BitStringRef, ObjectIdentifier, UintRef};
use der::{Decode, Sequence};

use super::algorithm::AlgorithmIdentifierRef;
use crate::error::VerifyError;
use crate::quoted::Quoted;

pub(super) const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ID_EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const SECP256R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const SECP384R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");

/// Bits that an RSA modulus must have at least.
pub(super) const RSA_MINIMUM_BITS: usize = 2048;
/// Bits that an RSA modulus may have at most.
pub(super) const RSA_MAXIMUM_BITS: usize = 4096;

/// A public key of an accepted kind, whatever its strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PublicKey<'a> {
    Rsa(RsaPublicKey<'a>),
    /// An uncompressed or compressed point of P-256.
    P256(&'a [u8]),
    /// The same of P-384.
    P384(&'a [u8]),
}

/// The `RSAPublicKey` type is defined in [RFC 8017 Appendix A.1.1].
///
/// ```text
/// RSAPublicKey ::= SEQUENCE {
///   modulus INTEGER,
///   publicExponent INTEGER }
/// ```
///
/// [RFC 8017 Appendix A.1.1]: https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Sequence)]
pub(super) struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    public_exponent: UintRef<'a>,
}

/// The `SubjectPublicKeyInfo` type is defined in [RFC 5280 Section 4.1].
///
/// [RFC 5280 Section 4.1]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
#[derive(Sequence)]
pub(super) struct SubjectPublicKeyInfo<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    subject_public_key: BitStringRef<'a>,
}

impl<'a> PublicKey<'a> {
    /// Reads a `SubjectPublicKeyInfo`; `subject` names its holder in errors.
    pub(super) fn parse(key_info: &'a [u8], subject: impl Fn() -> Quoted) -> Result<Self, VerifyError> {
        let malformed =
            |reason: &dyn ToString| VerifyError::KeyMalformed { subject: subject(), reason: reason.to_string() };
        let info = SubjectPublicKeyInfo::from_der(key_info).map_err(|error| malformed(&error.kind()))?;
        let key = info.subject_public_key.as_bytes().ok_or_else(|| malformed(&"it has unused bits"))?;
        let parameters = info.algorithm.parameters;
        let curve = parameters.and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
        match (info.algorithm.oid, curve) {
            (RSA_ENCRYPTION, None) if parameters.is_some_and(|it| it.is_null()) => {
                RsaPublicKey::from_der(key).map(Self::Rsa).map_err(|error| malformed(&error.kind()))
            }
            (ID_EC_PUBLIC_KEY, Some(SECP256R1)) => Ok(Self::P256(key)),
            (ID_EC_PUBLIC_KEY, Some(SECP384R1)) => Ok(Self::P384(key)),
            (algorithm, Some(curve)) => {
                Err(VerifyError::KeyAlgorithmUnsupported { found: Quoted::from(&*format!("{algorithm} {curve}")) })
            }
            (algorithm, None) => {
                Err(VerifyError::KeyAlgorithmUnsupported { found: Quoted::from(&*algorithm.to_string()) })
            }
        }
    }

    /// Checks the size and shape of the key before anything is computed with it.
    ///
    /// # Errors
    ///
    /// `key_too_small`, `key_too_large`, `key_exponent`, `key_malformed`.
    pub(super) fn check_strength(&self, subject: impl Fn() -> Quoted) -> Result<(), VerifyError> {
        let off_curve =
            || VerifyError::KeyMalformed { subject: subject(), reason: "it is not a point of the curve".to_string() };
        match self {
            Self::Rsa(key) => key.check_strength(subject),
            Self::P256(point) => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map(|_| ()).map_err(|_| off_curve()),
            Self::P384(point) => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map(|_| ()).map_err(|_| off_curve()),
        }
    }

    /// Kind and size: `RSA-2048`, `P-256`, `P-384`.
    pub(super) fn description(&self) -> alloc::string::String {
        match self {
            Self::Rsa(key) => format!("RSA-{}", key.bits()),
            Self::P256(_) => "P-256".to_string(),
            Self::P384(_) => "P-384".to_string(),
        }
    }

    /// The object identifier of the key's algorithm.
    pub(super) const fn algorithm(&self) -> ObjectIdentifier {
        match self {
            Self::Rsa(_) => RSA_ENCRYPTION,
            Self::P256(_) | Self::P384(_) => ID_EC_PUBLIC_KEY,
        }
    }
}

impl<'a> RsaPublicKey<'a> {
    /// The modulus, big-endian, without leading zeros.
    pub(super) fn modulus(&self) -> &'a [u8] {
        self.modulus.as_bytes()
    }

    /// Bits of the modulus.
    pub(super) fn bits(&self) -> usize {
        let bytes = self.modulus();
        let unused = bytes.first().map_or(0, |first| first.leading_zeros());
        bytes.len().saturating_mul(8).saturating_sub(usize::try_from(unused).unwrap_or(0))
    }

    /// The exponent, if it is odd, at least 3 and at most 32 bits long.
    pub(super) fn exponent(&self) -> Option<u32> {
        let value = self
            .public_exponent
            .as_bytes()
            .iter()
            .try_fold(0_u32, |value, byte| value.checked_mul(256)?.checked_add(u32::from(*byte)))?;
        (value >= 3 && value & 1 == 1).then_some(value)
    }

    fn check_strength(&self, subject: impl Fn() -> Quoted) -> Result<(), VerifyError> {
        let bits = self.bits();
        if bits < RSA_MINIMUM_BITS {
            return Err(VerifyError::KeyTooSmall { subject: subject(), bits, minimum: RSA_MINIMUM_BITS });
        }
        if bits > RSA_MAXIMUM_BITS {
            return Err(VerifyError::KeyTooLarge { subject: subject(), bits, maximum: RSA_MAXIMUM_BITS });
        }
        if self.exponent().is_none() {
            return Err(VerifyError::KeyExponent { subject: subject() });
        }
        if self.modulus().last().is_none_or(|last| last & 1 == 0) {
            return Err(VerifyError::KeyMalformed { subject: subject(), reason: "the modulus is even".to_string() });
        }
        Ok(())
    }
}
