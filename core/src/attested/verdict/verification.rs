//! A verification that may fetch issuers: the exchange around the plain [`Verifier`].
//!
//! ```text
//!   evaluate ──▶ Done                        accepted, refused, or nothing left to ask
//!      ▲  ├────▶ Send (GET issuer)           only if all but the chain's upper end holds, and nobody else asks
//!      │  └────▶ Wait                        for the request of another, which answers for all
//!      └──────── an answer: it must have signed its child, and is an untrusted intermediate then
//! ```

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::document::{SignedDocument, Unreadable};
use super::evaluation::{Conditions, Evaluation};
use super::fetch::{Fetch, NotFetched};
use super::report::Report;
use super::verifier::Verifier;
use crate::attested::claims::expectations::{At, Expectations};
use crate::attested::memory::answer;
use crate::attested::memory::{Place, SharedMemory, VerifierMemory};
use crate::attested::path::search::{ChainCertificate, SignatureChecks};
use crate::attested::x509::certificate::Certificate;
use crate::error::{TransportError, UsageError};
use crate::exchange::{Exchange, RequestId, Requests, Step};
use crate::http::Response;
use crate::instant::Instant;

mod fetching;

use self::fetching::{Next, Sent};

/// Verifies one document, and asks the host to fetch issuers that are missing.
///
/// Nothing is asked for unless every check holds that needs no chain: the document's own signature, names, algorithms,
/// the signer's validity, claims, nonce, times, and what is expected. Nor is an address that is neither at a known
/// place nor at one that the trust [allows](crate::attested::TrustBuilder::allow_origin). The time at which the document
/// is judged is fixed from the start. However often it is resumed or explained, it costs at most 16 signature checks,
/// four requests, and five seconds unless [said otherwise](Self::fetch_timeout).
///
/// ```
/// use azure_imds::{Exchange, Expectations, Instant, NONCE_NOT_CHECKED, Step, Timestamp, Verification, Verifier};
///
/// let origin = std::time::Instant::now(); // made once, and kept: the memory holds moments of this clock
/// let clock = || Instant::ORIGIN + origin.elapsed();
/// let now = Timestamp::parse_rfc3339("2026-06-25T18:57:45Z")?;
/// let mut verification =
///     Verification::new(&Verifier::default(), b"MIIB...", Expectations::new(NONCE_NOT_CHECKED), now);
/// let report = loop {
///     match verification.poll(clock()) {
///         Step::Send(id, request) => {
///             // Carry `request` with any HTTP client, then hand in what came:
///             # let (_, error) = (request, azure_imds::TransportError::Refused);
///             verification.fail(id, clock(), error)?;
///         }
///         Step::Wait(_until) => { /* sleep, or until another verification's request has ended */ }
///         Step::Done(report) => break report,
///     }
/// };
/// assert_eq!(report.verdict().unwrap_err().code(), "base64_malformed");
/// # Ok::<(), azure_imds::UsageError>(())
/// ```
///
/// Verifications of one verifier that are under way at the same time [share](Self::sharing) their memory: one makes a
/// request for all. Whenever one has been told what came of a request, or is dropped, the others are to be polled
/// again.
#[derive(Debug)]
pub struct Verification<M: SharedMemory = VerifierMemory> {
    verifier: Verifier,
    document: Result<SignedDocument, Unreadable>,
    expectations: Expectations,
    at: At,
    fetches_issuers: bool,
    explains: bool,
    /// For all requests and waits.
    timeout: Duration,
    place: Place<M>,
    checks: SignatureChecks,
    /// Issuers fetched for this document. They are remembered once a path to an anchor has been found with them.
    fetched: Vec<Certificate>,
    /// The issuers that others fetched, as they were at the last evaluation.
    remembered: Arc<Vec<Certificate>>,
    /// What was found with the issuers that are at hand.
    evaluation: Option<Evaluation>,
    fetches: Vec<Fetch>,
    requests: Requests<Sent>,
    /// How many there were.
    sent: usize,
    done: Option<Report>,
    /// The chain that was found.
    chain: Option<Arc<[ChainCertificate]>>,
}

impl Verification {
    /// Starts to verify whatever was handed in. What can't be read ends in a report too.
    #[must_use]
    pub fn new(verifier: &Verifier, input: &[u8], expectations: Expectations, at: impl Into<At>) -> Self {
        Self::sharing(verifier, input, expectations, at, VerifierMemory::new())
    }

    /// Starts with the chains, issuers and answers that earlier verifications came upon.
    #[must_use]
    pub fn with_memory(mut self, memory: VerifierMemory) -> Self {
        self.place = Place::new(memory);
        self
    }
}

impl<M: SharedMemory> Verification<M> {
    /// What all requests and waits of a verification may take, unless said otherwise: five seconds.
    pub const DEFAULT_FETCH_TIMEOUT: Duration = Duration::from_secs(5);

