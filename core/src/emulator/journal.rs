//! The requests that came, for a test to look at afterwards.

use alloc::collections::VecDeque;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::Moment;
use super::incoming::{Incoming, Reply};
use super::part::Part;
use crate::http::Headers;

/// Entries kept unless said otherwise.
const CAPACITY: usize = 1000;

/// Bytes kept of a target, of a header's name or value, and of a body.
const KEPT: usize = 4096;

/// Header fields kept, and bytes of them in all: a request may come with a hundred kilobytes of them.
const FIELDS: (usize, usize) = (64, 16 * 1024);

/// What came, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JournalEntry {
    /// When.
    pub at: Moment,
    /// The method.
    pub method: String,
    /// Path and query as they came; the first 4096 bytes.
    pub target: String,
    /// The first 64 fields, as far as they take no more than 16 KiB in all.
    pub headers: Headers,
    /// The first 4096 bytes.
    pub body: Vec<u8>,
    /// The part of the service.
    pub part: Part,
    /// The status of the answer.
    pub status: u16,
    /// The fault that was played, as it would be written, the first 4096 bytes; none for the service's own answer.
    pub fault: Option<String>,
}

/// The last requests, oldest first.
#[derive(Clone, Debug)]
pub struct Journal {
    entries: VecDeque<JournalEntry>,
    capacity: usize,
    total: u64,
}

impl Default for Journal {
    fn default() -> Self {
        Self { entries: VecDeque::new(), capacity: CAPACITY, total: 0 }
    }
}

impl Journal {
    /// The entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &JournalEntry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// How many requests to this part of the service are among the entries.
    ///
    /// ```
    /// use azure_imds::emulator::{Emulator, Incoming, Journal, JournalEntry, Machine, Moment, Part};
    /// use azure_imds::{Instant, Timestamp};
    ///
    /// let mut emulator = Emulator::new(Machine::default(), [7; 32]);
    /// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
    /// emulator.handle(now, &Incoming::get("/metadata/versions"));
    /// let journal: &Journal = emulator.journal();
    /// assert_eq!((journal.count(Part::Versions), journal.count(Part::Token)), (1, 0));
    /// let last: Option<&JournalEntry> = journal.entries().last();
    /// assert_eq!(last.map(|entry| (entry.target.as_str(), entry.status)), Some(("/metadata/versions", 200)));
    /// ```
    #[must_use]
    pub fn count(&self, part: Part) -> usize {
        self.entries.iter().filter(|entry| entry.part == part).count()
    }

    /// How many requests came in all, those no longer kept included.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// Forgets the entries; the total stays.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Keeps so many entries from now on.
    pub fn set_capacity(&mut self, entries: usize) {
        self.capacity = entries;
        while self.entries.len() > entries {
            self.entries.pop_front();
        }
    }

    /// Notes a request with the answer that it got.
    pub(super) fn note(&mut self, at: Moment, request: &Incoming, reply: &Reply) {
        self.total = self.total.saturating_add(1);
        if self.capacity == 0 {
            return;
        }
        if self.entries.len() >= self.capacity {
            self.entries.pop_front();
        }
        let mut left = FIELDS.1;
        let fields = request.headers.iter().take(FIELDS.0).map(|(name, value)| (cut(name), cut(value)));
        let fields = fields.take_while(|(name, value)| {
            let rest = left.checked_sub(name.len()).and_then(|rest| rest.checked_sub(value.len()));
            left = rest.unwrap_or(0);
            rest.is_some()
        });
        self.entries.push_back(JournalEntry {
            at,
            method: cut(&request.method),
            target: cut(&request.target),
            headers: fields.collect(),
            body: request.body.iter().copied().take(KEPT).collect(),
            part: reply.part,
            status: reply.response.status,
            fault: reply.fault.as_ref().map(|fault| cut(&fault.to_string())),
        });
    }
}

fn cut(text: &str) -> String {
    let end = (0..=KEPT.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::{Delivery, FaultAnswer, FaultStep};
    use crate::http::Response;
    use crate::instant::Instant;
    use crate::time::Timestamp;

    #[test]
    fn an_entry_is_bounded_whatever_came() {
        let mut request = Incoming::get(&"t".repeat(100_000));
        request.method = "M".repeat(100_000);
        request.body = alloc::vec![7; 100_000];
        for _ in 0..1000 {
            request.headers.append("n".repeat(3000), "v".repeat(3000));
        }
        let mut journal = Journal::default();
        let now = Moment::new(Instant::from_millis(0), Timestamp::from_unix(0));
        let response = Response { status: 400, headers: Headers::new(), body: Vec::new() };
        let answer = FaultAnswer::Redirect("f".repeat(100_000));
        let fault = Some(FaultStep { answer, ..FaultStep::default() });
        journal.note(now, &request, &Reply { response, delivery: Delivery::default(), part: Part::Other, fault });
        let entry = journal.entries().next().unwrap();
        let lengths = [entry.method.len(), entry.target.len(), entry.body.len(), entry.fault.as_ref().unwrap().len()];
        assert_eq!(lengths, [KEPT; 4]);
        let (kept, bytes) = entry
            .headers
            .iter()
            .fold((0, 0), |(kept, bytes), (name, value)| (kept + 1, bytes + name.len() + value.len()));
        assert_eq!((kept, bytes), (3, 12 + 2 * 6000));
    }
}
