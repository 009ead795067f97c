//! Answers that are of no use.

use alloc::format;
use alloc::string::String;

use crate::quoted::Quoted;

/// A server gave an answer that is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// The answer is not JSON.
    #[error(
        "the answer is not JSON: {reason}{}; something other than the metadata service may have answered",
        at_byte(*position)
    )]
    AnswerMalformed {
        /// The byte at which reading ended, counted from zero.
        position: Option<usize>,
        /// What is wrong.
        reason: String,
    },
    /// The answer is not UTF-8.
    #[error("the answer is not UTF-8 at byte {position}; something other than the metadata service may have answered")]
    AnswerNotUtf8 {
        /// The first byte that is not, counted from zero.
        position: usize,
    },
    /// Objects and arrays of the answer nest too deep.
    #[error("the answer nests deeper than {limit} levels; something other than the metadata service may have answered")]
    AnswerTooDeep {
        /// Levels accepted.
        limit: usize,
    },
    /// The answer is JSON, but not what was asked for.
    #[error("the answer is not what was asked for: expected {expected}, found {found}; look at its text")]
    AnswerUnexpected {
        /// What the answer must hold.
        expected: &'static str,
        /// What stands there.
        found: Quoted,
    },
    /// The service gives a single value as text only.
    #[error("{path} is a single value, which is given as text only; ask for format=text")]
    LeafNeedsText {
        /// The path.
        path: Quoted,
    },
    /// What came is not a certificate, or not the one asked for.
    #[error("the answer is not the certificate asked for: {reason}")]
    NotTheIssuer {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The path leads nowhere in this answer.
    #[error("there is no {path} in the answer; {next}")]
    PathNotFound {
        /// The path.
        path: Quoted,
        /// What is there instead, or how to find out.
        next: String,
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
    pub const CODES: &'static [&'static str] = &[
        "answer_malformed",
        "answer_not_utf8",
        "answer_too_deep",
        "answer_unexpected",
        "leaf_needs_text",
        "not_the_issuer",
        "path_not_found",
        "redirected",
        "status",
    ];

    /// The stable name of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AnswerMalformed { .. } => "answer_malformed",
            Self::AnswerNotUtf8 { .. } => "answer_not_utf8",
            Self::AnswerTooDeep { .. } => "answer_too_deep",
            Self::AnswerUnexpected { .. } => "answer_unexpected",
            Self::LeafNeedsText { .. } => "leaf_needs_text",
            Self::NotTheIssuer { .. } => "not_the_issuer",
            Self::PathNotFound { .. } => "path_not_found",
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

fn at_byte(position: Option<usize>) -> String {
    position.map(|position| format!(" at byte {position}")).unwrap_or_default()
}
