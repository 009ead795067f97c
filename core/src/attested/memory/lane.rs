//! One of the two lanes in which addresses are asked: what they answered lately, and who is on the way.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use crate::attested::error::FetchError;
use crate::attested::issuers::address;
use crate::attested::x509::certificate::Certificate;
use crate::error::TransportError;
use crate::instant::Instant;

/// For how long what an address answered is not asked for again.
const ANSWER_MEMORY: Duration = Duration::from_secs(5 * 60);
/// Answers that are kept.
const ANSWER_LIMIT: usize = 64;
/// Bytes of the certificates among them.
const ANSWER_BYTES: usize = 256 * 1024;
/// Requests to one host that fail one after the other before it is left alone.
const FAILURES_IN_A_ROW: u32 = 3;
/// For how long it is.
const LEFT_ALONE: Duration = Duration::from_secs(30);
/// Hosts of which failures are counted. Fewer can be named, unless the caller allows many origins.
const HOST_LIMIT: usize = 16;
/// How long after its deadline a request that nobody told the end of is given up for lost.
const GRACE: Duration = Duration::from_secs(1);

/// What an address came to: a certificate, whosever issuer it is, or the reason why there is none.
pub(in crate::attested) type Fetched = Result<Certificate, FetchError>;

/// Addresses that share answers, requests on the way and failing hosts.
#[derive(Debug, Default)]
pub(in crate::attested) struct Lane {
    /// By address, with the time; the oldest first.
    answers: Vec<(String, Instant, Fetched)>,
    flights: Vec<Flight>,
    failing: Vec<FailingHost>,
}

/// A request on the way, for all who need what is there.
#[derive(Debug)]
struct Flight {
    number: u64,
    url: String,
    until: Instant,
}

/// A host whose last requests failed.
#[derive(Clone, Debug)]
struct FailingHost {
    name: String,
    failures: u32,
    left_alone_until: Instant,
}

/// What is known of an address at a time.
pub(in crate::attested) enum State {
    Answered(Fetched),
    /// Something may change at this time at the latest.
    Busy(Instant),
    Free,
}

impl Lane {
    /// What is known of an address, if so many requests may be on the way at once.
    pub(in crate::attested) fn state(&mut self, url: &str, now: Instant, flight_limit: usize) -> State {
        self.forget(now);
        self.flights.retain(|flight| now < flight.until + GRACE);
        if let Some((_, _, answer)) = self.answers.iter().find(|(answered, ..)| answered == url) {
            return State::Answered(answer.clone());
        }
        if let Some(flight) = self.flights.iter().find(|flight| flight.url == url) {
            return State::Busy(flight.until + GRACE);
        }
        if self.is_left_alone(address::host(url), now) {
            return State::Answered(Err(FetchError::HostFailing));
        }
        let first_to_end = self.flights.iter().map(|flight| flight.until).min();
        match first_to_end.filter(|_| self.flights.len() >= flight_limit) {
            Some(until) => State::Busy(until + GRACE),
            None => State::Free,
        }
    }

    /// Whether a host failed so often that it is not asked: once the time is over, one request at a time tries it.
    fn is_left_alone(&self, host: &str, now: Instant) -> bool {
        let failing = self.failing.iter().find(|it| it.name == host && it.failures >= FAILURES_IN_A_ROW);
        let is_tried = || self.flights.iter().any(|flight| address::host(&flight.url) == host);
        failing.is_some_and(|host| now < host.left_alone_until || is_tried())
    }

    pub(in crate::attested) fn set_out(&mut self, number: u64, url: &str, until: Instant) {
        self.flights.push(Flight { number, url: url.to_string(), until });
    }

    /// Ends a request of which nothing is known.
    pub(in crate::attested) fn give_up(&mut self, number: u64) {
        self.flights.retain(|flight| flight.number != number);
    }

    fn forget(&mut self, now: Instant) {
        self.answers.retain(|(_, at, _)| now < *at + ANSWER_MEMORY);
    }

    /// Notes what an address came to. A failure tells nothing of an address that has given a certificate since: it is
    /// that of a request that took too long to be waited for.
    pub(in crate::attested) fn land(&mut self, url: &str, answer: &Fetched, now: Instant) {
        self.forget(now);
        if answer.is_err() && self.answers.iter().any(|(answered, _, known)| answered == url && known.is_ok()) {
            return;
        }
        self.answers.retain(|(answered, ..)| answered != url);
        self.answers.push((url.to_string(), now, answer.clone()));
        while self.answers.len() > ANSWER_LIMIT || self.answer_bytes() > ANSWER_BYTES {
            drop(self.answers.remove(0));
        }
        self.count(address::host(url), has_failed(answer), now);
    }

    fn answer_bytes(&self) -> usize {
        let certificates = self.answers.iter().filter_map(|(_, _, answer)| answer.as_ref().ok());
        certificates.fold(0, |sum, certificate| sum.saturating_add(certificate.der().len()))
    }

    fn count(&mut self, host: &str, has_failed: bool, now: Instant) {
        let before = self.failing.iter().position(|it| it.name == host).map(|place| self.failing.remove(place));
        if !has_failed {
            return;
        }
        let failures = before.map_or(0, |it| it.failures).saturating_add(1);
        if self.failing.len() >= HOST_LIMIT {
            self.failing.remove(0);
        }
        let left_alone_until = now + LEFT_ALONE;
        self.failing.push(FailingHost { name: host.to_string(), failures, left_alone_until });
    }
}

/// What is on the way belongs to the original: nobody would end it in a copy.
impl Clone for Lane {
    fn clone(&self) -> Self {
        Self { answers: self.answers.clone(), failing: self.failing.clone(), ..Self::default() }
    }
}

/// Whether nothing came from the host. A status or a page of no use is an answer: it says nothing against the host.
fn has_failed(answer: &Fetched) -> bool {
    answer.as_ref().is_err_and(|error| match error {
        FetchError::Transport(error) => !matches!(error, TransportError::TooLong { .. }),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attested::DEFAULT_ANCHORS;

    #[test]
    fn a_late_failure_does_not_replace_a_certificate() {
        let (url, certificate) = ("http://a/x", Certificate::parse(DEFAULT_ANCHORS[0]).unwrap());
        let at = Instant::from_millis;
        let late: Fetched = Err(TransportError::ReadTimeout.into());
        let mut lane = Lane::default();
        lane.land(url, &Ok(certificate), at(100));
        for _ in 0..FAILURES_IN_A_ROW {
            lane.land(url, &late, at(200));
        }
        assert!(matches!(lane.state(url, at(300), 4), State::Answered(Ok(_))));
        assert!(matches!(lane.state("http://a/y", at(300), 4), State::Free), "nor does it count against the host");
        let later = at(100) + ANSWER_MEMORY;
        lane.land(url, &late, later);
        assert!(matches!(lane.state(url, later, 4), State::Answered(Err(_))), "once that is forgotten it is news");
    }
}
