//! The one loop that drives everything: ask what to do, do it, tell what happened.
//!
//! ```text
//!   poll(now) ──▶ Step::Send(id, request)   do it, then receive(id, ..) or fail(id, ..)
//!                 Step::Wait(until)         sleep, then poll again (also the answer while a request is out)
//!                 Step::Done(value)         finished; every later poll says the same
//! ```

use core::fmt;

use crate::error::{TransportError, UsageError};
use crate::http::{Request, Response};
use crate::instant::Instant;

/// Tells the answers of one exchange's requests apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(pub(crate) u32);

impl RequestId {
    /// The number behind it, for hosts that carry it through another language.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The identifier of that number. One that is not out is refused by `receive` and `fail`.
    #[must_use]
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

/// What the host is to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<T> {
    /// Carry this request, then call `receive` or `fail` with its identifier.
    Send(RequestId, Request),
    /// Nothing to do before this moment, unless a request that is out comes back first.
    Wait(Instant),
    /// Finished.
    Done(T),
}

/// Something that may need requests carried for it before it has its value. May be dropped at any time.
///
/// Invariant: after `receive` or `fail`, poll again until it says `Wait` or `Done`.
pub trait Exchange {
    /// The value at the end.
    type Output;

    /// Says what to do next. The answer can have changed after `receive`, after `fail`, and when the moment of a
    /// `Wait` has come; polling more often does no harm.
    #[must_use = "the step says what the host has to do"]
    fn poll(&mut self, now: Instant) -> Step<Self::Output>;

    /// Hands in the answer to a request.
    ///
    /// # Errors
    ///
    /// `request_stale` if that request is not out; the exchange is unchanged.
    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError>;

    /// Says that a request could not be carried to its end.
    ///
    /// # Errors
    ///
    /// `request_stale` if that request is not out; the exchange is unchanged.
    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError>;
}
