//! Who decides: a verifier with its trust.

use super::document::{SignedDocument, VerifiedDocument};
use super::evaluation::{Conditions, Evaluation};
use super::fetch::NotFetched;
use super::report::Report;
use crate::attested::claims::expectations::{At, Expectations};
use crate::attested::error::{Error, VerifyError};
use crate::attested::path::search::{ChainCache, SignatureChecks};
use crate::attested::path::trust::Trust;

/// Decides whether a document was signed by Azure for the VM it names. Shared freely between threads.
#[derive(Clone, Debug, Default)]
pub struct Verifier {
    trust: Trust,
}

impl Verifier {
    /// A verifier with a trust of its own. [`Verifier::default`] trusts the default anchors.
    #[must_use]
    pub const fn new(trust: Trust) -> Self {
        Self { trust }
    }

    /// The trust.
    #[must_use]
    pub const fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Verifies a document with what is at hand: nothing is fetched. For fetching see
    /// [`Verification`](crate::Verification).
    ///
    /// # Errors
    ///
    /// Any code of [`VerifyError`]: the first failure in the order of [`Check::ALL`](crate::attested::Check::ALL).
    pub fn verify(
        &self,
        document: &SignedDocument,
        expectations: &Expectations,
        at: impl Into<At>,
    ) -> Result<VerifiedDocument, VerifyError> {
        let conditions = Conditions { expectations, at: at.into(), fetched: &[], chain: None, explains: false };
        Evaluation::of(&self.trust, Ok(document), &conditions, None, &mut SignatureChecks::default())
            .report
            .into_verdict()
    }

    /// The same, with a cache of chains for signers that come again.
    ///
    /// # Errors
    ///
    /// Any code of [`VerifyError`], and `cache_of_other_trust`.
    pub fn verify_cached(
        &self,
        document: &SignedDocument,
        expectations: &Expectations,
        at: impl Into<At>,
        cache: &mut ChainCache,
    ) -> Result<VerifiedDocument, Error> {
        cache.check_trust(&self.trust)?;
        let conditions = Conditions { expectations, at: at.into(), fetched: &[], chain: None, explains: false };
        let checks = &mut SignatureChecks::default();
        Ok(Evaluation::of(&self.trust, Ok(document), &conditions, Some(cache), checks).report.into_verdict()?)
    }

    /// Says what became of every check, whatever was handed in. The verdict is that of [`verify`](Self::verify).
    #[must_use]
    pub fn explain(&self, input: &[u8], expectations: &Expectations, at: impl Into<At>) -> Report {
        let conditions = Conditions { expectations, at: at.into(), fetched: &[], chain: None, explains: true };
        let document = SignedDocument::read(input);
        let evaluation =
            Evaluation::of(&self.trust, document.as_ref(), &conditions, None, &mut SignatureChecks::default());
        let not_fetched = (!evaluation.missing.is_empty()).then_some(NotFetched::Off);
        Report { not_fetched, ..evaluation.report }
    }
}
