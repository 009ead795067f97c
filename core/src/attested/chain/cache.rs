//! Chains found before, so that a signer seen again costs one signature check instead of three or more.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::ChainCertificate;
use crate::Timestamp;
use crate::attested::trust::Trust;
use crate::error::UsageError;

/// Remembers which chain a signer's certificate led to under one [`Trust`].
///
/// Only that is remembered. Names, extended key usage, validity, the content signature and the claims are checked on
/// every call, hit or not; a chain counts only at times at which all of its certificates are valid. Bounded; the one
/// least recently used goes first. Hosts that share a [`Verifier`](crate::Verifier) between threads keep the cache
/// behind a lock.
#[derive(Clone, Debug)]
pub struct ChainCache {
    trust: Trust,
    capacity: usize,
    /// By the leaf's SHA-256.
    entries: Vec<Entry>,
    clock: u64,
}

#[derive(Clone, Debug)]
struct Entry {
    leaf: [u8; 32],
    chain: Arc<[ChainCertificate]>,
    not_before: Timestamp,
    not_after: Timestamp,
    last_used: u64,
}

impl ChainCache {
    /// Chains that [`ChainCache::new`] keeps.
    pub const DEFAULT_CAPACITY: usize = 256;

    /// An empty cache for a trust, with the default capacity.
    #[must_use]
    pub fn new(trust: &Trust) -> Self {
        Self::with_capacity(trust, Self::DEFAULT_CAPACITY)
    }

    /// An empty cache for a trust that keeps at most so many chains.
    #[must_use]
    pub fn with_capacity(trust: &Trust, capacity: usize) -> Self {
        Self { trust: trust.clone(), capacity, entries: Vec::new(), clock: 0 }
    }

    /// Chains kept now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no chain is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Refuses to serve a verifier of another trust.
    pub(in crate::attested) fn check_trust(&self, trust: &Trust) -> Result<(), UsageError> {
        if self.trust.is(trust) { Ok(()) } else { Err(UsageError::CacheOfOtherTrust) }
    }

    /// The chain of a leaf, if it is remembered and every certificate of it is valid at the time.
    pub(in crate::attested) fn find(&mut self, leaf: &[u8; 32], time: Timestamp) -> Option<Arc<[ChainCertificate]>> {
        self.clock = self.clock.saturating_add(1);
        let place = self.place(leaf).ok()?;
        let entry = self.entries.get_mut(place).filter(|it| it.not_before <= time && time <= it.not_after)?;
        entry.last_used = self.clock;
        Some(entry.chain.clone())
    }

    /// Remembers the chain of a leaf.
    pub(in crate::attested) fn remember(&mut self, leaf: [u8; 32], chain: &Arc<[ChainCertificate]>) {
        let not_before = chain.iter().map(|it| it.not_before).max();
        let not_after = chain.iter().map(|it| it.not_after).min();
        let (Some(not_before), Some(not_after), 1..) = (not_before, not_after, self.capacity) else {
            return;
        };
        let entry = Entry { leaf, chain: chain.clone(), not_before, not_after, last_used: self.clock };
        if let Ok(known) = self.place(&leaf)
            && let Some(known) = self.entries.get_mut(known)
        {
            *known = entry;
            return;
        }
        if self.entries.len() >= self.capacity {
            let oldest = self.entries.iter().map(|entry| entry.last_used).min();
            self.entries.retain(|entry| Some(entry.last_used) != oldest);
        }
        let (Ok(place) | Err(place)) = self.place(&leaf);
        self.entries.insert(place, entry);
    }

    /// Where the chain of a leaf is, or where it belongs.
    fn place(&self, leaf: &[u8; 32]) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.leaf.cmp(leaf))
    }
}
