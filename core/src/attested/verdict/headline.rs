//! What a report comes to, in the words that belong above it.

use super::check::{Check, Outcome};
use super::document::TimeBasis;
use super::report::Report;
use crate::attested::error::VerifyError;

/// What a report comes to. Says of a refused document how far it got, so that a wrong signature, a right one of an
/// unknown signer, and something that is not a document at all are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Headline {
    /// Every check that was asked for holds.
    Verified,
    /// They held when the document was signed; whether it has expired since was not asked.
    VerifiedAtSigning,
    /// Every check that was asked for holds, under a root that is not one of the default anchors.
    VerifiedByAddedRoot,
    /// They held when the document was signed, under a root that is not one of the default anchors.
    VerifiedAtSigningByAddedRoot,
    /// It is not an attested document, so nothing of it was checked.
    NothingChecked,
    /// It is one, made with an algorithm or a key that is not accepted.
    NotAcceptable,
    /// The signature does not fit the content: it was changed, or is forged.
    WrongSignature,
    /// The signature fits, and the signer is not a metadata service of an accepted cloud.
    NotAzure,
    /// The signature fits; a certificate between the signer and a trusted root is missing.
    IssuerMissing,
    /// The signature fits; the path ends at a root that is not trusted.
    RootNotTrusted,
    /// The signature fits; no valid path leads to a trusted root.
    NoValidPath,
    /// The signer is trusted; the claims can't be read.
    ClaimsUnreadable,
    /// The signer is trusted; the document is not valid at the time asked for.
    NotValidNow,
    /// The signer is trusted; the document says something else than what was expected.
    NotExpected,
}

impl Headline {
    /// All headlines.
    pub const ALL: &'static [Self] = &[
        Self::Verified,
        Self::VerifiedAtSigning,
        Self::VerifiedByAddedRoot,
        Self::VerifiedAtSigningByAddedRoot,
        Self::NothingChecked,
        Self::NotAcceptable,
        Self::WrongSignature,
        Self::NotAzure,
        Self::IssuerMissing,
        Self::RootNotTrusted,
        Self::NoValidPath,
        Self::ClaimsUnreadable,
        Self::NotValidNow,
        Self::NotExpected,
    ];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::VerifiedAtSigning => "verified_at_signing",
            Self::VerifiedByAddedRoot => "verified_by_added_root",
            Self::VerifiedAtSigningByAddedRoot => "verified_at_signing_by_added_root",
            Self::NothingChecked => "nothing_checked",
            Self::NotAcceptable => "not_acceptable",
            Self::WrongSignature => "wrong_signature",
            Self::NotAzure => "not_azure",
            Self::IssuerMissing => "issuer_missing",
            Self::RootNotTrusted => "root_not_trusted",
            Self::NoValidPath => "no_valid_path",
            Self::ClaimsUnreadable => "claims_unreadable",
            Self::NotValidNow => "not_valid_now",
            Self::NotExpected => "not_expected",
        }
    }

    /// The headline in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Verified => "Verified",
            Self::VerifiedAtSigning => "Verified as of its signing",
            Self::VerifiedByAddedRoot => "Verified against a root you added",
            Self::VerifiedAtSigningByAddedRoot => "Verified as of its signing, against a root you added",
            Self::NothingChecked => "Nothing was checked",
            Self::NotAcceptable => "Signed in a way that is not accepted",
            Self::WrongSignature => "The signature is wrong",
            Self::NotAzure => "Signed, but not by Azure",
            Self::IssuerMissing => "Signature right, issuer missing",
            Self::RootNotTrusted => "Signature right, root not trusted",
            Self::NoValidPath => "Signature right, certificates not valid",
            Self::ClaimsUnreadable => "Signed, but not readable",
            Self::NotValidNow => "Signed, but not valid at this time",
            Self::NotExpected => "Signed, but not what was expected",
        }
    }

    /// What that means for those who have to decide, in one sentence or two.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Verified => "Its signature holds, its signer leads to a trusted root, and its claims are as asked.",
            Self::VerifiedAtSigning => {
                "Its signature held when it was made. Whether the document has expired since was not asked: this is \
                 for archives, not for admission."
            }
            Self::VerifiedByAddedRoot => {
                "Its signature holds, and its claims are as asked. Its signer leads to a root that you added, not to a \
                 default one: it is worth what that root is worth."
            }
            Self::VerifiedAtSigningByAddedRoot => {
                "Its signature held when it was made. Its signer leads to a root that you added, not to a default one: \
                 it is worth what that root is worth. Whether the document has expired since was not asked: this is \
                 for archives, not for admission."
            }
            Self::NothingChecked => "This is not an attested document, so there was no signature to look at.",
            Self::NotAcceptable => "Its algorithm or key is too weak to prove anything, or is not accepted.",
            Self::WrongSignature => "What it says is not what its signer signed. It was changed, or forged.",
            Self::NotAzure => "The names in its signer's certificate are not those of a metadata service asked for.",
            Self::IssuerMissing => {
                "What it says is what its signer signed. Whether that signer is Azure's is open: the certificate of \
                 its issuer is not at hand."
            }
            Self::RootNotTrusted => {
                "What it says is what its signer signed. That signer leads to a root that is not trusted: anybody can \
                 make one."
            }
            Self::NoValidPath => {
                "What it says is what its signer signed. The certificates above that signer do not hold."
            }
            Self::ClaimsUnreadable => "Its signer is trusted, and what was signed is not what the service writes.",
            Self::NotValidNow => "Its signer is trusted. The document has expired, is too old, or is not valid yet.",
            Self::NotExpected => "Its signer is trusted. The document does not match what you expected.",
        }
    }

    /// Whether the document is accepted.
    #[must_use]
    pub const fn is_verified(self) -> bool {
        matches!(
            self,
            Self::Verified | Self::VerifiedAtSigning | Self::VerifiedByAddedRoot | Self::VerifiedAtSigningByAddedRoot
        )
    }
}

