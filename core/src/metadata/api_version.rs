//! The `api-version` of a request, and which versions each part of the service is known to accept.

use core::fmt;
use core::str::FromStr;

use der::DateTime;

use crate::error::UsageError;
use crate::quoted::Quoted;

/// A version of the service's interface: a date, ordered as dates are.
///
/// Source: [supported API versions][docs].
///
/// [docs]: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#supported-api-versions
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    year: u16,
    month: u8,
    day: u8,
}

impl ApiVersion {
    /// The versions documented for instance metadata, oldest first.
    pub const INSTANCE: &'static [Self] = &[
        Self::new(2017, 3, 1),
        Self::new(2017, 4, 2),
        Self::new(2017, 8, 1),
        Self::new(2017, 10, 1),
        Self::new(2017, 12, 1),
        Self::new(2018, 2, 1),
        Self::new(2018, 4, 2),
        Self::new(2018, 10, 1),
        Self::new(2019, 2, 1),
        Self::new(2019, 3, 11),
        Self::new(2019, 4, 30),
        Self::new(2019, 6, 1),
        Self::new(2019, 6, 4),
        Self::new(2019, 8, 1),
        Self::new(2019, 8, 15),
        Self::new(2019, 11, 1),
        Self::new(2020, 6, 1),
        Self::new(2020, 7, 15),
        Self::new(2020, 9, 1),
        Self::new(2020, 10, 1),
        Self::new(2020, 12, 1),
        Self::new(2021, 1, 1),
        Self::new(2021, 2, 1),
        Self::new(2021, 3, 1),
        Self::new(2021, 5, 1),
        Self::new(2021, 8, 1),
        Self::new(2021, 10, 1),
        Self::new(2021, 11, 1),
        Self::new(2021, 11, 15),
        Self::new(2021, 12, 13),
        Self::new(2023, 7, 1),
        Self::new(2023, 11, 15),
        Self::new(2024, 3, 15),
        Self::new(2024, 7, 17),
        Self::new(2025, 4, 7),
    ];

    /// The versions of scheduled events, which count on their own, oldest first.
    ///
    /// Source: [scheduled events, version history][docs].
    ///
    /// [docs]: https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events#version-and-region-availability
    pub const SCHEDULED_EVENTS: &'static [Self] = &[
        Self::new(2017, 3, 1),
        Self::new(2017, 8, 1),
        Self::new(2017, 11, 1),
        Self::new(2019, 1, 1),
        Self::new(2019, 4, 1),
        Self::new(2019, 8, 1),
        Self::new(2020, 7, 1),
    ];

    /// The newest version documented for instance metadata.
    pub const NEWEST: Self = Self::new(2025, 4, 7);

    /// The version of that date. The date is taken as it is; [`Self::parse`] checks it.
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day }
    }

    /// The version that a row of the list names, in constants alone: a text that is not a date does not compile.
    #[expect(clippy::panic, reason = "it ends a compilation, never a program")]
    pub(crate) const fn literal(text: &'static str) -> Self {
        match text.as_bytes() {
            [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] => Self::new(
                (two_digits(*y0, *y1) as u16).saturating_mul(100).saturating_add(two_digits(*y2, *y3) as u16),
                two_digits(*m0, *m1),
                two_digits(*d0, *d1),
            ),
            _ => panic!("{}", text),
        }
    }

    /// The digits of the date as one number, for keeping it in an atomic.
    #[cfg(feature = "client")]
    pub(crate) const fn number(self) -> u32 {
        (self.year as u32)
            .wrapping_mul(10_000)
            .wrapping_add((self.month as u32).wrapping_mul(100))
            .wrapping_add(self.day as u32)
    }

    /// The version of such a number; 0 stands for none.
    #[cfg(feature = "client")]
    pub(crate) fn from_number(number: u32) -> Option<Self> {
        let part = |divisor: u32, modulus: u32| number.checked_div(divisor)?.checked_rem(modulus);
        let (year, month, day) = (part(10_000, 10_000)?, part(100, 100)?, part(1, 100)?);
        let version = Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        (number != 0).then_some(version)
    }

    /// Reads a version, written like `2021-02-01`.
    ///
    /// # Errors
    ///
    /// `version_malformed` for anything that is not a date of four, two and two digits.
    ///
    /// ```
    /// use azure_imds::ApiVersion;
    ///
    /// assert_eq!(ApiVersion::parse("2021-02-01")?, ApiVersion::new(2021, 2, 1));
    /// assert_eq!(ApiVersion::parse("latest").unwrap_err().code(), "version_malformed");
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, UsageError> {
        date(text).ok_or_else(|| UsageError::VersionMalformed { text: Quoted::from(text) })
    }
}

#[expect(clippy::panic, reason = "it ends a compilation, never a program")]
const fn two_digits(tens: u8, ones: u8) -> u8 {
    match (tens, ones) {
        (b'0'..=b'9', b'0'..=b'9') => (tens & 15).saturating_mul(10).saturating_add(ones & 15),
        _ => panic!("a version is written like 2021-02-01"),
    }
}

fn date(text: &str) -> Option<ApiVersion> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |part: &str, digits| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !is_number(year, 4) || !is_number(month, 2) || !is_number(day, 2) {
        return None;
    }
    let version = ApiVersion::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    DateTime::new(version.year, version.month, version.day, 0, 0, 0).ok()?;
    Some(version)
}

/// As it is sent: `2021-02-01`.
impl fmt::Display for ApiVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for ApiVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for ApiVersion {
    type Err = UsageError;

    fn from_str(text: &str) -> Result<Self, UsageError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for version in ApiVersion::INSTANCE.iter().chain(ApiVersion::SCHEDULED_EVENTS) {
            assert_eq!(ApiVersion::parse(&version.to_string()), Ok(*version));
            assert_eq!(ApiVersion::from_number(version.number()), Some(*version));
        }
        for text in
            ["", "2021", "2021-2-01", "2021-02-30", "2021-13-01", "2021-02-01 ", "+021-02-01", "latest", "2021-02-01-1"]
        {
            assert_eq!(ApiVersion::parse(text).unwrap_err().code(), "version_malformed", "{text}");
        }
    }

    #[test]
    fn no_number_is_no_version() {
        assert_eq!(ApiVersion::from_number(0), None);
    }

    #[test]
    fn lists_are_in_order() {
        assert!(ApiVersion::INSTANCE.is_sorted() && ApiVersion::SCHEDULED_EVENTS.is_sorted());
        assert_eq!((ApiVersion::INSTANCE.len(), ApiVersion::SCHEDULED_EVENTS.len()), (35, 7));
        assert_eq!(ApiVersion::INSTANCE.last(), Some(&ApiVersion::NEWEST));
    }
}
