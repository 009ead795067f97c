//! The forms in which a document is handed in: the service's envelope, base64, PEM, DER.

use data_encoding::BASE64;

/// What a verifier is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Raw octets.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
}

impl Input {
    /// Raw DER.
    #[must_use]
    pub fn der(der: &[u8]) -> Self {
        Self::Bytes(der.to_vec())
    }

    /// The service's answer, whole.
    #[must_use]
    pub fn envelope(der: &[u8]) -> Self {
        Self::Text(envelope(&BASE64.encode(der)))
    }

    /// The `signature` of the service's answer alone.
    #[must_use]
    pub fn base64(der: &[u8]) -> Self {
        Self::Text(BASE64.encode(der))
    }

    /// Any text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// The service's answer around any text of a signature.
#[must_use]
pub fn envelope(signature: &str) -> String {
    format!(r#"{{"encoding":"pkcs7","signature":"{signature}"}}"#)
}

/// PEM, 64 characters a line.
#[must_use]
pub fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}-----END {label}-----\n", lines(der, "\n"))
}

/// Base64, 64 characters a line, each line ended.
#[must_use]
pub fn lines(der: &[u8], end: &str) -> String {
    let text = BASE64.encode(der);
    text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned() + end).collect()
}
