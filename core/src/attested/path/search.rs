//! The path from the signer's certificate to an anchor: sought by way of signatures, judged by `rustls-webpki`, held to
//! the strict profile.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::fmt;
use core::time::Duration;

use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, TrustAnchor, UnixTime,
};
use webpki::{EndEntityCert, KeyUsage, VerifiedPath};

use super::profile;
use super::trust::{Trust, borrowed, deduplicated};
use crate::attested::der::object_identifier::ID_KP_SERVER_AUTH;
use crate::attested::error::VerifyError;
use crate::attested::x509::certificate::Certificate;
use crate::time::Timestamp;

use super::budget::Proof;

pub(in crate::attested) use super::budget::SignatureChecks;
pub use super::cache::ChainCache;
pub use super::chain_certificate::ChainCertificate;

mod climb;
mod failure;
mod ways;

/// Why a path is refused in which a CA issued a certificate to its own name. RFC 5280 makes exceptions for these; no CA
/// that has signed for Azure needs them.
const SELF_ISSUED: &str = "a CA of the path issued a certificate to its own name, and breaks a constraint with it";

/// Certificates that may stand between leaf and anchor; the path builder takes no more.
pub(super) const PATH_LIMIT: usize = 6;

/// An algorithm whose signatures were all checked on the way up: it computes nothing, and knows nothing else.
struct Proven<'a> {
    implementation: &'static dyn SignatureVerificationAlgorithm,
    proofs: &'a [Proof],
}

impl fmt::Debug for Proven<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.implementation, formatter)
    }
}

impl SignatureVerificationAlgorithm for Proven<'_> {
    fn verify_signature(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let algorithm = self.signature_alg_id();
        let is_right = |proof: &Proof| proof.is_of(public_key, message, signature, algorithm.as_ref());
        if self.proofs.iter().any(is_right) { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.implementation.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.implementation.signature_alg_id()
    }
}

/// An issuer that no certificate at hand can stand for.
#[derive(Clone, Debug)]
pub(in crate::attested) struct Missing {
    /// The certificate whose issuer it is.
    pub(in crate::attested) child: Certificate,
}

/// Why there is no path.
#[derive(Debug)]
pub(in crate::attested) struct ChainFailure {
    /// The reason.
    pub(in crate::attested) error: VerifyError,
    /// Issuers that could be fetched, in the order in which they are met from the leaf on.
    pub(in crate::attested) missing: Vec<Missing>,
}

impl From<VerifyError> for ChainFailure {
    fn from(error: VerifyError) -> Self {
        Self { error, missing: Vec::new() }
    }
}

/// A certificate with the candidates for its issuer, the likeliest first.
type Likely<'a> = (&'a Certificate, Rc<[&'a Certificate]>);

/// Everything that the search for a path looks at.
struct Search<'a> {
    trust: &'a Trust,
    leaf: &'a Certificate,
    /// Certificates whose names lead from the leaf upwards, sorted, so that the order given makes no difference.
    candidates: Vec<&'a Certificate>,
    time: Timestamp,
    /// The signatures checked so far, before the search and by it.
    checks: RefCell<SignatureChecks>,
    /// Whether a path was given up because it is too long.
    is_too_long: Cell<bool>,
    /// The first certificate that is denied and signed another on the way up.
    denied: RefCell<Option<VerifyError>>,
    /// The candidates for the issuer of each certificate that was met. Many ways may lead through one certificate.
    likely: RefCell<Vec<Likely<'a>>>,
}

/// Finds a path at a time; the certificates are those from the leaf to the anchor, both included.
///
/// # Errors
///
/// The codes of step 7 of the verification.
pub(in crate::attested) fn build<'a>(
    trust: &'a Trust,
    leaf: &'a Certificate,
    extra: &[&'a Certificate],
    time: Timestamp,
    checks: &mut SignatureChecks,
) -> Result<Vec<&'a Certificate>, ChainFailure> {
    if trust.anchor_certificates().is_empty() {
        return Err(VerifyError::NoTrustAnchors.into());
    }
    let search = Search::new(trust, leaf, extra, time);
    if let Some(error) = search.self_issued_and_alone() {
        return Err(error.into());
    }
    check_leaf(trust, leaf, time)?;
    search.path_with(checks)
}

/// The same for a leaf that is nobody's signer.
#[cfg(feature = "layers")]
pub(in crate::attested) fn build_to_any<'a>(
    trust: &'a Trust,
    leaf: &'a Certificate,
    time: Timestamp,
    checks: &mut SignatureChecks,
) -> Result<Vec<&'a Certificate>, ChainFailure> {
    Search::new(trust, leaf, &[], time).path_with(checks)
}

/// What is asked of the signer's certificate on every call, whether its chain is remembered or not.
pub(in crate::attested) fn check_leaf(trust: &Trust, leaf: &Certificate, time: Timestamp) -> Result<(), VerifyError> {
    trust.check_denied(leaf)?;
    profile::check_leaf(leaf)?;
    leaf.check_validity(time)?;
    profile::check_signature_algorithm(leaf)
}

impl<'a> Search<'a> {
    fn new(trust: &'a Trust, leaf: &'a Certificate, extra: &[&'a Certificate], time: Timestamp) -> Self {
        let candidates = candidates(leaf, trust.issuer_certificates().iter().chain(extra.iter().copied()));
        Self {
            trust,
            leaf,
            candidates,
            time,
            checks: RefCell::default(),
            is_too_long: Cell::default(),
            denied: RefCell::default(),
            likely: RefCell::default(),
        }
    }

    /// The path, with the checks that are left; those that it costs are noted.
    fn path_with(self, checks: &mut SignatureChecks) -> Result<Vec<&'a Certificate>, ChainFailure> {
        self.checks.replace(core::mem::take(checks));
        let found = self.path();
        *checks = self.checks.into_inner();
        found
    }

