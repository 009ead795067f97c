//! Whether the service is there: one request, answered within a second, never remembered.

use crate::quoted::Quoted;
use alloc::string::String;

use super::endpoint::Endpoint;
use super::judge::{Refusal, judge};
use super::question::{Limits, Question};
use crate::attested::error::Error;
use crate::error::{TransportError, UsageError};
use crate::exchange::{Exchange, RequestId, Step};
use crate::http::Response;
use crate::instant::Instant;
use crate::metadata::category::Category;
use crate::metadata::error::ServiceError;

/// Milliseconds for the whole of it; a host needs some of the second for itself.
const TIME: u64 = 900;
/// Milliseconds for connecting.
const CONNECT_TIMEOUT: u64 = 700;
/// Bytes of an answer.
const MAX_BODY: usize = 64 * 1024;

/// What a look for the service found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Availability {
    /// The metadata service answers, be it that it is busy or being updated.
    pub is_available: bool,
    /// Why it is not there, or what it is busy with.
    pub reason: Option<Error>,
    /// What it calls itself, like `IMDS/150.870.65.1854`.
    pub server: Option<String>,
}

/// A look for the service, made by [`Client::availability`](super::Client::availability). Drive it like any exchange.
#[derive(Clone, Debug)]
pub struct Detection {
    endpoint: Endpoint,
    deadline: Option<Instant>,
    done: Option<Availability>,
}

impl Detection {
    const ID: RequestId = RequestId(0);

    pub(super) const fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, deadline: None, done: None }
    }

    fn check(&self, id: RequestId) -> Result<(), UsageError> {
        let is_out = self.deadline.is_some() && self.done.is_none() && id == Self::ID;
        if is_out { Ok(()) } else { Err(UsageError::RequestStale { id: id.0 }) }
    }
}

impl Exchange for Detection {
    type Output = Availability;

    fn poll(&mut self, now: Instant) -> Step<Availability> {
        let Some(deadline) = self.deadline else {
            let deadline = now.plus_millis(TIME);
            self.deadline = Some(deadline);
            let limits = Limits { connect_timeout: CONNECT_TIMEOUT, deadline, max_body: MAX_BODY };
            return Step::Send(Self::ID, Question::new(Category::Versions, "").request(&self.endpoint, None, &limits));
        };
        if self.done.is_none() && now >= deadline {
            self.done = Some(absent(TransportError::ReadTimeout));
        }
        self.done.clone().map_or(Step::Wait(deadline), Step::Done)
    }

    fn receive(&mut self, id: RequestId, _: Instant, response: Response) -> Result<(), UsageError> {
        self.check(id)?;
        // Of an answer that is too long a transport may hand in the beginning.
        let is_too_long = response.body.len() > MAX_BODY;
        let too_long = TransportError::TooLong { limit: MAX_BODY };
        self.done = Some(if is_too_long { absent(too_long) } else { found(&response) });
        Ok(())
    }

    fn fail(&mut self, id: RequestId, _: Instant, error: TransportError) -> Result<(), UsageError> {
        self.check(id)?;
        self.done = Some(absent(error));
        Ok(())
    }
}

fn absent(error: impl Into<Error>) -> Availability {
    Availability { is_available: false, reason: Some(error.into()), server: None }
}

fn found(response: &Response) -> Availability {
    let server = response.headers.first("server");
    let server = server.filter(|server| server.starts_with("IMDS/") && server.len() < 64).map(String::from);
    let reason = match judge(&Question::new(Category::Versions, ""), None, response) {
        Ok(()) if is_list(response) => None,
        Ok(()) => {
            let evidence = Quoted::from_bytes(&response.body);
            return absent(ServiceError::NotOnAzure { status: response.status, evidence });
        }
        // A service from before 2020 refuses the list, in its own way.
        Err(Refusal::Version(_) | Refusal::Leaf) => None,
        Err(Refusal::Error(error, _)) => Some(error),
    };
    let is_available = match &reason {
        None | Some(ServiceError::Throttled { .. } | ServiceError::Updating { .. }) => true,
        Some(ServiceError::Rejected { .. } | ServiceError::Unavailable { .. }) => server.is_some(),
        Some(_) => false,
    };
    Availability { is_available, reason: reason.map(Error::from), server }
}

fn is_list(response: &Response) -> bool {
    crate::metadata::document::Document::from_bytes(&response.body)
        .is_ok_and(|document| document.root().member("apiVersions").is_some())
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::client::Client;
    use crate::http::Headers;

    #[test]
    fn the_beginning_of_an_answer_that_is_too_long_is_no_answer() {
        for (length, code) in [(MAX_BODY, "not_on_azure"), (MAX_BODY + 1, "too_long")] {
            let mut detection = Client::new().availability();
            let Step::Send(id, request) = detection.poll(Instant::default()) else { panic!("nothing sent") };
            assert_eq!(request.max_body, MAX_BODY);
            let response = Response { status: 200, headers: Headers::new(), body: vec![b'x'; length] };
            detection.receive(id, Instant::default(), response).unwrap();
            let Step::Done(found) = detection.poll(Instant::default()) else { panic!("not done") };
            assert_eq!((found.is_available, found.reason.unwrap().code()), (false, code));
        }
    }
}
