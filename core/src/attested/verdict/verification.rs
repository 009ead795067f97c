//! A verification that may fetch issuers: the exchange around the plain [`Verifier`].
//!
//! ```text
//!   evaluate ──▶ Done                        accepted, refused, or nothing left to ask
//!      ▲  ├────▶ Send (GET issuer)           only if all but the chain's upper end holds, and nobody else asks
//!      │  └────▶ Wait                        for the request of another, which answers for all
//!      └──────── an answer: it must have signed its child, and is an untrusted intermediate then
//! ```

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::document::{SignedDocument, Unreadable};
use super::evaluation::{Evaluation, Question};
use super::fetch::{Fetch, NotFetched};
use super::report::Report;
use super::verifier::Verifier;
use crate::attested::claims::expectations::{At, Expectations};
use crate::attested::error::FetchError;
use crate::attested::issuers::{self, answer};
use crate::attested::path::search::{self, ChainCache, ChainCertificate, Missing, SignatureChecks};
use crate::attested::x509::certificate::Certificate;
use crate::error::{TransportError, UsageError};
use crate::exchange::{Exchange, RequestId, Requests, Step};
use crate::http::{Headers, Method, Request, Response, Route};
use crate::instant::Instant;

use crate::attested::issuers::answer::CERTIFICATE_LIMIT;
use crate::attested::issuers::lane::Answer;
use crate::attested::issuers::memory::{Asked, Place, Wish};

use crate::attested::issuers::memory::{IssuerMemory, SharedMemory};

/// Requests that one document may cost.
const REQUEST_LIMIT: usize = 4;
/// Addresses that one document may have looked at, those included that are not asked.
const ADDRESS_LIMIT: usize = 8;

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
/// let clock = || Instant::from_millis(u64::try_from(origin.elapsed().as_millis()).unwrap_or(u64::MAX));
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
pub struct Verification<M: SharedMemory = IssuerMemory> {
    verifier: Verifier,
    document: Result<SignedDocument, Unreadable>,
    expectations: Expectations,
    at: At,
    fetches_issuers: bool,
    explains: bool,
    /// Milliseconds for all requests and waits.
    timeout: u64,
    place: Place<M>,
    cache: Option<ChainCache>,
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

/// What is kept of a request that is out.
#[derive(Clone, Debug)]
struct Sent {
    url: String,
    child: Certificate,
    /// Whether it had less time than a request usually gets. If so, a timeout says nothing about the address.
    is_cut_short: bool,
}

/// What comes after an evaluation.
enum Next {
    Send(String, Certificate, Instant),
    Wait(Instant),
    /// An issuer came that others fetched.
    Evaluate,
    End(Option<NotFetched>),
}

impl Verification {
    /// Starts to verify whatever was handed in. What can't be read ends in a report too.
    #[must_use]
    pub fn new(verifier: &Verifier, input: &[u8], expectations: Expectations, at: impl Into<At>) -> Self {
        Self::sharing(verifier, input, expectations, at, IssuerMemory::new())
    }

    /// Starts with the issuers and answers that earlier verifications came upon.
    #[must_use]
    pub fn with_memory(mut self, memory: IssuerMemory) -> Self {
        self.place = Place::new(memory);
        self
    }
}

impl<M: SharedMemory> Verification<M> {
    /// Milliseconds that all requests and waits of a verification may take, unless said otherwise.
    pub const DEFAULT_FETCH_TIMEOUT: u64 = 5_000;

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
            cache: None,
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

    /// Takes at most so many milliseconds for all requests and waits, instead of five seconds. A request gets three
    /// fifths of it, connecting two fifths.
    #[must_use]
    pub const fn fetch_timeout(mut self, millis: u64) -> Self {
        self.timeout = millis;
        self
    }

    /// Starts with the chains that earlier verifications found.
    ///
    /// # Errors
    ///
    /// `cache_of_other_trust`.
    pub fn with_cache(mut self, cache: ChainCache) -> Result<Self, UsageError> {
        cache.check_trust(self.verifier.trust())?;
        self.cache = Some(cache);
        Ok(self)
    }

    /// What is to be remembered for the next verification.
    #[must_use]
    pub const fn memory(&self) -> &M {
        self.place.memory()
    }

    /// Gives the cache back, with the chain of this document if there is one.
    pub const fn take_cache(&mut self) -> Option<ChainCache> {
        self.cache.take()
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
        if self.done.is_none() {
            self.remembered = self.place.issuers();
        }
        let fetched: Vec<&Certificate> = self.remembered.iter().chain(&self.fetched).collect();
        let question = Question {
            expectations: &self.expectations,
            at: self.at,
            fetched: &fetched,
            chain: self.chain.as_ref(),
            explains,
        };
        Evaluation::of(self.verifier.trust(), self.document.as_ref(), &question, self.cache.as_mut(), &mut self.checks)
    }

