//! The one JSON form of verdicts: of reports, verified documents and errors, the same for every host.
//!
//! Its schema is `docs/schema/report.json`.

use alloc::string::{String, ToString as _};
use core::fmt;

use super::check::{CheckLine, Outcome};
use super::document::{TimeBasis, VerifiedDocument};
use super::fetch::Fetch;
use super::report::Report;
use crate::attested::claims::expectations::At;
use crate::attested::error::{FetchError, MissingIssuer, VerifyError};
use crate::attested::path::chain_certificate::ChainCertificate;
use crate::host::Host;
use crate::json::Json;
use crate::json::form::Form;

/// The version of the form. It grows when a member changes its meaning or goes, not when one is added.
const VERSION: u64 = 1;

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
/// assert!(json.starts_with(r#"{"form":1,"verdict":"refused","#), "{json}");
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
        let headline = report.headline();
        let mut members = alloc::vec![
            ("form", Form::Number(VERSION)),
            ("verdict", if report.verdict().is_ok() { "verified" } else { "refused" }.into()),
            (
                "headline",
                Form::Members(alloc::vec![
                    ("name", headline.name().into()),
                    ("title", headline.title().into()),
                    ("meaning", headline.meaning().into()),
                ]),
            ),
            ("error", Form::optional(report.verdict().err(), |error| self.error(error))),
        ];
        members.extend(document_members(report.verdict().ok()));
        members.push(("judged", judged(report.judged_at)));
        members.push(("checks", Form::list(report.checks(), check_line)));
        members.push(("chain", Form::list(report.chain(), certificate)));
        members.push(("fetches", Form::list(report.fetches(), fetch)));
        members.push(("not_fetched", Form::optional(report.not_fetched(), |reason| reason.name().into())));
        if let Some(content) = report.unverified_content().filter(|_| self.shows_unverified) {
            members.push(("unverified", claims(content)));
        }
        Form::Members(members)
    }
}

impl fmt::Display for ReportForm<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form().fmt(formatter)
    }
}

impl ReportForm<'_> {
    fn error(&self, error: &VerifyError) -> Form {
        Form::Members(alloc::vec![
            ("code", error.code().into()),
            ("summary", error.summary().into()),
            ("message", Form::shown(error)),
            ("next_step", Form::optional(self.report.next_step_for(self.host), Form::Text)),
            ("retryable", Form::Bool(self.report.retryable())),
            ("missing", Form::list(error.missing(), missing)),
        ])
    }
}

impl VerifiedDocument {
    /// The JSON form: the members of a [report's](Report::form) that tell of the document.
    #[must_use]
    pub fn to_json(&self) -> String {
        Form::Members(document_members(Some(self)).into()).to_string()
    }
}

/// What a verified document says; each is null for a refused one.
fn document_members(document: Option<&VerifiedDocument>) -> [(&'static str, Form); 9] {
    let of = |make: &dyn Fn(&VerifiedDocument) -> Form| Form::optional(document, make);
    [
        ("identity", of(&|it| Form::shown(it.identity()))),
        ("cloud", of(&|it| Form::shown(it.cloud()))),
        ("region", of(&|it| Form::optional(it.region(), Form::from))),
        ("created_on", of(&|it| Form::shown(it.created_on()))),
        ("expires_on", of(&|it| Form::shown(it.expires_on()))),
        ("nonce_checked", of(&|it| Form::Bool(it.nonce_checked()))),
        ("trust", of(&|it| Form::optional(it.anchor(), |anchor| trust(it, anchor)))),
        ("unknown_issuers", of(&|it| Form::list(it.unknown_issuers(), |issuer| Form::Text(issuer.fingerprint())))),
        ("claims", of(&|it| claims(it.content()))),
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

/// The time that was asked for: there is none before the document's own is known.
fn judged(at: At) -> Form {
    let (basis, time) = match at {
        At::Time(time) => (TimeBasis::Now(time).name(), Some(time)),
        At::SigningTime => ("signing_time", None),
    };
    Form::Members(alloc::vec![("by", basis.into()), ("at", Form::optional(time, Form::shown))])
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
        ("code", Form::optional(fetch.error.as_ref(), |error: &FetchError| error.code().into())),
        ("message", Form::optional(fetch.error.as_ref(), Form::shown)),
        ("remembered", Form::Bool(fetch.remembered)),
    ])
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
