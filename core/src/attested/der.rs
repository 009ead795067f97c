//! DER as documents have it: elements, and the object identifiers that are known.

pub(in crate::attested) mod element;
pub(in crate::attested) mod object_identifier;