impl Report {
    /// What the report comes to.
    ///
    /// ```
    /// use azure_imds::{Expectations, NONCE_NOT_CHECKED, Timestamp, Verifier};
    ///
    /// let now = Timestamp::parse_rfc3339("2026-06-25T18:57:45Z")?;
    /// let report = Verifier::default().explain(b"MAA=", &Expectations::new(NONCE_NOT_CHECKED), now);
    /// assert_eq!(report.headline().title(), "Nothing was checked");
    /// assert!(!report.headline().is_verified());
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    #[must_use]
    pub fn headline(&self) -> Headline {
        match self.verdict() {
            Ok(document) => match (document.time_basis(), document.is_default_anchor()) {
                (TimeBasis::Now(_), true) => Headline::Verified,
                (TimeBasis::Now(_), false) => Headline::VerifiedByAddedRoot,
                (TimeBasis::SigningTime(_), true) => Headline::VerifiedAtSigning,
                (TimeBasis::SigningTime(_), false) => Headline::VerifiedAtSigningByAddedRoot,
            },
            Err(error) => self.refusal(error),
        }
    }

    fn refusal(&self, error: &VerifyError) -> Headline {
        let failed = self.checks().iter().find(|line| matches!(line.outcome, Outcome::Failed(_)));
        match failed.map(|line| line.check) {
            Some(Check::Algorithms | Check::KeyStrength) => Headline::NotAcceptable,
            Some(Check::ContentSignature | Check::Content) => Headline::WrongSignature,
            Some(Check::Names) => Headline::NotAzure,
            Some(Check::Chain) => match error {
                VerifyError::IssuerMissing { .. } => Headline::IssuerMissing,
                VerifyError::RootNotTrusted { .. } => Headline::RootNotTrusted,
                _ => Headline::NoValidPath,
            },
            Some(Check::Claims) => Headline::ClaimsUnreadable,
            Some(Check::Window | Check::MaxAge) => Headline::NotValidNow,
            Some(Check::Nonce | Check::VmId | Check::SubscriptionId | Check::Sku | Check::Plan) => {
                Headline::NotExpected
            }
            Some(Check::Input | Check::SignedData | Check::SignerCertificate) | None => Headline::NothingChecked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Expectations, NONCE_NOT_CHECKED, Timestamp, Verifier};

    // Every other headline is held against all shared vectors by the tests of the npm package.
    #[test]
    fn what_is_no_document_was_not_checked() {
        for input in [&b""[..], b"hello", b"{}", b"\x30\x00"] {
            let expectations = Expectations::new(NONCE_NOT_CHECKED);
            let report = Verifier::default().explain(input, &expectations, Timestamp::from_unix(0));
            assert_eq!(report.headline(), Headline::NothingChecked);
            assert!(!report.headline().is_verified());
        }
    }
}
