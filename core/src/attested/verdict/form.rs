//! The one JSON form of verdicts: of reports, verified documents and errors, the same for every host.
//!
//! Its schema is `docs/schema/report.json`. A member is always there, null where there is nothing to say, so that a reader
//! needs no test for its name; `unverified` alone is there only where it was asked for. What the API names, the form names
//! the same.

use alloc::string::{String, ToString as _};
use core::fmt;

use super::check::{Check, CheckLine, Outcome};
use super::document::{TimeBasis, VerifiedDocument};
use super::fetch::{Fetch, NotFetched};
use super::headline::Headline;
use super::report::Report;
use crate::attested::claims::expectations::At;
use crate::attested::error::{FetchError, MissingIssuer, VerifyError};
use crate::attested::path::chain_certificate::ChainCertificate;
use crate::host::Host;
use crate::json::Json;
use crate::json::form::Form;
use crate::time::Timestamp;

#[cfg(test)]
mod tests;

/// The version of the form and its schema. It grows when a member changes its meaning or goes, not when one is added.
const SCHEMA_VERSION: u64 = 1;

/// Levels of claims that are shown as JSON. What nests deeper was refused, and is shown as text.
const DEPTH: usize = 8;

/// A report in its JSON form: displays as JSON, and serialises as the same values where the feature `serde` is on.
///
/// ```
/// use azure_imds::{Expectations, NONCE_NOT_CHECKED, Timestamp, Verifier};
///
/// let now = Timestamp::parse_rfc3339("2026-06-25T18:57:45Z")?;
/// let report = Verifier::default().explain(b"{}", &Expectations::new(NONCE_NOT_CHECKED), now);
/// let json = report.form().to_string();
/// assert!(json.starts_with(r#"{"schema_version":1,"verdict":"refused","#), "{json}");
/// # Ok::<(), azure_imds::UsageError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ReportForm<'a> {
    report: &'a Report,
    host: Host,
    shows_unverified: bool,
}

impl Report {
    /// The JSON form. Next steps are those of Rust, and the content of a refused document is left out.
    #[must_use]
    pub const fn form(&self) -> ReportForm<'_> {
        ReportForm { report: self, host: Host::Rust, shows_unverified: false }
    }
}

impl ReportForm<'_> {
    /// The same with next steps in the words of a host.
    #[must_use]
    pub const fn host(self, host: Host) -> Self {
        Self { host, ..self }
    }

    /// The same with the content of a refused document, **which nobody vouches for**, as `unverified`.
    #[must_use]
    pub const fn with_unverified(self) -> Self {
        Self { shows_unverified: true, ..self }
    }

    fn form(&self) -> Form {
        let report = self.report;
        let (document, error) = (report.verdict().ok(), report.verdict().err());
        let (time_basis, judged_at) = judged(report);
        let mut members = alloc::vec![
            ("schema_version", Form::Number(SCHEMA_VERSION)),
            ("verdict", if error.is_none() { "verified" } else { "refused" }.into()),
            ("headline", headline(report.headline())),
            ("error", Form::optional(error, |error| self.error(error))),
            ("document", Form::optional(document, |document| Form::Members(document_members(document).into()))),
            ("time_basis", time_basis.into()),
            ("judged_at", Form::optional(judged_at, Form::shown)),
            ("checks", Form::list(report.checks(), check_line)),
            ("chain_verified", Form::Bool(error.is_none() || report.has_passed(Check::Chain))),
            ("chain", Form::list(report.chain(), certificate)),
            ("fetches", Form::list(report.fetches(), fetch)),
            ("not_fetched", Form::optional(report.not_fetched(), not_fetched)),
        ];
        if self.shows_unverified {
            members.push(("unverified", Form::optional(report.unverified_content(), claims)));
        }
        Form::Members(members)
    }

    fn error(&self, error: &VerifyError) -> Form {
        Form::Members(alloc::vec![
            ("code", error.code().into()),
            ("check", Form::optional(self.report.failed_check(), |check| check.name().into())),
            ("summary", error.summary().into()),
            ("message", Form::shown(error)),
            ("next_step", Form::optional(self.report.next_step_for(self.host), Form::Text)),
            ("retryable", Form::Bool(self.report.retryable())),
            ("missing", Form::list(error.missing(), missing)),
        ])
    }
}

impl fmt::Display for ReportForm<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form().fmt(formatter)
    }
}

