//! Errors by blame: the caller's, the transport's, the service's, the document's.

use alloc::string::String;

use crate::quoted::Quoted;

mod verify;

pub use self::verify::VerifyError;

/// The caller asked for something that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UsageError {
    /// A certificate bundle holds no certificate.
    #[error(
        "the bundle holds no certificate; give PEM blocks that begin with BEGIN CERTIFICATE, or one DER certificate"
    )]
    BundleEmpty,
    /// A cache made for one trust was used with another.
    #[error("the chain cache belongs to another trust; make one with ChainCache::new for the verifier's own")]
    CacheOfOtherTrust,
    /// A certificate given as anchor or issuer can't be read.
    #[error("certificate {number} can't be read: {reason}; give whole certificates, PEM or DER")]
    CertificateUnreadable {
        /// Which one of those given, counted from 1.
        number: usize,
        /// What is wrong.
        reason: String,
    },
    /// No cloud of that name.
    #[error("no cloud is named {name}; the clouds are public, usgov, china and germany")]
    CloudUnknown {
        /// The name.
        name: Quoted,
    },
    /// An empty set of clouds would refuse everything.
    #[error("no cloud is accepted; name at least one of public, usgov, china and germany")]
    CloudsEmpty,
    /// An empty nonce would switch replay protection off unseen.
    #[error("the nonce is empty; give the one the document was asked with, or say that it is not checked")]
    NonceEmpty,
    /// An origin to fetch issuers from can't be read.
    #[error("the origin {origin} is malformed: {reason}; write scheme://host:port/prefix")]
    OriginMalformed {
        /// The text given.
        origin: Quoted,
        /// What is wrong.
        reason: &'static str,
    },
    /// The request named is not out.
    #[error("request {id} is not out; hand in each answer once, to the exchange that asked")]
    RequestStale {
        /// The request's number.
        id: u32,
    },
    /// A clock tolerance of more than an hour would accept documents of another day.
    #[error("a clock tolerance of {seconds} s is too large, at most {limit} s; set the machine's clock instead")]
    SkewTooLarge {
        /// Seconds asked for.
        seconds: u64,
        /// Seconds accepted.
        limit: u64,
    },
    /// A time can't be read.
    #[error("the time {text} is not RFC 3339 between 1970 and 9999; write it like 2026-06-25T18:57:45Z")]
    TimeMalformed {
        /// The text given.
        text: Quoted,
    },
}

impl UsageError {
    /// All codes.
    pub const CODES: &'static [&'static str] = &[
        "bundle_empty",
        "cache_of_other_trust",
        "certificate_unreadable",
        "cloud_unknown",
        "clouds_empty",
        "nonce_empty",
        "origin_malformed",
        "request_stale",
        "skew_too_large",
        "time_malformed",
    ];

    /// The stable name of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BundleEmpty => "bundle_empty",
            Self::CacheOfOtherTrust => "cache_of_other_trust",
            Self::CertificateUnreadable { .. } => "certificate_unreadable",
            Self::CloudUnknown { .. } => "cloud_unknown",
            Self::CloudsEmpty => "clouds_empty",
            Self::NonceEmpty => "nonce_empty",
            Self::OriginMalformed { .. } => "origin_malformed",
            Self::RequestStale { .. } => "request_stale",
            Self::SkewTooLarge { .. } => "skew_too_large",
            Self::TimeMalformed { .. } => "time_malformed",
        }
    }
}

/// A request could not be carried to its end. Made by the host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// No connection within the request's `connect_timeout`.
    #[error("no connection in time")]
    ConnectTimeout,
    /// No whole answer before the request's deadline.
    #[error("no whole answer in time")]
    ReadTimeout,
    /// The connection was refused or reset.
    #[error("the connection was refused")]
    Refused,
    /// The body is longer than the request's `max_body`.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// Bytes accepted.
        limit: usize,
    },
    /// The answer ended early or is not HTTP.
    #[error("the answer ended early or is not HTTP")]
    Truncated,
    /// There is no route to the server, or no such server.
    #[error("the server can't be reached: {reason}")]
    Unreachable {
        /// What the operating system says.
        reason: Quoted,
    },
}

impl TransportError {
    /// All codes.
    pub const CODES: &'static [&'static str] =
        &["connect_timeout", "read_timeout", "refused", "too_long", "truncated", "unreachable"];

    /// The stable name of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ConnectTimeout => "connect_timeout",
            Self::ReadTimeout => "read_timeout",
            Self::Refused => "refused",
            Self::TooLong { .. } => "too_long",
            Self::Truncated => "truncated",
            Self::Unreachable { .. } => "unreachable",
        }
    }

    /// Whether the same request may well succeed later.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        !matches!(self, Self::TooLong { .. })
    }
}

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

impl VerifyError {
    /// Whether the same call may well succeed later, with the same document: only when an issuer is missing.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        matches!(self, Self::IssuerMissing { .. })
    }
}

/// Any error of this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The caller's.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// The transport's.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The service's.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The document's.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

impl Error {
    /// The stable name of this error, the same in Rust, Python and JavaScript.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Usage(error) => error.code(),
            Self::Transport(error) => error.code(),
            Self::Service(error) => error.code(),
            Self::Verify(error) => error.code(),
        }
    }

    /// Whether the same call may well succeed later.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Usage(_) => false,
            Self::Transport(error) => error.retryable(),
            Self::Service(error) => error.retryable(),
            Self::Verify(error) => error.retryable(),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_summary_says_what_is_wrong_without_values() {
        let error = VerifyError::NonceMismatch { expected: Quoted::from("asked"), found: Quoted::from("found") };
        assert_eq!(error.to_string(), "nonce mismatch: asked \"asked\", document has \"found\"");
        assert_eq!(error.summary(), "The document's nonce is not the one asked for.");
    }

    #[test]
    fn codes_are_unique_across_families() {
        let all = [UsageError::CODES, TransportError::CODES, ServiceError::CODES, VerifyError::CODES].concat();
        let unique: BTreeSet<_> = all.iter().collect();
        assert_eq!(unique.len(), all.len());
        assert!(
            all.iter().all(|code| code
                .bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit()))
        );
    }
}
