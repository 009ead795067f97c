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
mod path;
mod verdict;
mod x509;

pub use self::claims::{Claims, Plan};
pub use self::input::InputForm;
pub use self::issuers::{KnownIssuer, Role};
pub use crate::attested::claims::expectations::{At, Expectations, NONCE_NOT_CHECKED, Nonce};
pub use crate::attested::cms::signature::DEFAULT_ALGORITHMS;
pub use crate::attested::input::recognise::{Given, Material, Recognised, Wrapping, recognise};
pub use crate::attested::path::search::{ChainCache, ChainCertificate};
pub use crate::attested::path::trust::{DEFAULT_ANCHORS, Trust, TrustBuilder};
pub use crate::attested::verdict::document::{DocumentIdentity, SignedDocument, TimeBasis, VerifiedDocument};
pub use crate::attested::verdict::headline::Headline;
pub use crate::attested::verdict::report::{Check, CheckLine, Fetch, NotFetched, Outcome, Report};
pub use crate::attested::verdict::verification::{IssuerMemory, SharedMemory, Verification};
pub use crate::attested::verdict::verifier::Verifier;
