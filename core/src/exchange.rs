//! The one loop that drives everything: ask what to do, do it, tell what happened.
//!
//! ```text
//!   poll(now) ──▶ Step::Send(id, request)   do it, then receive(id, ..) or fail(id, ..)
//!                 Step::Wait(until)         sleep, then poll again (also the answer while a request is out)
//!                 Step::Done(value)         finished; every later poll says the same
//! ```
//!
//! Each [`Exchange`] of this crate keeps its value once it is done. Another poll gives it again without doing any of
//! the work again: what is large in a value is behind an [`Arc`](alloc::sync::Arc).

use core::fmt;

use crate::error::{TransportError, UsageError};
use crate::http::{Request, Response};
use crate::instant::Instant;

mod requests;

pub(crate) use self::requests::Requests;

/// Tells the answers of one exchange's requests apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(pub(crate) u32);

impl RequestId {
    /// The number behind it, for hosts that carry it through another language.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The identifier of that number.
    ///
    /// ```
    /// use azure_imds::RequestId;
    ///
    /// let id = RequestId::from_number(7);
    /// assert_eq!(id.number(), 7);
    /// ```
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
///
/// Hand in what became of each request once. Answers that come late do no harm: one to a request that was answered
/// before, or whose deadline has passed, is ignored.
///
/// Hosts may implement it: to wrap an exchange that they drive, or to make one that their loop is tested with.
pub trait Exchange {
    /// The value at the end.
    type Output;

    /// Says what to do next. The answer can have changed after `receive`, after `fail`, and when the moment of a
    /// `Wait` has come; polling more often does no harm.
    #[must_use = "the step says what the host has to do"]
    fn poll(&mut self, now: Instant) -> Step<Self::Output>;

    /// Hands in the answer to a request. It is ignored unless that request is out.
    ///
    /// # Errors
    ///
    /// `request_stale` if this exchange never made that request; it is unchanged.
    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError>;

    /// Says that a request could not be carried to its end. It is ignored unless that request is out.
    ///
    /// # Errors
    ///
    /// `request_stale` if this exchange never made that request; it is unchanged.
    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError>;

    /// Gives back what it shares with other exchanges, as dropping it does. A request that is out is given up.
    fn release(&mut self);
}

/// Lets a loop that takes an exchange drive one that is kept: `drive(&mut call)`, and then ask the call for its
/// attempts.
impl<E: Exchange + ?Sized> Exchange for &mut E {
    type Output = E::Output;

    fn poll(&mut self, now: Instant) -> Step<Self::Output> {
        (**self).poll(now)
    }

    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError> {
        (**self).receive(id, now, response)
    }

    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError> {
        (**self).fail(id, now, error)
    }

    fn release(&mut self) {
        (**self).release();
    }
}