impl VerifiedDocument {
    /// The JSON form: the member `document` of a [report's](Report::form), with the version of the form.
    #[must_use]
    pub fn to_json(&self) -> String {
        let version = [("schema_version", Form::Number(SCHEMA_VERSION))];
        Form::Members(version.into_iter().chain(document_members(self)).collect()).to_string()
    }
}

/// What a verified document says, and what the verdict rests on.
fn document_members(document: &VerifiedDocument) -> [(&'static str, Form); 12] {
    let time_basis = document.time_basis();
    [
        ("identity", Form::shown(document.identity())),
        ("cloud", Form::shown(document.cloud())),
        ("region", Form::optional(document.region(), Form::from)),
        ("names", Form::list(document.names(), |name| name.as_str().into())),
        ("created_on", Form::shown(document.created_on())),
        ("expires_on", Form::shown(document.expires_on())),
        ("nonce_checked", Form::Bool(document.nonce_checked())),
        ("time_basis", time_basis.name().into()),
        ("judged_at", Form::shown(time_basis.time())),
        ("trust", Form::optional(document.anchor(), |anchor| trust(document, anchor))),
        ("unknown_issuers", Form::list(document.unknown_issuers(), |issuer| Form::Text(issuer.fingerprint()))),
        ("claims", claims(document.content())),
    ]
}

/// The root that the verdict rests on.
fn trust(document: &VerifiedDocument, anchor: &ChainCertificate) -> Form {
    Form::Members(alloc::vec![
        ("default_anchor", Form::Bool(document.is_default_anchor())),
        ("subject", anchor.subject.as_str().into()),
        ("sha256", Form::Text(anchor.fingerprint())),
    ])
}

/// The time that the verdict speaks of. Of a refused document, when it was signed is not known.
fn judged(report: &Report) -> (&'static str, Option<Timestamp>) {
    match (report.verdict(), report.judged_at) {
        (Ok(document), _) => (document.time_basis().name(), Some(document.time_basis().time())),
        (Err(_), At::Time(time)) => (TimeBasis::Now(time).name(), Some(time)),
        (Err(_), At::SigningTime) => ("signing_time", None),
    }
}

fn headline(headline: Headline) -> Form {
    Form::Members(alloc::vec![
        ("name", headline.name().into()),
        ("title", headline.title().into()),
        ("meaning", headline.meaning().into()),
    ])
}

fn check_line(line: &CheckLine) -> Form {
    let code = match &line.outcome {
        Outcome::Failed(error) => error.code().into(),
        _ => Form::Null,
    };
    Form::Members(alloc::vec![
        ("name", line.check.name().into()),
        ("outcome", line.outcome.name().into()),
        ("code", code),
        ("detail", line.detail.as_str().into()),
    ])
}

fn certificate(certificate: &ChainCertificate) -> Form {
    Form::Members(alloc::vec![
        ("subject", certificate.subject.as_str().into()),
        ("issuer", certificate.issuer.as_str().into()),
        ("serial", certificate.serial.as_str().into()),
        ("key", certificate.key.as_str().into()),
        ("not_before", Form::shown(certificate.not_before)),
        ("not_after", Form::shown(certificate.not_after)),
        ("sha256", Form::Text(certificate.fingerprint())),
        ("public_key_sha256", Form::Text(certificate.public_key_fingerprint())),
    ])
}

fn fetch(fetch: &Fetch) -> Form {
    Form::Members(alloc::vec![
        ("url", fetch.url.as_str().into()),
        ("issuer", fetch.issuer.as_str().into()),
        ("error", Form::optional(fetch.error.as_ref(), fetch_error)),
        ("remembered", Form::Bool(fetch.remembered)),
    ])
}

fn fetch_error(error: &FetchError) -> Form {
    Form::Members(alloc::vec![("code", error.code().into()), ("message", Form::shown(error))])
}

fn not_fetched(reason: NotFetched) -> Form {
    Form::Members(alloc::vec![("code", reason.name().into()), ("message", Form::shown(reason))])
}

fn missing(issuer: MissingIssuer) -> Form {
    Form::Members(alloc::vec![
        ("name", issuer.name.as_str().into()),
        ("sha256", Form::optional(issuer.sha256, Form::Text)),
        ("url", Form::optional(issuer.url, Form::Text)),
    ])
}

/// Claims as they were signed. Content that is not one JSON object is shown as the text that it is.
fn claims(content: &str) -> Form {
    match Json::parse(content, DEPTH) {
        Ok(Json::Object(_)) => Form::Written(String::from(content)),
        Ok(_) | Err(_) => content.into(),
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ReportForm<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.form().serialize(serializer)
    }
}
