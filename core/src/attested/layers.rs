//! Single layers of the verifier, for corpora and fuzzing that are not about whole documents. No part of the API.
//!
//! Each function calls what a verification calls, and nothing else. The other layers need no door of their own: the
//! signature algorithms are [`DEFAULT_ALGORITHMS`](crate::attested::DEFAULT_ALGORITHMS), a signature over content stands in the
//! report of [`Verifier::explain`](crate::Verifier::explain), and certificates are read by
//! [`TrustBuilder::issuers`](crate::attested::TrustBuilder::issuers).

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::attested::claims::Claims;
use crate::attested::claims::names;
use crate::attested::cms::signed_data::certificate_malformed;
use crate::attested::error::VerifyError;
use crate::attested::issuers::{self, Origin};
use crate::attested::path::profile;
use crate::attested::path::search::{self, ChainCertificate, SignatureChecks};
use crate::attested::path::trust::Trust;
use crate::attested::x509::certificate::Certificate;
use crate::cloud::Cloud;
use crate::error::UsageError;
use crate::time::Timestamp;

/// What is asked of the certificate at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// What is asked of a signer.
    Signer,
    /// Nothing but what holds for every path: for corpora whose leafs have other purposes.
    Any,
}

/// Step 7 alone: the path from a certificate to an anchor, and the signature checks that the search has cost.
///
/// # Errors
///
/// `certificate_malformed` for the leaf, and the codes of step 7.
pub fn chain(
    trust: &Trust,
    leaf: &[u8],
    kind: Leaf,
    at: Timestamp,
) -> (Result<Arc<[ChainCertificate]>, VerifyError>, usize) {
    let mut checks = SignatureChecks::default();
    let found = parse(leaf).and_then(|leaf| {
        let path = match kind {
            Leaf::Signer => search::build(trust, &leaf, &[], at, &mut checks),
            Leaf::Any => search::build_to_any(trust, &leaf, at, &mut checks),
        };
        Ok(path.map_err(|failure| failure.error)?.into_iter().map(ChainCertificate::of).collect())
    });
    (found, checks.spent())
}

/// Step 6 alone: the names of a certificate, held against all clouds.
///
/// # Errors
///
/// `certificate_malformed`, and the codes of step 6.
pub fn names(leaf: &[u8]) -> Result<(), VerifyError> {
    names::check(&parse(leaf)?, Cloud::ALL).map(|_| ())
}

/// The strict profile of step 7 alone, on one certificate: as an anchor, or as an issuer below one.
///
/// # Errors
///
/// `certificate_malformed`, and the codes of the profile.
pub fn authority_profile(authority: &[u8], is_anchor: bool) -> Result<(), VerifyError> {
    let authority = parse(authority)?;
    if is_anchor { profile::check_anchor(&authority) } else { profile::check_intermediate(&authority) }
}

/// Step 8 up to where the claims are compared: reads the signed content.
///
/// # Errors
///
/// The codes of the claims.
pub fn claims(content: &[u8]) -> Result<(), VerifyError> {
    Claims::parse(content).map(|_| ())
}

/// The addresses at which the issuer of this name may be fetched, of those that a certificate names.
///
/// # Errors
///
/// `origin_malformed`.
pub fn issuer_urls(name: &str, named: &[&str], origins: &[&str], at: Timestamp) -> Result<Vec<String>, UsageError> {
    let origins = origins.iter().map(|origin| Origin::parse(origin)).collect::<Result<Vec<_>, _>>()?;
    let named: Vec<_> = named.iter().map(alloc::string::ToString::to_string).collect();
    Ok(issuers::urls_for(name, &named, &origins, at))
}

fn parse(der: &[u8]) -> Result<Certificate, VerifyError> {
    Certificate::parse(der).map_err(|error| certificate_malformed(1, error))
}
