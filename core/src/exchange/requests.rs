//! The requests of one exchange: which were made, which is out, until when, and what becomes of answers.
//!
//! ```text
//!   send ──▶ out ──answered──▶ answered      its answer counts
//!             └──overdue, give_up, send──▶ given up
//! ```
//!
//! An answer to a request that was answered or given up is stale: it is ignored, since the host can't know. An answer
//! to a request that was never made belongs to another exchange: the host has mixed them up.

use core::time::Duration;

use crate::error::UsageError;
use crate::exchange::RequestId;
use crate::instant::Instant;

/// At most one request is out. `K` is what the exchange keeps for it until it is answered or given up.
#[derive(Clone, Debug)]
pub(crate) struct Requests<K> {
    /// When the exchange has to be over; fixed by its first poll.
    end: Option<Instant>,
    /// Identifiers given out, counted from zero.
    made: u32,
    out: Option<Out<K>>,
}

#[derive(Clone, Debug)]
struct Out<K> {
    id: RequestId,
    deadline: Instant,
    kept: K,
}

impl<K> Requests<K> {
    /// None yet.
    pub(crate) const fn new() -> Self {
        Self { end: None, made: 0, out: None }
    }

    /// When the exchange has to be over: so long after the first time that this is asked.
    pub(crate) fn end(&mut self, now: Instant, time: Duration) -> Instant {
        *self.end.get_or_insert(now + time)
    }

    /// A request is sent; one that is still out is given up.
    pub(crate) fn send(&mut self, deadline: Instant, kept: K) -> RequestId {
        let id = RequestId(self.made);
        self.made = self.made.saturating_add(1);
        self.out = Some(Out { id, deadline, kept });
        id
    }

    /// Until when the answer to the request that is out is waited for.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.out.as_ref().map(|out| out.deadline)
    }

    /// Gives up a request whose deadline has come: the host owes an answer and has not given one in time.
    pub(crate) fn overdue(&mut self, now: Instant) -> Option<K> {
        self.out.take_if(|out| out.deadline <= now).map(|out| out.kept)
    }

    /// Gives up the request that is out.
    pub(crate) fn give_up(&mut self) {
        self.out = None;
    }

    /// An answer has come. `None` if it is stale.
    ///
    /// # Errors
    ///
    /// `request_stale` if the request was never made.
    pub(crate) fn answered(&mut self, id: RequestId) -> Result<Option<K>, UsageError> {
        if id.0 >= self.made {
            return Err(UsageError::RequestStale { id: id.0 });
        }
        Ok(self.out.take_if(|out| out.id == id).map(|out| out.kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::from_millis(millis)
    }

    fn foreign(id: u32) -> Result<Option<char>, UsageError> {
        Err(UsageError::RequestStale { id })
    }

    #[test]
    fn an_answer_counts_once() {
        let mut requests = Requests::new();
        let id = requests.send(at(9), 'a');
        assert_eq!(requests.deadline(), Some(at(9)));
        assert_eq!((requests.answered(id), requests.answered(id)), (Ok(Some('a')), Ok(None)));
        assert_eq!(requests.deadline(), None);
    }

    #[test]
    fn a_request_that_was_given_up_has_no_answer() {
        let mut requests = Requests::new();
        let ids = ['a', 'b'].map(|kept| requests.send(at(9), kept));
        assert_ne!(ids[0], ids[1]);
        assert_eq!(requests.answered(ids[0]), Ok(None), "the second took its place");
        assert_eq!((requests.overdue(at(8)), requests.overdue(at(9))), (None, Some('b')));
        assert_eq!(requests.answered(ids[1]), Ok(None));
        let id = requests.send(at(9), 'c');
        requests.give_up();
        assert_eq!((requests.answered(id), requests.deadline()), (Ok(None), None));
    }

    #[test]
    fn a_request_that_was_never_made_is_an_error() {
        let mut requests = Requests::new();
        assert_eq!(requests.answered(RequestId(0)), foreign(0));
        let id = requests.send(at(9), 'a');
        assert_eq!(requests.answered(RequestId(1)), foreign(1));
        assert_eq!(requests.answered(id), Ok(Some('a')), "the error changed nothing");
        assert_eq!(requests.answered(RequestId(u32::MAX)), foreign(u32::MAX));
    }

    #[test]
    fn the_end_is_fixed_once() {
        let mut requests = Requests::<()>::new();
        assert_eq!([3, 7].map(|now| requests.end(at(now), Duration::from_millis(10))), [at(13), at(13)]);
    }
}
