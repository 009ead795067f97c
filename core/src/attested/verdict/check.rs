//! The checks of a verification, what became of each, and how that is noted while it runs.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::attested::error::VerifyError;

/// The checks of a verification, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Check {
    /// Envelope, PEM, base64 or DER can be decoded.
    Input,
    /// It is a CMS SignedData as the service writes it.
    SignedData,
    /// The one signer's certificate is in it, once.
    SignerCertificate,
    /// Digest and signature algorithm are accepted, agree, and go with the key.
    Algorithms,
    /// The signer's key is strong enough.
    KeyStrength,
    /// The signature fits content and key.
    ContentSignature,
    /// What is signed is the text of a JSON object.
    Content,
    /// All names of the signer lie in an accepted cloud's domain.
    Names,
    /// A path leads to a trust anchor.
    Chain,
    /// The claims can be read.
    Claims,
    /// The nonce is the one asked for.
    Nonce,
    /// The document is valid at the time asked for.
    Window,
    /// The document is young enough.
    MaxAge,
    /// The VM is the one expected.
    VmId,
    /// The subscription is the one expected.
    SubscriptionId,
    /// The image SKU is the one expected.
    Sku,
    /// The marketplace plan is the one expected.
    Plan,
}

impl Check {
    /// All checks, in their order.
    pub const ALL: &'static [Self] = &[
        Self::Input,
        Self::SignedData,
        Self::SignerCertificate,
        Self::Algorithms,
        Self::KeyStrength,
        Self::ContentSignature,
        Self::Content,
        Self::Names,
        Self::Chain,
        Self::Claims,
        Self::Nonce,
        Self::Window,
        Self::MaxAge,
        Self::VmId,
        Self::SubscriptionId,
        Self::Sku,
        Self::Plan,
    ];

    /// The stable name.
    ///
    /// ```
    /// use azure_imds::attested::Check;
    ///
    /// assert_eq!(Check::ALL.first().map(|check| check.name()), Some("input"));
    /// assert!(Check::ContentSignature < Check::Chain); // in the order in which they are made
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::SignedData => "signed_data",
            Self::SignerCertificate => "signer_certificate",
            Self::Algorithms => "algorithms",
            Self::KeyStrength => "key_strength",
            Self::ContentSignature => "content_signature",
            Self::Content => "content",
            Self::Names => "names",
            Self::Chain => "chain",
            Self::Claims => "claims",
            Self::Nonce => "nonce",
            Self::Window => "window",
            Self::MaxAge => "max_age",
            Self::VmId => "vm_id",
            Self::SubscriptionId => "subscription_id",
            Self::Sku => "sku",
            Self::Plan => "plan",
        }
    }
}

/// What became of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not.
    Failed(Arc<VerifyError>),
    /// The caller did not ask for it.
    NotChecked,
    /// A failure before it left nothing to check.
    NotReached,
}

impl Outcome {
    /// The stable name: `passed`, `failed`, `not_checked` or `not_reached`.
    ///
    /// ```
    /// use azure_imds::attested::Outcome;
    ///
    /// assert_eq!(Outcome::NotReached.name(), "not_reached");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::NotChecked => "not_checked",
            Self::NotReached => "not_reached",
        }
    }
}

/// One line of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckLine {
    /// The check.
    pub check: Check,
    /// What became of it.
    pub outcome: Outcome,
    /// The evidence, bounded and escaped; for a failure the text of its error.
    pub detail: String,
}

/// A report under construction. The first failure is the verdict; what comes after it is only told.
pub(in crate::attested) struct Recorder {
    lines: Vec<CheckLine>,
    first_failure: Option<(Check, Arc<VerifyError>)>,
    /// Whether to write evidence and to go on after a failure.
    explains: bool,
}

impl Recorder {
    pub(in crate::attested) const fn new(explains: bool) -> Self {
        Self { lines: Vec::new(), first_failure: None, explains }
    }

    /// Notes what became of a check, and gives its value back if it passed.
    pub(in crate::attested) fn note<T>(
        &mut self,
        check: Check,
        result: Result<T, VerifyError>,
        evidence: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        match result {
            Ok(value) => {
                if self.explains {
                    self.push(check, Outcome::Passed, evidence(&value));
                }
                Some(value)
            }
            Err(error) => {
                self.failed(check, Arc::new(error));
                None
            }
        }
    }

    /// Notes that a check failed.
    pub(in crate::attested) fn failed(&mut self, check: Check, error: Arc<VerifyError>) {
        if self.explains {
            self.push(check, Outcome::Failed(error.clone()), error.to_string());
        }
        self.first_failure.get_or_insert((check, error));
    }

    /// Notes that the caller did not ask for a check.
    pub(in crate::attested) fn not_checked(&mut self, check: Check, why: &str) {
        if self.explains {
            self.push(check, Outcome::NotChecked, why.to_string());
        }
    }

    fn push(&mut self, check: Check, outcome: Outcome, detail: String) {
        self.lines.push(CheckLine { check, outcome, detail });
    }

    /// Whether nothing more needs to be looked at: a failure decides, and nobody wants to read on.
    pub(in crate::attested) const fn is_decided(&self) -> bool {
        self.first_failure.is_some() && !self.explains
    }

    /// Whether no check has failed.
    pub(in crate::attested) const fn is_clean(&self) -> bool {
        self.first_failure.is_none()
    }

    /// The first check that failed.
    pub(in crate::attested) fn first_failed(&self) -> Option<Check> {
        self.first_failure.as_ref().map(|(check, _)| *check)
    }

    /// The lines, one for each check, and the first failure.
    pub(in crate::attested) fn finish(mut self) -> (Vec<CheckLine>, Option<Arc<VerifyError>>) {
        let mut lines = Vec::new();
        for check in Check::ALL.iter().copied().filter(|_| self.explains) {
            lines.push(match self.lines.iter().position(|line| line.check == check) {
                Some(place) => self.lines.swap_remove(place),
                None => CheckLine { check, outcome: Outcome::NotReached, detail: String::new() },
            });
        }
        (lines, self.first_failure.map(|(_, error)| error))
    }
}
