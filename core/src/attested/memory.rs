//! What the verifications of one verifier share: chains, issuers that were fetched, what addresses answered, who is on
//! the way.

use alloc::sync::Arc;
use alloc::vec::Vec;

use self::lane::{Fetched, Lane, State};
use self::waiting::{Ticket, Waiting};
use crate::attested::issuers;
use crate::attested::path::proven::{ISSUER_LIMIT, ProvenIssuers};
use crate::attested::path::search::ChainCache;
use crate::attested::path::trust::Trust;
use crate::attested::x509::certificate::Certificate;
use crate::instant::Instant;

pub(in crate::attested) mod answer;
pub(in crate::attested) mod lane;
mod waiting;

/// Requests to addresses that the table does not name, on the way at once.
const OTHER_FLIGHTS: usize = 4;

/// What verifications remember, and by which they wait for each other: one for each verifier.
///
/// - The *chains* of signers that come again, in a [`ChainCache`] for each verification that computes at the same time.
/// - 64 *issuers* that were fetched and led to an anchor, the oldest out first.
/// - What each of the last 64 *addresses* answered within five minutes: a certificate, no matter whose issuer it turned
///   out to be, or why there is none. While that is remembered, the address is not asked again.
/// - The *requests* on the way, one for each address: who needs what is there waits for it.
/// - *Hosts* of which three requests failed one after the other, a status not counted: they are left alone for 30
///   seconds, then tried by one request.
///
/// Addresses of the [table of known issuers](crate::attested::known_issuers) and others share nothing but the issuers: anybody
/// can name an address of his own in a document of his own, so at most four requests to such addresses are on the way
/// at once, and neither their failures nor those who wait for them stand in the way of an issuer of the table. Nor do
/// those who wait for one address of the table take the places of those who wait for another.
///
/// Verifications reach it through [`SharedMemory`]. Hosts may keep the [`certificates`](Self::certificates) on a disk
/// and [`offer`](Self::offer) them to the next process, once they are [proven](crate::Trust::proven_issuers).
#[derive(Clone, Debug)]
pub struct VerifierMemory {
    chains: Vec<ChainCache>,
    issuers: Arc<Vec<Certificate>>,
    known: Lane,
    others: Lane,
    waiting: Waiting,
    waiters: usize,
    next_flight: u64,
}

/// How verifications reach the memory of their verifier: the host puts it behind a lock.
///
/// ```
/// use std::sync::{Arc, Mutex, PoisonError};
/// use azure_imds::attested::{VerifierMemory, SharedMemory};
///
/// #[derive(Clone, Default)]
/// struct Memory(Arc<Mutex<VerifierMemory>>);
///
/// impl SharedMemory for Memory {
///     fn with<T>(&mut self, change: impl FnOnce(&mut VerifierMemory) -> T) -> T {
///         change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
///     }
/// }
/// ```
pub trait SharedMemory {
    /// Lets the memory be read and changed. It takes no time worth speaking of, and calls nobody.
    fn with<T>(&mut self, change: impl FnOnce(&mut VerifierMemory) -> T) -> T;
}

/// A memory that is shared with nobody.
impl SharedMemory for VerifierMemory {
    fn with<T>(&mut self, change: impl FnOnce(&mut VerifierMemory) -> T) -> T {
        change(self)
    }
}

impl Default for VerifierMemory {
    fn default() -> Self {
        Self::new()
    }
}

impl VerifierMemory {
    /// Verifications that may wait for requests of others, unless said otherwise.
    pub const DEFAULT_WAITERS: usize = 64;

    /// Nothing remembered.
    #[must_use]
    pub fn new() -> Self {
        Self::with_waiters(Self::DEFAULT_WAITERS)
    }

    /// The same, for so many verifications that may wait at once for each address of the table, and as many for all
    /// others together. Further ones are refused (`fetch_overflow`), as is a document that would bring those waiting
    /// there to more than 4 MiB, for others 8 MiB.
    ///
    /// Where each that waits holds a thread, some dozens are enough; where it holds none, about a thousand.
    #[must_use]
    pub fn with_waiters(waiters: usize) -> Self {
        Self {
            chains: Vec::new(),
            issuers: Arc::default(),
            known: Lane::default(),
            others: Lane::default(),
            waiting: Waiting::default(),
            waiters,
            next_flight: 0,
        }
    }

    /// Adds issuers of an earlier process. Says how many they are. They are then what fetched issuers are, untrusted
    /// intermediates.
    pub fn offer(&mut self, proven: &ProvenIssuers) -> usize {
        proven.0.iter().for_each(|issuer| self.remember(issuer));
        proven.0.len()
    }

