//! Known issuers, default anchors, and certificates that a caller gives.

use azure_imds::Trust;
use azure_imds::attested::{ChainCertificate, DEFAULT_ANCHORS};
use wasm_bindgen::prelude::*;

use crate::convert::{array, bytes, date, hex, object};
use crate::errors;

/// The table of known issuers.
#[wasm_bindgen(js_name = knownIssuers)]
pub fn known_issuers() -> JsValue {
    array(azure_imds::attested::known_issuers(), known_issuer)
}

fn known_issuer(known: &azure_imds::attested::KnownIssuer) -> JsValue {
    object(&[
        ("name", known.name.into()),
        ("subject", known.subject.into()),
        ("sha256", hex(&known.sha256).into()),
        ("notBefore", date(known.not_before)),
        ("notAfter", date(known.not_after)),
        ("url", known.url.into()),
        ("issuer", known.issuer.into()),
        ("kind", known.kind.name().into()),
        ("defaultAnchor", known.default_anchor.into()),
    ])
}

/// The default anchors, DER.
#[wasm_bindgen(js_name = defaultAnchors)]
pub fn default_anchors() -> JsValue {
    array(DEFAULT_ANCHORS, |der| bytes(der))
}

/// The certificates of a bundle, DER.
///
/// # Errors
///
/// `bundle_empty`, `certificate_unreadable`.
#[wasm_bindgen(js_name = readCertificates)]
pub fn read_certificates(bundle: &[u8]) -> Result<JsValue, JsValue> {
    let trust = Trust::builder_without_anchors().issuers(bundle).map_err(errors::usage)?.build();
    Ok(array(trust.issuers(), bytes))
}

/// The certificates of a bundle as they are shown.
///
/// # Errors
///
/// `bundle_empty`, `certificate_unreadable`.
#[wasm_bindgen(js_name = describeCertificates)]
pub fn describe_certificates(bundle: &[u8]) -> Result<JsValue, JsValue> {
    Ok(array(ChainCertificate::in_bundle(bundle).map_err(errors::usage)?, |certificate| {
        object(&[("form", certificate.to_json().into()), ("der", bytes(&certificate.der))])
    }))
}
