//! What a host says of a request that did not come to its end.

use crate::error::{Retryable, coded};
use crate::quoted::Quoted;

coded! {
    /// A request could not be carried to its end. Made by the host.
    #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
    #[non_exhaustive]
    pub enum TransportError: Transport;

    /// No connection within the request's `connect_timeout`.
    #[error("no connection in time")]
    ConnectTimeout => "connect_timeout", retry Always,
        "try again; on an Azure VM, look for a firewall that drops the request";
    /// The time for the whole call was over before the request could be sent.
    #[error("the time for the call was over before it could be asked; give it more time, or ask less often")]
    DeadlineExceeded => "deadline_exceeded", retry Always,
        "give the call more time, or ask less often";
    /// This machine could not make the request, for a reason that says nothing of the server: it is out of files, threads
    /// or memory, or does not allow it. Nothing was sent.
    #[error("this machine could not make the request: {reason}")]
    Local {
        /// What the operating system says.
        reason: Quoted,
    } => "local_failure", retry Always,
        "let this program open connections: look at its limits of files, threads and memory, and at what confines it";
    /// No whole answer before the request's deadline.
    #[error("no whole answer in time")]
    ReadTimeout => "read_timeout", retry Always,
        "try again, with more time";
    /// The connection was refused, so that nothing was sent.
    #[error("the connection was refused")]
    Refused => "refused", retry Always,
        "nothing listens there: on an Azure VM, look for a firewall; elsewhere, start an emulator";
    /// The body is longer than the request's `max_body`.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// Bytes accepted.
        limit: usize,
    } => "too_long",
        "allow a longer answer, or find out what answers in the service's place";
    /// The answer ended early, the connection was reset after it was made, or what came is not HTTP.
    #[error("the answer ended early or is not HTTP")]
    Truncated => "truncated", retry Always,
        "try again; if it stays, look for a proxy in between";
    /// There is no route to the server, or no such server.
    #[error("the server can't be reached: {reason}")]
    Unreachable {
        /// What the operating system says.
        reason: Quoted,
    } => "unreachable", retry Always,
        "look at the route to the server, and at the address";
}

impl TransportError {
    /// The error of that name, which a transport in another language gives, with what it says of it; `max_body` is that
    /// of the request. A request whose error has none of these names may have come to the server: `truncated`.
    #[must_use]
    pub fn named(code: &str, reason: &str, max_body: usize) -> Self {
        match code {
            "connect_timeout" => Self::ConnectTimeout,
            "deadline_exceeded" => Self::DeadlineExceeded,
            "local_failure" => Self::Local { reason: Quoted::from(reason) },
            "read_timeout" => Self::ReadTimeout,
            "refused" => Self::Refused,
            "too_long" => Self::TooLong { limit: max_body },
            "unreachable" => Self::Unreachable { reason: Quoted::from(reason) },
            _ => Self::Truncated,
        }
    }

    /// Whether the same request may well succeed later.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        matches!(self.retry(), Retryable::Always)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn every_code_names_its_error() {
        for code in TransportError::CODES {
            assert_eq!(TransportError::named(code, "no route", 7).code(), *code);
        }
        let told = |code| TransportError::named(code, "no route\n", 7).to_string();
        assert_eq!(told("too_long"), "the answer is longer than 7 bytes");
        assert_eq!(told("unreachable"), "the server can't be reached: \"no route\\u{a}\"");
        assert_eq!(told("local_failure"), "this machine could not make the request: \"no route\\u{a}\"");
    }

    #[test]
    fn what_has_no_name_may_have_come_to_the_server() {
        for code in ["", "Refused", "flood"] {
            assert_eq!(TransportError::named(code, "", 7), TransportError::Truncated);
        }
    }
}
