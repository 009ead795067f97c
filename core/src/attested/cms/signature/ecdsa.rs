//! ECDSA verification over P-256 and P-384: keys and signatures in their one spelling, the computation by the crates of
//! the curves.

use rustls_pki_types::InvalidSignature;

use super::DigestValue;
use crate::attested::der::element::Element;
use crate::attested::x509::key;

pub(super) fn verify_p256(public_key: &[u8], digest: &DigestValue, signature: &[u8]) -> Result<(), InvalidSignature> {
    use p256::ecdsa::signature::hazmat::PrehashVerifier;
    let key = key::p256_key(public_key).ok_or(InvalidSignature)?;
    let [r, s] = ecdsa_numbers::<32>(signature).ok_or(InvalidSignature)?;
    let signature = p256::ecdsa::Signature::from_scalars(r, s).map_err(|_| InvalidSignature)?;
    key.verify_prehash(digest.as_ref(), &signature).map_err(|_| InvalidSignature)
}

pub(super) fn verify_p384(public_key: &[u8], digest: &DigestValue, signature: &[u8]) -> Result<(), InvalidSignature> {
    use p384::ecdsa::signature::hazmat::PrehashVerifier;
    let key = key::p384_key(public_key).ok_or(InvalidSignature)?;
    let [r, s] = ecdsa_numbers::<48>(signature).ok_or(InvalidSignature)?;
    let signature = p384::ecdsa::Signature::from_scalars(r, s).map_err(|_| InvalidSignature)?;
    // A digest shorter than half the curve's order is refused by the library: padded as SEC 1 has it.
    let mut padded = [0_u8; 48];
    let octets = digest.as_ref();
    let start = padded.len().saturating_sub(octets.len());
    for (to, from) in padded.iter_mut().skip(start).zip(octets) {
        *to = *from;
    }
    key.verify_prehash(&padded, &signature).map_err(|_| InvalidSignature)
}

/// The two numbers of an ECDSA signature, in as many octets as the order of the curve has: an `ECDSA-Sig-Value` of
/// [RFC 3279 Section 2.2.3](https://www.rfc-editor.org/rfc/rfc3279#section-2.2.3).
fn ecdsa_numbers<const LENGTH: usize>(signature: &[u8]) -> Option<[[u8; LENGTH]; 2]> {
    let numbers = Element::parse(signature).and_then(|signature| signature.two_numbers()).ok()?;
    let mut padded = [[0; LENGTH]; 2];
    for (padded, octets) in padded.iter_mut().zip(numbers) {
        padded.get_mut(LENGTH.checked_sub(octets.len())?..)?.copy_from_slice(octets);
    }
    Some(padded)
}
