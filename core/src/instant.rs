//! The monotonic clock, by which deadlines, retries and pacing are kept.

/// A moment of the host's monotonic clock: milliseconds from an origin that the host chooses and keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Instant {
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

    /// This moment so many milliseconds later; stays at the end of the clock if that is past it.
    #[must_use]
    pub const fn plus_millis(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}
