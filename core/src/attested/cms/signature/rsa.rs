//! RSASSA-PKCS1-v1_5 and RSASSA-PSS verification as RFC 8017 states them, over `crypto-bigint`'s Montgomery forms.
//!
//! Everything here is public, so nothing is constant in time. PKCS #1 padding is never parsed: the encoded message
//! is made and compared whole (RFC 8017 section 8.2.2), which leaves no room for lenient readings.

use alloc::vec;
use alloc::vec::Vec;

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U2048, U4096, Uint};
use rustls_pki_types::InvalidSignature;

use super::{Digest, DigestValue};
use crate::attested::x509::key::{RSA_MAXIMUM_BITS, RSA_MINIMUM_BITS, RsaPublicKey};

/// RSASSA-PKCS1-v1_5, [RFC 8017 Section 8.2.2](https://www.rfc-editor.org/rfc/rfc8017#section-8.2.2).
pub(super) fn verify_pkcs1(
    public_key: &[u8],
    digest: Digest,
    value: &DigestValue,
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    pkcs1(&strong_key(public_key)?, digest, value, signature)
}

/// The same for keys of 1024 to 2047 bits. Never a reason to accept anything.
pub(super) fn verify_weak_pkcs1(
    public_key: &[u8],
    digest: Digest,
    value: &DigestValue,
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let key = RsaPublicKey::parse(public_key).map_err(|_| InvalidSignature)?;
    if (WEAK_MINIMUM_BITS..RSA_MINIMUM_BITS).contains(&key.bits()) {
        pkcs1(&key, digest, value, signature)
    } else {
        Err(InvalidSignature)
    }
}

/// RSASSA-PSS with MGF1 of the same digest and a salt of the digest's length,
/// [RFC 8017 Section 8.1.2](https://www.rfc-editor.org/rfc/rfc8017#section-8.1.2).
pub(super) fn verify_pss(
    public_key: &[u8],
    digest: Digest,
    value: &DigestValue,
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let key = strong_key(public_key)?;
    let message = public_operation(&key, signature).ok_or(InvalidSignature)?;
    let encoded_bits = key.bits().saturating_sub(1);
    if is_pss_encoded(&message, encoded_bits, digest, value) { Ok(()) } else { Err(InvalidSignature) }
}

const WEAK_MINIMUM_BITS: usize = 1024;

fn strong_key(public_key: &[u8]) -> Result<RsaPublicKey<'_>, InvalidSignature> {
    let key = RsaPublicKey::parse(public_key).map_err(|_| InvalidSignature)?;
    if (RSA_MINIMUM_BITS..=RSA_MAXIMUM_BITS).contains(&key.bits()) { Ok(key) } else { Err(InvalidSignature) }
}

fn pkcs1(
    key: &RsaPublicKey<'_>,
    digest: Digest,
    value: &DigestValue,
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let message = public_operation(key, signature).ok_or(InvalidSignature)?;
    let expected = encode_pkcs1(message.len(), digest, value).ok_or(InvalidSignature)?;
    if message == expected { Ok(()) } else { Err(InvalidSignature) }
}

/// EMSA-PKCS1-v1_5, [RFC 8017 Section 9.2](https://www.rfc-editor.org/rfc/rfc8017#section-9.2).
fn encode_pkcs1(length: usize, digest: Digest, value: &DigestValue) -> Option<Vec<u8>> {
    let (prefix, value) = (digest_info_prefix(digest), value.as_ref());
    let digest_info = prefix.len().checked_add(value.len())?;
    let padding = length.checked_sub(digest_info)?.checked_sub(3)?;
    if padding < 8 {
        return None;
    }
    let mut encoded = Vec::with_capacity(length);
    encoded.extend([0, 1]);
    encoded.resize(padding.checked_add(2)?, 0xff);
    encoded.push(0);
    encoded.extend_from_slice(prefix);
    encoded.extend_from_slice(value);
    Some(encoded)
}

/// The DER of `DigestInfo` up to the digest, RFC 8017 section 9.2, note 1; always with the NULL parameters.
const fn digest_info_prefix(digest: Digest) -> &'static [u8] {
    match digest {
        Digest::Sha256 => b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        Digest::Sha384 => b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
        Digest::Sha512 => b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
    }
}

/// EMSA-PSS-VERIFY, [RFC 8017 Section 9.1.2](https://www.rfc-editor.org/rfc/rfc8017#section-9.1.2).
fn is_pss_encoded(message: &[u8], encoded_bits: usize, digest: Digest, value: &DigestValue) -> bool {
    pss(message, encoded_bits, digest, value).unwrap_or(false)
}

