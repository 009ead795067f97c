//! Why an issuer's certificate did not come from the web server that it was asked of.

use crate::error::{Retryable, TransportError, coded};

coded! {
    /// An issuer could not be fetched. Told in the report of a verification; no verdict by itself.
    #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
    #[non_exhaustive]
    pub enum FetchError: Fetch;

    /// What came is not a certificate, or not the one asked for.
    #[error("the answer is not the certificate asked for: {reason}")]
    NotTheIssuer {
        /// What is wrong with it.
        reason: &'static str,
    } => "not_the_issuer",
        "give the certificate {issuers}; the server does not have it at that address";
    /// The server sends elsewhere. Redirects are never followed.
    #[error("the server redirects (status {status}), which is never followed")]
    Redirected {
        /// Status code.
        status: u16,
    } => "redirected",
        "give the certificate {issuers}; a redirect is never followed";
    /// The status is not 200.
    #[error("the server answered with status {status}")]
    Status {
        /// Status code.
        status: u16,
    } => "status", retry Depends,
        "try again later if the status says so, or give the certificate {issuers}";
    /// Several requests to this host failed one after the other, so none is made for half a minute.
    #[error("several requests in a row to its host have failed; it is not asked for half a minute")]
    HostFailing => "host_failing", retry Always,
        "try again after half a minute, or give the certificate {issuers}";
    from TransportError:
    /// The request was not carried to its end.
    #[error(transparent)]
    Transport;
}

impl FetchError {
    /// Whether the same request may well succeed later.
    ///
    /// ```
    /// use azure_imds::attested::FetchError;
    ///
    /// assert!(FetchError::Status { status: 503 }.retryable());
    /// assert!(!FetchError::Status { status: 404 }.retryable());
    /// assert!(!FetchError::Redirected { status: 302 }.retryable());
    /// ```
    #[must_use]
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Status { status } => matches!(status, 408 | 429 | 500..=599),
            _ => matches!(self.retry(), Retryable::Always),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn an_answer_of_no_use_may_be_worth_another_try() {
        let of = |error: FetchError| (error.code(), error.retryable());
        assert_eq!(of(FetchError::NotTheIssuer { reason: "it has another name" }), ("not_the_issuer", false));
        assert_eq!(of(FetchError::Redirected { status: 302 }), ("redirected", false));
        assert_eq!(of(FetchError::Status { status: 404 }), ("status", false));
        for status in [408, 429, 500, 599] {
            assert_eq!(of(FetchError::Status { status }), ("status", true));
        }
        assert_eq!(of(TransportError::Refused.into()), ("refused", true));
        assert_eq!(of(FetchError::HostFailing), ("host_failing", true));
        assert_eq!(of(TransportError::TooLong { limit: 1 }.into()), ("too_long", false));
        let refused = FetchError::from(TransportError::Refused);
        assert_eq!(refused.to_string(), TransportError::Refused.to_string());
    }
}
