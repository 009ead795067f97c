//! What a web server gave for an issuer's certificate, before it is known whose issuer it is.

use super::lane::Fetched;
use crate::attested::error::FetchError;
use crate::attested::input::bundle;
use crate::attested::x509::certificate::Certificate;
use crate::error::TransportError;
use crate::http::Response;

/// Bytes of one certificate.
pub(in crate::attested) const CERTIFICATE_LIMIT: usize = 64 * 1024;

/// Reads an answer: the certificate in it, or why it is of no use to anybody.
pub(in crate::attested) fn read(response: &Response) -> Fetched {
    match response.status {
        200 => {}
        status @ 300..=399 => return Err(FetchError::Redirected { status }),
        status => return Err(FetchError::Status { status }),
    }
    if response.body.len() > CERTIFICATE_LIMIT {
        return Err(TransportError::TooLong { limit: CERTIFICATE_LIMIT }.into());
    }
    certificate(&response.body).ok_or(FetchError::NotTheIssuer { reason: "it is not one certificate" })
}

/// One certificate, as servers send them: DER, or PEM.
fn certificate(mut body: &[u8]) -> Option<Certificate> {
    if body.first() == Some(&0x30) {
        return Certificate::parse(body).ok();
    }
    let der = bundle::next_certificate(&mut body)?.ok()?;
    Certificate::parse(&der).ok()
}
