//! Every check with its outcome.

use alloc::string::ToString;

use azure_imds::Report;
use azure_imds::attested::{ChainCertificate, Host, Outcome};
use wasm_bindgen::JsValue;

use crate::convert::{array, bytes, object};
use crate::document::document;

/// What a verification found: what the form does not hold as it is wanted, and the form.
pub(crate) fn report(report: &Report) -> JsValue {
    object(&[
        ("document", report.verdict().ok().map(document).into()),
        ("unverified", report.unverified_content().into()),
        ("steps", steps(report, Host::JavaScript)),
        ("pageSteps", steps(report, Host::Page)),
        ("pageStep", report.next_step_for(Host::Page).into()),
        ("ders", ders(report.chain())),
        ("text", report.text_for(Host::JavaScript).into()),
        ("form", report.form().host(Host::JavaScript).with_unverified().to_string().into()),
    ])
}

/// The document, or the form of the error, alone.
pub(crate) fn verdict(report: &Report) -> JsValue {
    match report.verdict() {
        Ok(verified) => object(&[
            ("document", document(verified)),
            ("form", verified.to_json().into()),
            ("ders", ders(verified.chain())),
        ]),
        Err(_) => object(&[("error", report.form().host(Host::JavaScript).error_json().into())]),
    }
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
