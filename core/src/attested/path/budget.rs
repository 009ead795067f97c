//! The signature checks of one verification: each computed once, and only so many.

use alloc::vec::Vec;

use rustls_pki_types::InvalidSignature;

use super::trust::Trust;
use crate::attested::cms::signature;
use crate::attested::x509::certificate::Certificate;

/// Signature checks that one verification may cost, the document's own included, however often it is resumed. Today's
/// longest chain costs four.
pub(super) const SIGNATURE_CHECK_LIMIT: usize = 16;

/// What was computed so far, right or wrong, so that nothing is computed twice.
#[derive(Clone, Debug, Default)]
pub(in crate::attested) struct SignatureChecks {
    spent: usize,
    /// Whether the document's signature is right.
    content: Option<bool>,
    proofs: Vec<Proof>,
}

/// One signature that was checked: who signed whom, and whether it is right.
#[derive(Clone, Debug)]
pub(super) struct Proof {
    child: Certificate,
    issuer: Certificate,
    is_right: bool,
}

impl SignatureChecks {
    /// Takes one check out, if there is one left.
    fn spend(&mut self) -> Result<(), InvalidSignature> {
        let is_left = self.spent < SIGNATURE_CHECK_LIMIT;
        self.spent = self.spent.saturating_add(1);
        if is_left { Ok(()) } else { Err(InvalidSignature) }
    }

    /// The checks spent so far.
    #[cfg(feature = "layers")]
    pub(in crate::attested) fn spent(&self) -> usize {
        self.spent.min(SIGNATURE_CHECK_LIMIT)
    }

    /// Whether no check is left.
    pub(super) const fn is_spent(&self) -> bool {
        self.spent >= SIGNATURE_CHECK_LIMIT
    }

    pub(in crate::attested) const fn is_overdrawn(&self) -> bool {
        self.spent > SIGNATURE_CHECK_LIMIT
    }

    /// Whether the signature of the document is right, which there is one of.
    pub(in crate::attested) fn content(
        &mut self,
        verify: impl FnOnce() -> Result<(), InvalidSignature>,
    ) -> Result<(), InvalidSignature> {
        let is_right = match self.content {
            Some(is_right) => is_right,
            None => {
                self.spend()?;
                *self.content.insert(verify().is_ok())
            }
        };
        if is_right { Ok(()) } else { Err(InvalidSignature) }
    }

    /// Whether the key of one certificate signed another.
    pub(in crate::attested) fn is_signed_by(
        &mut self,
        trust: &Trust,
        child: &Certificate,
        issuer: &Certificate,
    ) -> bool {
        if let Some(proof) = self.proofs.iter().find(|proof| proof.is_about(child, issuer)) {
            return proof.is_right;
        }
        if child.signed().is_none() || self.spend().is_err() {
            return false;
        }
        let is_right = is_signed_by(trust, child, issuer);
        self.proofs.push(Proof { child: child.clone(), issuer: issuer.clone(), is_right });
        is_right
    }

    /// Whether that was found before. Checks nothing.
    pub(super) fn was_signed_by(&self, child: &Certificate, issuer: &Certificate) -> bool {
        self.proofs.iter().any(|proof| proof.is_right && proof.is_about(child, issuer))
    }

    pub(super) fn proofs(&self) -> &[Proof] {
        &self.proofs
    }
}

/// The same, computed without being counted.
pub(super) fn is_signed_by(trust: &Trust, child: &Certificate, issuer: &Certificate) -> bool {
    child
        .signed()
        .is_some_and(|signed| signature::verify_certificate(trust.algorithms(), &signed, issuer.key_info()).is_ok())
}

impl Proof {
    fn is_about(&self, child: &Certificate, issuer: &Certificate) -> bool {
        self.child.der() == child.der() && self.issuer.key_info() == issuer.key_info()
    }

    /// Whether this is the proof that the key made this signature of the message.
    pub(super) fn is_of(&self, public_key: &[u8], message: &[u8], value: &[u8], algorithm: &[u8]) -> bool {
        let Some(signed) = self.child.signed().filter(|_| self.is_right) else {
            return false;
        };
        signed.message == message
            && signed.signature == value
            && signed.algorithm == algorithm
            && signature::subject_public_key(self.issuer.key_info()) == Some(public_key)
    }
}
