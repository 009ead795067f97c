//! Certificates that a caller gives: one in DER, or any number in PEM.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::from_base64;
use super::pem::next_block;
use crate::attested::x509::certificate::Certificate;
use crate::error::UsageError;

/// Reads a bundle. Text around the PEM blocks, and blocks that are not certificates, are passed over.
///
/// # Errors
///
/// `bundle_empty`, `certificate_unreadable` with the number of the certificate.
pub(in crate::attested) fn certificates(bundle: &[u8]) -> Result<Vec<Certificate>, UsageError> {
    // White space in front of DER is passed over, as in front of a document's.
    let der = bundle.trim_ascii_start();
    if der.first() == Some(&0x30) {
        match parse(1, der) {
            // It is text that begins with the digit 0.
            Err(_) if next_block(&mut { der }).is_some() => {}
            read => return Ok(alloc::vec![read?]),
        }
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
/// The base64 may contain white space, and its padding may be missing. What is not a certificate is passed over, if it
/// ends.
pub(in crate::attested) fn next_certificate(text: &mut &[u8]) -> Option<Result<Vec<u8>, String>> {
    loop {
        let mut block = match next_block(text)? {
            Ok(block) if block.label == b"CERTIFICATE" => block,
            Ok(_) => continue,
            Err(reason) => return Some(Err(reason)),
        };
        block.base64.retain(|byte| !byte.is_ascii_whitespace());
        while !block.base64.len().is_multiple_of(4) {
            block.base64.push(b'=');
        }
        return Some(from_base64(&block.base64).map_err(|_| "its base64 is malformed".to_string()));
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use base64ct::{Base64, Encoding as _};

    use super::*;
    use crate::attested::{ChainCertificate, DEFAULT_ANCHORS, Material, recognise};

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
    fn white_space_in_front_of_der_is_passed_over() {
        for before in ["", "\n", "\r\n \t"] {
            let bundle = [before.as_bytes(), DEFAULT_ANCHORS[0]].concat();
            assert_eq!(recognise(&bundle).material, Material::Certificates, "{before:?}");
            let found = certificates(&bundle).unwrap();
            assert_eq!((found.len(), &**found[0].der()), (1, DEFAULT_ANCHORS[0]), "{before:?}");
        }
        // Behind it, it is trailing data.
        assert_eq!(certificates(&[DEFAULT_ANCHORS[0], b"\n"].concat()).unwrap_err().code(), "certificate_unreadable");
        assert_eq!(certificates(b" \n0").unwrap_err().code(), "certificate_unreadable");
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
                // As `openssl s_client -showcerts` writes it.
                (format!(" 0 s:CN = leaf\n   i:CN = issuer\n{block}\n 1 s:CN = issuer\n{block}\n"), 2),
                (format!("0\n{block}"), 1),
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
