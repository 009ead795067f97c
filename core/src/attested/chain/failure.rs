//! Why there is no path, in words that name the certificate at fault.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::{ChainFailure, Missing, SIGNATURE_CHECK_LIMIT, Search, check_key};
use crate::attested::certificate::Certificate;
use crate::attested::issuers::{self, Role};
use crate::attested::profile;
use crate::error::VerifyError;

impl<'a> Search<'a> {
    /// The signer's certificate names itself as its issuer, and nobody else of that name is at hand. That there can't be
    /// a path says more than what else is wrong with it.
    pub(super) fn self_issued_and_alone(&self) -> Option<VerifyError> {
        let is_alone = self.leaf.is_self_issued() && self.issuers_of(self.leaf).is_empty();
        is_alone.then(|| root_not_trusted(self.leaf))
    }

    /// A path was there, and the strict profile refused it. That says more than what was wrong with the others.
    pub(super) fn explain_refusal(&self, refusal: VerifyError) -> ChainFailure {
        ChainFailure { error: refusal, missing: self.fetchable(self.missing()) }
    }

    /// The path builder's reason, with the certificate that it is about.
    pub(super) fn explain(&self, error: &webpki::Error) -> ChainFailure {
        use webpki::Error as E;
        let missing = self.missing();
        if self.budget.is_overdrawn() {
            let error = VerifyError::SignatureCheckLimit { limit: SIGNATURE_CHECK_LIMIT };
            return ChainFailure { error, missing: Vec::new() };
        }
        let found = match error {
            _ if self.is_too_long.get() => {
                Some(VerifyError::PathBudget { reason: "too many paths, or too long a one" })
            }
            _ if self.leaf.is_self_issued() && self.is_signed_by(self.leaf, self.leaf) => {
                Some(root_not_trusted(self.leaf))
            }
            E::UnknownIssuer => self.unknown_issuer(&missing),
            E::CertExpired { .. } | E::CertNotValidYet { .. } | E::InvalidCertValidity => {
                self.candidates.iter().find_map(|it| it.check_validity(self.time).err())
            }
            E::InvalidSignatureForPublicKey => self.key_fault().or_else(|| Some(self.wrong_signature())),
            E::UnsupportedSignatureAlgorithmContext(_) | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
                self.first_fault(profile::check_signature_algorithm).or_else(|| self.key_fault())
            }
            E::PathLenConstraintViolated => Some(VerifyError::PathLength),
            E::NameConstraintViolation | E::MalformedNameConstraint | E::InvalidNetworkMaskConstraint => {
                Some(VerifyError::NameConstraint)
            }
            E::MaximumPathBuildCallsExceeded | E::MaximumPathDepthExceeded => {
                Some(VerifyError::PathBudget { reason: "too many paths, or too long a one" })
            }
            E::MaximumNameConstraintComparisonsExceeded => {
                Some(VerifyError::PathBudget { reason: "too many names against too many constraints" })
            }
            // What is left is about one certificate's own fields, which the profile judges more closely.
            _ => self.first_fault(profile::check_intermediate),
        };
        let error = found.unwrap_or_else(|| VerifyError::PathInvalid { reason: in_words(error).to_string() });
        ChainFailure { error, missing: self.fetchable(missing) }
    }

    /// Those whose issuer is missing, then the others: an issuer of the right name may be at hand that has another key,
    /// or leads to a root that is not trusted, while one that can be fetched would do.
    fn fetchable(&self, mut missing: Vec<Missing>) -> Vec<Missing> {
        for child in self.signed() {
            if may_be_fetched(child) && !missing.iter().any(|known| known.child.der() == child.der()) {
                missing.push(Missing { child: child.clone() });
            }
        }
        missing
    }

    /// The first certificate between leaf and anchor that a check refuses.
    fn first_fault(&self, check: fn(&Certificate) -> Result<(), VerifyError>) -> Option<VerifyError> {
        self.candidates.iter().find_map(|candidate| check(candidate).err())
    }

    /// The first certificate that may have signed another and whose key is not strong enough, anchors included.
    fn key_fault(&self) -> Option<VerifyError> {
        for child in self.signed() {
            for issuer in self.issuers_of(child) {
                if let Err(fault) = check_key(issuer) {
                    return Some(fault);
                }
            }
        }
        None
    }

    /// The certificates that others must have signed, from the leaf upwards.
    fn signed(&self) -> Vec<&'a Certificate> {
        let mut signed = alloc::vec![self.leaf];
        signed.extend_from_slice(&self.candidates);
        signed
    }

    /// The certificates at hand, anchors included, that have the name of a certificate's issuer.
    fn issuers_of(&self, child: &Certificate) -> Vec<&'a Certificate> {
        let mut issuers = self.candidates.clone();
        issuers.extend(self.trust.anchor_certificates());
        issuers.retain(|issuer| issuer.subject() == child.issuer());
        issuers
    }

    /// The one of them that signed itself, if there is one.
    fn self_issued_issuer_of(&self, child: &Certificate) -> Option<&'a Certificate> {
        self.issuers_of(child).into_iter().find(|issuer| issuer.is_self_issued())
    }

    /// The first certificate, from the leaf upwards, that none of its issuers signed.
    fn wrong_signature(&self) -> VerifyError {
        let is_by_none = |child: &&'a Certificate| {
            let issuers = self.issuers_of(child);
            !issuers.is_empty() && !issuers.iter().any(|issuer| self.is_signed_by(child, issuer))
        };
        let child = self.signed().into_iter().find(is_by_none).unwrap_or(self.leaf);
        VerifyError::CertificateSignature { subject: child.subject_text(), issuer: child.issuer_text() }
    }

    /// Each certificate, from the leaf upwards, for whose issuer there is nothing at hand that is valid at the time.
    fn missing(&self) -> Vec<Missing> {
        let is_of_use = |issuer: &&Certificate| {
            let is_anchor = self.trust.anchor_certificates().iter().any(|anchor| anchor.der() == issuer.der());
            (is_anchor || !issuer.is_self_issued()) && issuer.check_validity(self.time).is_ok()
        };
        let mut missing = Vec::new();
        for child in self.signed() {
            if may_be_fetched(child) && !self.issuers_of(child).iter().any(is_of_use) {
                missing.push(Missing { child: child.clone() });
            }
        }
        missing
    }

    /// Who is missing: an issuer that can be had, or a root that nobody trusts.
    fn unknown_issuer(&self, missing: &[Missing]) -> Option<VerifyError> {
        let child = match missing.first() {
            Some(missing) => &missing.child,
            // Nothing can be fetched: the path ends at a self-signed certificate, or at the name of a known root.
            None => return self.signed().into_iter().find_map(|child| self.root(child)),
        };
        let mut usable = known(child);
        usable.retain(|it| it.kind == Role::Intermediate);
        // The one that ends last stands first, and is named if no other is valid at the time.
        let valid = usable.iter().skip(1).find(|it| it.is_valid_at(self.time));
        let known = valid.or(usable.first()).copied();
        let address =
            issuers::urls_for(child.issuer_text().as_str(), &child.issuer_addresses(), self.trust.origins(), self.time);
        let name = child.issuer_text();
        // A self-signed copy of the missing name at hand is the root itself, handed in as if it were an issuer.
        let own_root = self.self_issued_issuer_of(child);
        match (known, own_root) {
            (None, Some(root)) => Some(root_not_trusted(root)),
            (known, _) => Some(VerifyError::IssuerMissing {
                name,
                sha256: known.map(|it| base16ct::lower::encode_string(&it.sha256)),
                url: address.into_iter().next(),
            }),
        }
    }

    /// The root at which the way up from a certificate ends, if it ends there.
    fn root(&self, child: &Certificate) -> Option<VerifyError> {
        if child.is_self_issued() {
            return Some(root_not_trusted(child));
        }
        if self.issuers_of(child).iter().any(|issuer| !issuer.is_self_issued()) {
            return None;
        }
        if let Some(root) = self.self_issued_issuer_of(child) {
            return Some(root_not_trusted(root));
        }
        let known = known(child);
        let root = known.first()?;
        Some(VerifyError::RootNotTrusted {
            name: child.issuer_text(),
            sha256: Some(base16ct::lower::encode_string(&root.sha256)),
        })
    }
}

