//! Chains found before, so that a signer seen again costs one signature check instead of three or more.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::search::ChainCertificate;
use super::trust::Trust;
use crate::error::UsageError;
use crate::time::Timestamp;

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
    ///
    /// ```
    /// use azure_imds::Trust;
    /// use azure_imds::attested::ChainCache;
    ///
    /// let cache = ChainCache::with_capacity(&Trust::default(), 16);
    /// assert!(cache.is_empty());
    /// ```
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

    pub(in crate::attested) fn is_of(&self, trust: &Trust) -> bool {
        self.trust.is(trust)
    }

    /// Refuses to serve a verifier of another trust.
    pub(in crate::attested) fn check_trust(&self, trust: &Trust) -> Result<(), UsageError> {
        if self.is_of(trust) { Ok(()) } else { Err(UsageError::CacheOfOtherTrust) }
    }

    /// The chain of a leaf, if it is remembered, every certificate of it is valid at the time, and none is denied.
    pub(in crate::attested) fn find(&mut self, leaf: &[u8; 32], time: Timestamp) -> Option<Arc<[ChainCertificate]>> {
        self.clock = self.clock.saturating_add(1);
        let place = self.place(leaf).ok()?;
        let is_denied = |chain: &[ChainCertificate]| chain.iter().any(|it| self.trust.denies(it));
        let is_good = |it: &Entry| it.not_before <= time && time <= it.not_after && !is_denied(&it.chain);
        let entry = self.entries.get_mut(place).filter(|it| is_good(it))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remembered_chain_is_held_against_the_deny_list() {
        let bundle: Vec<u8> = crate::attested::DEFAULT_ANCHORS.iter().take(1).flat_map(|der| der.to_vec()).collect();
        let chain: Arc<[ChainCertificate]> = ChainCertificate::in_bundle(&bundle).unwrap().into();
        let (root, time) = (chain[0].clone(), chain[0].not_before);
        let found = |denied: &[[u8; 32]]| {
            let trust = denied.iter().fold(Trust::builder(), |trust, sha256| trust.deny(*sha256)).build();
            let mut cache = ChainCache::new(&trust);
            cache.remember([1; 32], &chain);
            cache.find(&[1; 32], time).is_some()
        };
        assert!(
            found(&[]) && found(&[[1; 32]]),
            "the digest of the leaf is not that of a certificate of the chain here"
        );
        assert!(!found(&[root.sha256]) && !found(&[root.public_key_sha256]));
        assert!(!found(&[[0; 32], root.sha256, [0xff; 32]]));
    }
}
