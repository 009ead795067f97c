//! How many names a certificate holds, counted without reading any.

use super::certificate::Certificate;
use super::extension::{Extension as _, NameConstraints, SubjectAltName};
use crate::attested::der::element::{Element, Fields};

/// Names, and constraints of either kind, that a certificate may hold. Those of the service have two names.
const NAME_COUNT_LIMIT: usize = 256;

/// Whether the alternative names of a certificate are few enough to be looked at.
pub(in crate::attested) fn has_few_names(certificate: &Certificate) -> bool {
    value(certificate, SubjectAltName::OID).is_none_or(|names| are_few(children(names)))
}

/// Whether the names that it permits are few enough, and those that it excludes.
pub(in crate::attested) fn has_few_constraints(certificate: &Certificate) -> bool {
    let Some(constraints) = value(certificate, NameConstraints::OID) else {
        return true;
    };
    let mut kinds = children(constraints);
    while let Ok(Some(subtrees)) = kinds.following() {
        if !are_few(subtrees.contents()) {
            return false;
        }
    }
    true
}

/// What can't be read is not many names, and is refused for what it is.
fn are_few(names: Fields<'_>) -> bool {
    names.count().unwrap_or(0) <= NAME_COUNT_LIMIT
}

/// The elements within an element; none if it can't be read.
fn children(der: &[u8]) -> Fields<'_> {
    Element::parse(der).map_or(Fields::of(&[]), |element| element.contents())
}

/// The value of an extension, unread.
fn value<'a>(certificate: &'a Certificate, kind: &[u8]) -> Option<&'a [u8]> {
    Some(certificate.extensions().find(|extension| extension.id == kind)?.value)
}
