//! Every check with its outcome, for people: made for accepted and refused documents alike.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::document::VerifiedDocument;
use crate::attested::claims::expectations::At;
use crate::attested::error::{FetchError, VerifyError};
use crate::attested::path::search::ChainCertificate;
use crate::host::Host;
use crate::quoted::Quoted;

/// The checks of a verification, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Check {
    /// Envelope, PEM, base64 or DER can be decoded.
    Input,
    /// It is a CMS SignedData as the service writes it.
    SignedData,
    /// The one signer's certificate is in it, once.
    SignerCertificate,
    /// Digest and signature algorithm are accepted, agree, and go with the key.
    Algorithms,
    /// The signer's key is strong enough.
    KeyStrength,
    /// The signature fits content and key.
    ContentSignature,
    /// What is signed is the text of a JSON object.
    Content,
    /// All names of the signer lie in an accepted cloud's domain.
    Names,
    /// A path leads to a trust anchor.
    Chain,
    /// The claims can be read.
    Claims,
    /// The nonce is the one asked for.
    Nonce,
    /// The document is valid at the time asked for.
    Window,
    /// The document is young enough.
    MaxAge,
    /// The VM is the one expected.
    VmId,
    /// The subscription is the one expected.
    SubscriptionId,
    /// The image SKU is the one expected.
    Sku,
    /// The marketplace plan is the one expected.
    Plan,
}

impl Check {
    /// All checks, in their order.
    pub const ALL: &'static [Self] = &[
        Self::Input,
        Self::SignedData,
        Self::SignerCertificate,
        Self::Algorithms,
        Self::KeyStrength,
        Self::ContentSignature,
        Self::Content,
        Self::Names,
        Self::Chain,
        Self::Claims,
        Self::Nonce,
        Self::Window,
        Self::MaxAge,
        Self::VmId,
        Self::SubscriptionId,
        Self::Sku,
        Self::Plan,
    ];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::SignedData => "signed_data",
            Self::SignerCertificate => "signer_certificate",
            Self::Algorithms => "algorithms",
            Self::KeyStrength => "key_strength",
            Self::ContentSignature => "content_signature",
            Self::Content => "content",
            Self::Names => "names",
            Self::Chain => "chain",
            Self::Claims => "claims",
            Self::Nonce => "nonce",
            Self::Window => "window",
            Self::MaxAge => "max_age",
            Self::VmId => "vm_id",
            Self::SubscriptionId => "subscription_id",
            Self::Sku => "sku",
            Self::Plan => "plan",
        }
    }
}

/// What became of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not.
    Failed(Arc<VerifyError>),
    /// The caller did not ask for it.
    NotChecked,
    /// A failure before it left nothing to check.
    NotReached,
}

impl Outcome {
    /// The stable name: `passed`, `failed`, `not_checked` or `not_reached`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::NotChecked => "not_checked",
            Self::NotReached => "not_reached",
        }
    }
}

/// One line of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckLine {
    /// The check.
    pub check: Check,
    /// What became of it.
    pub outcome: Outcome,
    /// The evidence, bounded and escaped; for a failure the text of its error.
    pub detail: String,
}

/// An attempt to fetch an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetch {
    /// The address asked.
    pub url: String,
    /// The name of the issuer that was wanted.
    pub issuer: Quoted,
    /// Nothing if the issuer came, else why not.
    pub error: Option<FetchError>,
    /// Whether this was learnt from a request of another verification, within the last five minutes.
    pub remembered: bool,
}

/// Why no request was made for an issuer that is missing, where no single address is the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotFetched {
    /// The caller fetches nothing.
    Off,
    /// A check that needs no chain fails, so no issuer would help.
    Check(Check),
    /// No address is known that may be asked.
    NoAddress,
    /// The requests that one document may cost are used up.
    RequestLimit,
    /// The time for fetching is over.
    TimeOver,
    /// Too many documents wait for issuers already.
    Overflow,
}

impl NotFetched {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Check(_) => "check",
            Self::NoAddress => "no_address",
            Self::RequestLimit => "request_limit",
            Self::TimeOver => "time_over",
            Self::Overflow => "overflow",
        }
    }
}

impl fmt::Display for NotFetched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Off => "fetching is off",
            Self::Check(check) => return write!(formatter, "the check {} fails", check.name()),
            Self::NoAddress => "no address is known that may be asked",
            Self::RequestLimit => "the limit of requests for one document is reached",
            Self::TimeOver => "the time for fetching is over",
            Self::Overflow => "too many documents wait for issuers already",
        })
    }
}

/// What a verification found, whether the document was accepted or not.
///
/// Displays as plain text for people: verdict, checks, chain, next step. Cheap to clone: its parts are shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub(in crate::attested) checks: Arc<[CheckLine]>,
    pub(in crate::attested) verdict: Result<Arc<VerifiedDocument>, Arc<VerifyError>>,
    pub(in crate::attested) failed_check: Option<Check>,
    pub(in crate::attested) chain: Arc<[ChainCertificate]>,
    pub(in crate::attested) unverified_content: Option<Arc<str>>,
    pub(in crate::attested) fetches: Arc<[Fetch]>,
    pub(in crate::attested) not_fetched: Option<NotFetched>,
    pub(in crate::attested) judged_at: At,
}