    fn path(&self) -> Result<Vec<&'a Certificate>, ChainFailure> {
        let refusal = RefCell::new(None);
        let check = |path: &VerifiedPath<'_>| {
            self.check_path(path).map(|_| ()).map_err(|error| {
                refusal.borrow_mut().get_or_insert(error);
                webpki::Error::UnknownIssuer
            })
        };
        let anchors = self.trust.path_anchors();
        let mut judged = None;
        let mut judge = |path: &[&'a Certificate], anchor: usize| {
            let intermediates = path.get(1..).unwrap_or_default();
            let found = self.build(intermediates, anchors.get(anchor..=anchor).unwrap_or_default(), &check);
            found.map_err(|error| judged.get_or_insert_with(|| self.explain_judged(&error, path, anchor)).clone()).ok()
        };
        if let Some(certificates) = self.climb(&mut alloc::vec![self.leaf], &mut judge) {
            return Ok(certificates);
        }
        Err(self.explain(refusal.take(), judged))
    }

    /// Lets the path builder judge what can be built of these certificates.
    fn build(
        &self,
        intermediates: &[&Certificate],
        anchors: &[TrustAnchor<'_>],
        check: &dyn Fn(&VerifiedPath<'_>) -> Result<(), webpki::Error>,
    ) -> Result<Vec<&'a Certificate>, webpki::Error> {
        let checks = self.checks.borrow();
        let implementations = self.trust.algorithms().iter();
        let proven: Vec<Proven<'_>> = implementations
            .map(|implementation| Proven { implementation: *implementation, proofs: checks.proofs() })
            .collect();
        let algorithms: Vec<&dyn SignatureVerificationAlgorithm> = proven.iter().map(|it| it as _).collect();
        let intermediates: Vec<CertificateDer<'_>> = intermediates.iter().map(|it| borrowed(it)).collect();
        let leaf = borrowed(self.leaf);
        let leaf = EndEntityCert::try_from(&leaf)?;
        let time = UnixTime::since_unix_epoch(Duration::from_secs(self.time.unix()));
        let path = leaf.verify_for_usage(
            &algorithms,
            anchors,
            &intermediates,
            time,
            KeyUsage::required_if_present(ID_KP_SERVER_AUTH),
            None,
            Some(check),
        )?;
        self.certificates(&path).ok_or(webpki::Error::UnknownIssuer)
    }

    /// The strict profile, for a path that the builder found valid. A refusal lets it look for another.
    fn check_path(&self, path: &VerifiedPath<'_>) -> Result<(), VerifyError> {
        let certificates = self.certificates(path);
        let Some([_, intermediates @ .., anchor]) = certificates.as_deref() else {
            return Err(VerifyError::PathInvalid { reason: "the path builder left the candidates".into() });
        };
        for intermediate in intermediates {
            profile::check_intermediate(intermediate)?;
            check_key(intermediate)?;
        }
        profile::check_anchor_path_length(anchor, intermediates)?;
        profile::check_anchor(anchor)?;
        profile::check_addresses(certificates.as_deref().unwrap_or_default())?;
        check_key(anchor)?;
        anchor.check_validity(self.time)
    }

    /// The path in our own certificates, from the leaf to the anchor.
    fn certificates(&self, path: &VerifiedPath<'_>) -> Option<Vec<&'a Certificate>> {
        let mut certificates = alloc::vec![self.leaf];
        for intermediate in path.intermediate_certificates() {
            let der = intermediate.der();
            certificates.push(self.candidates.iter().copied().find(|it| *it.der() == der)?);
        }
        let anchors = self.trust.path_anchors().iter().zip(self.trust.anchor_certificates());
        let mut anchors = anchors.filter(|(anchor, _)| core::ptr::eq(*anchor, path.anchor()));
        certificates.push(anchors.next()?.1);
        Some(certificates)
    }
}

pub(super) fn check_key(certificate: &Certificate) -> Result<(), VerifyError> {
    certificate.public_key()?.check_strength(&|| certificate.subject_text())
}

/// Those of the certificates at hand whose names lead upwards from the leaf, each once, in an order of their own.
fn candidates<'a>(leaf: &Certificate, at_hand: impl Iterator<Item = &'a Certificate>) -> Vec<&'a Certificate> {
    let pool = deduplicated(&mut at_hand.filter(|it| it.der() != leaf.der()));
    let mut found: Vec<&Certificate> = Vec::new();
    let mut names = alloc::vec![leaf.issuer()];
    let mut next = 0;
    while let Some(name) = names.get(next).copied() {
        for certificate in pool.iter().filter(|it| it.subject() == name) {
            found.push(certificate);
            if !names.contains(&certificate.issuer()) {
                names.push(certificate.issuer());
            }
        }
        next = next.saturating_add(1);
    }
    found
}

/// Whether a fetched certificate is the issuer of `child`: by name, and by the signature on it.
pub(in crate::attested) fn is_issuer(
    trust: &Trust,
    issuer: &Certificate,
    child: &Certificate,
    checks: &mut SignatureChecks,
) -> bool {
    issuer.subject() == child.issuer() && check_key(issuer).is_ok() && checks.is_signed_by(trust, child, issuer)
}
