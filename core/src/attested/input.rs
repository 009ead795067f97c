//! From what a person or a program hands in to the bytes of the document: envelope, PEM, base64 or DER.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64ct::{Base64, Encoding as _};

use crate::attested::error::VerifyError;
use crate::attested::input::pem::next_block;
use crate::json::{Json, JsonError};
use crate::quoted::Quoted;

pub(in crate::attested) mod bundle;
mod pem;
pub(in crate::attested) mod recognise;

/// Bytes that a document may have in any of its forms. Those of the service have about 3,000 in DER.
pub(crate) const LIMIT: usize = 64 * 1024;

/// Levels to which the service's envelope may nest; it has one, and unknown members may come.
const ENVELOPE_DEPTH: usize = 8;

/// The form in which a document was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InputForm {
    /// The service's answer, `{"encoding":"pkcs7","signature":".."}`.
    Envelope,
    /// A `PKCS7` or `CMS` block in PEM.
    Pem,
    /// Bare base64, on one line or several.
    Base64,
    /// DER.
    Der,
}

impl InputForm {
    /// The form in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Envelope => "the service's JSON envelope",
            Self::Pem => "PEM",
            Self::Base64 => "base64",
            Self::Der => "DER",
        }
    }
}

/// Tells the form by the first byte that is not ASCII white space, and decodes it.
pub(super) fn decode(input: &[u8]) -> Result<(InputForm, Vec<u8>), VerifyError> {
    if input.len() > LIMIT {
        return Err(VerifyError::InputTooLong { size: input.len(), limit: LIMIT });
    }
    let text = input.trim_ascii();
    let (form, bytes) = match text.first() {
        None => return Err(VerifyError::InputEmpty),
        Some(b'{') => (InputForm::Envelope, from_envelope(text)?),
        Some(b'-') => (InputForm::Pem, from_pem(text)?),
        // White space after DER is no part of any text: it is kept, and refused as trailing data.
        Some(0x30) => (InputForm::Der, input.trim_ascii_start().to_vec()),
        Some(_) => (InputForm::Base64, from_bare_base64(text)?),
    };
    if bytes.is_empty() { Err(VerifyError::InputEmpty) } else { Ok((form, bytes)) }
}

fn from_envelope(text: &[u8]) -> Result<Vec<u8>, VerifyError> {
    let text = core::str::from_utf8(text).map_err(|error| VerifyError::EnvelopeMalformed {
        reason: "it is not UTF-8".to_string(),
        position: Some(error.valid_up_to()),
        given: None,
    })?;
    let envelope = Json::parse(text, ENVELOPE_DEPTH).map_err(|fault| match fault {
        JsonError::DuplicateKey(key) => VerifyError::EnvelopeDuplicateKey { key: Quoted::from(key.as_str()) },
        JsonError::Malformed { position, reason } => VerifyError::EnvelopeMalformed { reason, position, given: None },
        JsonError::TooDeep => malformed_envelope(format!("it nests deeper than {ENVELOPE_DEPTH} levels")),
    })?;
    match envelope.member("encoding") {
        Some(Json::String(encoding)) if encoding == "pkcs7" => {}
        Some(Json::String(other)) => return Err(encoding(other)),
        Some(other) => return Err(encoding(other.kind())),
        None => return Err(encoding("absent")),
    }
    match envelope.member("signature") {
        Some(Json::String(signature)) => from_base64(signature.as_bytes()),
        Some(other) => Err(malformed_envelope(format!("\"signature\" is {}, expected a string", other.kind()))),
        None => Err(malformed_envelope("\"signature\" is missing".to_string())),
    }
}

fn encoding(found: &str) -> VerifyError {
    VerifyError::EnvelopeEncoding { found: Quoted::from(found), given: None }
}

const fn malformed_envelope(reason: String) -> VerifyError {
    VerifyError::EnvelopeMalformed { reason, position: None, given: None }
}

fn from_pem(text: &[u8]) -> Result<Vec<u8>, VerifyError> {
    let malformed = |reason: &str| VerifyError::PemMalformed { reason: reason.to_string(), given: None };
    if !text.starts_with(b"-----BEGIN ") {
        return Err(malformed("it does not begin with -----BEGIN"));
    }
    let mut rest = text;
    let block = match next_block(&mut rest) {
        Some(Ok(block)) => block,
        Some(Err(reason)) => return Err(malformed(&reason)),
        None => return Err(malformed("it holds no block")),
    };
    if !block.tail.is_empty() || !rest.trim_ascii().is_empty() {
        return Err(malformed("text follows the block"));
    }
    let bytes = from_base64(&block.base64).unwrap_or_default();
    match block.label {
        _ if bytes.is_empty() => Err(malformed("there is no base64 in it, or what is there is malformed")),
        b"PKCS7" | b"CMS" => Ok(bytes),
        other => Err(VerifyError::PemLabel { found: Quoted::from_bytes(other), given: None }),
    }
}

/// `base64` and `openssl` break their lines, so CR and LF are left out. Nothing else is.
fn from_bare_base64(text: &[u8]) -> Result<Vec<u8>, VerifyError> {
    let joined: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    from_base64(&joined).map_err(|error| match error {
        VerifyError::Base64Malformed { position, given } => {
            VerifyError::Base64Malformed { position: position.and_then(|at| position_with_breaks(text, at)), given }
        }
        other => other,
    })
}