    /// What to do about the issuers that an evaluation found missing.
    fn next(&mut self, evaluation: &Evaluation, now: Instant, deadline: Instant) -> Next {
        if evaluation.missing.is_empty() {
            return Next::End(None);
        }
        if !self.fetches_issuers {
            return Next::End(Some(NotFetched::Off));
        }
        if let Some(check) = evaluation.fails_anyway {
            return Next::End(Some(NotFetched::Check(check)));
        }
        for Missing { child } in &evaluation.missing {
            for url in self.addresses(child) {
                if self.fetches.iter().any(|fetch| fetch.url == url) {
                    continue;
                }
                if self.sent >= REQUEST_LIMIT || self.fetches.len() >= ADDRESS_LIMIT {
                    return Next::End(Some(NotFetched::RequestLimit));
                }
                if let Some(next) = self.look_at(url, child, now, deadline) {
                    return next;
                }
            }
        }
        Next::End(self.fetches.is_empty().then_some(NotFetched::NoAddress))
    }

    fn addresses(&self, child: &Certificate) -> Vec<String> {
        let time = match self.at {
            At::Time(time) => time,
            At::SigningTime => child.not_before(),
        };
        issuers::urls_for(&child.issuer_name(), &child.issuer_addresses(), self.verifier.trust().origins(), time)
    }

    /// What to do about one address, unless it is known to be of no use.
    fn look_at(&mut self, url: String, child: &Certificate, now: Instant, deadline: Instant) -> Option<Next> {
        // A request that is given hardly any time would only fail.
        let is_time_left = now.plus_millis(self.timeout / 5) <= deadline && now < deadline;
        let until = is_time_left.then(|| now.plus_millis(self.request_timeout()).min(deadline));
        let bytes = self.document.as_ref().map_or(0, |document| document.der().len());
        let wish = Wish { url: &url, now, until, may_wait: now < deadline, bytes };
        match self.place.ask(&wish) {
            Asked::Answered(answer) => {
                let found = answer.and_then(|issuer| self.issuer_of(child, issuer));
                self.take(url, child, found, true).then_some(Next::Evaluate)
            }
            Asked::Send(until) => Some(Next::Send(url, child.clone(), until)),
            Asked::Wait(until) => Some(Next::Wait(until.min(deadline))),
            Asked::Late => {
                let error = Some(TransportError::DeadlineExceeded.into());
                self.fetches.push(Fetch { url, issuer: child.issuer_text(), error, remembered: false });
                Some(Next::End(Some(NotFetched::TimeOver)))
            }
            Asked::Overflow => Some(Next::End(Some(NotFetched::Overflow))),
        }
    }

    /// A fetched certificate counts only if it signed the one whose issuer was missing.
    fn issuer_of(&mut self, child: &Certificate, issuer: Certificate) -> Answer {
        let refused = |reason| Err(FetchError::NotTheIssuer { reason });
        if self.verifier.trust().check_denied(&issuer).is_err() {
            return refused("it is on the deny list");
        }
        if issuer.subject() != child.issuer() {
            return refused("it has another name");
        }
        if search::is_issuer(self.verifier.trust(), &issuer, child, &mut self.checks) {
            return Ok(issuer);
        }
        if self.checks.is_overdrawn() {
            return refused("the signature checks of this document are used up");
        }
        refused("its key did not sign the certificate whose issuer is missing")
    }

    /// Notes what came of an address. Says whether it is an issuer: then what was found without it counts no more.
    fn take(&mut self, url: String, child: &Certificate, found: Answer, remembered: bool) -> bool {
        let (issuer, error) = match found {
            Ok(issuer) => (Some(issuer), None),
            Err(error) => (None, Some(error)),
        };
        self.fetches.push(Fetch { url, issuer: child.issuer_text(), error, remembered });
        let has_come = issuer.is_some() || self.checks.is_overdrawn();
        if has_come {
            self.evaluation = None;
        }
        self.fetched.extend(issuer);
        has_come
    }

    /// Ends its own request, for itself and for all who wait for it.
    fn land(&mut self, sent: Sent, answer: Answer, now: Instant) {
        let is_no_fault = match &answer {
            Err(FetchError::Transport(TransportError::Local { .. })) => true,
            Err(FetchError::Transport(TransportError::ReadTimeout | TransportError::ConnectTimeout)) => {
                sent.is_cut_short
            }
            _ => false,
        };
        self.place.land(&sent.url, Some(&answer).filter(|_| !is_no_fault), now);
        let found = answer.and_then(|issuer| self.issuer_of(&sent.child, issuer));
        self.take(sent.url, &sent.child, found, false);
    }

    const fn request_timeout(&self) -> u64 {
        self.timeout.saturating_mul(3) / 5
    }

    fn send(&mut self, url: String, child: Certificate, deadline: Instant, now: Instant) -> Step<Report> {
        self.sent = self.sent.saturating_add(1);
        let request = Request {
            method: Method::Get,
            url: url.clone(),
            headers: Headers::from_iter([("Accept", "application/pkix-cert, application/x-x509-ca-cert, */*;q=0.1")]),
            body: Vec::new(),
            route: Route::Internet,
            connect_timeout: self.timeout.saturating_mul(2) / 5,
            deadline,
            max_body: CERTIFICATE_LIMIT,
        };
        let is_cut_short = deadline < now.plus_millis(self.request_timeout());
        Step::Send(self.requests.send(deadline, Sent { url, child, is_cut_short }), request)
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
