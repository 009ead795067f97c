//! A verified document, its plan and its chain.

use alloc::string::ToString;

use azure_imds::VerifiedDocument;
use azure_imds::attested::{ChainCertificate, Plan};
use wasm_bindgen::JsValue;

use crate::convert::{array, bytes, object};

/// A document that Azure signed, or somebody under a root that was added: what the form does not hold as it is wanted.
pub(crate) fn document(document: &VerifiedDocument) -> JsValue {
    object(&[
        ("vmId", document.vm_id().into()),
        ("subscriptionId", document.subscription_id().into()),
        ("sku", document.sku().into()),
        ("plan", document.plan().map(plan).into()),
        ("licenseType", document.claims().license_type.as_deref().into()),
        ("nonce", document.nonce().into()),
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
    object(&[("form", certificate.to_json().into()), ("der", bytes(&certificate.der))])
}
