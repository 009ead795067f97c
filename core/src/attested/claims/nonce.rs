//! The nonce that a document must hold, or the spelled-out word that nobody checks it.

use alloc::string::{String, ToString};

use crate::error::UsageError;

/// The nonce that a document must hold. There is no default: replay protection is never off by accident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce(Option<String>);

/// The caller does not check the nonce, and says so.
///
/// Anybody who saw the document may then hand it in as well, until it [expires](crate::Expectations#times): any process on the
/// VM can. Give a [maximum age](crate::Expectations::max_age), and keep a list of the documents seen, by their
/// [identity](crate::VerifiedDocument::identity): the bytes of a document can be rewritten, its identity can't.
pub const NONCE_NOT_CHECKED: Nonce = Nonce(None);

impl Nonce {
    /// The nonce that the document was asked for with.
    ///
    /// The side that verifies makes it, for one document: of 32 letters and digits, the most that the service takes,
    /// out of the host's random numbers.
    ///
    /// ```
    /// # use azure_imds::{Nonce, UsageError};
    /// fn nonce(random: [u8; 16]) -> Result<Nonce, UsageError> {
    ///     Nonce::new(&format!("{:032x}", u128::from_ne_bytes(random)))
    /// }
    /// # assert_eq!(nonce([0; 16])?, Nonce::new(&"0".repeat(32))?);
    /// # Ok::<(), UsageError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `nonce_empty`.
    ///
    /// ```
    /// use azure_imds::Nonce;
    ///
    /// assert!(Nonce::new("9f8c2e71b04d4a6fb35ad2c07e918463").is_ok());
    /// assert_eq!(Nonce::new("").unwrap_err().code(), "nonce_empty");
    /// ```
    pub fn new(nonce: &str) -> Result<Self, UsageError> {
        if nonce.is_empty() { Err(UsageError::NonceEmpty) } else { Ok(Self(Some(nonce.to_string()))) }
    }

    pub(in crate::attested) fn expected(&self) -> Option<&str> {
        self.0.as_deref()
    }
}
