//! Chains found before, so that a signer seen again costs one signature check instead of three or more.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;

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
    entries: BTreeMap<[u8; 32], Entry>,
    clock: u64,
}

#[derive(Clone, Debug)]
struct Entry {
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
        Self { trust: trust.clone(), capacity, entries: BTreeMap::new(), clock: 0 }
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
        let entry = self.entries.get_mut(leaf).filter(|it| it.not_before <= time && time <= it.not_after)?;
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
        if self.entries.len() >= self.capacity && !self.entries.contains_key(&leaf) {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.last_used).map(|(leaf, _)| *leaf);
            oldest.and_then(|leaf| self.entries.remove(&leaf));
        }
        let entry = Entry { chain: chain.clone(), not_before, not_after, last_used: self.clock };
        self.entries.insert(leaf, entry);
    }
}