/// What the path builder holds against a certificate. The profile knows better of which, and is asked first.
const fn in_words(error: &webpki::Error) -> &'static str {
    use webpki::Error as E;
    match error {
        E::CaUsedAsEndEntity => "a CA's certificate stands where the signer's must",
        E::EndEntityUsedAsCa => "a certificate that is no CA's stands where a CA's must",
        E::CertExpired { .. } | E::CertNotValidYet { .. } | E::InvalidCertValidity => {
            "a certificate is not valid at the time"
        }
        E::InvalidSignatureForPublicKey => "a signature does not fit the key",
        E::RequiredEkuNotFoundContext(_) | E::EmptyEkuExtension => "an extended key usage does not hold serverAuth",
        E::UnknownIssuer => "no issuer of a certificate leads to an anchor",
        E::UnsupportedCertVersion => "a certificate is not of version 3",
        E::UnsupportedCriticalExtension => "a critical extension is not known",
        E::UnsupportedSignatureAlgorithmContext(_) | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "a signature's algorithm is not accepted"
        }
        E::MaximumSignatureChecksExceeded => "too many signatures would have to be checked",
        _ => "a field or an extension of a certificate is malformed",
    }
}

/// Whether a certificate has an issuer other than itself and other than a known root.
fn may_be_fetched(child: &Certificate) -> bool {
    let known = known(child);
    let is_root = !known.is_empty() && known.iter().all(|it| it.kind == Role::Root);
    !child.is_self_issued() && !is_root
}

/// What the table says of a certificate's issuer, if it says anything.
fn known(child: &Certificate) -> Vec<&'static issuers::KnownIssuer> {
    issuers::by_subject(&child.issuer_name()).collect()
}

fn root_not_trusted(root: &Certificate) -> VerifyError {
    VerifyError::RootNotTrusted {
        name: root.subject_text(),
        sha256: Some(base16ct::lower::encode_string(&root.sha256())),
    }
}