impl Report {
    /// The document, or the first failure in the order of the checks.
    ///
    /// # Errors
    ///
    /// Any code of [`VerifyError`].
    pub fn verdict(&self) -> Result<&VerifiedDocument, &VerifyError> {
        self.verdict.as_ref().map(Arc::as_ref).map_err(Arc::as_ref)
    }

    /// The same, out of the report.
    ///
    /// # Errors
    ///
    /// Any code of [`VerifyError`].
    pub fn into_verdict(self) -> Result<VerifiedDocument, VerifyError> {
        self.verdict.map(Arc::unwrap_or_clone).map_err(Arc::unwrap_or_clone)
    }

    /// The check whose failure is the verdict, also where the checks are not told. Nothing for an accepted document.
    ///
    /// Up to [`Check::Names`] it rests on the document and what was expected of it alone; from [`Check::Chain`] on, also
    /// on the issuers that were at hand.
    #[must_use]
    pub const fn failed_check(&self) -> Option<Check> {
        self.failed_check
    }

    /// A line for each of [`Check::ALL`], in that order.
    #[must_use]
    pub fn checks(&self) -> &[CheckLine] {
        &self.checks
    }

    /// Whether the same call may well succeed later, with the same document: where an issuer is missing because a
    /// request for it failed, or could not be made, for a reason that passes.
    #[must_use]
    pub fn retryable(&self) -> bool {
        self.verdict()
            .is_err_and(|error| error.retryable() || self.failures_for_missing(error).any(FetchError::retryable))
    }

    /// Why the issuers that are missing did not come, as far as they were asked for.
    fn failures_for_missing<'a>(&'a self, error: &'a VerifyError) -> impl Iterator<Item = &'a FetchError> {
        let missing = match error {
            VerifyError::IssuerMissing { missing } => missing.as_slice(),
            _ => &[],
        };
        let is_missing = move |fetch: &&Fetch| missing.iter().any(|issuer| issuer.name == fetch.issuer);
        self.fetches.iter().filter(is_missing).filter_map(|fetch| fetch.error.as_ref())
    }

    /// What to do about a refusal, in the light of what was fetched. Nothing for an accepted document.
    #[must_use]
    pub fn next_step(&self) -> Option<String> {
        self.next_step_for(Host::Rust)
    }

    /// The same with the flags or arguments of a host.
    #[must_use]
    pub fn next_step_for(&self, host: Host) -> Option<String> {
        let error = self.verdict().err()?;
        let has_failed = self.failures_for_missing(error).next().is_some();
        Some(if has_failed { host.words(FETCHED_IN_VAIN) } else { error.next_step_for(host) })
    }

    /// The chain was not found because too many wait.
    pub(in crate::attested) fn refuse_for_overflow(&mut self) {
        let error = Arc::new(VerifyError::FetchOverflow);
        for line in Arc::make_mut(&mut self.checks).iter_mut().filter(|line| line.check == Check::Chain) {
            line.outcome = Outcome::Failed(error.clone());
            line.detail = error.to_string();
        }
        self.verdict = Err(error);
        self.failed_check = Some(Check::Chain);
    }

    fn has_passed(&self, check: Check) -> bool {
        self.checks.iter().any(|line| line.check == check && line.outcome == Outcome::Passed)
    }

    /// The chain: the verified path if the check [`Check::Chain`] has passed; else the signer's certificate and what was
    /// at hand above it, **of which nothing is proven**.
    #[must_use]
    pub fn chain(&self) -> &[ChainCertificate] {
        &self.chain
    }

    /// The content of a refused document, **which nobody vouches for**. Nothing for accepted ones. As it came: escape
    /// it before it is shown.
    #[must_use]
    pub fn unverified_content(&self) -> Option<&str> {
        self.unverified_content.as_deref()
    }

    /// The report as plain text for people, its next step with the flags or arguments of a host.
    #[must_use]
    pub fn text_for(&self, host: Host) -> String {
        Text { report: self, host }.to_string()
    }

    /// The attempts to fetch issuers, those of others that are remembered included.
    #[must_use]
    pub fn fetches(&self) -> &[Fetch] {
        &self.fetches
    }

    /// Why no request, or no further one, was made for an issuer that is missing. `None` where each address was asked, and
    /// [`fetches`](Self::fetches) say what came of it.
    ///
    /// The address whose turn it was when the time for fetching was over is among them too, as `deadline_exceeded`.
    #[must_use]
    pub const fn not_fetched(&self) -> Option<NotFetched> {
        self.not_fetched
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text { report: self, host: Host::Rust }.fmt(formatter)
    }
}