fn position_with_breaks(text: &[u8], without: usize) -> Option<usize> {
    text.iter().enumerate().filter(|(_, byte)| !matches!(byte, b'\r' | b'\n')).nth(without).map(|(at, _)| at)
}

/// Standard alphabet, padded, the bits that stand for nothing zero: each document has one such text.
pub(super) fn from_base64(text: &[u8]) -> Result<Vec<u8>, VerifyError> {
    let mut bytes = alloc::vec![0; text.len().div_ceil(4).saturating_mul(3)];
    match Base64::decode(text, &mut bytes).map(<[u8]>::len) {
        Ok(length) => {
            bytes.truncate(length);
            Ok(bytes)
        }
        Err(_) => Err(VerifyError::Base64Malformed { position: Some(first_wrong(text)), given: None }),
    }
}

/// The byte at which a text that is not base64 goes wrong: one that is none of the alphabet; else the first of a last
/// block that is not whole; else the one whose last bits stand for nothing, and are not zero.
fn first_wrong(text: &[u8]) -> usize {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let digits = text.iter().take_while(|byte| is_digit(byte)).count();
    match text.get(digits..) {
        Some([] | [b'='] | [b'=', b'=']) if !text.len().is_multiple_of(4) => digits & !3,
        Some([b'='] | [b'=', b'=']) => digits.saturating_sub(1),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(input: &[u8]) -> &'static str {
        decode(input).map_or_else(|error| error.code(), |(form, _)| form.name())
    }

    #[test]
    fn tells_the_form_by_the_first_byte() {
        assert_eq!(code(b"\r\n {\"encoding\":\"pkcs7\",\"signature\":\"MAA=\"}\n"), "the service's JSON envelope");
        assert_eq!(code(b"MA\r\nA=\n"), "base64");
        assert_eq!(code(b"-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n"), "PEM");
        assert_eq!(code(b"\x30\x00"), "DER");
        assert_eq!(decode(b"\x30\x00\n").unwrap().1, b"\x30\x00\n");
    }

    #[test]
    fn names_the_part_that_is_wrong() {
        for (input, expected) in [
            (&b" \n\t"[..], "input_empty"),
            (b"{\"encoding\":\"pkcs7\",\"signature\":\"\"}", "input_empty"),
            (b"{\"encoding\":\"pkcs7\",\"signature\":\"MA A=\"}", "base64_malformed"),
            (b"{\"encoding\":\"pkcs7\",\"signature\":\"MAA\"}", "base64_malformed"),
            (b"{\"encoding\":\"pkcs7\",\"signature\":7}", "envelope_malformed"),
            (b"{\"encoding\":\"pkcs7\"}", "envelope_malformed"),
            (b"{\"encoding\":\"pkcs7\"", "envelope_malformed"),
            (b"{\"encoding\":\"\xff\"}", "envelope_malformed"),
            (b"{\"encoding\":\"cms\",\"signature\":\"MAA=\"}", "envelope_encoding"),
            (b"{\"encoding\":7}", "envelope_encoding"),
            (b"{\"signature\":\"MAA=\"}", "envelope_encoding"),
            (b"{\"signature\":\"MAA=\",\"signature\":\"\",\"encoding\":\"pkcs7\"}", "envelope_duplicate_key"),
            (b"MA A=", "base64_malformed"),
            (b"MA-_", "base64_malformed"),
            (b"MAB=", "base64_malformed"),
            (b"MA==MA==", "base64_malformed"),
            (b"-----BEGIN PKCS7-----\nMAA=\n", "pem_malformed"),
            (b"----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n", "pem_malformed"),
            (b"--\n-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n", "pem_malformed"),
            (b"-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7----- x\n", "pem_malformed"),
            (b"-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\nx", "pem_malformed"),
            (b"-----BEGIN PKCS7-----\nMA A=\n-----END PKCS7-----\n", "pem_malformed"),
            (b"-----BEGIN PKCS7-----\n-----END PKCS7-----\n", "pem_malformed"),
            (b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "pem_label"),
        ] {
            assert_eq!(code(input), expected, "{}", Quoted::from_bytes(input));
        }
        assert_eq!(code(&alloc::vec![b'A'; LIMIT + 1]), "input_too_long");
    }

    #[test]
    fn counts_line_breaks_in_positions() {
        let Err(VerifyError::Base64Malformed { position, .. }) = decode(b"MA\nAAMA\n*A") else { panic!("accepted") };
        assert_eq!(position, Some(8));
    }

    #[test]
    fn names_the_first_byte_of_base64_that_is_wrong() {
        for (text, byte) in [
            ("MA-_", 2),
            ("MAAAM A=", 5),
            ("MAAA*AAA", 4),
            ("MAAAMAA", 4),
            ("MAAAM", 4),
            ("MAAAMA=", 4),
            ("MAB=", 2),
            ("MB==", 1),
            ("MA=A", 2),
            ("MA==MA==", 2),
            ("M===", 1),
            ("=AAA", 0),
            ("MAA\u{e9}", 3),
        ] {
            let Err(VerifyError::Base64Malformed { position, .. }) = from_base64(text.as_bytes()) else {
                panic!("{text}: accepted");
            };
            assert_eq!(position, Some(byte), "{text}");
        }
        for (text, bytes) in [("", &b""[..]), ("MAA=", b"0\0"), ("MA==", b"0"), ("+/9Z", b"\xfb\xff\x59")] {
            assert_eq!(from_base64(text.as_bytes()).unwrap(), bytes, "{text}");
        }
    }
}
