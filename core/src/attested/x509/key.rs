//! Public keys of the accepted kinds, and whether they are strong enough.

use alloc::format;
use alloc::string::{String, ToString};

use der::asn1::BitStringRef;
#[cfg(feature = "rustcrypto")]
use p256::elliptic_curve::point::AffineCoordinates;

use super::algorithm::AlgorithmIdentifierRef;
use crate::attested::der::element::{Element, Malformed, Tag};
use crate::attested::der::object_identifier::{self, ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP256R1, SECP384R1};
use crate::attested::error::VerifyError;
use crate::quoted::Quoted;

/// Bits that an RSA modulus must have at least.
pub(in crate::attested) const RSA_MINIMUM_BITS: usize = 2048;
/// Bits that an RSA modulus may have at most.
pub(in crate::attested) const RSA_MAXIMUM_BITS: usize = 4096;

/// A public key of an accepted kind, whatever its strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::attested) enum PublicKey<'a> {
    Rsa(RsaPublicKey<'a>),
    /// A point of P-256, in the uncompressed form alone that RFC 5480 section 2.2 asks everybody to take.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::attested) struct RsaPublicKey<'a> {
    modulus: &'a [u8],
    public_exponent: &'a [u8],
}

/// The `SubjectPublicKeyInfo` type is defined in [RFC 5280 Section 4.1].
///
/// ```text
/// SubjectPublicKeyInfo ::= SEQUENCE {
///   algorithm AlgorithmIdentifier,
///   subjectPublicKey BIT STRING }
/// ```
///
/// [RFC 5280 Section 4.1]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
pub(in crate::attested) struct SubjectPublicKeyInfo<'a> {
    pub(in crate::attested) algorithm: AlgorithmIdentifierRef<'a>,
    pub(in crate::attested) subject_public_key: BitStringRef<'a>,
}

impl<'a> SubjectPublicKeyInfo<'a> {
    pub(in crate::attested) fn parse(der: &'a [u8]) -> Result<Self, Malformed> {
        Self::read(&Element::parse(der)?)
    }

    pub(in crate::attested) fn read(info: &Element<'a>) -> Result<Self, Malformed> {
        let mut fields = info.fields(Tag::SEQUENCE)?;
        let algorithm = AlgorithmIdentifierRef::read(&fields.any()?)?;
        let subject_public_key = fields.required(Tag::BIT_STRING)?.bits()?;
        fields.end()?;
        Ok(Self { algorithm, subject_public_key })
    }
}

impl<'a> PublicKey<'a> {
    /// Reads a `SubjectPublicKeyInfo`; `subject` names its holder in errors.
    pub(in crate::attested) fn parse(key_info: &'a [u8], subject: &dyn Fn() -> Quoted) -> Result<Self, VerifyError> {
        let malformed = |reason: String| VerifyError::KeyMalformed { subject: subject(), reason };
        let unreadable = |error: Malformed| malformed(error.fault.to_string());
        let info = SubjectPublicKeyInfo::parse(key_info).map_err(unreadable)?;
        let key = info.subject_public_key.as_bytes().ok_or_else(|| malformed("it has unused bits".to_string()))?;
        let parameters = info.algorithm.parameters.filter(|parameters| parameters.tag() == Tag::OBJECT_IDENTIFIER);
        let curve = parameters.and_then(|parameters| parameters.identifier().ok());
        match (info.algorithm.oid, curve) {
            (RSA_ENCRYPTION, None) if info.algorithm.has_null() => {
                RsaPublicKey::parse(key).map(Self::Rsa).map_err(unreadable)
            }
            (ID_EC_PUBLIC_KEY, Some(SECP256R1)) => Ok(Self::P256(key)),
            (ID_EC_PUBLIC_KEY, Some(SECP384R1)) => Ok(Self::P384(key)),
            (algorithm, curve) => {
                let mut found = object_identifier::text(algorithm);
                if let Some(curve) = curve {
                    found.push(' ');
                    found.push_str(&object_identifier::text(curve));
                }
                Err(VerifyError::KeyAlgorithmUnsupported { found: Quoted::from(&*found) })
            }
        }
    }

    /// Checks the size and shape of the key before anything is computed with it.
    ///
    /// # Errors
    ///
    /// `key_too_small`, `key_too_large`, `key_exponent`, `key_malformed`.
    pub(in crate::attested) fn check_strength(&self, subject: &dyn Fn() -> Quoted) -> Result<(), VerifyError> {
        let off_curve = || VerifyError::KeyMalformed {
            subject: subject(),
            reason: "it is not an uncompressed point of the curve".to_string(),
        };
        match self {
            Self::Rsa(key) => key.check_strength(subject),
            #[cfg(feature = "rustcrypto")]
            Self::P256(point) => p256_key(point).map(|_| ()).ok_or_else(off_curve),
            #[cfg(feature = "rustcrypto")]
            Self::P384(point) => p384_key(point).map(|_| ()).ok_or_else(off_curve),
            // That the point is on the curve is then left to the algorithm that is handed in, as every library checks.
            #[cfg(not(feature = "rustcrypto"))]
            Self::P256(point) => coordinates::<32>(point).map(|_| ()).ok_or_else(off_curve),
            #[cfg(not(feature = "rustcrypto"))]
            Self::P384(point) => coordinates::<48>(point).map(|_| ()).ok_or_else(off_curve),
        }
    }