/// A report as a host shows it.
struct Text<'a> {
    report: &'a Report,
    host: Host,
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { report, host } = *self;
        match &report.verdict {
            Ok(document) => writeln!(formatter, "verified: {document}\nidentity: {}", document.identity())?,
            Err(error) => writeln!(formatter, "refused ({}): {error}", error.code())?,
        }
        writeln!(formatter, "\nchecks")?;
        for line in report.checks() {
            let mark = match line.outcome {
                Outcome::Passed => "ok  ",
                Outcome::Failed(_) => "FAIL",
                Outcome::NotChecked => "skip",
                Outcome::NotReached => "-   ",
            };
            writeln!(formatter, "  {mark}  {:<18}  {}", line.check.name(), line.detail)?;
        }
        if !report.chain.is_empty() {
            writeln!(formatter, "\nchain{}", if report.has_passed(Check::Chain) { "" } else { " (not verified)" })?;
        }
        for (depth, certificate) in report.chain.iter().enumerate() {
            let indent = depth.saturating_mul(2);
            writeln!(formatter, "  {:indent$}{} ({})", "", certificate.subject, certificate.key)?;
            writeln!(
                formatter,
                "  {:indent$}    {} to {}, SHA-256 {}",
                "",
                certificate.not_before,
                certificate.not_after,
                certificate.fingerprint(),
            )?;
        }
        for issuer in report.verdict().into_iter().flat_map(VerifiedDocument::new_issuers) {
            writeln!(
                formatter,
                "\nnot in the table of known issuers: {}; Azure may be changing its issuers",
                issuer.subject,
            )?;
        }
        for fetch in report.fetches.iter() {
            let remembered = if fetch.remembered { " (remembered)" } else { "" };
            match &fetch.error {
                None => writeln!(formatter, "\nfetched {}{remembered}", fetch.url)?,
                Some(error) => writeln!(formatter, "\nnot fetched {}{remembered}: {error}", fetch.url)?,
            }
        }
        if let Some(reason) = report.not_fetched {
            writeln!(formatter, "\nnot fetched: {reason}")?;
        }
        if let Some(next_step) = report.next_step_for(host) {
            writeln!(formatter, "\nnext step: {next_step}")?;
        }
        Ok(())
    }
}

/// What to do about a missing issuer that was asked for in vain.
const FETCHED_IN_VAIN: &str =
    "fetching that certificate has failed, the report says why: give it {issuers}, or let this host reach its address";

/// A report under construction. The first failure is the verdict; what comes after it is only told.
pub(in crate::attested) struct Recorder {
    lines: Vec<CheckLine>,
    first_failure: Option<(Check, Arc<VerifyError>)>,
    /// Whether to write evidence and to go on after a failure.
    explains: bool,
}

impl Recorder {
    pub(in crate::attested) const fn new(explains: bool) -> Self {
        Self { lines: Vec::new(), first_failure: None, explains }
    }

    /// Notes what became of a check, and gives its value back if it passed.
    pub(in crate::attested) fn note<T>(
        &mut self,
        check: Check,
        result: Result<T, VerifyError>,
        evidence: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        match result {
            Ok(value) => {
                if self.explains {
                    self.push(check, Outcome::Passed, evidence(&value));
                }
                Some(value)
            }
            Err(error) => {
                self.failed(check, Arc::new(error));
                None
            }
        }
    }

    /// Notes that a check failed.
    pub(in crate::attested) fn failed(&mut self, check: Check, error: Arc<VerifyError>) {
        if self.explains {
            self.push(check, Outcome::Failed(error.clone()), error.to_string());
        }
        self.first_failure.get_or_insert((check, error));
    }

    /// Notes that the caller did not ask for a check.
    pub(in crate::attested) fn not_checked(&mut self, check: Check, why: &str) {
        if self.explains {
            self.push(check, Outcome::NotChecked, why.to_string());
        }
    }

    fn push(&mut self, check: Check, outcome: Outcome, detail: String) {
        self.lines.push(CheckLine { check, outcome, detail });
    }

    /// Whether nothing more needs to be looked at: a failure decides, and nobody wants to read on.
    pub(in crate::attested) const fn is_decided(&self) -> bool {
        self.first_failure.is_some() && !self.explains
    }

    /// Whether no check has failed.
    pub(in crate::attested) const fn is_clean(&self) -> bool {
        self.first_failure.is_none()
    }

    /// The first check that failed.
    pub(in crate::attested) fn first_failed(&self) -> Option<Check> {
        self.first_failure.as_ref().map(|(check, _)| *check)
    }

    /// The lines, one for each check, and the first failure.
    pub(in crate::attested) fn finish(mut self) -> (Vec<CheckLine>, Option<Arc<VerifyError>>) {
        let mut lines = Vec::new();
        for check in Check::ALL.iter().copied().filter(|_| self.explains) {
            lines.push(match self.lines.iter().position(|line| line.check == check) {
                Some(place) => self.lines.swap_remove(place),
                None => CheckLine { check, outcome: Outcome::NotReached, detail: String::new() },
            });
        }
        (lines, self.first_failure.map(|(_, error)| error))
    }
}