    /// The issuers remembered, DER.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.issuers.iter().map(|issuer| issuer.der().as_ref())
    }

    /// A cache that nobody computes with, of this trust.
    fn take_chains(&mut self, trust: &Trust) -> ChainCache {
        self.chains.pop().filter(|cache| cache.is_of(trust)).unwrap_or_else(|| ChainCache::new(trust))
    }

    pub(in crate::attested) fn issuers(&self) -> Arc<Vec<Certificate>> {
        self.issuers.clone()
    }

    pub(in crate::attested) fn remember(&mut self, issuer: &Certificate) {
        if self.issuers.iter().any(|known| known.der() == issuer.der()) {
            return;
        }
        let issuers = Arc::make_mut(&mut self.issuers);
        if issuers.len() >= ISSUER_LIMIT {
            issuers.remove(0);
        }
        issuers.push(issuer.clone());
    }

    fn lane(&mut self, kind: Kind) -> &mut Lane {
        match kind {
            Kind::Known(_) => &mut self.known,
            Kind::Other => &mut self.others,
        }
    }

    /// What a verification is to do that needs what is at an address. What it holds changes accordingly.
    pub(in crate::attested) fn ask(&mut self, wish: &Wish<'_>, held: &mut Held) -> Asked {
        let kind = Kind::of(wish.url);
        let flight_limit = if kind == Kind::Other { OTHER_FLIGHTS } else { usize::MAX };
        let state = self.lane(kind).state(wish.url, wish.now, flight_limit);
        if let (State::Busy(until), true) = (&state, wish.may_wait) {
            return if self.wait(kind, wish.bytes, held) { Asked::Wait(*until) } else { Asked::Overflow };
        }
        self.release(held);
        match (state, wish.until) {
            (State::Answered(answer), _) => Asked::Answered(answer),
            (State::Free, Some(until)) => {
                let number = self.next_flight;
                self.next_flight = self.next_flight.wrapping_add(1);
                self.lane(kind).set_out(number, wish.url, until);
                held.flight = Some((kind, number));
                Asked::Send(until)
            }
            (State::Free | State::Busy(_), _) => Asked::Late,
        }
    }

    fn wait(&mut self, kind: Kind, bytes: usize, held: &mut Held) -> bool {
        self.release(held);
        held.place = self.waiting.queue_up(kind, bytes, self.waiters);
        held.place.is_some()
    }

    /// Notes what an address came to, for all.
    pub(in crate::attested) fn land(&mut self, url: &str, answer: &Fetched, now: Instant) {
        self.lane(Kind::of(url)).land(url, answer, now);
    }

    /// Takes back what a verification holds.
    pub(in crate::attested) fn release(&mut self, held: &mut Held) {
        if let Some((kind, number)) = held.flight.take() {
            self.lane(kind).give_up(number);
        }
        if let Some(ticket) = held.place.take() {
            self.waiting.leave(&ticket);
        }
    }
}

/// Which lane an address is asked in, and with whom it shares places for those who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::attested) enum Kind {
    /// This one of the table.
    Known(&'static str),
    Other,
}

impl Kind {
    fn of(url: &str) -> Self {
        issuers::known_address(url).map_or(Self::Other, Self::Known)
    }
}

/// What one verification holds in the memory.
#[derive(Debug, Default)]
pub(in crate::attested) struct Held {
    flight: Option<(Kind, u64)>,
    place: Option<Ticket>,
}

/// What a verification needs.
pub(in crate::attested) struct Wish<'a> {
    pub(in crate::attested) url: &'a str,
    pub(in crate::attested) now: Instant,
    /// When a request would have to end; nothing if it may make none.
    pub(in crate::attested) until: Option<Instant>,
    pub(in crate::attested) may_wait: bool,
    /// Bytes that it holds while it waits.
    pub(in crate::attested) bytes: usize,
}

/// What it is to do.
pub(in crate::attested) enum Asked {
    /// This is what the address answered lately.
    Answered(Fetched),
    /// Make the request, for all, until this time.
    Send(Instant),
    /// Ask again once a request has ended, at this time at the latest.
    Wait(Instant),
    /// Neither is left time.
    Late,
    /// Too many wait.
    Overflow,
}

/// A verification's access to the memory. What it holds there is given back when it is dropped.
#[derive(Debug)]
pub(in crate::attested) struct Place<M: SharedMemory> {
    memory: M,
    held: Held,
}

impl<M: SharedMemory> Place<M> {
    pub(in crate::attested) fn new(memory: M) -> Self {
        Self { memory, held: Held::default() }
    }

    pub(in crate::attested) const fn memory(&self) -> &M {
        &self.memory
    }

    /// What an evaluation starts with: chains, which nobody else has meanwhile, and issuers.
    pub(in crate::attested) fn lend(&mut self, trust: &Trust) -> (ChainCache, Arc<Vec<Certificate>>) {
        self.memory.with(|memory| (memory.take_chains(trust), memory.issuers()))
    }

    /// Takes back the chains, with what the evaluation has added.
    pub(in crate::attested) fn take_back(&mut self, chains: ChainCache) {
        self.memory.with(|memory| memory.chains.push(chains));
    }

    pub(in crate::attested) fn ask(&mut self, wish: &Wish<'_>) -> Asked {
        let held = &mut self.held;
        self.memory.with(|memory| memory.ask(wish, held))
    }

    /// Ends its own request: with what came, for all, or without.
    pub(in crate::attested) fn land(&mut self, url: &str, answer: Option<&Fetched>, now: Instant) {
        let held = &mut self.held;
        self.memory.with(|memory| {
            memory.release(held);
            if let Some(answer) = answer {
                memory.land(url, answer, now);
            }
        });
    }

    /// Is at its end: leaves what led to an anchor to the others.
    pub(in crate::attested) fn finish<'a>(&mut self, issuers: impl Iterator<Item = &'a Certificate>) {
        let held = &mut self.held;
        self.memory.with(|memory| {
            memory.release(held);
            issuers.for_each(|issuer| memory.remember(issuer));
        });
    }
}

impl<M: SharedMemory> Drop for Place<M> {
    fn drop(&mut self) {
        let held = &mut self.held;
        if held.flight.is_some() || held.place.is_some() {
            self.memory.with(|memory| memory.release(held));
        }
    }
}
