//! Every check with its outcome.

use alloc::string::ToString;

use azure_imds::attested::{CheckLine, Fetch, FetchError, Headline, Host, MissingIssuer, NotFetched, Outcome};
use azure_imds::{Report, VerifyError};
use wasm_bindgen::JsValue;

use crate::convert::{array, object, with};
use crate::document::{chain, document};

/// What a verification found.
pub(crate) fn report(report: &Report) -> JsValue {
    let members = [
        ("headline", headline(report.headline())),
        ("unverified", report.unverified_content().into()),
        ("checks", array(report.checks(), check_line)),
        ("chain", chain(report.chain())),
        ("fetches", array(report.fetches(), fetch)),
        ("notFetched", report.not_fetched().map(|reason| reason.to_string()).into()),
        ("notFetchedCode", report.not_fetched().map(NotFetched::name).into()),
        ("text", report.text_for(Host::JavaScript).into()),
    ];
    with(verdict(report), &members)
}

/// The document or the error.
pub(crate) fn verdict(report: &Report) -> JsValue {
    match report.verdict() {
        Ok(verified) => object(&[("document", document(verified))]),
        Err(error) => object(&[("error", failure(error, Some(report)))]),
    }
}

fn headline(headline: Headline) -> JsValue {
    object(&[
        ("name", headline.name().into()),
        ("title", headline.title().into()),
        ("meaning", headline.meaning().into()),
    ])
}

/// Why a document is refused. The report of it knows whether fetching has failed.
pub(crate) fn failure(error: &VerifyError, report: Option<&Report>) -> JsValue {
    let next_step =
        |host| report.and_then(|report| report.next_step_for(host)).unwrap_or_else(|| error.next_step_for(host));
    let retryable = report.map_or_else(|| error.retryable(), Report::retryable);
    object(&[
        ("code", error.code().into()),
        ("message", error.to_string().into()),
        ("summary", error.summary().into()),
        ("nextStep", next_step(Host::JavaScript).into()),
        ("pageStep", next_step(Host::Page).into()),
        ("retryable", retryable.into()),
        ("missing", array(&error.missing(), missing)),
    ])
}

/// A certificate that is missing or not trusted.
fn missing(issuer: &MissingIssuer) -> JsValue {
    object(&[
        ("name", issuer.name.as_str().into()),
        ("sha256", issuer.sha256.as_deref().into()),
        ("url", issuer.url.as_deref().into()),
    ])
}

fn check_line(line: &CheckLine) -> JsValue {
    let error = match &line.outcome {
        Outcome::Failed(error) => Some(&**error),
        _ => None,
    };
    object(&[
        ("name", line.check.name().into()),
        ("outcome", line.outcome.name().into()),
        ("code", error.map(VerifyError::code).into()),
        ("detail", line.detail.as_str().into()),
        ("nextStep", error.map(|error| error.next_step_for(Host::JavaScript)).into()),
        ("pageStep", error.map(|error| error.next_step_for(Host::Page)).into()),
    ])
}

fn fetch(fetch: &Fetch) -> JsValue {
    object(&[
        ("url", fetch.url.as_str().into()),
        ("code", fetch.error.as_ref().map(FetchError::code).into()),
        ("message", fetch.error.as_ref().map(ToString::to_string).into()),
        ("remembered", fetch.remembered.into()),
    ])
}
