//! Certificates that a caller gives: one in DER, or any number in PEM.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::{self, PemObject};

use super::certificate::Certificate;
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
    let mut certificates = Vec::new();
    for (number, der) in (1..).zip(CertificateDer::pem_slice_iter(bundle)) {
        let der = der.map_err(|error| UsageError::CertificateUnreadable { number, reason: reason(&error) })?;
        certificates.push(parse(number, &der)?);
    }
    if certificates.is_empty() { Err(UsageError::BundleEmpty) } else { Ok(certificates) }
}

fn parse(number: usize, der: &[u8]) -> Result<Certificate, UsageError> {
    Certificate::parse(der).map_err(|error| UsageError::CertificateUnreadable { number, reason: error.to_string() })
}

fn reason(error: &pem::Error) -> String {
    match error {
        pem::Error::MissingSectionEnd { end_marker } => {
            alloc::format!("the line -----END {}----- is missing", Quoted::from_bytes(end_marker).as_str())
        }
        pem::Error::IllegalSectionStart { line } => {
            alloc::format!("the line {} begins no block", Quoted::from_bytes(line))
        }
        other => Quoted::from(&*other.to_string()).as_str().to_string(),
    }
}

#[cfg(test)]
mod tests {
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
    fn says_what_is_wrong_with_which_block() {
        let base64 = data_encoding::BASE64.encode(DEFAULT_ANCHORS[0]);
        let first = alloc::format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
        for (second, says) in [
            ("-----BEGIN CERTIFICATE-----\nMAA=\n", "the line -----END CERTIFICATE----- is missing"),
            ("-----BEGIN CERT\nMAA=\n", "begins no block"),
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
