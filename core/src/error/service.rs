//! Answers that are of no use.

/// A server gave an answer that is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// What came is not a certificate, or not the one asked for.
    #[error("the answer is not the certificate asked for: {reason}")]
    NotTheIssuer {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The server sends elsewhere. Redirects are never followed.
    #[error("the server redirects (status {status}), which is never followed")]
    Redirected {
        /// Status code.
        status: u16,
    },
    /// The status is not 200.
    #[error("the server answered with status {status}")]
    Status {
        /// Status code.
        status: u16,
    },
}

impl ServiceError {
    /// All codes.
    pub const CODES: &'static [&'static str] = &["not_the_issuer", "redirected", "status"];

    /// The stable name of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotTheIssuer { .. } => "not_the_issuer",
            Self::Redirected { .. } => "redirected",
            Self::Status { .. } => "status",
        }
    }

    /// Whether the same request may well succeed later.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        matches!(self, Self::Status { status: 408 | 429 | 500..=599 })
    }
}
