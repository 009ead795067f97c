//! The path from the signer's certificate to an anchor: what is trusted, which paths are tried, what each must keep to.

pub(in crate::attested) mod budget;
pub(in crate::attested) mod cache;
pub(in crate::attested) mod chain_certificate;
pub(in crate::attested) mod default_anchors;
pub(in crate::attested) mod profile;
pub(in crate::attested) mod proven;
pub(in crate::attested) mod search;
pub(in crate::attested) mod trust;
