//! Every check with its outcome, for people: made for accepted and refused documents alike.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;

use super::check::{Check, CheckLine, Outcome};
use super::document::VerifiedDocument;
use super::fetch::{Fetch, NotFetched};
use crate::attested::claims::expectations::At;
use crate::attested::error::{FetchError, VerifyError};
use crate::attested::path::search::ChainCertificate;
use crate::host::Host;

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
    ///
    /// ```
    /// use azure_imds::{Expectations, NONCE_NOT_CHECKED, Timestamp, Verifier};
    ///
    /// let now = Timestamp::parse_rfc3339("2026-06-25T18:57:45Z")?;
    /// let report = Verifier::default().explain(b"", &Expectations::new(NONCE_NOT_CHECKED), now);
    /// match report.verdict() {
    ///     Ok(document) => println!("VM {}", document.vm_id()),
    ///     Err(error) => assert_eq!(error.code(), "input_empty"),
    /// }
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
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
    ///
    /// ```
    /// use azure_imds::attested::Check;
    /// use azure_imds::{Expectations, NONCE_NOT_CHECKED, Timestamp, Verifier};
    ///
    /// let now = Timestamp::parse_rfc3339("2026-06-25T18:57:45Z")?;
    /// let report = Verifier::default().explain(b"MAA=", &Expectations::new(NONCE_NOT_CHECKED), now);
    /// assert_eq!(report.failed_check(), Some(Check::SignedData)); // base64 it is, a document it is not
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
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
    ///
    /// ```
    /// use azure_imds::{Expectations, NONCE_NOT_CHECKED, Timestamp, Verifier};
    ///
    /// let now = Timestamp::parse_rfc3339("2026-06-25T18:57:45Z")?;
    /// let report = Verifier::default().explain(b"MAA=", &Expectations::new(NONCE_NOT_CHECKED), now);
    /// assert!(!report.retryable()); // it will not become a document
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
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

    pub(super) fn has_passed(&self, check: Check) -> bool {
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
    ///
    /// ```
    /// # #[cfg(all(feature = "emulator", feature = "rustcrypto"))] {
    /// use azure_imds::attested::NotFetched;
    /// # use azure_imds::emulator::{Emulator, Incoming, Machine, Moment};
    /// # use azure_imds::{Instant, Timestamp, Trust};
    /// use azure_imds::{Expectations, NONCE_NOT_CHECKED, Verifier};
    ///
    /// # let mut emulator = Emulator::new(Machine::default(), [7; 32]);
    /// # let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
    /// # let target = "/metadata/attested/document?api-version=2021-02-01";
    /// # let answer = emulator.handle(now, &Incoming::get(target)).response.body;
    /// # let trust = Trust::builder().anchors(&emulator.authority()?.root_der()?)?.build();
    /// // `trust` has the root of an emulator's document, and not the CA between.
    /// let report = Verifier::new(trust).explain(&answer, &Expectations::new(NONCE_NOT_CHECKED), now.wall);
    /// assert_eq!(report.verdict().unwrap_err().code(), "issuer_missing");
    /// assert_eq!(report.not_fetched(), Some(NotFetched::Off)); // `explain` makes no request
    /// assert!(report.fetches().is_empty());
    /// # }
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
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
