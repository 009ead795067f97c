//! A verification that may fetch issuers: the exchange around the plain [`Verifier`].
//!
//! ```text
//!   evaluate ──▶ Done                            accepted, refused, or nothing left to ask
//!      ▲  └────▶ Send (GET issuer)               only if all but the chain's upper end holds
//!      └──────── receive: must have signed its child, and is an untrusted intermediate then
//! ```

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::bundle;
use super::certificate::Certificate;
use super::chain::{self, Budget, ChainCache, Missing};
use super::document::{SignedDocument, Unreadable};
use super::expectations::{At, Expectations};
use super::issuers;
use super::report::{Check, Fetch, Report};
use super::verifier::{Question, Verifier};
use crate::error::{FetchError, TransportError, UsageError};
use crate::exchange::{Exchange, Instant, RequestId, Step};
use crate::http::{Headers, Method, Request, Response, Route};

mod memory;

pub use self::memory::IssuerMemory;

/// Requests that one document may cost.
const REQUEST_LIMIT: usize = 4;
/// Bytes of one certificate.
const CERTIFICATE_LIMIT: usize = 64 * 1024;
/// Milliseconds for connecting.
const CONNECT_TIMEOUT: u64 = 3_000;
/// Milliseconds for one request.
const REQUEST_TIMEOUT: u64 = 10_000;
/// Milliseconds for all of them.
const TOTAL_TIMEOUT: u64 = 20_000;

/// Verifies one document, and asks the host to fetch issuers that are missing.
///
/// Nothing is asked for before the document's own signature, names, algorithms and the signer's validity hold, and
/// never from an address off the list. The time at which the document is judged is fixed from the start.
///
/// ```
/// use azure_imds::{Exchange, Expectations, Instant, NONCE_NOT_CHECKED, Step, Timestamp, Verification, Verifier};
///
/// let now = Timestamp::parse_rfc3339("2026-06-25T18:57:45Z")?;
/// let mut verification =
///     Verification::new(&Verifier::default(), b"MIIB...", Expectations::new(NONCE_NOT_CHECKED), now);
/// let report = loop {
///     match verification.poll(Instant::from_millis(0)) {
///         Step::Send(id, request) => {
///             // Carry `request` with any HTTP client, then hand in what came:
///             # let (_, error) = (request, azure_imds::TransportError::Refused);
///             verification.fail(id, Instant::from_millis(5), error)?;
///         }
///         Step::Wait(_until) => { /* sleep */ }
///         Step::Done(report) => break report,
///     }
/// };
/// assert_eq!(report.verdict().unwrap_err().code(), "base64_malformed");
/// # Ok::<(), azure_imds::UsageError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verification {
    verifier: Verifier,
    document: Result<SignedDocument, Unreadable>,
    expectations: Expectations,
    at: At,
    fetches_issuers: bool,
    memory: IssuerMemory,
    /// Issuers fetched for this document. They are remembered once a path to an anchor has been found with them.
    fetched: Vec<Certificate>,
    cache: Option<ChainCache>,
    fetches: Vec<Fetch>,
    out: Option<Outstanding>,
    deadline: Option<Instant>,
    next_id: u32,
    /// What was fetched, once that is all.
    done: Option<Arc<[Fetch]>>,
}

/// A request that has not come back.
#[derive(Clone, Debug)]
struct Outstanding {
    id: RequestId,
    url: String,
    child: Certificate,
    deadline: Instant,
}

impl Verification {
    /// Starts to verify whatever was handed in. What can't be read ends in a report too.
    #[must_use]
    pub fn new(verifier: &Verifier, input: &[u8], expectations: Expectations, at: impl Into<At>) -> Self {
        Self {
            verifier: verifier.clone(),
            document: SignedDocument::read(input),
            expectations,
            at: at.into(),
            fetches_issuers: true,
            memory: IssuerMemory::new(),
            fetched: Vec::new(),
            cache: None,
            fetches: Vec::new(),
            out: None,
            deadline: None,
            next_id: 0,
            done: None,
        }
    }

    /// Fetches nothing: the first poll is the last.
    #[must_use]
    pub const fn without_fetching(mut self) -> Self {
        self.fetches_issuers = false;
        self
    }

