//! Known issuers, default anchors, and certificates that a caller gives.

use alloc::format;
use alloc::string::String;

use azure_imds::Trust;
use azure_imds::attested::{ChainCertificate, DEFAULT_ANCHORS};
use wasm_bindgen::prelude::*;

use crate::convert::{Members, array, bytes, date};
use crate::errors;

/// The table of known issuers.
#[wasm_bindgen(js_name = knownIssuers)]
pub fn known_issuers() -> JsValue {
    array(azure_imds::attested::known_issuers(), known_issuer)
}

fn known_issuer(known: &azure_imds::attested::KnownIssuer) -> JsValue {
    let sha256: String = known.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    Members::new()
        .text("name", known.name)
        .text("subject", known.subject)
        .text("sha256", &sha256)
        .with("notBefore", date(known.not_before))
        .with("notAfter", date(known.not_after))
        .optional_text("url", known.url)
        .text("issuer", known.issuer)
        .text("kind", known.kind.name())
        .with("defaultAnchor", known.default_anchor.into())
        .into()
}

/// The default anchors, DER.
#[wasm_bindgen(js_name = defaultAnchors)]
pub fn default_anchors() -> JsValue {
    array(DEFAULT_ANCHORS, |der| bytes(der))
}

/// The certificates of a bundle, DER.
#[wasm_bindgen(js_name = readCertificates)]
pub fn read_certificates(bundle: &[u8]) -> Result<JsValue, JsValue> {
    let trust = Trust::builder_without_anchors().issuers(bundle).map_err(errors::usage)?.build();
    Ok(array(trust.issuers(), bytes))
}

/// The certificates of a bundle as they are shown.
#[wasm_bindgen(js_name = describeCertificates)]
pub fn describe_certificates(bundle: &[u8]) -> Result<JsValue, JsValue> {
    Ok(array(ChainCertificate::in_bundle(bundle).map_err(errors::usage)?, |certificate| {
        Members::new().text("form", &certificate.to_json()).with("der", bytes(&certificate.der)).into()
    }))
}
