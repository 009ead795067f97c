//! Why there is no path, in words that name the certificate at fault.
//!
//! Where several ways fail, the reason is that of the one that came furthest: a path up to an anchor that the profile
//! refuses, then one that the path builder refuses; then a way that was given up, at a denied certificate or because it is
//! too long; then what [`Ways`] finds of those that reach no anchor.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::ways::Ways;
use super::{ChainFailure, Missing, SELF_ISSUED, Search};
use crate::attested::error::VerifyError;
use crate::attested::issuers::{self, Role};
use crate::attested::path::budget::SIGNATURE_CHECK_LIMIT;
use crate::attested::path::profile;
use crate::attested::x509::certificate::Certificate;

impl<'a> Search<'a> {
    /// The signer's certificate names itself as its issuer, and nobody else of that name is at hand. That there can't be
    /// a path says more than what else is wrong with it.
    pub(super) fn self_issued_and_alone(&self) -> Option<VerifyError> {
        let is_alone = self.leaf.is_self_issued() && self.issuers_of(self.leaf).is_empty();
        is_alone.then(|| root_not_trusted(self.leaf))
    }

    /// The reason, and whose issuers could be fetched. `refusal` is the profile's of a path that the builder found valid,
    /// `judged` what the builder holds against one whose signatures are all right.
    pub(super) fn explain(&self, refusal: Option<VerifyError>, judged: Option<VerifyError>) -> ChainFailure {
        let denied = self.denied.take();
        if self.checks.borrow().is_overdrawn() && refusal.is_none() && denied.is_none() {
            let error = VerifyError::SignatureCheckLimit { limit: SIGNATURE_CHECK_LIMIT };
            return ChainFailure { error, missing: Vec::new() };
        }
        let too_long = || self.is_too_long.get().then_some(VerifyError::PathBudget { reason: TOO_LONG });
        let own_root = || {
            let signed_itself = self.leaf.is_self_issued() && self.is_signed_by(self.leaf, self.leaf);
            signed_itself.then(|| root_not_trusted(self.leaf))
        };
        let ways = || Ways::of(self).reason();
        let error = refusal.or(judged).or(denied).or_else(too_long).or_else(own_root).or_else(ways);
        let error = error.unwrap_or_else(|| VerifyError::PathInvalid { reason: NO_WAY.to_string() });
        ChainFailure { error, missing: self.fetchable() }
    }

    /// What the path builder holds against a path whose signatures are all right, with the certificate at fault.
    pub(super) fn explain_judged(&self, error: &webpki::Error, path: &[&'a Certificate], anchor: usize) -> VerifyError {
        use webpki::Error as E;
        let intermediates = path.get(1..).unwrap_or_default();
        let first_fault = |check: &dyn Fn(&Certificate) -> Result<(), VerifyError>| {
            intermediates.iter().find_map(|issuer| check(issuer).err())
        };
        let found = match error {
            E::CertExpired { .. } | E::CertNotValidYet { .. } | E::InvalidCertValidity => {
                first_fault(&|issuer| issuer.check_validity(self.time))
            }
            // The builder tried some certificates of the path in each other's place.
            E::InvalidSignatureForPublicKey => Some(VerifyError::PathInvalid { reason: SELF_ISSUED.into() }),
            E::PathLenConstraintViolated => Some(VerifyError::PathLength),
            E::NameConstraintViolation | E::MalformedNameConstraint | E::InvalidNetworkMaskConstraint => {
                let anchor = self.trust.anchor_certificates().get(anchor);
                Some(profile::name_constraint(intermediates.iter().copied().chain(anchor)))
            }
            E::MaximumPathBuildCallsExceeded | E::MaximumPathDepthExceeded => {
                Some(VerifyError::PathBudget { reason: TOO_LONG })
            }
            E::MaximumNameConstraintComparisonsExceeded => {
                Some(VerifyError::PathBudget { reason: "too many names against too many constraints" })
            }
            // What is left is about one certificate's own fields, which the profile judges more closely.
            _ => first_fault(&profile::check_intermediate),
        };
        found.unwrap_or_else(|| VerifyError::PathInvalid { reason: in_words(error).to_string() })
    }

    /// The certificates whose issuer may be fetched, those first for which nothing at hand is valid at the time: an issuer
    /// of the right name may be at hand that has another key, or leads to a root that is not trusted, while one that can
    /// be fetched would do.
    fn fetchable(&self) -> Vec<Missing> {
        let is_of_use = |issuer: &&Certificate| {
            (self.is_anchor(issuer) || !issuer.is_self_issued()) && issuer.check_validity(self.time).is_ok()
        };
        let is_alone = |child: &&Certificate| !self.issuers_of(child).iter().any(is_of_use);
        let (alone, others): (Vec<_>, Vec<_>) =
            self.signed().into_iter().filter(|child| may_be_fetched(child)).partition(is_alone);
        alone.into_iter().chain(others).map(|child| Missing { child: child.clone() }).collect()
    }

    /// The certificates that others must have signed, from the leaf upwards. Who signed a denied one does not matter.
    fn signed(&self) -> Vec<&'a Certificate> {
        let mut signed = alloc::vec![self.leaf];
        signed.extend(self.candidates.iter().filter(|candidate| self.trust.check_denied(candidate).is_ok()));
        signed
    }