    /// Kind and size: `RSA-2048`, `P-256`, `P-384`.
    pub(in crate::attested) fn description(&self) -> String {
        match self {
            Self::Rsa(key) => format!("RSA-{}", key.bits()),
            Self::P256(_) => "P-256".to_string(),
            Self::P384(_) => "P-384".to_string(),
        }
    }

    /// The octets of the identifier of the key's algorithm.
    pub(in crate::attested) const fn algorithm(&self) -> &'static [u8] {
        match self {
            Self::Rsa(_) => RSA_ENCRYPTION,
            Self::P256(_) | Self::P384(_) => ID_EC_PUBLIC_KEY,
        }
    }
}

impl<'a> RsaPublicKey<'a> {
    pub(in crate::attested) fn parse(der: &'a [u8]) -> Result<Self, Malformed> {
        let [modulus, public_exponent] = Element::parse(der)?.two_numbers()?;
        Ok(Self { modulus, public_exponent })
    }

    /// The modulus, big-endian, without leading zeros.
    pub(in crate::attested) fn modulus(&self) -> &'a [u8] {
        self.modulus
    }

    /// Bits of the modulus.
    pub(in crate::attested) fn bits(&self) -> usize {
        let bytes = self.modulus();
        let unused = bytes.first().map_or(0, |first| first.leading_zeros());
        bytes.len().saturating_mul(8).saturating_sub(usize::try_from(unused).unwrap_or(0))
    }

    /// The exponent, if it is odd, at least 3 and at most 32 bits long.
    pub(in crate::attested) fn exponent(&self) -> Option<u32> {
        let value = self
            .public_exponent
            .iter()
            .try_fold(0_u32, |value, byte| value.checked_mul(256)?.checked_add(u32::from(*byte)))?;
        (value >= 3 && value & 1 == 1).then_some(value)
    }

    fn check_strength(&self, subject: &dyn Fn() -> Quoted) -> Result<(), VerifyError> {
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

/// First octet of a point in uncompressed form, SEC 1 section 2.3.4.
const UNCOMPRESSED: u8 = 0x04;

/// A key for P-256, if it is a point of the curve in uncompressed form.
#[cfg(feature = "rustcrypto")]
pub(in crate::attested) fn p256_key(point: &[u8]) -> Option<p256::ecdsa::VerifyingKey> {
    let (x, y) = coordinates::<32>(point)?;
    let point = p256::AffinePoint::from_coordinates(&x.into(), &y.into()).into_option()?;
    p256::ecdsa::VerifyingKey::from_affine(point).ok()
}

/// A key for P-384, if it is a point of the curve in uncompressed form.
#[cfg(feature = "rustcrypto")]
pub(in crate::attested) fn p384_key(point: &[u8]) -> Option<p384::ecdsa::VerifyingKey> {
    let (x, y) = coordinates::<48>(point)?;
    let point = p384::AffinePoint::from_coordinates(&x.into(), &y.into()).into_option()?;
    p384::ecdsa::VerifyingKey::from_affine(point).ok()
}

fn coordinates<const LENGTH: usize>(point: &[u8]) -> Option<([u8; LENGTH], [u8; LENGTH])> {
    let (x, y) = point.strip_prefix(&[UNCOMPRESSED])?.split_at_checked(LENGTH)?;
    Some((x.try_into().ok()?, y.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use p256::elliptic_curve::sec1::ToSec1Point;

    use super::*;

    #[test]
    fn points_are_uncompressed_and_on_their_curve() {
        let p256_point = |compress| p256::AffinePoint::GENERATOR.to_sec1_point(compress).as_bytes().to_vec();
        let p384_point = |compress| p384::AffinePoint::GENERATOR.to_sec1_point(compress).as_bytes().to_vec();
        let (on_p256, on_p384) = (p256_point(false), p384_point(false));
        assert!(p256_key(&on_p256).is_some() && p384_key(&on_p384).is_some());
        assert!(p256_key(&p256_point(true)).is_none() && p384_key(&p384_point(true)).is_none());
        assert!(p256_key(&on_p384).is_none() && p384_key(&on_p256).is_none());
        let changed = |point: &[u8], at: usize, to: u8| {
            let mut point = point.to_vec();
            point[at] = to;
            point
        };
        for (at, to) in [(0, 6), (0, 0), (1, 0xff), (33, 0), (64, 0)] {
            assert!(p256_key(&changed(&on_p256, at, to)).is_none(), "{at} {to}");
        }
        for (at, to) in [(0, 5), (0, 2), (1, 0), (49, 0), (96, 0)] {
            assert!(p384_key(&changed(&on_p384, at, to)).is_none(), "{at} {to}");
        }
        for point in [&[][..], &[0], &[4], &on_p256[..64], &[&on_p256[..], &[0]].concat()] {
            assert!(p256_key(point).is_none() && p384_key(point).is_none(), "{point:x?}");
        }
        assert!(p256_key(&[&[4][..], &[0; 64]].concat()).is_none(), "the point that RFC 5480 has no form for");
    }
}
