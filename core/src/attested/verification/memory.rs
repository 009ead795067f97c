//! What verifications remember between them: issuers that were fetched, and addresses that failed lately.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::attested::certificate::Certificate;
use crate::exchange::Instant;

/// Milliseconds for which a failed address is not asked again.
const FAILURE_MEMORY: u64 = 5 * 60 * 1000;
/// Issuers, and failures, that are kept.
const LIMIT: usize = 64;

/// Issuers that were fetched, and addresses that failed within the last five minutes. Both bounded, oldest out first.
///
/// Hosts may keep the [`certificates`](Self::certificates) on a disk and [`offer`](Self::offer) them to the next
/// process: they are untrusted intermediates, read anew each time.
#[derive(Clone, Debug, Default)]
pub struct IssuerMemory {
    issuers: Vec<Certificate>,
    failures: Vec<(String, Instant)>,
}

impl IssuerMemory {
    /// Nothing remembered.
    #[must_use]
    pub const fn new() -> Self {
        Self { issuers: Vec::new(), failures: Vec::new() }
    }

    /// Adds a certificate from an earlier process, DER. Says whether it is one.
    pub fn offer(&mut self, der: &[u8]) -> bool {
        Certificate::parse(der).map(|issuer| self.remember(&issuer)).is_ok()
    }

    /// Adds what another verification came upon at the same time.
    pub fn merge(&mut self, other: &Self) {
        for issuer in &other.issuers {
            self.remember(issuer);
        }
        for (url, at) in &other.failures {
            if !self.failures.iter().any(|(known, later)| known == url && later >= at) {
                self.remember_failure(url, *at);
            }
        }
    }

    /// The issuers remembered, DER.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.issuers.iter().map(|issuer| issuer.der().as_ref())
    }

    pub(super) fn issuers(&self) -> &[Certificate] {
        &self.issuers
    }

    pub(super) fn remember(&mut self, issuer: &Certificate) {
        if self.issuers.iter().any(|known| known.der() == issuer.der()) {
            return;
        }
        if self.issuers.len() >= LIMIT {
            self.issuers.remove(0);
        }
        self.issuers.push(issuer.clone());
    }

    pub(super) fn remember_failure(&mut self, url: &str, now: Instant) {
        self.failures.retain(|(failed, at)| failed != url && is_recent(*at, now));
        if self.failures.len() >= LIMIT {
            self.failures.remove(0);
        }
        self.failures.push((url.to_string(), now));
    }

    pub(super) fn failed_lately(&self, url: &str, now: Instant) -> bool {
        self.failures.iter().any(|(failed, at)| failed == url && is_recent(*at, now))
    }
}

fn is_recent(at: Instant, now: Instant) -> bool {
    now < at.plus_millis(FAILURE_MEMORY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_keeps_the_latest_failure_of_each_address() {
        let (mut one, mut other) = (IssuerMemory::new(), IssuerMemory::new());
        one.remember_failure("http://a", Instant::from_millis(9_000));
        other.remember_failure("http://a", Instant::from_millis(1_000));
        other.remember_failure("http://b", Instant::from_millis(2_000));
        one.merge(&other);
        let after_the_first = Instant::from_millis(1_000 + FAILURE_MEMORY);
        assert!(one.failed_lately("http://a", after_the_first));
        assert!(one.failed_lately("http://b", after_the_first));
        other.merge(&one);
        assert!(other.failed_lately("http://a", after_the_first));
        assert!(!other.failed_lately("http://a", Instant::from_millis(9_000 + FAILURE_MEMORY)));
    }

    #[test]
    fn merging_brings_the_issuers_along() {
        let (mut one, mut other) = (IssuerMemory::new(), IssuerMemory::new());
        assert!(other.offer(crate::DEFAULT_ANCHORS[0]));
        one.merge(&other);
        one.merge(&other);
        assert_eq!(one.certificates().collect::<Vec<_>>(), [crate::DEFAULT_ANCHORS[0]]);
    }

    #[test]
    fn an_address_that_fails_again_and_again_takes_one_place() {
        let mut memory = IssuerMemory::new();
        memory.remember_failure("http://a", Instant::from_millis(1));
        for at in 2..200 {
            memory.remember_failure("http://b", Instant::from_millis(at));
        }
        assert!(memory.failed_lately("http://a", Instant::from_millis(200)));
        // What was long ago makes room.
        memory.remember_failure("http://c", Instant::from_millis(1 + FAILURE_MEMORY));
        assert_eq!(memory.failures.len(), 2);
    }
}
