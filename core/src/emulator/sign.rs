//! Attested documents, signed on demand by an authority of the emulator's own.
//!
//! ```text
//!   Authority (root ─▶ issuing CA) ─▶ leaf, one for each cloud, region and period ─▶ document
//! ```
//!
//! Nothing here can pass for Azure's: the root is not among any default anchors, and its name says what it is.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64, Encoding as _};

pub use self::authority::Authority;
pub(super) use self::authority::key;
use self::authority::{LeafCertificate, Oddity};
pub use self::tamper::Tamper;
use super::machine::Machine;
use super::random::Seed;
use crate::cloud::Cloud;
use crate::error::UsageError;
use crate::metadata::api_version::ApiVersion;
use crate::time::Timestamp;

mod authority;
mod certificate;
mod content;
mod document;
mod tamper;

/// What one document is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order<'a> {
    /// What is signed about.
    pub(super) machine: &'a Machine,
    /// The api-version asked for, which decides what is signed.
    pub(super) version: ApiVersion,
    /// The caller's nonce.
    pub(super) nonce: Option<&'a str>,
    /// The wall clock.
    pub(super) now: Timestamp,
    /// Where the emulator is reached: the leaf says there that its issuer is.
    pub(super) origin: &'a str,
    /// What is made wrong on purpose.
    pub(super) tamper: Option<Tamper>,
}

/// Leafs that are kept, since real ones serve for months and some take a new key to make.
const LEAFS: usize = 8;

/// Signs documents.
#[derive(Clone, Debug)]
pub(super) struct DocumentSigner {
    authority: Authority,
    leafs: VecDeque<(LeafKey, Oddity, LeafCertificate)>,
}

/// What a leaf follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeafKey {
    cloud: Cloud,
    region: String,
    period: u64,
    origin: String,
}

impl DocumentSigner {
    pub(super) const fn new(authority: Authority) -> Self {
        Self { authority, leafs: VecDeque::new() }
    }

    /// The signer that there is, or one whose authority is made now from the seed.
    ///
    /// # Errors
    ///
    /// `authority_unusable`; none is known to happen.
    pub(super) fn ready<'s>(signer: &'s mut Option<Self>, seed: &Seed) -> Result<&'s mut Self, UsageError> {
        let ready = match signer.take() {
            Some(ready) => ready,
            None => Self::new(Authority::from_seed(seed)?),
        };
        Ok(signer.insert(ready))
    }

    pub(super) const fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The signed document, DER.
    ///
    /// # Errors
    ///
    /// `authority_unusable` if the machine can't be put into a certificate: its location is not a DNS label, say.
    pub(super) fn document(&mut self, order: &Order<'_>) -> Result<Vec<u8>, UsageError> {
        let content = content::signed_content(order);
        let leaf = self.leaf_for(order)?;
        document::signed(&leaf, &self.authority, &content, order.tamper)
    }

    fn leaf_for(&mut self, order: &Order<'_>) -> Result<LeafCertificate, UsageError> {
        let own = order.machine.cloud();
        let cloud = if order.tamper == Some(Tamper::WrongCloud) { another(own) } else { own };
        let key = LeafKey {
            cloud,
            region: order.machine.text("compute/location").into(),
            period: authority::period(order.now),
            origin: order.origin.into(),
        };
        let oddity = match order.tamper {
            Some(Tamper::WrongName) => Oddity::Name,
            Some(Tamper::UnknownIssuer) => Oddity::Issuer,
            _ => Oddity::None,
        };
        if let Some((_, _, leaf)) = self.leafs.iter().find(|(known, odd, _)| *known == key && *odd == oddity) {
            return Ok(leaf.clone());
        }
        let leaf = self.authority.leaf(&key, oddity)?;
        if self.leafs.len() >= LEAFS {
            self.leafs.pop_front();
        }
        self.leafs.push_back((key, oddity, leaf.clone()));
        Ok(leaf)
    }
}

/// The answer's `signature`: base64 on one line.
pub(super) fn encoded(document: &[u8]) -> String {
    Base64::encode_string(document)
}

const fn another(cloud: Cloud) -> Cloud {
    match cloud {
        Cloud::Public => Cloud::UsGov,
        _ => Cloud::Public,
    }
}
