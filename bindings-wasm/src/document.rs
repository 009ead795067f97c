//! A verified document, its plan and its chain.

use alloc::string::ToString;

use azure_imds::VerifiedDocument;
use azure_imds::attested::{ChainCertificate, Plan};
use wasm_bindgen::JsValue;

use crate::convert::{array, bytes, date, object};

/// A document that Azure signed, or somebody under a root that was added.
pub(crate) fn document(document: &VerifiedDocument) -> JsValue {
    object(&[
        ("identity", document.identity().to_string().into()),
        ("vmId", document.vm_id().into()),
        ("subscriptionId", document.subscription_id().into()),
        ("sku", document.sku().into()),
        ("plan", document.plan().map(plan).into()),
        ("licenseType", document.claims().license_type.as_deref().into()),
        ("nonce", document.nonce().into()),
        ("nonceChecked", document.nonce_checked().into()),
        ("createdOn", date(document.created_on())),
        ("expiresOn", date(document.expires_on())),
        ("cloud", document.cloud().name().into()),
        ("region", document.region().into()),
        ("names", array(document.names(), JsValue::from)),
        ("chain", chain(document.chain())),
        ("unknownIssuers", array(document.unknown_issuers(), certificate)),
        ("newIssuers", array(document.new_issuers(), certificate)),
        ("isDefaultAnchor", document.is_default_anchor().into()),
        ("timeBasis", document.time_basis().name().into()),
        ("judgedAt", date(document.time_basis().time())),
        ("content", document.content().into()),
        ("text", document.to_string().into()),
    ])
}

/// The certificates of a chain.
pub(crate) fn chain(chain: &[ChainCertificate]) -> JsValue {
    array(chain, certificate)
}

fn plan(plan: &Plan) -> JsValue {
    object(&[
        ("name", plan.name.as_str().into()),
        ("product", plan.product.as_str().into()),
        ("publisher", plan.publisher.as_str().into()),
    ])
}

fn certificate(certificate: &ChainCertificate) -> JsValue {
    object(&[
        ("subject", certificate.subject.as_str().into()),
        ("issuer", certificate.issuer.as_str().into()),
        ("serial", certificate.serial.as_str().into()),
        ("sha256", certificate.fingerprint().into()),
        ("publicKeySha256", certificate.public_key_fingerprint().into()),
        ("notBefore", date(certificate.not_before)),
        ("notAfter", date(certificate.not_after)),
        ("key", certificate.key.as_str().into()),
        ("der", bytes(&certificate.der)),
    ])
}
