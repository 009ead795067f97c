//! The monotonic clock, by which deadlines, retries and pacing are kept.

use core::ops::{Add, AddAssign};
use core::time::Duration;

/// A moment of the host's monotonic clock: milliseconds from an origin that the host chooses and keeps.
///
/// ```
/// use std::time::Duration;
///
/// use azure_imds::Instant;
///
/// let sent = Instant::ORIGIN + Duration::from_millis(20);
/// let answered = sent + Duration::from_secs(3);
/// assert_eq!(answered.duration_since(sent), Duration::from_secs(3));
/// assert_eq!(sent.duration_since(answered), Duration::ZERO);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Instant {
    /// The host's origin.
    pub const ORIGIN: Self = Self(0);

    /// The moment so many milliseconds after the host's origin.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the host's origin.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// The time from `earlier` to this moment; zero if it is not earlier.
    #[must_use]
    pub const fn duration_since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

/// This moment so much later, in whole milliseconds; stays at the end of the clock if that is past it.
impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, time: Duration) -> Self {
        Self(self.0.saturating_add(whole_millis(time)))
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, time: Duration) {
        *self = *self + time;
    }
}

/// A span's whole milliseconds, as many as fit.
pub(crate) const fn whole_millis(span: Duration) -> u64 {
    span.as_secs().saturating_mul(1_000).saturating_add(span.subsec_millis() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_has_an_end() {
        let end = Instant::from_millis(u64::MAX);
        assert_eq!(end + Duration::from_millis(1), end);
        assert_eq!(Instant::ORIGIN + Duration::MAX, end);
        assert_eq!(end.duration_since(Instant::ORIGIN), Duration::from_millis(u64::MAX));
    }

    #[test]
    fn parts_of_a_millisecond_do_not_count() {
        let mut moment = Instant::from_millis(7) + Duration::from_micros(1_999);
        assert_eq!(moment.millis(), 8);
        moment += Duration::from_micros(999);
        assert_eq!(moment.millis(), 8);
    }
}
