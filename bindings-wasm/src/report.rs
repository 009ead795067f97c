//! Every check with its outcome, and what a verified document says.

use alloc::string::ToString;

use azure_imds::attested::{ChainCertificate, Host, Outcome};
use azure_imds::{Report, VerifiedDocument};
use wasm_bindgen::JsValue;

use crate::convert::{Members, array, bytes};

/// What a verification found: what the form does not hold as it is wanted, and the form.
pub(crate) fn report(report: &Report) -> JsValue {
    let form = report.form().host(Host::JavaScript).with_unverified().to_string();
    Members::new()
        .with("document", report.verdict().ok().map(document).into())
        .optional_text("unverified", report.unverified_content())
        .with("steps", steps(report, Host::JavaScript))
        .with("pageSteps", steps(report, Host::Page))
        .optional_text("pageStep", report.next_step_for(Host::Page).as_deref())
        .with("ders", ders(report.chain()))
        .text("text", &report.text_for(Host::JavaScript))
        .text("form", &form)
        .into()
}

/// The document, or the form of the error, alone.
pub(crate) fn verdict(report: &Report) -> JsValue {
    let members = Members::new();
    match report.verdict() {
        Ok(verified) => members
            .with("document", document(verified))
            .text("form", &verified.to_json())
            .with("ders", ders(verified.chain())),
        Err(_) => members.optional_text("error", report.form().host(Host::JavaScript).error_json().as_deref()),
    }
    .into()
}

/// A document that Azure signed, or somebody under a root that was added: what the form does not hold as it is wanted.
fn document(document: &VerifiedDocument) -> JsValue {
    let plan = document.plan().map(|plan| {
        let members = Members::new().text("name", &plan.name).text("product", &plan.product);
        JsValue::from(members.text("publisher", &plan.publisher))
    });
    Members::new()
        .text("vmId", document.vm_id())
        .optional_text("subscriptionId", document.subscription_id())
        .optional_text("sku", document.sku())
        .with("plan", plan.into())
        .optional_text("licenseType", document.claims().license_type.as_deref())
        .optional_text("nonce", document.nonce())
        .text("content", document.content())
        .text("text", &document.to_string())
        .into()
}

fn ders(chain: &[ChainCertificate]) -> JsValue {
    array(chain, |certificate| bytes(&certificate.der))
}

/// What to do about each check that failed.
fn steps(report: &Report, host: Host) -> JsValue {
    array(report.checks(), |line| match &line.outcome {
        Outcome::Failed(error) => error.next_step_for(host).into(),
        _ => JsValue::UNDEFINED,
    })
}
