//! The fixed clock of the vectors, and the formats in which certificates and claims write time.

use std::time::Duration;

use der::DateTime;

use crate::asn1::{element, tag};

/// When the documents of the vectors were created: 2026-09-21T12:00:00Z.
pub const CREATED: i64 = 1_789_992_000;
/// When they end: six hours later, as the service has it.
pub const EXPIRES: i64 = CREATED + 6 * HOUR;
/// When they are verified, where a case does not say otherwise.
pub const NOW: i64 = CREATED + MINUTE;
/// The tolerance of a verifier that was not told another one.
pub const SKEW: i64 = 300;
/// Seconds of a minute.
pub const MINUTE: i64 = 60;
/// Seconds of an hour.
pub const HOUR: i64 = 3600;
/// Seconds of a day.
pub const DAY: i64 = 86_400;
/// When the leafs of the vectors begin: 2026-08-01T00:00:00Z.
pub const LEAF_START: i64 = 1_785_542_400;
/// When they end: 180 days later.
pub const LEAF_END: i64 = LEAF_START + 180 * DAY;

/// Midnight of a day, as Unix time.
///
/// # Panics
///
/// If there is no such day.
#[must_use]
pub fn midnight(year: u16, month: u8, day: u8) -> i64 {
    DateTime::new(year, month, day, 0, 0, 0).expect("a day of the calendar").unix_duration().as_secs() as i64
}

/// The Time of a certificate: UTCTime until 2049, GeneralizedTime from then on.
#[must_use]
pub fn certificate_time(unix: i64) -> Vec<u8> {
    let date = date(unix);
    let rest =
        format!("{:02}{:02}{:02}{:02}{:02}Z", date.month(), date.day(), date.hour(), date.minutes(), date.seconds());
    if date.year() < 2050 {
        element(tag::UTC_TIME, format!("{:02}{rest}", date.year() % 100).as_bytes())
    } else {
        element(tag::GENERALIZED_TIME, format!("{:04}{rest}", date.year()).as_bytes())
    }
}

/// A time as the claims write it: `MM/DD/YY HH:MM:SS -0000`.
#[must_use]
pub fn claim_time(unix: i64) -> String {
    let date = date(unix);
    format!(
        "{:02}/{:02}/{:02} {:02}:{:02}:{:02} -0000",
        date.month(),
        date.day(),
        date.year() % 100,
        date.hour(),
        date.minutes(),
        date.seconds()
    )
}

/// The nonce that the service fills in where none was asked for: `YYYYMMDD-HHMMSS` of the expiry.
#[must_use]
pub fn service_nonce(unix: i64) -> String {
    let date = date(unix);
    format!(
        "{:04}{:02}{:02}-{:02}{:02}{:02}",
        date.year(),
        date.month(),
        date.day(),
        date.hour(),
        date.minutes(),
        date.seconds()
    )
}

fn date(unix: i64) -> DateTime {
    DateTime::from_unix_duration(Duration::from_secs(u64::try_from(unix).expect("after 1970")))
        .expect("before the year 10000")
}

/// The time for which this thread has had a processor, whatever else the machine does; nothing where the system does not
/// tell it as Linux does.
#[must_use]
pub fn processor_time() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
