//! The verdict on a document: the checks in their order, their report, and the fetching of what is missing.

pub(in crate::attested) mod check;
mod claim_checks;
pub(in crate::attested) mod document;
mod evaluation;
pub(in crate::attested) mod fetch;
pub(in crate::attested) mod form;
pub(in crate::attested) mod headline;
pub(in crate::attested) mod identity;
pub(in crate::attested) mod report;
pub(in crate::attested) mod verification;
pub(in crate::attested) mod verifier;
