//! Pacing: keeps one program's requests within what the service allows a VM.
//!
//! The state is a few atomic numbers, so that every call of a client shares it without a lock. A moment is kept as its
//! low 32 bits of milliseconds and compared by difference; a client idle for weeks asks at once, as it should.

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use alloc::sync::Arc;

use crate::instant::Instant;
use crate::metadata::category::Category;

/// Requests a second, and at once, outside identity.
const PER_SECOND: u32 = 5;
/// The same for tokens.
const IDENTITY_PER_SECOND: u32 = 20;
/// Tokens asked for at the same time.
const IDENTITY_AT_ONCE: u32 = 5;
/// How long to wait before looking again whether another token has come.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// What a client's calls share to keep the service's limits.
///
/// Source: [rate limiting][docs].
///
/// [docs]: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#rate-limiting
#[derive(Debug, Default)]
pub(super) struct Pace {
    other: Bucket,
    identity: Bucket,
    identity_out: AtomicU32,
}

/// Permission to have one request out; given back when dropped.
#[derive(Debug)]
pub(super) struct Permit {
    pace: Option<Arc<Pace>>,
}

impl Pace {
    /// Admits a request now, or says when to ask again.
    pub(super) fn admit(pace: &Arc<Self>, category: Category, now: Instant) -> Result<Permit, Instant> {
        if category != Category::Identity {
            return pace.other.take(now, PER_SECOND).map(|()| Permit { pace: None });
        }
        let one_more = |out: u32| (out < IDENTITY_AT_ONCE).then(|| out.saturating_add(1));
        if pace.identity_out.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).is_err() {
            return Err(now + LOOK_AGAIN);
        }
        let permit = Permit { pace: Some(Arc::clone(pace)) };
        pace.identity.take(now, IDENTITY_PER_SECOND)?;
        Ok(permit)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(pace) = &self.pace {
            pace.identity_out.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// A token bucket as one number: the moment at which it is full again.
#[derive(Debug, Default)]
struct Bucket {
    full_at: AtomicU32,
}

impl Bucket {
    fn take(&self, now: Instant, per_second: u32) -> Result<(), Instant> {
        let (now_low, spacing) = (low(now), 1_000_u32.checked_div(per_second).unwrap_or(1_000));
        let tolerance = 1_000_u32.saturating_sub(spacing);
        let mut wait = 0;
        let next = |full_at: u32| {
            let ahead = full_at.wrapping_sub(now_low);
            // More than a full bucket ahead: the moment lies in the past, or the bucket was never used.
            let ahead = if ahead > 1_000 { 0 } else { ahead };
            wait = ahead.saturating_sub(tolerance);
            (wait == 0).then(|| now_low.wrapping_add(ahead).wrapping_add(spacing))
        };
        match self.full_at.fetch_update(Ordering::AcqRel, Ordering::Acquire, next) {
            Ok(_) => Ok(()),
            Err(_) => Err(now + Duration::from_millis(u64::from(wait))),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
const fn low(now: Instant) -> u32 {
    now.millis() as u32
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn admitted(category: Category, from: u64, until: u64) -> usize {
        let pace = Arc::new(Pace::default());
        (from..until).filter(|millis| Pace::admit(&pace, category, Instant::from_millis(*millis)).is_ok()).count()
    }

    #[test]
    fn five_at_once_then_five_a_second() {
        for start in [0, 7, u64::from(u32::MAX) - 2_000, u64::from(u32::MAX) + 1] {
            assert_eq!(admitted(Category::Instance, start, start + 1), 1);
            let total = admitted(Category::Instance, start, start + 10_000);
            assert!((50..=55).contains(&total), "{total} from {start}");
            let tokens = admitted(Category::Identity, start, start + 10_000);
            assert!((200..=220).contains(&tokens), "{tokens} from {start}");
        }
        let pace = Arc::new(Pace::default());
        let now = Instant::from_millis(50);
        for _ in 0..5 {
            assert!(Pace::admit(&pace, Category::Attested, now).is_ok());
        }
        let until = Pace::admit(&pace, Category::Attested, now).unwrap_err();
        assert_eq!(until, Instant::from_millis(250));
        assert!(Pace::admit(&pace, Category::Attested, until).is_ok());
    }

    #[test]
    fn five_tokens_at_the_same_time() {
        let (pace, now) = (Arc::new(Pace::default()), Instant::from_millis(9));
        let permits: Vec<_> = (0..5).map(|_| Pace::admit(&pace, Category::Identity, now).unwrap()).collect();
        let later = Pace::admit(&pace, Category::Identity, now).unwrap_err();
        assert!(later > now);
        drop(permits);
        assert!(Pace::admit(&pace, Category::Identity, later).is_ok());
    }
}
