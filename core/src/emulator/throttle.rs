//! The service's limits: requests a second, and for identity also requests at once.
//!
//! A token bucket for each of the two, and the ends of the identity requests that are out: constant size whatever comes.

use alloc::collections::VecDeque;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::instant::Instant;

/// How many requests are served. The shape of the service's window is not documented; here it is a token bucket as large
/// as one second's requests.
///
/// Source: [rate limiting][docs].
///
/// [docs]: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#rate-limiting
///
/// ```
/// use azure_imds::emulator::{Emulator, Incoming, Machine, Moment, RateLimits};
/// use azure_imds::{Instant, Timestamp};
///
/// let mut emulator = Emulator::new(Machine::default(), [7; 32]);
/// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
/// let request = Incoming::get("/metadata/versions");
/// let statuses = [(); 6].map(|()| emulator.handle(now, &request).response.status);
/// assert_eq!(statuses, [200, 200, 200, 200, 200, 429]); // five a second
///
/// emulator.set_limits(RateLimits::none());
/// assert_eq!(emulator.handle(now, &request).response.status, 200);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct RateLimits {
    /// Requests a second to everything but identity; 0 for no limit.
    pub per_second: u16,
    /// Requests a second to identity; 0 for no limit.
    pub identity_per_second: u16,
    /// Requests to identity that are out at once; 0 for no limit, at most 1000. One whose answer is delayed is out as
    /// long, but for two minutes at most: its client has left by then.
    pub identity_concurrent: u16,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { per_second: 5, identity_per_second: 20, identity_concurrent: 5 }
    }
}

impl RateLimits {
    /// No limits.
    #[must_use]
    pub const fn none() -> Self {
        Self { per_second: 0, identity_per_second: 0, identity_concurrent: 0 }
    }
}

/// Most requests to identity that are kept count of.
const CONCURRENT: u16 = 1000;

/// How long a request to identity is out at most. Nobody tells the emulator that a client has left.
const OUT: Duration = Duration::from_secs(120);

/// What has been asked for lately.
#[derive(Clone, Debug)]
pub(super) struct Throttle {
    limits: RateLimits,
    others: Bucket,
    identity: Bucket,
    out: VecDeque<Instant>,
}

impl Throttle {
    pub(super) const fn new(limits: RateLimits) -> Self {
        Self { limits, others: Bucket::new(), identity: Bucket::new(), out: VecDeque::new() }
    }

    pub(super) const fn limits(&self) -> RateLimits {
        self.limits
    }

    /// Whether one more request is served.
    pub(super) fn admit(&mut self, now: Instant, is_identity: bool) -> bool {
        if !is_identity {
            return self.others.take(now, self.limits.per_second);
        }
        self.out.retain(|end| *end > now);
        let concurrent = self.limits.identity_concurrent.min(CONCURRENT);
        let is_free = concurrent == 0 || self.out.len() < usize::from(concurrent);
        is_free && self.identity.take(now, self.limits.identity_per_second)
    }

    /// A request to identity was admitted, and its answer takes so long.
    pub(super) fn occupy(&mut self, now: Instant, time: Duration) {
        if self.limits.identity_concurrent > 0 && self.out.len() < usize::from(CONCURRENT) {
            self.out.push_back(now + time.min(OUT));
        }
    }
}

/// Counts in thousandths of a request, so that every millisecond adds a whole number.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    filled: Option<(u64, Instant)>,
}

impl Bucket {
    const fn new() -> Self {
        Self { filled: None }
    }

    fn take(&mut self, now: Instant, per_second: u16) -> bool {
        if per_second == 0 {
            return true;
        }
        let (rate, capacity) = (u64::from(per_second), u64::from(per_second).saturating_mul(1000));
        let (level, since) = self.filled.unwrap_or((capacity, now));
        // A clock that steps back adds nothing.
        let passed = now.millis().saturating_sub(since.millis());
        let level = level.saturating_add(passed.saturating_mul(rate)).min(capacity);
        let rest = level.checked_sub(1000);
        self.filled = Some((rest.unwrap_or(level), now.max(since)));
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::from_millis(millis)
    }

    #[test]
    fn five_a_second() {
        let mut throttle = Throttle::new(RateLimits::default());
        let admitted = (0..10).filter(|_| throttle.admit(at(0), false)).count();
        assert_eq!(admitted, 5);
        assert!(!throttle.admit(at(199), false));
        assert!(throttle.admit(at(200), false));
        assert!(!throttle.admit(at(200), false));
        // Backwards: nothing is gained, nothing breaks.
        assert!(!throttle.admit(at(0), false));
        assert!(throttle.admit(at(400), false));
        let admitted = (0..10).filter(|_| throttle.admit(at(u64::MAX), false)).count();
        assert_eq!(admitted, 5);
    }

    #[test]
    fn five_at_once() {
        let mut throttle = Throttle::new(RateLimits::default());
        for _ in 0..5 {
            assert!(throttle.admit(at(0), true));
            throttle.occupy(at(0), Duration::from_millis(50));
        }
        assert!(!throttle.admit(at(49), true));
        assert!(throttle.admit(at(50), true));
    }

    #[test]
    fn no_place_is_lost_for_ever() {
        let mut throttle = Throttle::new(RateLimits::default());
        for _ in 0..5 {
            assert!(throttle.admit(at(0), true));
            throttle.occupy(at(0), Duration::MAX);
        }
        assert!(!throttle.admit(at(119_999), true));
        assert!(throttle.admit(at(120_000), true));
    }

    #[test]
    fn a_million_requests_take_no_memory() {
        let mut throttle = Throttle::new(RateLimits { identity_per_second: 0, ..RateLimits::default() });
        for moment in 0..1_000_000 {
            if throttle.admit(at(moment / 100), true) {
                throttle.occupy(at(moment / 100), Duration::from_millis(20));
            }
            throttle.admit(at(moment / 100), false);
            assert!(throttle.out.len() <= 5);
        }
    }

    #[test]
    fn can_be_switched_off() {
        let mut throttle = Throttle::new(RateLimits::none());
        assert!((0..1000).all(|_| throttle.admit(at(0), false) && throttle.admit(at(0), true)));
    }
}
