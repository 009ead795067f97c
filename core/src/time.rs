//! Wall-clock time, and the formats in which Azure and its users write it.

use core::fmt;
use core::time::Duration;

use der::DateTime;

use crate::error::UsageError;
use crate::quoted::Quoted;

/// A moment of wall-clock time: whole seconds since 1970-01-01T00:00:00Z, up to the end of the year 9999.
///
/// The core has no clock: the caller hands the time in. Never mix it with [`Instant`](crate::Instant),
/// which counts the host's monotonic milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// 9999-12-31T23:59:59Z.
    pub const MAX: Self = Self(253_402_300_799);

    /// The moment so many seconds after 1970-01-01T00:00:00Z; moments after [`Self::MAX`] become it.
    #[must_use]
    pub const fn from_unix(seconds: u64) -> Self {
        if seconds > Self::MAX.0 { Self::MAX } else { Self(seconds) }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix(self) -> u64 {
        self.0
    }

    /// Reads RFC 3339 (`2026-06-25T18:57:45Z`, `2026-06-25T20:57:45+02:00`); fractions of a second are cut off.
    ///
    /// # Errors
    ///
    /// `time_malformed` for anything else, and for moments before 1970 or after 9999.
    pub fn parse_rfc3339(text: &str) -> Result<Self, UsageError> {
        rfc3339(text).ok_or_else(|| UsageError::TimeMalformed { text: Quoted::from(text) })
    }

    /// Reads the claims' format, `MM/DD/YY HH:MM:SS -0000`: US order, two-digit year of this century, always UTC.
    pub(crate) fn parse_claim(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once(' ')?;
        let (clock, offset) = rest.split_once(' ')?;
        let [month, day, year] = two_digit_fields(date, '/')?;
        let [hour, minute, second] = two_digit_fields(clock, ':')?;
        if offset != "-0000" {
            return None;
        }
        let year = 2000_u16.checked_add(u16::from(year))?;
        Self::from_date(DateTime::new(year, month, day, hour, minute, second).ok()?)
    }

    pub(crate) fn from_duration(since_1970: Duration) -> Self {
        Self::from_unix(since_1970.as_secs())
    }

    /// This moment so many seconds earlier; not before 1970.
    #[must_use]
    pub const fn minus(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// This moment so many seconds later; not after [`Self::MAX`].
    #[must_use]
    pub const fn plus(self, seconds: u64) -> Self {
        Self::from_unix(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment; zero if it is not earlier.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    fn from_date(date: DateTime) -> Option<Self> {
        Some(Self::from_duration(date.unix_duration()))
    }
}

/// RFC 3339 in UTC: `2026-06-25T18:57:45Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_unix_duration(Duration::from_secs(self.0)) {
            Ok(date) => fmt::Display::fmt(&date, formatter),
            Err(_) => write!(formatter, "@{}", self.0),
        }
    }
}

fn rfc3339(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let (time, rest) = clock.split_at_checked(8)?;
    let offset = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if offset.len() == fraction.len() {
                return None;
            }
            offset
        }
    };
    let (century, year_and_rest) = date.split_at_checked(2)?;
    let [year, month, day] = two_digit_fields(year_and_rest, '-')?;
    let [hour, minute, second] = two_digit_fields(time, ':')?;
    let year = u16::from(two_digits(century)?).checked_mul(100)?.checked_add(u16::from(year))?;
    let local = Timestamp::from_date(DateTime::new(year, month, day, hour, minute, second).ok()?)?;
    match offset.split_at_checked(1)? {
        ("Z" | "z", "") => Some(local),
        ("+", east) => Some(Timestamp(local.0.checked_sub(offset_seconds(east)?)?)),
        ("-", west) => {
            local.0.checked_add(offset_seconds(west)?).filter(|seconds| *seconds <= Timestamp::MAX.0).map(Timestamp)
        }
        _ => None,
    }
}

fn offset_seconds(text: &str) -> Option<u64> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (u64::from(two_digits(hours)?), u64::from(two_digits(minutes)?));
    if hours > 23 || minutes > 59 {
        return None;
    }
    hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)
}

fn two_digit_fields(text: &str, separator: char) -> Option<[u8; 3]> {
    let mut fields = text.split(separator).map(two_digits);
    let found = [fields.next()??, fields.next()??, fields.next()??];
    fields.next().is_none().then_some(found)
}

fn two_digits(text: &str) -> Option<u8> {
    if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn claims_are_in_us_order_and_utc() {
        let time = Timestamp::parse_claim("06/25/26 18:56:45 -0000").unwrap();
        assert_eq!(time.to_string(), "2026-06-25T18:56:45Z");
        assert!(Timestamp::parse_claim("02/29/28 00:00:00 -0000").is_some());
        for text in [
            "",
            "06/25/2026 18:56:45 -0000",
            "13/25/26 18:56:45 -0000",
            "00/25/26 18:56:45 -0000",
            "06/31/26 18:56:45 -0000",
            "02/29/26 18:56:45 -0000",
            "06/25/26 24:00:00 -0000",
            "06/25/26 18:60:45 -0000",
            "06/25/26 18:56:60 -0000",
            "06/25/26 18:56:45 +0000",
            "06/25/26 18:56:45 -0100",
            "06/25/26 18:56:45 Z",
            "06/25/26 18:56:45",
            "06/25/26  18:56:45 -0000",
            "06/25/26 18:56:45 -0000 ",
            "6/25/26 18:56:45 -0000",
            "06/25/26/1 18:56:45 -0000",
            "+6/25/26 18:56:45 -0000",
            "٠٦/25/26 18:56:45 -0000",
        ] {
            assert_eq!(Timestamp::parse_claim(text), None, "{text}");
        }
    }

    #[test]
    fn rfc3339_with_offsets_and_fractions() {
        let expected = Timestamp::from_unix(1_782_413_865);
        for text in [
            "2026-06-25T18:57:45Z",
            "2026-06-25t18:57:45z",
            "2026-06-25 18:57:45.999Z",
            "2026-06-25T20:57:45+02:00",
            "2026-06-25T13:27:45-05:30",
        ] {
            assert_eq!(Timestamp::parse_rfc3339(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "2026-06-25",
            "2026-06-25T18:57:45",
            "2026-06-25T18:57:45.Z",
            "2026-06-25T18:57:45+2:00",
            "2026-06-25T18:57:45+24:00",
            "2026-06-25T18:57:45Z ",
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00+00:01",
            "2026-06-31T00:00:00Z",
            "2026-06-25T18:57:é",
            "9999-12-31T23:59:59-00:01",
        ] {
            assert_eq!(Timestamp::parse_rfc3339(text).unwrap_err().code(), "time_malformed", "{text}");
        }
    }

    #[test]
    fn ends_with_the_year_9999() {
        assert_eq!(Timestamp::from_unix(u64::MAX).to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(Timestamp::from_unix(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp::MAX.plus(1), Timestamp::MAX);
        assert_eq!(Timestamp::from_unix(5).minus(9).unix(), 0);
    }
}
