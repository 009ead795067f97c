//! CMS (PKCS#7): signed data, its signer and signed attributes, and the signatures over both.

pub(in crate::attested) mod places;
pub(in crate::attested) mod signature;
pub(in crate::attested) mod signed_attributes;
pub(in crate::attested) mod signed_data;
