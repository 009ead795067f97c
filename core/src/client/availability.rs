//! Whether the service is there: one request, answered within a second, never remembered.

use crate::quoted::Quoted;
use alloc::string::String;
use core::time::Duration;

use super::endpoint::Endpoint;
use super::judge::{Refusal, judge};
use super::question::{Limits, Question};
use crate::attested::error::Error;
use crate::error::{TransportError, UsageError};
use crate::exchange::{Exchange, RequestId, Requests, Step};
use crate::http::Response;
use crate::instant::Instant;
use crate::metadata::category::Category;
use crate::metadata::error::ServiceError;

/// For the whole of it; a host needs some of the second for itself.
const TIME: Duration = Duration::from_millis(900);
/// For connecting.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(700);
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
    requests: Requests<()>,
    done: Option<Availability>,
}

impl Detection {
    pub(super) const fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, requests: Requests::new(), done: None }
    }
}

impl Exchange for Detection {
    type Output = Availability;

    fn poll(&mut self, now: Instant) -> Step<Availability> {
        if self.requests.overdue(now).is_some() {
            self.done = Some(absent(TransportError::ReadTimeout));
        }
        if let Some(found) = &self.done {
            return Step::Done(found.clone());
        }
        if let Some(deadline) = self.requests.deadline() {
            return Step::Wait(deadline);
        }
        let deadline = self.requests.end(now, TIME);
        let limits = Limits { connect_timeout: CONNECT_TIMEOUT, deadline, max_body: MAX_BODY };
        let request = Question::new(Category::Versions, "").request(&self.endpoint, None, &limits);
        Step::Send(self.requests.send(deadline, ()), request)
    }

    fn receive(&mut self, id: RequestId, _: Instant, response: Response) -> Result<(), UsageError> {
        if self.requests.answered(id)?.is_some() {
            // Of an answer that is too long a transport may hand in the beginning.
            let is_too_long = response.body.len() > MAX_BODY;
            let too_long = TransportError::TooLong { limit: MAX_BODY };
            self.done = Some(if is_too_long { absent(too_long) } else { found(&response) });
        }
        Ok(())
    }

    fn fail(&mut self, id: RequestId, _: Instant, error: TransportError) -> Result<(), UsageError> {
        if self.requests.answered(id)?.is_some() {
            self.done = Some(absent(error));
        }
        Ok(())
    }

    fn release(&mut self) {
        self.requests.give_up();
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
