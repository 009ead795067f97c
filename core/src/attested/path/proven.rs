//! Issuers that an earlier process kept: those that lead to an anchor.

use alloc::vec::Vec;

use super::budget;
use super::search::{PATH_LIMIT, check_key};
use super::trust::Trust;
use crate::attested::x509::certificate::Certificate;

/// Signature checks that certificates of an earlier process may cost. No document's budget pays for them.
const OFFERED_CHECK_LIMIT: usize = 256;

/// Issuers that are kept.
pub(in crate::attested) const ISSUER_LIMIT: usize = 64;

/// Issuers that lead to an anchor, made by [`Trust::proven_issuers`].
#[derive(Clone, Debug)]
pub struct ProvenIssuers(pub(in crate::attested) Vec<Certificate>);

impl Trust {
    /// Those certificates of an earlier process (DER) that lead to an anchor, directly or through others at hand, by their
    /// names and signatures alone. [`VerifierMemory::offer`](crate::attested::VerifierMemory::offer) takes them.
    ///
    /// Otherwise somebody who can write where they were kept could put dozens in front of the right one. At most 64
    /// certificates are looked at, and at most 256 signatures.
    ///
    /// ```
    /// # #[cfg(feature = "rustcrypto")] {
    /// use azure_imds::Trust;
    /// use azure_imds::attested::{DEFAULT_ANCHORS, ProvenIssuers, VerifierMemory};
    ///
    /// let kept: [&[u8]; 2] = [DEFAULT_ANCHORS[0], b"not a certificate"]; // as read from a disk
    /// let proven: ProvenIssuers = Trust::default().proven_issuers(kept);
    /// let mut memory = VerifierMemory::new();
    /// assert_eq!(memory.offer(&proven), 1);
    /// assert!(memory.certificates().eq([DEFAULT_ANCHORS[0]]));
    /// # }
    /// ```
    #[must_use]
    pub fn proven_issuers<'a>(&self, certificates: impl IntoIterator<Item = &'a [u8]>) -> ProvenIssuers {
        let read = certificates.into_iter().take(ISSUER_LIMIT).filter_map(|der| Certificate::parse(der).ok());
        let mut offered: Vec<Certificate> = read.collect();
        let mut left = OFFERED_CHECK_LIMIT;
        let mut given = self.issuer_certificates().to_vec();
        let mut parents = self.anchor_certificates().to_vec();
        let mut found = Vec::new();
        for _ in 0..PATH_LIMIT {
            let mut is_under = |child: &mut Certificate| {
                parents.iter().any(|parent| {
                    let may_be = parent.subject() == child.issuer() && check_key(parent).is_ok() && left > 0;
                    left = left.saturating_sub(usize::from(may_be));
                    may_be && budget::is_signed_by(self, child, parent)
                })
            };
            let next: Vec<_> = offered.extract_if(.., &mut is_under).collect();
            let next_given: Vec<_> = given.extract_if(.., &mut is_under).collect();
            found.extend_from_slice(&next);
            parents = [next, next_given].concat();
        }
        ProvenIssuers(found)
    }
}
