//! Wall-clock time, and the formats in which Azure and its users write it.

use alloc::string::{String, ToString};
use core::fmt;
use core::ops::{Add, Sub};
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
    ///
    /// ```
    /// use azure_imds::Timestamp;
    ///
    /// let time = Timestamp::parse_rfc3339("2026-06-25T20:57:45+02:00")?;
    /// assert_eq!(time.to_string(), "2026-06-25T18:57:45Z");
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn parse_rfc3339(text: &str) -> Result<Self, UsageError> {
        rfc3339(text).ok_or_else(|| UsageError::TimeMalformed { text: Quoted::from(text) })
    }

    /// Reads the claims' format, `MM/DD/YY HH:MM:SS -0000`: US order, two-digit year of this century, always UTC.
    pub(crate) fn parse_claim(text: &str) -> Option<Self> {
        let [month, day, year, hour, minute, second, _] = numbers(text.as_bytes(), b"##/##/## ##:##:## -0000")?;
        let year = 2000_u16.checked_add(u16::from(year))?;
        Self::from_date(DateTime::new(year, month, day, hour, minute, second).ok()?)
    }

    /// Reads the date of scheduled events, `Mon, 19 Sep 2016 18:29:47 GMT` ([RFC 1123, section 5.2.14][rfc]).
    ///
    /// The day may have one digit, and `UTC`, `Z` and `+0000` mean the same as `GMT`. That the name of the weekday fits
    /// the date is not checked.
    ///
    /// [rfc]: https://www.rfc-editor.org/rfc/rfc1123#section-5.2.14
    ///
    /// ```
    /// use azure_imds::Timestamp;
    ///
    /// let time = Timestamp::parse_rfc1123("Mon, 19 Sep 2016 18:29:47 GMT").unwrap();
    /// assert_eq!(time.unix(), 1_474_309_787);
    /// ```
    #[must_use]
    pub fn parse_rfc1123(text: &str) -> Option<Self> {
        let (weekday, rest) = text.split_once(", ")?;
        let mut parts = rest.split(' ');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        let (clock, zone) = (parts.next()?, parts.next()?);
        if parts.next().is_some() || !ZONES.contains(&zone) || !WEEKDAYS.contains(&weekday) {
            return None;
        }
        let month = MONTHS.iter().position(|name| *name == month)?.checked_add(1)?;
        let [hour, minute, second] = two_digit_fields(clock)?;
        let date = DateTime::new(four_digits(year)?, u8::try_from(month).ok()?, one_or_two(day)?, hour, minute, second);
        Self::from_date(date.ok()?)
    }

    /// Reads when an event begins: as [`Self::parse_rfc1123`], and in ISO 8601, as Microsoft's own simulator writes it,
    /// with the same endings or, as the field is documented to be in UTC, none.
    pub(crate) fn parse_event(text: &str) -> Option<Self> {
        Self::parse_rfc1123(text).or_else(|| rfc3339(text)).or_else(|| {
            let ending = ZONES.iter().find_map(|zone| text.strip_suffix(zone));
            rfc3339(&alloc::format!("{}Z", ending.map_or(text, str::trim_end)))
        })
    }

    /// Writes the date of scheduled events: `Mon, 19 Sep 2016 18:29:47 GMT`.
    ///
    /// ```
    /// use azure_imds::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_unix(0).to_rfc1123(), "Thu, 01 Jan 1970 00:00:00 GMT");
    /// ```
    #[must_use]
    pub fn to_rfc1123(self) -> String {
        let Ok(date) = DateTime::from_unix_duration(Duration::from_secs(self.0)) else {
            return self.to_string();
        };
        let name = |names: &[&'static str], index: u64| {
            usize::try_from(index).ok().and_then(|index| names.get(index).copied()).unwrap_or_default()
        };
        // 1970-01-01 was a Thursday.
        let weekday = self.0.checked_div(SECONDS_OF_DAY).and_then(|days| days.saturating_add(3).checked_rem(7));
        alloc::format!(
            "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
            name(&WEEKDAYS, weekday.unwrap_or_default()),
            date.day(),
            name(&MONTHS, u64::from(date.month().saturating_sub(1))),
            date.year(),
            date.hour(),
            date.minutes(),
            date.seconds()
        )
    }

    /// Reads what other hosts of managed identities write for a token's end, `09/14/2017 00:00:00 +00:00` or
    /// `9/14/2017 12:00:00 AM +00:00`: US order, always UTC.
    pub(crate) fn parse_us_date(text: &str) -> Option<Self> {
        let clock_and_date = text.strip_suffix(" +00:00")?;
        let mut parts = clock_and_date.split(' ');
        let (date, clock, half) = (parts.next()?, parts.next()?, parts.next());
        if parts.next().is_some() {
            return None;
        }
        let mut date = date.split('/');
        let (month, day, year) = (one_or_two(date.next()?)?, one_or_two(date.next()?)?, four_digits(date.next()?)?);
        let mut clock = clock.split(':');
        let (hour, minute) = (one_or_two(clock.next()?)?, two_digits(clock.next()?)?);
        let second = two_digits(clock.next()?)?;
        if date.next().is_some() || clock.next().is_some() {
            return None;
        }
        let hour = match (half, hour) {
            (None, hour) => hour,
            (Some("AM"), 12) => 0,
            (Some("PM"), 12) => 12,
            (Some("AM"), 1..=11) => hour,
            (Some("PM"), 1..=11) => hour.checked_add(12)?,
            _ => return None,
        };
        Self::from_date(DateTime::new(year, month, day, hour, minute, second).ok()?)
    }

    /// The same moment as a calendar date, for those who write it.
    #[cfg(feature = "emulator")]
    pub(crate) fn date(self) -> DateTime {
        DateTime::from_unix_duration(Duration::from_secs(self.0)).unwrap_or(DateTime::INFINITY)
    }

    pub(crate) fn from_duration(since_1970: Duration) -> Self {
        Self::from_unix(since_1970.as_secs())
    }

    /// The time from `earlier` to this moment; zero if it is not earlier.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use azure_imds::Timestamp;
    ///
    /// let created = Timestamp::from_unix(1_782_413_865);
    /// let expires = created + Duration::from_secs(6 * 60 * 60);
    /// assert_eq!(expires.duration_since(created), Duration::from_secs(21_600));
    /// ```
    #[must_use]
    pub const fn duration_since(self, earlier: Self) -> Duration {
        Duration::from_secs(self.0.saturating_sub(earlier.0))
    }

    fn from_date(date: DateTime) -> Option<Self> {
        Some(Self::from_duration(date.unix_duration()))
    }
}