    /// Starts with the issuers and failures that earlier verifications came upon.
    #[must_use]
    pub fn with_memory(mut self, memory: IssuerMemory) -> Self {
        self.memory = memory;
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
    pub const fn memory(&self) -> &IssuerMemory {
        &self.memory
    }

    /// Gives the cache back, with the chain of this document if there is one.
    pub const fn take_cache(&mut self) -> Option<ChainCache> {
        self.cache.take()
    }

    fn evaluate(&mut self) -> (Report, Vec<Missing>) {
        let fetched: Vec<&Certificate> = self.memory.issuers().iter().chain(&self.fetched).collect();
        let question = Question { expectations: &self.expectations, at: self.at, fetched: &fetched, explains: true };
        let evaluation = self.verifier.evaluate(self.document.as_ref(), &question, self.cache.as_mut());
        (evaluation.report, evaluation.missing)
    }

    /// The next address to ask, for the first missing issuer that has one left.
    fn next_address(&self, missing: &[Missing], now: Instant) -> Option<(String, Certificate)> {
        let in_time = self.deadline.is_some_and(|deadline| now < deadline);
        if !self.fetches_issuers || !in_time || self.fetches.len() >= REQUEST_LIMIT {
            return None;
        }
        missing.iter().find_map(|Missing { child }| {
            let time = match self.at {
                At::Time(time) => time,
                At::SigningTime => child.not_before(),
            };
            let name = child.issuer_name();
            let urls = issuers::urls_for(&name, &child.issuer_addresses(), self.verifier.trust().origins(), time);
            let url = urls.into_iter().find(|url| {
                !self.fetches.iter().any(|fetch| fetch.url == *url) && !self.memory.failed_lately(url, now)
            })?;
            Some((url, child.clone()))
        })
    }

    fn send(&mut self, url: String, child: Certificate, now: Instant) -> Step<Report> {
        let id = RequestId(self.next_id);
        self.next_id = self.next_id.saturating_add(1);
        let total = self.deadline.unwrap_or(now);
        let deadline = now.plus_millis(REQUEST_TIMEOUT).min(total);
        let request = Request {
            method: Method::Get,
            url: url.clone(),
            headers: Headers::from_iter([("Accept", "application/pkix-cert, application/x-x509-ca-cert, */*;q=0.1")]),
            body: Vec::new(),
            route: Route::Internet,
            connect_timeout: CONNECT_TIMEOUT,
            deadline,
            max_body: CERTIFICATE_LIMIT,
        };
        self.out = Some(Outstanding { id, url, child, deadline });
        Step::Send(id, request)
    }

    fn take_out(&mut self, id: RequestId) -> Result<Outstanding, UsageError> {
        match self.out.take_if(|out| out.id == id) {
            Some(out) => Ok(out),
            None => Err(UsageError::RequestStale { id: id.0 }),
        }
    }

    fn note(&mut self, url: String, error: Option<FetchError>, now: Instant) {
        // That it is not the issuer of this document's signer says nothing of others: anybody may name any address.
        if error.as_ref().is_some_and(|error| !matches!(error, FetchError::NotTheIssuer { .. })) {
            self.memory.remember_failure(&url, now);
        }
        self.fetches.push(Fetch { url, error });
    }

    /// A fetched certificate counts only if it signed the one whose issuer was missing.
    fn issuer_in(&self, response: &Response, child: &Certificate) -> Result<Certificate, FetchError> {
        match response.status {
            200 => {}
            status @ 300..=399 => return Err(FetchError::Redirected { status }),
            status => return Err(FetchError::Status { status }),
        }
        if response.body.len() > CERTIFICATE_LIMIT {
            return Err(TransportError::TooLong { limit: CERTIFICATE_LIMIT }.into());
        }
        let refused = |reason| FetchError::NotTheIssuer { reason };
        let issuer = certificate(&response.body).ok_or_else(|| refused("it is not one certificate"))?;
        if self.verifier.trust().check_denied(&issuer).is_err() {
            return Err(refused("it is on the deny list"));
        }
        if issuer.subject() != child.issuer() {
            return Err(refused("it has another name"));
        }
        if !chain::is_issuer(self.verifier.trust(), &issuer, child, &Budget::default()) {
            return Err(refused("its key did not sign the certificate whose issuer is missing"));
        }
        Ok(issuer)
    }
}

impl Exchange for Verification {
    type Output = Report;

    fn poll(&mut self, now: Instant) -> Step<Report> {
        if let Some(fetches) = self.done.clone() {
            // Nothing has changed since, so it comes out the same.
            let (report, _) = self.evaluate();
            return Step::Done(Report { fetches, ..report });
        }
        match &self.out {
            Some(out) if now < out.deadline => return Step::Wait(out.deadline),
            Some(out) => {
                // The host owes an answer and has not given one in time.
                let url = out.url.clone();
                self.out = None;
                self.note(url, Some(TransportError::ReadTimeout.into()), now);
            }
            None => {}
        }
        self.deadline.get_or_insert(now.plus_millis(TOTAL_TIMEOUT));
        let (report, missing) = self.evaluate();
        if let Some((url, child)) = self.next_address(&missing, now) {
            return self.send(url, child, now);
        }
        if report.has_passed(Check::Chain) {
            self.fetched.iter().for_each(|issuer| self.memory.remember(issuer));
        }
        let fetches: Arc<[Fetch]> = core::mem::take(&mut self.fetches).into();
        self.done = Some(fetches.clone());
        Step::Done(Report { fetches, ..report })
    }

    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError> {
        let out = self.take_out(id)?;
        match self.issuer_in(&response, &out.child) {
            Ok(issuer) => {
                self.fetched.push(issuer);
                self.note(out.url, None, now);
            }
            Err(error) => self.note(out.url, Some(error), now),
        }
        Ok(())
    }

    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError> {
        let out = self.take_out(id)?;
        self.note(out.url, Some(error.into()), now);
        Ok(())
    }
}

/// One certificate, as servers send them: DER, or PEM.
fn certificate(mut body: &[u8]) -> Option<Certificate> {
    if body.first() == Some(&0x30) {
        return Certificate::parse(body).ok();
    }
    let der = bundle::next_certificate(&mut body)?.ok()?;
    Certificate::parse(&der).ok()
}
