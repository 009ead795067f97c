//! What Rust answers: the whole report of `explain`, what `verify` says, and what the input is taken for, as JSON.
//!
//! The members have the names of the Python package. Bytes and PEM stand there as their digests, times as Unix time.

use azure_imds::attested::{
    At, ChainCertificate, CheckLine, Fetch, FetchError, Host, Outcome, Plan, Recognised, Wrapping, recognise,
};
use azure_imds::{Report, SignedDocument, Timestamp, Trust, UsageError, VerifiedDocument, Verifier, VerifyError};
use serde_json::{Value, json};

use super::compare::BY_HOST;
use super::question::{Question, name};
use crate::input::{self, Input};
use crate::suite::expectations;

/// The answer to one question.
///
/// # Panics
///
/// If what is expected is not in the form of the vectors.
#[must_use]
pub fn answer(question: &Question) -> Value {
    let trust = match trust(question) {
        Ok(trust) => trust,
        // What the packages say of it begins with the name of their argument.
        Err(error) => return json!({ "usage": { "class": "UsageError", "code": error.code() } }),
    };
    let verifier = Verifier::new(trust);
    let expected = expectations(&question.expect);
    let at = question.at.map_or(At::SigningTime, |unix| At::Time(Timestamp::from_unix(unix)));
    let bytes = match &question.input {
        Input::Bytes(bytes) => bytes.as_slice(),
        Input::Text(text) => text.as_bytes(),
    };
    let verified = SignedDocument::parse(bytes).and_then(|document| verifier.verify(&document, &expected, at));
    let verify = match &verified {
        Ok(document) => json!({ "document": self::document(document) }),
        Err(error) => json!({ "class": "VerifyError", "error": failure(error) }),
    };
    json!({
        "verify": verify,
        "report": report(&verifier.explain(bytes, &expected, at)),
        "recognised": recognised(&recognise(bytes)),
    })
}

fn trust(question: &Question) -> Result<Trust, UsageError> {
    let trust = question.anchors.iter().try_fold(Trust::builder_without_anchors(), |trust, it| trust.anchors(it))?;
    let trust = question.issuers.iter().try_fold(trust, |trust, it| trust.issuers(it))?;
    Ok(question.denied.iter().try_fold(trust, |trust, it| trust.deny_fingerprint(it))?.build())
}

fn report(report: &Report) -> Value {
    let headline = report.headline();
    json!({
        "verified": report.verdict().is_ok(),
        "headline": {
            "name": headline.name(),
            "title": headline.title(),
            "meaning": headline.meaning(),
            BY_HOST: { "python": { "is_verified": headline.is_verified() }, "node": {} },
        },
        "document": report.verdict().ok().map(document),
        "error": report.verdict().err().map(reported),
        "unverified": report.unverified_content(),
        "checks": report.checks().iter().map(check_line).collect::<Vec<_>>(),
        "chain": report.chain().iter().map(certificate).collect::<Vec<_>>(),
        "fetches": report.fetches().iter().map(fetch).collect::<Vec<_>>(),
        "not_fetched": report.not_fetched().map(|reason| reason.to_string()),
        "not_fetched_code": report.not_fetched().map(|reason| reason.code()),
        "text": by_host(|host| report.text_for(host).into()),
        "form": by_host(|host| read(&report.form().host(host).to_string())),
    })
}

fn recognised(found: &Recognised) -> Value {
    json!({
        "material": found.material.name(),
        "description": found.material.description(),
        "next_step": found.material.next_step(),
        "wrapping": found.wrapping.map(Wrapping::description),
        "document": name(&found.document),
    })
}

fn document(document: &VerifiedDocument) -> Value {
    json!({
        "identity": document.identity().to_string(),
        "vm_id": document.vm_id(),
        "subscription_id": document.subscription_id(),
        "sku": document.sku(),
        "plan": document.plan().map(plan),
        "license_type": document.claims().license_type,
        "nonce": document.nonce(),
        "nonce_checked": document.nonce_checked(),
        "created_on": document.created_on().unix(),
        "expires_on": document.expires_on().unix(),
        "cloud": document.cloud().name(),
        "region": document.region(),
        "names": document.names(),
        "chain": document.chain().iter().map(certificate).collect::<Vec<_>>(),
        "unknown_issuers": document.unknown_issuers().map(certificate).collect::<Vec<_>>(),
        "new_issuers": document.new_issuers().map(certificate).collect::<Vec<_>>(),
        "anchor": document.anchor().map(certificate),
        "is_default_anchor": document.is_default_anchor(),
        "time_basis": document.time_basis().name(),
        "judged_at": document.time_basis().time().unix(),
        "content": document.content(),
        "claims": serde_json::from_str::<Value>(document.content()).expect("verified claims"),
        "text": document.to_string(),
        "form": read(&document.to_json()),
    })
}

/// A JSON form as values.
pub(super) fn read(form: &str) -> Value {
    serde_json::from_str(form).expect("a JSON form")
}

fn plan(plan: &Plan) -> Value {
    json!({ "name": plan.name, "product": plan.product, "publisher": plan.publisher })
}

/// What an exception says.
fn failure(error: &VerifyError) -> Value {
    let missing: Vec<Value> = error
        .missing()
        .iter()
        .map(|it| json!({ "name": it.name.as_str(), "sha256": it.sha256, "url": it.url }))
        .collect();
    json!({
        "code": error.code(),
        "message": error.to_string(),
        "summary": error.summary(),
        "next_step": by_host(|host| error.next_step_for(host).into()),
        "retryable": error.retryable(),
        "missing": missing,
    })
}

/// What a report says: that, and the step in the words of the program that the package brings.
fn reported(error: &VerifyError) -> Value {
    let mut failure = failure(error);
    failure[BY_HOST] = json!({
        "python": { "command_line_step": error.next_step_for(Host::CommandLine) },
        "node": { "page_step": error.next_step_for(Host::Page) },
    });
    failure
}

/// What each package must say in its own words.
pub(super) fn by_host(told: impl Fn(Host) -> Value) -> Value {
    json!({ BY_HOST: { "python": told(Host::Python), "node": told(Host::JavaScript) } })
}

fn check_line(line: &CheckLine) -> Value {
    let error = match &line.outcome {
        Outcome::Failed(error) => Some(&**error),
        _ => None,
    };
    json!({
        "name": line.check.name(),
        "outcome": line.outcome.name(),
        "code": error.map(VerifyError::code),
        "detail": line.detail,
        "next_step": error.map_or(Value::Null, |error| by_host(|host| error.next_step_for(host).into())),
        BY_HOST: { "python": {}, "node": { "page_step": error.map(|error| error.next_step_for(Host::Page)) } },
    })
}

fn certificate(certificate: &ChainCertificate) -> Value {
    json!({
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": certificate.serial,
        "sha256": certificate.fingerprint(),
        "public_key_sha256": certificate.public_key_fingerprint(),
        "not_before": certificate.not_before.unix(),
        "not_after": certificate.not_after.unix(),
        "key": certificate.key,
        "der": name(&certificate.der),
        "pem": name(input::pem("CERTIFICATE", &certificate.der).as_bytes()),
    })
}

fn fetch(fetch: &Fetch) -> Value {
    json!({
        "url": fetch.url,
        "code": fetch.error.as_ref().map(FetchError::code),
        "message": fetch.error.as_ref().map(ToString::to_string),
    })
}
