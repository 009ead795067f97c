//! Who waits for requests of others: places for each address of the table, and for all other addresses together.

use alloc::vec::Vec;

use super::Kind;

/// Bytes of the documents that wait for one address of the table: a thousand of those that the service signs.
const KNOWN_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of the documents that wait for other addresses.
const OTHER_BYTES: usize = 8 * 1024 * 1024;

/// Places taken. There are as many queues as the table has addresses, and one, at most.
#[derive(Debug, Default)]
pub(in crate::attested) struct Waiting {
    queues: Vec<Queue>,
}

/// Those that wait for the same address of the table, or for any other.
#[derive(Debug)]
struct Queue {
    kind: Kind,
    places: usize,
    bytes: usize,
}

/// A place among those who wait, and the bytes of the document.
#[derive(Debug)]
pub(in crate::attested) struct Ticket {
    kind: Kind,
    bytes: usize,
}

impl Waiting {
    /// Takes a place, if there is one left of so many.
    pub(in crate::attested) fn queue_up(&mut self, kind: Kind, bytes: usize, limit: usize) -> Option<Ticket> {
        let queue = self.queues.iter_mut().find(|queue| queue.kind == kind);
        let (places, bytes_before) = queue.as_ref().map_or((0, 0), |queue| (queue.places, queue.bytes));
        let byte_limit = if kind == Kind::Other { OTHER_BYTES } else { KNOWN_BYTES };
        let is_room = places < limit && bytes_before.saturating_add(bytes) <= byte_limit;
        if !is_room {
            return None;
        }
        match queue {
            Some(queue) => {
                queue.places = queue.places.saturating_add(1);
                queue.bytes = queue.bytes.saturating_add(bytes);
            }
            None => self.queues.push(Queue { kind, places: 1, bytes }),
        }
        Some(Ticket { kind, bytes })
    }

    /// Takes the place back.
    pub(in crate::attested) fn leave(&mut self, ticket: &Ticket) {
        if let Some(queue) = self.queues.iter_mut().find(|queue| queue.kind == ticket.kind) {
            queue.places = queue.places.saturating_sub(1);
            queue.bytes = queue.bytes.saturating_sub(ticket.bytes);
        }
        self.queues.retain(|queue| queue.places > 0);
    }
}

/// Who waits belongs to the original: nobody would leave a copy.
impl Clone for Waiting {
    fn clone(&self) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Kind = Kind::Known("a");
    const B: Kind = Kind::Known("b");

    #[test]
    fn a_full_address_of_the_table_leaves_the_others_their_places() {
        let mut waiting = Waiting::default();
        let first = waiting.queue_up(A, 1, 2).unwrap();
        let _second = waiting.queue_up(A, 1, 2).unwrap();
        assert!(waiting.queue_up(A, 1, 2).is_none());
        for kind in [B, Kind::Other] {
            assert!(waiting.queue_up(kind, 1, 2).is_some() && waiting.queue_up(kind, 1, 2).is_some());
            assert!(waiting.queue_up(kind, 1, 2).is_none());
        }
        waiting.leave(&first);
        assert!(waiting.queue_up(B, 1, 2).is_none(), "a place of another address");
        assert!(waiting.queue_up(A, 1, 2).is_some());
    }

    #[test]
    fn so_do_its_bytes() {
        let mut waiting = Waiting::default();
        for (kind, limit) in [(A, KNOWN_BYTES), (Kind::Other, OTHER_BYTES), (B, KNOWN_BYTES)] {
            let all = waiting.queue_up(kind, limit, 9).unwrap();
            assert!(waiting.queue_up(kind, 1, 9).is_none());
            waiting.leave(&all);
            let _most = waiting.queue_up(kind, limit - 1, 9).unwrap();
            assert!(waiting.queue_up(kind, 2, 9).is_none() && waiting.queue_up(kind, 1, 9).is_some());
        }
        assert!(waiting.queue_up(Kind::Known("c"), usize::MAX, 9).is_none());
    }

    #[test]
    fn an_address_for_which_nobody_waits_is_not_kept() {
        let mut waiting = Waiting::default();
        let tickets = [A, B, A, Kind::Other].map(|kind| waiting.queue_up(kind, 7, 9).unwrap());
        assert_eq!(waiting.queues.len(), 3);
        tickets.iter().for_each(|ticket| waiting.leave(ticket));
        assert!(waiting.queues.is_empty());
    }
}
