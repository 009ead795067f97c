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
use crate::json::form::{Object, SCHEMA_VERSION, object};
use crate::time::Timestamp;

#[cfg(test)]
mod tests;

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
    ///
    /// ```
    /// use azure_imds::attested::{Host, ReportForm};
    /// use azure_imds::{Expectations, NONCE_NOT_CHECKED, Timestamp, Verifier};
    ///
    /// let now = Timestamp::parse_rfc3339("2026-06-25T18:57:45Z")?;
    /// let report = Verifier::default().explain(b"MAA=", &Expectations::new(NONCE_NOT_CHECKED), now);
    /// let form: ReportForm<'_> = report.form().host(Host::Python);
    /// let error = form.error_json().expect("it is refused");
    /// assert!(error.starts_with(r#"{"code":"#), "{error}");
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    #[must_use]
    pub const fn host(self, host: Host) -> Self {
        Self { host, ..self }
    }

    /// The same with the content of a refused document, **which nobody vouches for**, as `unverified`.
    #[must_use]
    pub const fn with_unverified(self) -> Self {
        Self { shows_unverified: true, ..self }
    }

    /// The member `error` alone. Nothing for an accepted document.
    #[must_use]
    pub fn error_json(&self) -> Option<String> {
        let error = self.report.verdict().err()?;
        Some(object(|form| self.error(form, error)))
    }

    fn text(&self, shows_claims: ShowsClaims) -> String {
        let report = self.report;
        let (document, error) = (report.verdict().ok(), report.verdict().err());
        let (time_basis, judged_at) = judged(report);
        object(|form| {
            form.written("schema_version", SCHEMA_VERSION);
            form.text("verdict", if error.is_none() { "verified" } else { "refused" });
            form.object("headline", |form| headline(form, report.headline()));
            form.optional("error", error, |form, error| self.error(form, error));
            form.optional("document", document, |form, it| document_members(form, it, shows_claims));
            form.text("time_basis", time_basis);
            form.optional_text("judged_at", judged_at.map(|time| time.to_string()).as_deref());
            form.list("checks", report.checks(), check_line);
            form.flag("chain_verified", error.is_none() || report.has_passed(Check::Chain));
            form.list("chain", report.chain(), certificate);
            form.list("fetches", report.fetches(), fetch);
            form.optional("not_fetched", report.not_fetched(), not_fetched);
            if self.shows_unverified {
                match report.unverified_content() {
                    Some(content) => claims(form, "unverified", content, shows_claims),
                    None => form.optional_text("unverified", None),
                }
            }
        })
    }

    fn error(&self, form: &mut Object<'_>, error: &VerifyError) {
        form.text("code", error.code());
        form.optional_text("check", self.report.failed_check().map(Check::name));
        form.text("summary", error.summary());
        form.shown("message", error);
        form.optional_text("next_step", self.report.next_step_for(self.host).as_deref());
        form.flag("retryable", self.report.retryable());
        form.list("missing", error.missing(), missing);
    }
}

impl fmt::Display for ReportForm<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text(is_object))
    }
}

impl VerifiedDocument {
    /// The JSON form: the member `document` of a [report's](Report::form), with the version of the form.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.text(is_object)
    }

    fn text(&self, shows_claims: ShowsClaims) -> String {
        object(|form| {
            form.written("schema_version", SCHEMA_VERSION);
            document_members(form, self, shows_claims);
        })
    }
}

impl ChainCertificate {
    /// The JSON form: that of a certificate in the chain of a [report's](Report::form).
    #[must_use]
    pub fn to_json(&self) -> String {
        object(|form| certificate(form, self))
    }
}

/// What a verified document says, and what the verdict rests on.
fn document_members(form: &mut Object<'_>, document: &VerifiedDocument, shows_claims: ShowsClaims) {
    let time_basis = document.time_basis();
    form.octets("identity", document.identity().as_bytes());
    form.text("cloud", document.cloud().name());
    form.optional_text("region", document.region());
    form.texts("names", document.names());
    form.shown("created_on", &document.created_on());
    form.shown("expires_on", &document.expires_on());
    form.flag("nonce_checked", document.nonce_checked());
    form.text("time_basis", time_basis.name());
    form.shown("judged_at", &time_basis.time());
    form.optional("trust", document.anchor(), |form, anchor| {
        form.flag("default_anchor", document.is_default_anchor());
        form.text("subject", &anchor.subject);
        form.octets("sha256", &anchor.sha256);
    });
    form.texts("unknown_issuers", document.unknown_issuers().map(ChainCertificate::fingerprint));
    form.texts("new_issuers", document.new_issuers().map(ChainCertificate::fingerprint));
    claims(form, "claims", document.content(), shows_claims);
}

