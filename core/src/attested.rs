//! Attested documents: from what a stranger hands in to a [`VerifiedDocument`], or to the reason why not.
//!
//! ```text
//!   input ─▶ SignedDocument ─▶ Verifier { Trust } ─▶ VerifiedDocument | VerifyError
//!            (parsed, closed)   + Expectations, At     and a Report of every check for either
//! ```

mod algorithm;
mod bundle;
mod certificate;
mod chain;
mod claims;
mod document;
mod expectations;
mod headline;
mod identifier;
mod input;
pub(crate) mod issuers;
mod json;
mod key;
#[cfg(feature = "layers")]
pub mod layers;
mod names;
mod pem;
mod profile;
mod recognise;
mod repeated;
mod report;
mod signature;
mod signed_attributes;
mod signed_data;
mod tlv;
mod trust;
mod verification;
mod verifier;

pub use self::chain::{ChainCache, ChainCertificate};
pub use self::claims::{Claims, Plan};
pub use self::document::{DocumentIdentity, SignedDocument, TimeBasis, VerifiedDocument};
pub use self::expectations::{At, Expectations, NONCE_NOT_CHECKED, Nonce};
pub use self::headline::Headline;
pub use self::input::InputForm;
pub use self::issuers::{KnownIssuer, Role};
pub use self::recognise::{Given, Material, Recognised, Wrapping, recognise};
pub use self::report::{Check, CheckLine, Fetch, NotFetched, Outcome, Report};
pub use self::signature::DEFAULT_ALGORITHMS;
pub use self::trust::{DEFAULT_ANCHORS, Trust, TrustBuilder};
pub use self::verification::{IssuerMemory, SharedMemory, Verification};
pub use self::verifier::Verifier;
