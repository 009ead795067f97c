//! Why a document is refused, why an issuer was not fetched, and the one error that holds any of the crate's: this is the
//! lowest place that knows them all.

use alloc::vec::Vec;

use crate::error::{Retryable, TransportError, UsageError};
use crate::metadata::error::ServiceError;

mod fetch;
mod form;
mod verify;

pub use self::fetch::FetchError;
pub use self::form::ErrorForm;
#[cfg(feature = "client")]
pub(crate) use self::form::Tried;
pub use self::verify::{MissingIssuer, VerifyError};

impl VerifyError {
    /// Whether the same call may well succeed later, with the same document, as far as the error alone can tell. Where
    /// issuers are fetched, [`Report::retryable`](crate::Report::retryable) knows more.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        matches!(self.retry(), Retryable::Always)
    }
}

impl VerifyError {
    /// The certificates that are missing, or the root that is not trusted, if that is the reason.
    ///
    /// ```
    /// use azure_imds::attested::MissingIssuer;
    /// use azure_imds::{Quoted, VerifyError};
    ///
    /// let issuer = MissingIssuer::new(Quoted::from("CN=Example CA 01"));
    /// let error = VerifyError::IssuerMissing { missing: vec![issuer.clone()] };
    /// assert_eq!(error.missing(), [issuer]);
    /// assert_eq!(VerifyError::ContentEmpty.missing(), []);
    /// ```
    #[must_use]
    pub fn missing(&self) -> Vec<MissingIssuer> {
        match self {
            Self::IssuerMissing { missing } => missing.clone(),
            Self::RootNotTrusted { name, sha256 } => {
                alloc::vec![MissingIssuer { name: name.clone(), sha256: sha256.clone(), url: None }]
            }
            _ => Vec::new(),
        }
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
    use crate::quoted::Quoted;

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
