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
    ///
    /// ```
    /// # #[cfg(all(feature = "emulator", feature = "rustcrypto"))] {
    /// use azure_imds::attested::Claims;
    /// use azure_imds::emulator::{Emulator, Incoming, Machine, Moment};
    /// use azure_imds::{Cloud, Expectations, Instant, Nonce, SignedDocument, Timestamp, Trust, Verifier};
    ///
    /// // An emulated VM asks for its document; the verifier trusts the emulator's root and nothing else.
    /// let mut emulator = Emulator::new(Machine::default(), [7; 32]);
    /// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
    /// let target = "/metadata/attested/document?api-version=2021-02-01&nonce=9f8c2e7145d04a6fb3c1e8a27d905b6e";
    /// let answer = emulator.handle(now, &Incoming::get(target)).response.body;
    /// let authority = emulator.authority()?;
    /// let anchors = Trust::builder_without_anchors().anchors(&authority.root_der()?)?;
    /// let verifier = Verifier::new(anchors.issuers(&authority.issuing_der()?)?.build());
    ///
    /// let expectations = Expectations::new(Nonce::new("9f8c2e7145d04a6fb3c1e8a27d905b6e")?);
    /// let verified = verifier.verify(&SignedDocument::parse(&answer)?, &expectations, now.wall)?;
    /// assert_eq!(verified.vm_id(), emulator.machine().text("compute/vmId"));
    /// let claims: &Claims = verified.claims();
    /// assert_eq!((claims.nonce.as_deref(), claims.created_on), (Some("9f8c2e7145d04a6fb3c1e8a27d905b6e"), now.wall));
    /// assert_eq!(verified.cloud(), Cloud::Public);
    /// assert!(verified.nonce_checked() && !verified.is_default_anchor());
    /// assert_eq!(verified.chain().len(), 3); // signer, issuing CA, root
    ///
    /// // A verifier that gave another nonce refuses it.
    /// let other = Expectations::new(Nonce::new("5d40b7aa90e24c13b86f27d1c0e3594a")?);
    /// let error = verifier.verify(&SignedDocument::parse(&answer)?, &other, now.wall).unwrap_err();
    /// assert_eq!(error.code(), "nonce_mismatch");
    /// # }
    /// # Ok::<(), azure_imds::Error>(())
    /// ```
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
    ///
    /// ```
    /// # #[cfg(all(feature = "emulator", feature = "rustcrypto"))] {
    /// use azure_imds::attested::ChainCache;
    /// # use azure_imds::emulator::{Emulator, Incoming, Machine, Moment};
    /// # use azure_imds::{Instant, Timestamp, Trust};
    /// use azure_imds::{Expectations, Nonce, SignedDocument, Verifier};
    ///
    /// # let mut emulator = Emulator::new(Machine::default(), [7; 32]);
    /// # let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
    /// # let target = "/metadata/attested/document?api-version=2021-02-01&nonce=9f8c2e7145d04a6fb3c1e8a27d905b6e";
    /// # let answer = emulator.handle(now, &Incoming::get(target)).response.body;
    /// # let authority = emulator.authority()?;
    /// # let anchors = Trust::builder_without_anchors().anchors(&authority.root_der()?)?;
    /// # let verifier = Verifier::new(anchors.issuers(&authority.issuing_der()?)?.build());
    /// let document = SignedDocument::parse(&answer)?; // signed by an emulator that `verifier` trusts
    /// let expectations = Expectations::new(Nonce::new("9f8c2e7145d04a6fb3c1e8a27d905b6e")?);
    /// let mut cache = ChainCache::new(verifier.trust());
    /// for _ in 0..2 {
    ///     verifier.verify_cached(&document, &expectations, now.wall, &mut cache)?;
    /// }
    /// assert_eq!(cache.len(), 1); // the second time, the chain was found in it
    ///
    /// let error = Verifier::default().verify_cached(&document, &expectations, now.wall, &mut cache).unwrap_err();
    /// assert_eq!(error.code(), "cache_of_other_trust");
    /// # }
    /// # Ok::<(), azure_imds::Error>(())
    /// ```
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
    ///
    /// ```
    /// use azure_imds::attested::{Check, CheckLine, Headline, Outcome};
    /// use azure_imds::{Expectations, NONCE_NOT_CHECKED, Timestamp, Verifier};
    ///
    /// let now = Timestamp::parse_rfc3339("2026-06-25T18:57:45Z")?;
    /// let report = Verifier::default().explain(b"<html></html>", &Expectations::new(NONCE_NOT_CHECKED), now);
    /// assert_eq!(report.headline(), Headline::NothingChecked);
    /// let lines: &[CheckLine] = report.checks();
    /// assert_eq!(lines.len(), Check::ALL.len());
    /// assert!(matches!(&lines[0].outcome, Outcome::Failed(error) if error.code() == "base64_malformed"));
    /// assert!(lines[1..].iter().all(|line| line.outcome != Outcome::Passed));
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
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
