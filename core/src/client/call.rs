//! One question to the service, from its first request to a value.
//!
//! ```text
//!   Ready ──Send──▶ out ──receive──▶ Done
//!     ▲              │ another version, a leaf that has no JSON form: at once
//!     │              │ 410, 429, 5xx, 404 of identity or "right now", a failed transport, a nonce of before: later
//!     └──── Wait ◀───┘
//! ```
//!
//! Invariant: no request and no wait reaches past the deadline, which is fixed by the first poll.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::Client;
use super::judge::{Refusal, judge};
use super::negotiate::next_version;
use super::pace::{Pace, Permit};
use super::question::{Format, Limits, Question};
use super::retry::{Again, Schedule};
use crate::attested::error::Error;
use crate::error::{TransportError, UsageError};
use crate::exchange::{Exchange, RequestId, Requests, Step};
use crate::http::{Method, Response};
use crate::instant::Instant;
use crate::metadata::api_version::ApiVersion;
use crate::metadata::error::ServiceError;
use crate::quoted::Quoted;

/// Attempts that are remembered, the first ones.
const ATTEMPTS_KEPT: usize = 64;

/// A question to the service under way, made by a method of [`Client`]. Drive it by the loop of [`Exchange`].
///
/// The value is `Ok` of what was asked for, or the error of the last attempt. [`Self::attempts`] tells of all. The call
/// keeps what was asked for and shares it: once the call is dropped, [`Arc::unwrap_or_clone`] takes it out without a copy.
#[derive(Debug)]
pub struct Call<T> {
    client: Client,
    question: Question,
    read: Read<T>,
    version: Option<ApiVersion>,
    refused: Vec<ApiVersion>,
    schedule: Schedule,
    attempts: Vec<Attempt>,
    requests: Requests<Sent>,
    state: State<T>,
}

/// One request of a call, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// When it was sent.
    pub sent: Instant,
    /// The version asked for.
    pub version: Option<ApiVersion>,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// Why it was not the answer.
    pub error: Option<Error>,
}

/// Makes the value of a good answer.
pub(super) type Read<T> = fn(&Answer<'_>) -> Result<T, Error>;

/// A good answer, and what it answers.
pub(super) struct Answer<'a> {
    pub(super) question: &'a Question,
    pub(super) version: Option<ApiVersion>,
    pub(super) body: &'a [u8],
}

#[derive(Debug)]
enum State<T> {
    /// To be asked, unless a request is out.
    Ready,
    Waiting(Instant),
    Done(Result<Arc<T>, Error>),
}

/// What is kept of a request that is out.
#[derive(Debug)]
struct Sent {
    at: Instant,
    /// Held until the answer is there.
    _permit: Option<Permit>,
}

impl<T> Call<T> {
    pub(super) fn new(client: &Client, question: Question, read: Read<T>) -> Self {
        Self {
            version: client.version_for(question.category),
            client: client.clone(),
            question,
            read,
            refused: Vec::new(),
            schedule: Schedule::default(),
            attempts: Vec::new(),
            requests: Requests::new(),
            state: State::Ready,
        }
    }

    /// The version asked for, after the service's refusals so far; `None` for the list of versions.
    #[must_use]
    pub const fn version(&self) -> Option<ApiVersion> {
        self.version
    }

    /// What was sent, and what became of it; the first 64 attempts.
    ///
    /// ```
    /// use azure_imds::client::Attempt;
    /// use azure_imds::{Client, Exchange, Instant, Step, TransportError};
    ///
    /// let mut call = Client::new().instance();
    /// let Step::Send(id, _request) = call.poll(Instant::ORIGIN) else { panic!("nothing to send") };
    /// call.fail(id, Instant::ORIGIN, TransportError::Refused)?;
    /// let attempt: &Attempt = &call.attempts()[0];
    /// assert_eq!((attempt.version, attempt.status), (call.version(), None));
    /// assert_eq!(attempt.error.as_ref().map(|error| error.code()), Some("refused"));
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    #[must_use]
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    fn time(&self) -> Duration {
        self.client.policy.deadline.unwrap_or_else(|| self.question.category.deadline())
    }

    fn deadline(&mut self, now: Instant) -> Instant {
        let time = self.time();
        self.requests.end(now, time)
    }

    fn attempt_time(&self) -> Duration {
        self.client.policy.attempt_timeout.unwrap_or_else(|| self.question.category.attempt_timeout())
    }

    fn finish(&mut self, result: Result<T, Error>) {
        self.state = State::Done(result.map(Arc::new));
    }

    /// The error to end with when there is no more time to ask.
    fn last_error(&self) -> Error {
        let last = self.attempts.last().and_then(|attempt| attempt.error.clone());
        last.unwrap_or(Error::Transport(TransportError::DeadlineExceeded))
    }

    fn note(&mut self, sent: Instant, status: Option<u16>, error: Option<Error>) {
        let attempt = Attempt { sent, version: self.version, status, error };
        if self.attempts.len() >= ATTEMPTS_KEPT {
            self.attempts.pop();
        }
        self.attempts.push(attempt);
    }

    fn failed(&mut self, now: Instant, sent: Instant, status: Option<u16>, error: Error, again: Again) {
        self.note(sent, status, Some(error.clone()));
        let again = if self.question.method == Method::Post && !was_not_acted_on(&error) { Again::No } else { again };
        let deadline = self.deadline(now);
        match self.schedule.next(&self.client.policy, again, now, deadline) {
            Some(next) => self.state = State::Waiting(next),
            None => self.finish(Err(error)),
        }
    }

    fn lost(&mut self, now: Instant, sent: Instant, error: TransportError) {
        let again = if error.retryable() { Again::Unreached } else { Again::No };
        self.failed(now, sent, None, error.into(), again);
    }

