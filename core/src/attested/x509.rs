//! X.509 certificates: what they say and where, their names, extensions and keys.

pub(in crate::attested) mod algorithm;
pub(in crate::attested) mod certificate;
pub(in crate::attested) mod extension;
pub(in crate::attested) mod general_name;
pub(in crate::attested) mod key;
pub(in crate::attested) mod name;
pub(in crate::attested) mod name_count;
