//! All cases, grouped by what they are about. Each verdict is written by hand from the rule it tests.

pub mod algorithms;
pub mod anchors;
pub mod authority;
pub mod chain;
pub mod claims;
pub mod denied;
pub mod encoding;
pub mod forgeries;
pub mod freshness;
pub mod input;
pub mod keys;
pub mod leaf;
pub mod leaf_encoding;
pub mod limits;
pub mod names;
pub mod path_rules;
pub mod profile;
pub mod signature;
pub mod signature_algorithms;
pub mod signed_attributes;
pub mod signed_data;
pub mod signer;
pub mod signer_info;
pub mod valid_chain;
pub mod valid_claims;
pub mod valid_form;
pub mod valid_leaf;
pub mod ways;

use crate::pki::Pki;
use crate::suite::Case;

/// Every case, in the order of the file: what must verify, then the failures in the order of the checks.
#[must_use]
pub fn all(pki: &Pki) -> Vec<Case> {
    [
        valid_form::cases(pki),
        valid_chain::cases(pki),
        valid_leaf::cases(pki),
        valid_claims::cases(pki),
        input::cases(pki),
        encoding::cases(pki),
        signed_data::cases(pki),
        signer_info::cases(pki),
        signer::cases(pki),
        algorithms::cases(pki),
        signature_algorithms::cases(pki),
        keys::cases(pki),
        signature::cases(pki),
        forgeries::cases(pki),
        signed_attributes::cases(pki),
        names::cases(pki),
        leaf::cases(pki),
        leaf_encoding::cases(pki),
        chain::cases(pki),
        ways::cases(pki),
        path_rules::cases(pki),
        authority::cases(pki),
        profile::cases(pki),
        anchors::cases(pki),
        denied::cases(pki),
        claims::cases(pki),
        freshness::cases(pki),
        limits::cases(pki),
    ]
    .concat()
}
