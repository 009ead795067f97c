//! What can be made wrong with an attested document on purpose.

use core::fmt;
use core::str::FromStr;

use crate::error::UsageError;
use crate::quoted::Quoted;

/// One thing that is wrong with a document, so that a verifier's refusal can be seen.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use azure_imds::emulator::{Emulator, Incoming, Machine, Moment, Tamper};
/// use azure_imds::{Expectations, Instant, NONCE_NOT_CHECKED, Timestamp, Trust, Verifier};
///
/// let mut emulator = Emulator::new(Machine::default(), [7; 32]);
/// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
/// emulator.faults_mut().add_text(&format!("attested:tamper={}", Tamper::Expired))?;
/// let request = Incoming::get("/metadata/attested/document?api-version=2021-02-01");
/// let answer = emulator.handle(now, &request).response.body;
/// let authority = emulator.authority()?;
/// let trust = Trust::builder().anchors(&authority.root_der()?)?.issuers(&authority.issuing_der()?)?.build();
/// let report = Verifier::new(trust).explain(&answer, &Expectations::new(NONCE_NOT_CHECKED), now.wall);
/// assert_eq!(report.verdict().unwrap_err().code(), "document_expired");
/// # }
/// # Ok::<(), azure_imds::UsageError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tamper {
    /// The document's six hours ended an hour ago.
    Expired,
    /// One bit of the content was turned after signing.
    FlippedContent,
    /// Two signers, the leaf and the issuing CA, each with a right signature.
    TwoSigners,
    /// The leaf was issued by a CA that the emulator does not serve.
    UnknownIssuer,
    /// The leaf's names lie in another cloud.
    WrongCloud,
    /// The leaf's names lie in no cloud: `metadata.azure.com.emulator.invalid`.
    WrongName,
    /// Another nonce than the one sent.
    WrongNonce,
}

impl Tamper {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Expired,
        Self::FlippedContent,
        Self::TwoSigners,
        Self::UnknownIssuer,
        Self::WrongCloud,
        Self::WrongName,
        Self::WrongNonce,
    ];

    /// The name by which a fault asks for it: `expired`, `flipped-content`, `two-signers`, `unknown-issuer`,
    /// `wrong-cloud`, `wrong-name`, `wrong-nonce`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::FlippedContent => "flipped-content",
            Self::TwoSigners => "two-signers",
            Self::UnknownIssuer => "unknown-issuer",
            Self::WrongCloud => "wrong-cloud",
            Self::WrongName => "wrong-name",
            Self::WrongNonce => "wrong-nonce",
        }
    }
}

impl fmt::Display for Tamper {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Reads the name.
impl FromStr for Tamper {
    type Err = UsageError;

    fn from_str(text: &str) -> Result<Self, UsageError> {
        Self::ALL.iter().copied().find(|tamper| tamper.name() == text).ok_or_else(|| UsageError::FaultMalformed {
            text: Quoted::from(text),
            reason: "after tamper= comes expired, flipped-content, two-signers, unknown-issuer, wrong-cloud, \
                     wrong-name or wrong-nonce",
        })
    }
}