    /// Starts to verify with a memory that is shared with others.
    #[must_use]
    pub fn sharing(
        verifier: &Verifier,
        input: &[u8],
        expectations: Expectations,
        at: impl Into<At>,
        memory: M,
    ) -> Self {
        Self {
            verifier: verifier.clone(),
            document: SignedDocument::read(input),
            expectations,
            at: at.into(),
            fetches_issuers: true,
            explains: true,
            timeout: Self::DEFAULT_FETCH_TIMEOUT,
            place: Place::new(memory),
            checks: SignatureChecks::default(),
            fetched: Vec::new(),
            remembered: Arc::default(),
            evaluation: None,
            fetches: Vec::new(),
            requests: Requests::new(),
            sent: 0,
            done: None,
            chain: None,
        }
    }

    /// Fetches nothing: the first poll is the last.
    #[must_use]
    pub const fn without_fetching(mut self) -> Self {
        self.fetches_issuers = false;
        self
    }

    /// Stops at the first failure: the report holds the verdict, and no checks. [`explain`](Self::explain) gives them.
    #[must_use]
    pub const fn without_explanation(mut self) -> Self {
        self.explains = false;
        self
    }

    /// Takes at most so long for all requests and waits, instead of five seconds. A request gets three fifths of it,
    /// connecting two fifths.
    #[must_use]
    pub const fn fetch_timeout(mut self, time: Duration) -> Self {
        self.timeout = time;
        self
    }

    /// What is to be remembered for the next verification.
    #[must_use]
    pub const fn memory(&self) -> &M {
        self.place.memory()
    }

    /// Says what became of every check, with the issuers that have come: nothing is fetched. Once the verification is
    /// done its verdict is the one given then.
    pub fn explain(&mut self) -> Report {
        let mut report = match &self.done {
            Some(done) if self.explains => return done.clone(),
            _ => self.evaluate(true).report,
        };
        if let Some(done) = &self.done {
            report.fetches = done.fetches.clone();
            report.not_fetched = done.not_fetched;
            if done.not_fetched == Some(NotFetched::Overflow) {
                report.refuse_for_overflow();
            }
            report.verdict = done.verdict.clone();
            report.failed_check = done.failed_check;
        }
        report
    }

    fn evaluate(&mut self, explains: bool) -> Evaluation {
        let (mut chains, issuers) = self.place.lend(self.verifier.trust());
        if self.done.is_none() {
            self.remembered = issuers;
        }
        let fetched: Vec<&Certificate> = self.remembered.iter().chain(&self.fetched).collect();
        let conditions = Conditions {
            expectations: &self.expectations,
            at: self.at,
            fetched: &fetched,
            chain: self.chain.as_ref(),
            explains,
        };
        let (trust, document) = (self.verifier.trust(), self.document.as_ref());
        let evaluation = Evaluation::of(trust, document, &conditions, Some(&mut chains), &mut self.checks);
        self.place.take_back(chains);
        evaluation
    }

    fn finish(&mut self, evaluation: Evaluation, not_fetched: Option<NotFetched>) -> Report {
        let mut report = evaluation.report;
        report.fetches = core::mem::take(&mut self.fetches).into();
        report.not_fetched = not_fetched;
        if not_fetched == Some(NotFetched::Overflow) {
            report.refuse_for_overflow();
        }
        self.chain = evaluation.has_chain.then(|| report.chain.clone());
        let chain = self.chain.as_deref().unwrap_or_default();
        let is_on_path = |it: &&Certificate| chain.iter().any(|link| link.der == it.der().as_ref());
        self.place.finish(self.fetched.iter().filter(is_on_path));
        self.done = Some(report.clone());
        report
    }
}

impl<M: SharedMemory> Exchange for Verification<M> {
    type Output = Report;

    fn poll(&mut self, now: Instant) -> Step<Report> {
        if let Some(report) = &self.done {
            return Step::Done(report.clone());
        }
        // The total time begins with the first poll.
        let deadline = self.requests.end(now, self.timeout);
        if let Some(sent) = self.requests.overdue(now) {
            self.land(sent, Err(TransportError::ReadTimeout.into()), now);
        }
        if let Some(deadline) = self.requests.deadline() {
            return Step::Wait(deadline);
        }
        loop {
            let evaluation = match self.evaluation.take() {
                Some(evaluation) => evaluation,
                None => self.evaluate(self.explains),
            };
            match self.next(&evaluation, now, deadline) {
                Next::Evaluate => {}
                Next::Send(url, child, deadline) => {
                    self.evaluation = Some(evaluation);
                    return self.send(url, child, deadline, now);
                }
                Next::Wait(until) => {
                    self.evaluation = Some(evaluation);
                    return Step::Wait(until);
                }
                Next::End(not_fetched) => return Step::Done(self.finish(evaluation, not_fetched)),
            }
        }
    }

    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError> {
        if let Some(sent) = self.requests.answered(id)? {
            self.land(sent, answer::read(&response), now);
        }
        Ok(())
    }

    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError> {
        if let Some(sent) = self.requests.answered(id)? {
            self.land(sent, Err(error.into()), now);
        }
        Ok(())
    }

    /// The request that was out counts as never made in the memory.
    fn release(&mut self) {
        self.requests.give_up();
        self.place.finish(core::iter::empty());
    }
}
