//! One emulator and a clock: carries what an exchange asks for, in no time but that of the clock.

use std::time::Duration;

use azure_imds::emulator::{Emulator, Ending, Incoming, Machine, Moment, RateLimits};
use azure_imds::{Client, Exchange, Instant, Request, Response, Step, Timestamp, TransportError};

/// The wall clock at the beginning.
pub(crate) const BEGIN: u64 = 1_790_000_000;

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) client: Client,
    pub(crate) now: Moment,
}

impl World {
    pub(crate) fn new(machine: Machine) -> Self {
        Self {
            emulator: Emulator::new(machine, [7; 32]).with_limits(RateLimits::none()),
            client: Client::new(),
            now: Moment::new(Instant::from_millis(0), Timestamp::from_unix(BEGIN)),
        }
    }

    /// Runs an exchange to its end.
    pub(crate) fn run<E: Exchange>(&mut self, mut exchange: E) -> E::Output {
        for _ in 0..1_000 {
            match exchange.poll(self.now.instant) {
                Step::Done(value) => return value,
                Step::Wait(until) => self.pass_until(until),
                Step::Send(id, request) => match self.carry(&request) {
                    Ok(response) => exchange.receive(id, self.now.instant, response).unwrap(),
                    Err(error) => exchange.fail(id, self.now.instant, error).unwrap(),
                },
            }
        }
        panic!("not done after 1,000 steps");
    }

    pub(crate) fn pass(&mut self, millis: u64) {
        self.pass_until(self.now.instant + Duration::from_millis(millis));
    }

    fn pass_until(&mut self, until: Instant) {
        let elapsed = until.millis() / 1_000 - self.now.instant.millis() / 1_000;
        self.now = Moment::new(self.now.instant.max(until), self.now.wall + Duration::from_secs(elapsed));
    }

    /// What a host does: keeps the request's limits, and tells what became of it.
    fn carry(&mut self, request: &Request) -> Result<Response, TransportError> {
        let reply = self.emulator.handle(self.now, &Incoming::from(request));
        let arrives = self.now.instant + reply.delivery.delay;
        if arrives >= request.deadline {
            self.pass_until(request.deadline);
            return Err(TransportError::ReadTimeout);
        }
        self.pass_until(arrives);
        match reply.delivery.ending {
            Ending::Whole if reply.response.body.len() <= request.max_body => Ok(reply.response),
            Ending::Whole | Ending::Endless => Err(TransportError::TooLong { limit: request.max_body }),
            Ending::Truncate { bytes } if bytes >= reply.response.body.len() => Ok(reply.response),
            Ending::Drop | Ending::Truncate { .. } => Err(TransportError::Truncated),
            Ending::Slow { bytes_per_second } => {
                let length = reply.response.body.len() as u64;
                let end = self.now.instant + Duration::from_millis(length * 1_000 / u64::from(bytes_per_second));
                if end < request.deadline {
                    self.pass_until(end);
                    return Ok(reply.response);
                }
                self.pass_until(request.deadline);
                Err(TransportError::ReadTimeout)
            }
            _ => {
                self.pass_until(request.deadline);
                Err(TransportError::ReadTimeout)
            }
        }
    }
}

/// The code of what should have failed.
pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, azure_imds::Error>) -> &'static str {
    result.unwrap_err().code()
}