/// The time that the verdict speaks of. Of a refused document, when it was signed is not known.
fn judged(report: &Report) -> (&'static str, Option<Timestamp>) {
    match (report.verdict(), report.judged_at) {
        (Ok(document), _) => (document.time_basis().name(), Some(document.time_basis().time())),
        (Err(_), At::Time(time)) => (TimeBasis::Now(time).name(), Some(time)),
        (Err(_), At::SigningTime) => ("signing_time", None),
    }
}

fn headline(form: &mut Object<'_>, headline: Headline) {
    form.text("name", headline.name());
    form.text("title", headline.title());
    form.text("meaning", headline.meaning());
}

fn check_line(form: &mut Object<'_>, line: &CheckLine) {
    let code = match &line.outcome {
        Outcome::Failed(error) => Some(error.code()),
        _ => None,
    };
    form.text("name", line.check.name());
    form.text("outcome", line.outcome.name());
    form.optional_text("code", code);
    form.text("detail", &line.detail);
}

fn certificate(form: &mut Object<'_>, certificate: &ChainCertificate) {
    form.text("subject", &certificate.subject);
    form.text("issuer", &certificate.issuer);
    form.text("serial", &certificate.serial);
    form.text("key", &certificate.key);
    form.shown("not_before", &certificate.not_before);
    form.shown("not_after", &certificate.not_after);
    form.octets("sha256", &certificate.sha256);
    form.octets("public_key_sha256", &certificate.public_key_sha256);
}

fn fetch(form: &mut Object<'_>, fetch: &Fetch) {
    form.text("url", &fetch.url);
    form.text("issuer", fetch.issuer.as_str());
    form.optional("error", fetch.error.as_ref(), |form, error: &FetchError| {
        form.text("code", error.code());
        form.shown("message", error);
    });
    form.flag("remembered", fetch.remembered);
}

fn not_fetched(form: &mut Object<'_>, reason: NotFetched) {
    form.text("code", reason.code());
    form.shown("message", &reason);
}

fn missing(form: &mut Object<'_>, issuer: MissingIssuer) {
    form.text("name", issuer.name.as_str());
    form.optional_text("sha256", issuer.sha256.as_deref());
    form.optional_text("url", issuer.url.as_deref());
}

/// Whether content is shown as the JSON that it is.
type ShowsClaims = fn(&str) -> bool;

fn is_object(content: &str) -> bool {
    matches!(Json::parse(content, DEPTH), Ok(Json::Object(_)))
}

/// Claims as they were signed. Content that is not one JSON object is shown as the text that it is.
fn claims(form: &mut Object<'_>, name: &str, content: &str, shows_claims: ShowsClaims) {
    if shows_claims(content) {
        form.written(name, content);
    } else {
        form.text(name, content);
    }
}

/// The form with claims that serde can hand on: those with a number beyond any type of Rust's are a text.
#[cfg(feature = "serde")]
fn value<E: serde::ser::Error>(form: impl FnOnce(ShowsClaims) -> String) -> Result<serde_json::Value, E> {
    let is_value: ShowsClaims =
        |content| is_object(content) && serde_json::from_str::<serde_json::Value>(content).is_ok();
    serde_json::from_str(&form(is_value)).map_err(E::custom)
}

#[cfg(feature = "serde")]
impl serde::Serialize for ReportForm<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        value(|shows_claims| self.text(shows_claims))?.serialize(serializer)
    }
}

/// The same as its [form](Report::form).
#[cfg(feature = "serde")]
impl serde::Serialize for Report {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.form().serialize(serializer)
    }
}

/// The JSON form.
#[cfg(feature = "serde")]
impl serde::Serialize for VerifiedDocument {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        value(|shows_claims| self.text(shows_claims))?.serialize(serializer)
    }
}

/// The JSON form.
#[cfg(feature = "serde")]
impl serde::Serialize for ChainCertificate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        value(|_| self.to_json())?.serialize(serializer)
    }
}
