//! What a report tells of fetching issuers: each attempt, or why none was made.

use alloc::string::String;
use core::fmt;

use super::check::Check;
use crate::attested::error::FetchError;
use crate::quoted::Quoted;

/// An attempt to fetch an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetch {
    /// The address asked.
    pub url: String,
    /// The name of the issuer that was wanted.
    pub issuer: Quoted,
    /// Nothing if the issuer came, else why not.
    pub error: Option<FetchError>,
    /// Whether this was learnt from a request of another verification, within the last five minutes.
    pub remembered: bool,
}

/// Why no request was made for an issuer that is missing, where no single address is the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotFetched {
    /// The caller fetches nothing.
    Off,
    /// A check that needs no chain fails, so no issuer would help.
    Check(Check),
    /// No address is known that may be asked.
    NoAddress,
    /// The requests that one document may cost are used up.
    RequestLimit,
    /// The time for fetching is over.
    TimeOver,
    /// Too many documents wait for issuers already.
    Overflow,
}

impl NotFetched {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Check(_) => "check",
            Self::NoAddress => "no_address",
            Self::RequestLimit => "request_limit",
            Self::TimeOver => "time_over",
            Self::Overflow => "overflow",
        }
    }
}

impl fmt::Display for NotFetched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Off => "fetching is off",
            Self::Check(check) => return write!(formatter, "the check {} fails", check.name()),
            Self::NoAddress => "no address is known that may be asked",
            Self::RequestLimit => "the limit of requests for one document is reached",
            Self::TimeOver => "the time for fetching is over",
            Self::Overflow => "too many documents wait for issuers already",
        })
    }
}