/// This moment so much later, in whole seconds; not after [`Timestamp::MAX`].
impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, time: Duration) -> Self {
        Self::from_unix(self.0.saturating_add(time.as_secs()))
    }
}

/// This moment so much earlier, in whole seconds; not before 1970.
impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, time: Duration) -> Self {
        Self(self.0.saturating_sub(time.as_secs()))
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
    let (date, rest) = text.as_bytes().split_at_checked(10)?;
    let [b'T' | b't' | b' ', clock @ ..] = rest else {
        return None;
    };
    let (time, rest) = clock.split_at_checked(8)?;
    let offset = match rest {
        [b'.', digit, fraction @ ..] if digit.is_ascii_digit() => {
            fraction.get(fraction.iter().take_while(|byte| byte.is_ascii_digit()).count()..)?
        }
        _ => rest,
    };
    let [century, year, month, day, ..] = numbers(date, b"####-##-##")?;
    let [hour, minute, second, ..] = numbers(time, b"##:##:##")?;
    let year = u16::from(century).checked_mul(100)?.checked_add(u16::from(year))?;
    let local = Timestamp::from_date(DateTime::new(year, month, day, hour, minute, second).ok()?)?;
    match offset {
        b"Z" | b"z" => Some(local),
        [b'+', east @ ..] => Some(Timestamp(local.0.checked_sub(offset_seconds(east)?)?)),
        [b'-', west @ ..] => {
            local.0.checked_add(offset_seconds(west)?).filter(|seconds| *seconds <= Timestamp::MAX.0).map(Timestamp)
        }
        _ => None,
    }
}

fn offset_seconds(text: &[u8]) -> Option<u64> {
    let [hours, minutes, ..] = numbers(text, b"##:##")?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    u64::from(hours).checked_mul(3600)?.checked_add(u64::from(minutes).checked_mul(60)?)
}

/// The numbers of two digits in a text of this form, up to seven: `##` stands for one, all else for itself.
fn numbers(text: &[u8], form: &[u8]) -> Option<[u8; 7]> {
    let (mut found, mut next, mut pending) = ([0_u8; 7], 0_usize, None);
    if text.len() != form.len() {
        return None;
    }
    for (byte, expected) in text.iter().zip(form) {
        let digit = byte.wrapping_sub(b'0');
        match (expected, pending) {
            (b'#', None) if digit < 10 => pending = Some(digit),
            (b'#', Some(tens)) if digit < 10 => {
                *found.get_mut(next)? = tens.saturating_mul(10).saturating_add(digit);
                (next, pending) = (next.saturating_add(1), None);
            }
            (b'#', _) => return None,
            _ if expected == byte => {}
            _ => return None,
        }
    }
    Some(found)
}

/// A number in decimal digits and nothing else.
pub(crate) fn decimal(text: &[u8]) -> Option<u16> {
    let add = |number: u16, byte: &u8| {
        let digit = Some(byte.wrapping_sub(b'0')).filter(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(u16::from(digit))
    };
    if text.is_empty() { None } else { text.iter().try_fold(0, add) }
}

fn two_digit_fields(text: &str) -> Option<[u8; 3]> {
    let [first, second, third, ..] = numbers(text.as_bytes(), b"##:##:##")?;
    Some([first, second, third])
}

fn two_digits(text: &str) -> Option<u8> {
    numbers(text.as_bytes(), b"##").map(|[number, ..]| number)
}

fn one_or_two(text: &str) -> Option<u8> {
    if text.len() == 1 { two_digits(&alloc::format!("0{text}")) } else { two_digits(text) }
}

fn four_digits(text: &str) -> Option<u16> {
    let (century, year) = text.split_at_checked(2)?;
    u16::from(two_digits(century)?).checked_mul(100)?.checked_add(u16::from(two_digits(year)?))
}

/// How the zone of a date is written.
const ZONES: [&str; 4] = ["GMT", "UTC", "Z", "+0000"];

const SECONDS_OF_DAY: u64 = 86_400;
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests;
