//! What a verification does about issuers that are missing: which address it asks, and what it takes as an answer.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::Verification;
use crate::attested::claims::expectations::At;
use crate::attested::error::FetchError;
use crate::attested::issuers;
use crate::attested::memory::answer::CERTIFICATE_LIMIT;
use crate::attested::memory::lane::Fetched;
use crate::attested::memory::{Asked, SharedMemory, Wish};
use crate::attested::path::search::{self, Missing};
use crate::attested::verdict::evaluation::Evaluation;
use crate::attested::verdict::fetch::{Fetch, NotFetched};
use crate::attested::verdict::report::Report;
use crate::attested::x509::certificate::Certificate;
use crate::error::TransportError;
use crate::exchange::Step;
use crate::http::{Headers, Method, Request, Route};
use crate::instant::Instant;

/// Requests that one document may cost.
const REQUEST_LIMIT: usize = 4;

/// Addresses that one document may have looked at, those included that are not asked.
const ADDRESS_LIMIT: usize = 8;

/// Fifths of the time for all requests and waits that one request gets, and that connecting gets of them.
const REQUEST_FIFTHS: u32 = 3;
const CONNECT_FIFTHS: u32 = 2;

/// What is kept of a request that is out.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    url: String,
    child: Certificate,
    /// Whether it had less time than a request usually gets. If so, a timeout says nothing about the address.
    is_cut_short: bool,
}

/// What comes after an evaluation.
pub(super) enum Next {
    Send(String, Certificate, Instant),
    Wait(Instant),
    /// An issuer came that others fetched.
    Evaluate,
    End(Option<NotFetched>),
}

impl<M: SharedMemory> Verification<M> {
    /// What to do about the issuers that an evaluation found missing.
    pub(super) fn next(&mut self, evaluation: &Evaluation, now: Instant, deadline: Instant) -> Next {
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
        let is_time_left = now + self.fifths(1) <= deadline && now < deadline;
        let until = is_time_left.then(|| (now + self.fifths(REQUEST_FIFTHS)).min(deadline));
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
    fn issuer_of(&mut self, child: &Certificate, issuer: Certificate) -> Fetched {
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
    fn take(&mut self, url: String, child: &Certificate, found: Fetched, remembered: bool) -> bool {
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
    pub(super) fn land(&mut self, sent: Sent, answer: Fetched, now: Instant) {
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

    /// So many fifths of the time for all requests and waits.
    fn fifths(&self, count: u32) -> Duration {
        self.timeout.saturating_mul(count).checked_div(5).unwrap_or_default()
    }

    pub(super) fn send(&mut self, url: String, child: Certificate, deadline: Instant, now: Instant) -> Step<Report> {
        self.sent = self.sent.saturating_add(1);
        let request = Request {
            method: Method::Get,
            url: url.clone(),
            headers: Headers::from_iter([("Accept", "application/pkix-cert, application/x-x509-ca-cert, */*;q=0.1")]),
            body: Vec::new(),
            route: Route::Internet,
            connect_timeout: self.fifths(CONNECT_FIFTHS),
            deadline,
            max_body: CERTIFICATE_LIMIT,
        };
        let is_cut_short = deadline < now + self.fifths(REQUEST_FIFTHS);
        Step::Send(self.requests.send(deadline, Sent { url, child, is_cut_short }), request)
    }
}