    /// The certificates at hand, anchors included, that have the name of a certificate's issuer and are not denied.
    pub(super) fn issuers_of(&self, child: &Certificate) -> Vec<&'a Certificate> {
        let mut issuers = self.candidates.clone();
        issuers.extend(self.trust.anchor_certificates());
        issuers.retain(|issuer| issuer.subject() == child.issuer() && self.trust.check_denied(issuer).is_ok());
        issuers
    }

    /// Whether a certificate is an anchor.
    pub(super) fn is_anchor(&self, certificate: &Certificate) -> bool {
        self.trust.anchor_certificates().iter().any(|anchor| anchor.der() == certificate.der())
    }

    /// Whether an anchor has this name.
    pub(super) fn is_name_of_anchor(&self, name: &[u8]) -> bool {
        self.trust.anchor_certificates().iter().any(|anchor| anchor.subject() == name)
    }
}

const TOO_LONG: &str = "too many paths, or too long a one";
const NO_WAY: &str = "no issuer of a certificate leads to an anchor";

/// What the path builder holds against a certificate. The profile knows better of which, and is asked first.
const fn in_words(error: &webpki::Error) -> &'static str {
    use webpki::Error as E;
    match error {
        E::CaUsedAsEndEntity => "the signer's certificate is a CA certificate",
        E::EndEntityUsedAsCa => "the certificate of an issuer is not a CA certificate",
        E::CertExpired { .. } | E::CertNotValidYet { .. } | E::InvalidCertValidity => {
            "a certificate is not valid at the time"
        }
        E::RequiredEkuNotFoundContext(_) | E::EmptyEkuExtension => "an extended key usage does not hold serverAuth",
        E::UnknownIssuer => NO_WAY,
        E::UnsupportedCertVersion => "a certificate is not of version 3",
        E::UnsupportedCriticalExtension => "a critical extension is not known",
        E::UnsupportedSignatureAlgorithmContext(_) | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "a signature's algorithm is not accepted"
        }
        E::MaximumSignatureChecksExceeded => "too many signatures would have to be checked",
        _ => "a field or an extension of a certificate is malformed",
    }
}

/// Whether a certificate has an issuer other than itself and other than a known root, whose signature could be checked.
pub(super) fn may_be_fetched(child: &Certificate) -> bool {
    let known = known(child);
    let is_root = !known.is_empty() && known.iter().all(|it| it.kind == Role::Root);
    !child.is_self_issued() && !is_root && profile::check_signature_algorithm(child).is_ok()
}

/// What the table says of a certificate's issuer, if it says anything.
pub(super) fn known(child: &Certificate) -> Vec<&'static issuers::KnownIssuer> {
    issuers::by_subject(&child.issuer_name()).collect()
}

pub(super) fn root_not_trusted(root: &Certificate) -> VerifyError {
    VerifyError::RootNotTrusted {
        name: root.subject_text(),
        sha256: Some(base16ct::lower::encode_string(&root.sha256())),
    }
}