fn pss(message: &[u8], encoded_bits: usize, digest: Digest, value: &DigestValue) -> Option<bool> {
    let encoded_length = encoded_bits.div_ceil(8);
    // With a modulus of 8k+1 bits the encoded message is a byte shorter than the modulus, and that byte is zero.
    let (leading, encoded) = message.split_at_checked(message.len().checked_sub(encoded_length)?)?;
    let (encoded, trailer) = encoded.split_at_checked(encoded_length.checked_sub(1)?)?;
    let (masked, hash) = encoded.split_at_checked(encoded.len().checked_sub(digest.length())?)?;
    let unused_bits = encoded_length.checked_mul(8)?.checked_sub(encoded_bits)?;
    let used_mask = 0xff_u8.checked_shr(u32::try_from(unused_bits).ok()?)?;
    if trailer != [0xbc] || leading.iter().any(|byte| *byte != 0) || masked.first()? & !used_mask != 0 {
        return Some(false);
    }
    let mut block = masked.to_vec();
    for (counter, chunk) in (0_u32..).zip(block.chunks_mut(digest.length())) {
        let mask = digest.of(&[hash, &counter.to_be_bytes()]);
        for (byte, mask) in chunk.iter_mut().zip(mask.as_ref()) {
            *byte ^= mask;
        }
    }
    if let Some(first) = block.first_mut() {
        *first &= used_mask;
    }
    let (padding, salt) = block.split_at_checked(block.len().checked_sub(digest.length())?)?;
    let (one, zeros) = padding.split_last()?;
    if *one != 1 || zeros.iter().any(|byte| *byte != 0) {
        return Some(false);
    }
    Some(digest.of(&[&[0; 8], value.as_ref(), salt]).as_ref() == hash)
}

/// RSAVP1 with I2OSP, [RFC 8017 Section 5.2.2](https://www.rfc-editor.org/rfc/rfc8017#section-5.2.2): the
/// signature to the power of the exponent, as long as the modulus. Nothing if the signature is of another length
/// or not below the modulus, or the key is of an odd shape.
fn public_operation(key: &RsaPublicKey<'_>, signature: &[u8]) -> Option<Vec<u8>> {
    let (modulus, exponent) = (key.modulus(), key.exponent()?);
    if signature.len() != modulus.len() {
        return None;
    }
    match key.bits() {
        // The sizes of Azure's keys; each further one is another copy of the arithmetic, which makes the WebAssembly larger.
        ..=2048 => power::<{ U2048::LIMBS }>(modulus, exponent, signature),
        2049..=4096 => power::<{ U4096::LIMBS }>(modulus, exponent, signature),
        _ => None,
    }
}

/// A function of its own: within its caller the multiplication is compiled for the worse, by 6 % of a signature. In
/// WebAssembly it makes no difference but in size.
#[cfg_attr(not(target_family = "wasm"), inline(never))]
fn power<const LIMBS: usize>(modulus: &[u8], exponent: u32, signature: &[u8]) -> Option<Vec<u8>> {
    let base = number::<LIMBS>(signature)?;
    let number = number::<LIMBS>(modulus)?;
    if base >= number {
        return None;
    }
    let params = FixedMontyParams::new_vartime(Option::<Odd<Uint<LIMBS>>>::from(number.to_odd())?);
    let form = FixedMontyForm::new(&base, &params);
    let (mut result, mut squares) = (form, 0);
    // Left to right over the bits below the first; the last one is set, since the exponent is odd.
    let lower_bits = exponent.checked_ilog2()?;
    for bit in (1..lower_bits).rev() {
        squares = u32::checked_add(squares, 1)?;
        if exponent.checked_shr(bit)? & 1 == 1 {
            result = result.square_repeat_vartime(squares).mul(&form);
            squares = 0;
        }
    }
    result = result.square_repeat_vartime(squares.checked_add(1)?);
    // The last factor is left out of Montgomery form, so the product comes out of it by itself.
    let message = result.mul(&FixedMontyForm::from_montgomery(base, &params)).to_montgomery();
    octets(&message, modulus.len())
}

fn number<const LIMBS: usize>(bytes: &[u8]) -> Option<Uint<LIMBS>> {
    let mut padded = vec![0_u8; Uint::<LIMBS>::BYTES];
    let start = padded.len().checked_sub(bytes.len())?;
    padded.get_mut(start..)?.copy_from_slice(bytes);
    Some(Uint::from_be_slice(&padded))
}

fn octets<const LIMBS: usize>(number: &Uint<LIMBS>, length: usize) -> Option<Vec<u8>> {
    let words = number.as_words().iter().rev();
    let bytes: Vec<u8> = words.flat_map(|word| word.to_be_bytes()).collect();
    let start = bytes.len().checked_sub(length)?;
    bytes.get(start..).map(<[u8]>::to_vec)
}
