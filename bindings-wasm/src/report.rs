//! Every check with its outcome.

use alloc::string::{String, ToString};

use azure_imds::{CheckLine, Fetch, FetchError, Headline, Outcome, Report, VerifyError};
use wasm_bindgen::JsValue;

use crate::convert::{array, object};
use crate::document::{chain, document};

/// What a verification found.
pub(crate) fn report(report: &Report) -> JsValue {
    object(&[
        ("headline", headline(report.headline())),
        ("document", report.verdict().ok().map(document).into()),
        ("error", report.verdict().err().map(|error| failure(error, Some(report))).into()),
        ("unverified", report.unverified_content().into()),
        ("checks", array(report.checks(), check_line)),
        ("chain", chain(report.chain())),
        ("fetches", array(report.fetches(), fetch)),
        ("notFetched", report.not_fetched().map(|reason| reason.to_string()).into()),
        ("text", report.to_string().into()),
    ])
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
    let next_step = report.and_then(Report::next_step).unwrap_or_else(|| error.next_step());
    let retryable = report.map_or_else(|| error.retryable(), Report::retryable);
    object(&[
        ("code", error.code().into()),
        ("message", error.to_string().into()),
        ("summary", error.summary().into()),
        ("nextStep", next_step.into()),
        ("retryable", retryable.into()),
        ("missing", missing(error)),
    ])
}

/// The certificate that would help, if one would.
fn missing(error: &VerifyError) -> JsValue {
    let certificate = |name: &azure_imds::Quoted, sha256: &Option<String>, url: Option<&str>| {
        object(&[("name", name.as_str().into()), ("sha256", sha256.as_deref().into()), ("url", url.into())])
    };
    match error {
        VerifyError::IssuerMissing { name, sha256, url } => certificate(name, sha256, url.as_deref()),
        VerifyError::RootNotTrusted { name, sha256 } => certificate(name, sha256, None),
        _ => JsValue::UNDEFINED,
    }
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
        ("nextStep", error.map(VerifyError::next_step).into()),
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
