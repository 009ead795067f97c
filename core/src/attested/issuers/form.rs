//! The JSON form of a known issuer.

use super::table::KnownIssuer;
use crate::metadata::record::{has_form, result};

result! {
    KnownIssuer, "KnownIssuer": "A certification authority behind Azure's documents", |known| {
        "name": text = known.name, "Its common name";
        "subject": text = known.subject, "Its subject in the form of RFC 4514";
        "sha256": octets = &known.sha256, "SHA-256 of its certificate";
        "not_before": time = known.not_before, "The first moment of its validity";
        "not_after": time = known.not_after, "The last moment of its validity";
        "url": optional_text = known.url, "Where its certificate can be fetched, DER";
        "issuer": text = known.issuer, "The common name of its issuer; of itself for a root";
        "kind": text = known.kind.name(), "What it is in a chain";
        "default_anchor": flag = known.default_anchor, "Whether it is one of the roots trusted by default";
    }
}
has_form!(KnownIssuer);
