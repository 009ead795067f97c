//! Certificates that a caller gives: one in DER, or any number in PEM.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::certificate::Certificate;
use super::input::from_base64;
use crate::error::UsageError;
use crate::quoted::Quoted;

/// Reads a bundle. Text around the PEM blocks, and blocks that are no certificates, are passed over.
///
/// # Errors
///
/// `bundle_empty`, `certificate_unreadable` with the number of the certificate.
pub(super) fn certificates(bundle: &[u8]) -> Result<Vec<Certificate>, UsageError> {
    if bundle.first() == Some(&0x30) {
        return Ok(alloc::vec![parse(1, bundle)?]);
    }
    let (mut certificates, mut rest) = (Vec::new(), bundle);
    for (number, der) in (1..).zip(core::iter::from_fn(|| next_certificate(&mut rest))) {
        let der = der.map_err(|reason| UsageError::CertificateUnreadable { number, reason })?;
        certificates.push(parse(number, &der)?);
    }
    if certificates.is_empty() { Err(UsageError::BundleEmpty) } else { Ok(certificates) }
}

fn parse(number: usize, der: &[u8]) -> Result<Certificate, UsageError> {
    Certificate::parse(der).map_err(|error| UsageError::CertificateUnreadable { number, reason: error.to_string() })
}

/// The DER of the first certificate in PEM, and the text cut off behind it.
///
/// Not only the strict form of RFC 7468 is read: lines have any length, white space may stand among them, and the
/// padding may lack. Whatever is no certificate is passed over, if it ends.
pub(super) fn next_certificate(text: &mut &[u8]) -> Option<Result<Vec<u8>, String>> {
    let mut open: Option<&[u8]> = None;
    let mut base64 = Vec::new();
    while !text.is_empty() {
        let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
        let (line, behind) = text.split_at_checked(end)?;
        let begun = line.strip_prefix(b"-----BEGIN ");
        if begun.is_some() && open.is_some() {
            break;
        }
        *text = behind.get(1..).unwrap_or_default();
        if let Some(begun) = begun {
            open = begun.trim_ascii_end().strip_suffix(b"-----").filter(|label| !label.ends_with(b"-"));
            if open.is_none() {
                return Some(Err(format!("the line {} begins no block", Quoted::from_bytes(line))));
            }
        } else if let Some(label) = open {
            let ended = line.strip_prefix(b"-----END ").and_then(|line| line.strip_prefix(label));
            if ended.is_none_or(|rest| !rest.starts_with(b"-----")) {
                base64.extend(line.iter().filter(|byte| !byte.is_ascii_whitespace()));
            } else if label == b"CERTIFICATE" {
                while !base64.len().is_multiple_of(4) {
                    base64.push(b'=');
                }
                return Some(from_base64(&base64).map_err(|_| "its base64 is malformed".to_string()));
            } else {
                open = None;
                base64.clear();
            }
        }
    }
    let label = Quoted::from_bytes(open?);
    Some(Err(format!("the line -----END {}----- is missing", label.as_str())))
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding as _};

    use super::*;
    use crate::{ChainCertificate, DEFAULT_ANCHORS};

    #[test]
    fn shows_certificates() {
        let shown = ChainCertificate::in_bundle(DEFAULT_ANCHORS[0]).unwrap();
        assert_eq!(shown.len(), 1);
        assert!(shown[0].subject.starts_with("CN=DigiCert Global Root G2,"), "{}", shown[0].subject);
        assert_eq!(ChainCertificate::in_bundle(b"hello").unwrap_err().code(), "bundle_empty");
    }

    #[test]
    fn says_which_certificate_is_wrong() {
        for (bundle, code) in [
            (&b""[..], "bundle_empty"),
            (b"hello", "bundle_empty"),
            (b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", "bundle_empty"),
            (b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "certificate_unreadable"),
            (b"-----BEGIN CERTIFICATE-----\nMA*=\n-----END CERTIFICATE-----\n", "certificate_unreadable"),
            (b"-----BEGIN CERTIFICATE-----\nMAA=\n", "certificate_unreadable"),
            (b"\x30\x00", "certificate_unreadable"),
        ] {
            assert_eq!(certificates(bundle).unwrap_err().code(), code);
        }
    }

    #[test]
    fn lines_have_any_length_and_text_stands_around() {
        let base64 = Base64::encode_string(DEFAULT_ANCHORS[0]);
        let lines = |width: usize, end: &str| {
            let lines =
                base64.as_bytes().chunks(width).map(|line| format!("{}{end}", core::str::from_utf8(line).unwrap()));
            lines.collect::<String>()
        };
        for text in [
            format!("{base64}\n"),
            lines(64, "\n"),
            lines(64, "\r\n"),
            lines(76, "\r"),
            lines(7, " \t\n\n"),
            base64.trim_end_matches('=').to_string() + "\n",
        ] {
            let block = format!("-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----");
            for (bundle, count) in [
                (block.clone(), 1),
                (format!("Bag Attributes\n  a: b\n{block}  \r\n-----END\n"), 1),
                (format!("-----BEGIN X509 CRL----- \nMAA=\n-----END X509 CRL-----\n{block}\n\n{block}"), 2),
            ] {
                let found = certificates(bundle.as_bytes()).unwrap();
                assert_eq!(found.len(), count, "{bundle}");
                assert!(found.iter().all(|certificate| **certificate.der() == *DEFAULT_ANCHORS[0]), "{bundle}");
            }
        }
    }

    #[test]
    fn says_what_is_wrong_with_which_block() {
        let base64 = Base64::encode_string(DEFAULT_ANCHORS[0]);
        let first = alloc::format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
        for (second, says) in [
            ("-----BEGIN CERTIFICATE-----\nMAA=\n", "the line -----END CERTIFICATE----- is missing"),
            ("-----BEGIN CERT\nMAA=\n", "begins no block"),
            ("-----BEGIN CERTIFICATE------\nMAA=\n", "begins no block"),
            ("-----BEGIN CERTIFICATE----\nMAA=\n", "begins no block"),
            ("-----BEGIN A-----\n-----BEGIN CERTIFICATE-----\n", "the line -----END A----- is missing"),
            ("-----BEGIN A-----\nMAA=\n-----END B-----\n", "the line -----END A----- is missing"),
            ("-----BEGIN CERTIFICATE-----\nMA*=\n-----END CERTIFICATE-----\n", "base64"),
        ] {
            let error = certificates(alloc::format!("{first}{second}").as_bytes()).unwrap_err();
            let UsageError::CertificateUnreadable { number: 2, reason } = error else {
                panic!("{error:?}");
            };
            assert!(reason.contains(says), "{reason}");
        }
    }
}
