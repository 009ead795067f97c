//! Attested documents: from what a stranger hands in to a [`VerifiedDocument`], or to the reason why not.
//!
//! ```text
//!   input ─▶ SignedDocument ─▶ Verifier { Trust } ─▶ VerifiedDocument | VerifyError
//!            (parsed, closed)   + Expectations, At     and a Report of every check for either
//! ```

mod claims;
mod cms;
mod der;
pub(crate) mod error;
mod input;
pub(crate) mod issuers;
#[cfg(feature = "layers")]
pub mod layers;
mod memory;
mod path;
mod verdict;
mod x509;

pub use self::claims::expectations::{At, Expectations};
pub use self::claims::nonce::{NONCE_NOT_CHECKED, Nonce};
pub use self::claims::{Claims, Plan};
#[cfg(feature = "rustcrypto")]
pub use self::cms::signature::DEFAULT_ALGORITHMS;
pub use self::error::{Error, ErrorForm, FetchError, MissingIssuer, VerifyError};
pub use self::input::InputForm;
pub use self::input::recognise::{Given, Material, Recognised, Wrapping, recognise};
pub use self::issuers::{KnownIssuer, Role, by_sha256, by_subject, ending_before, known_issuers};
pub use self::memory::{SharedMemory, VerifierMemory};
pub use self::path::default_anchors::DEFAULT_ANCHORS;
pub use self::path::proven::ProvenIssuers;
pub use self::path::search::{ChainCache, ChainCertificate};
pub use self::path::trust::{Trust, TrustBuilder};
pub use self::verdict::check::{Check, CheckLine, Outcome};
pub use self::verdict::document::{DocumentIdentity, SignedDocument, TimeBasis, VerifiedDocument};
pub use self::verdict::fetch::{Fetch, NotFetched};
pub use self::verdict::form::ReportForm;
pub use self::verdict::headline::Headline;
pub use self::verdict::report::Report;
pub use self::verdict::verification::Verification;
pub use self::verdict::verifier::Verifier;
pub use crate::host::Host;