    /// Asks for another version at once, if there is one left to ask for.
    fn renegotiate(&mut self, sent: Instant, status: u16, newest: Vec<ApiVersion>) {
        let Some(version) = self.version else {
            let message = Quoted::from("it has no list of versions, which came with 2020-10-01");
            let error = Error::from(ServiceError::Rejected { status, message });
            self.note(sent, Some(status), Some(error.clone()));
            return self.finish(Err(error));
        };
        self.refused.push(version);
        let next = next_version(self.question.category, &newest, &self.refused);
        let error = Error::from(ServiceError::VersionRefused { version, newest });
        self.note(sent, Some(status), Some(error.clone()));
        match next.filter(|_| self.client.policy.negotiates) {
            Some(next) => {
                self.version = Some(next);
                self.state = State::Ready;
            }
            None => self.finish(Err(error)),
        }
    }

    fn answered(&mut self, now: Instant, sent: Instant, response: &Response) {
        let status = response.status;
        if response.body.len() > self.client.policy.max_body {
            return self.lost(now, sent, TransportError::TooLong { limit: self.client.policy.max_body });
        }
        match judge(&self.question, self.version, response) {
            Ok(()) => {}
            Err(Refusal::Error(error, again)) => return self.failed(now, sent, Some(status), error.into(), again),
            Err(Refusal::Version(newest)) => return self.renegotiate(sent, status, newest),
            Err(Refusal::Leaf) => {
                let path = Quoted::from(self.question.path.as_str());
                self.note(sent, Some(status), Some(ServiceError::LeafNeedsText { path }.into()));
                self.question.format = Format::Text;
                self.state = State::Ready;
                return;
            }
        }
        let answer = Answer { question: &self.question, version: self.version, body: &response.body };
        match (self.read)(&answer) {
            Ok(value) => {
                self.note(sent, Some(status), None);
                self.remember(&response.body);
                if let (false, Some(version)) = (self.refused.is_empty(), self.version) {
                    self.client.learnt.put(self.question.category, version);
                }
                self.finish(Ok(value));
            }
            Err(error) => {
                let is_stale = matches!(error, Error::Service(ServiceError::NonceStale { .. }));
                self.failed(now, sent, Some(status), error, if is_stale { Again::Fresh } else { Again::No });
            }
        }
    }

    fn remembers(&self) -> bool {
        self.question.is_fixed && self.client.policy.remembers
    }

    /// Lets later calls have the answer. An empty one says that there is nothing, which may be so only yet.
    fn remember(&self, body: &[u8]) {
        if let (true, false, Ok(text)) = (self.remembers(), body.is_empty(), core::str::from_utf8(body)) {
            self.client.learnt.remembered.add(&self.question.path, text);
        }
    }

    /// The value of an answer that another call got.
    fn recalled(&self) -> Option<T> {
        let text = self.remembers().then(|| self.client.learnt.remembered.text_of(&self.question.path)).flatten()?;
        (self.read)(&Answer { question: &self.question, version: self.version, body: text.as_bytes() }).ok()
    }

    fn send(&mut self, now: Instant, deadline: Instant) -> Step<Result<Arc<T>, Error>> {
        if let Some(value) = self.recalled() {
            let value = Ok(Arc::new(value));
            self.state = State::Done(value.clone());
            return Step::Done(value);
        }
        if now >= deadline {
            let error = self.last_error();
            self.finish(Err(error.clone()));
            return Step::Done(Err(error));
        }
        let permit = match self.client.policy.paced.then(|| Pace::admit(&self.client.pace, self.question.category, now))
        {
            None => None,
            Some(Ok(permit)) => Some(permit),
            Some(Err(at)) => {
                let until = at.min(deadline);
                self.state = State::Waiting(until);
                return Step::Wait(until);
            }
        };
        let limits = Limits {
            connect_timeout: self.client.policy.connect_timeout,
            deadline: (now + self.attempt_time()).min(deadline),
            max_body: self.client.policy.max_body,
        };
        let endpoint = self.client.endpoints.of(self.question.category);
        let request = self.question.request(endpoint, self.version, &limits);
        self.state = State::Ready;
        Step::Send(self.requests.send(limits.deadline, Sent { at: now, _permit: permit }), request)
    }
}

impl<T> Exchange for Call<T> {
    type Output = Result<Arc<T>, Error>;

    fn poll(&mut self, now: Instant) -> Step<Self::Output> {
        let deadline = self.deadline(now);
        if let Some(sent) = self.requests.overdue(now) {
            self.lost(now, sent.at, TransportError::ReadTimeout);
        }
        match (&self.state, self.requests.deadline()) {
            (State::Done(result), _) => Step::Done(result.clone()),
            (_, Some(until)) => Step::Wait(until),
            (State::Waiting(until), None) if now < *until => Step::Wait(*until),
            (State::Waiting(_) | State::Ready, None) => self.send(now, deadline),
        }
    }

    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError> {
        if let Some(sent) = self.requests.answered(id)? {
            self.answered(now, sent.at, &response);
        }
        Ok(())
    }

    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError> {
        if let Some(sent) = self.requests.answered(id)? {
            self.lost(now, sent.at, error);
        }
        Ok(())
    }

    fn release(&mut self) {
        self.requests.give_up();
    }
}

/// Whether the service has certainly not done what it was asked to: then asking again does no harm.
const fn was_not_acted_on(error: &Error) -> bool {
    matches!(
        error,
        Error::Transport(
            TransportError::ConnectTimeout
                | TransportError::Local { .. }
                | TransportError::Refused
                | TransportError::Unreachable { .. }
        ) | Error::Service(ServiceError::Throttled { .. } | ServiceError::Updating { .. })
    )
}
