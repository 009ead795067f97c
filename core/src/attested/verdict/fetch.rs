//! What a report tells of fetching issuers: each attempt, or why none was made.

use alloc::string::String;
use core::fmt;

use super::check::Check;
use crate::attested::error::FetchError;
use crate::error::coded;
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

coded! {
    /// Why no request was made for an issuer that is missing, where no single address is the reason.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum NotFetched: NotFetched;

    /// The caller fetches nothing.
    Off => "off",
        "give the missing certificate {issuers}{or_fetch}";
    /// A check that needs no chain fails, so no issuer would help.
    Check(Check) => "check",
        "look at the check that fails: no issuer would help";
    /// No address is known that may be asked.
    NoAddress => "no_address",
        "give the missing certificate {issuers}";
    /// The requests that one document may cost are used up.
    RequestLimit => "request_limit", retry Depends,
        "give the missing certificates {issuers}";
    /// The time for fetching is over.
    TimeOver => "time_over", retry Always,
        "try again, with more time, or give the missing certificate {issuers}";
    /// Too many documents wait for issuers already.
    Overflow => "overflow", retry Always,
        "try again in some seconds, or give the missing certificate {issuers}";
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
