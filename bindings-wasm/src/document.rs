//! A verified document and its plan.

use alloc::string::ToString;

use azure_imds::VerifiedDocument;
use azure_imds::attested::Plan;
use wasm_bindgen::JsValue;

use crate::convert::object;

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

fn plan(plan: &Plan) -> JsValue {
    object(&[
        ("name", plan.name.as_str().into()),
        ("product", plan.product.as_str().into()),
        ("publisher", plan.publisher.as_str().into()),
    ])
}
