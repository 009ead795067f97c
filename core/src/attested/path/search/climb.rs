//! The way up: from the leaf over certificates that provably signed the one below, until an anchor has.
//!
//! The path builder knows issuers by their names alone and checks signatures only once a path is whole, so a few dozen
//! certificates of one name cost it hundreds of thousands of attempts. Here every step is proven before the next, each
//! signature is checked once, and issuers that the key identifiers point to come first
//! ([RFC 4158 Section 3.5.12](https://www.rfc-editor.org/rfc/rfc4158#section-3.5.12)). A way that ends at an anchor is
//! then put before the path builder as the only one there is.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::{Likely, PATH_LIMIT, Search};
use crate::attested::x509::certificate::Certificate;
use crate::attested::x509::extension::{AuthorityKeyIdentifier, SubjectKeyIdentifier};

/// Issuers are tried by rank: three for the key identifier, each twice, the valid ones first.
const RANKS: usize = 6;

impl<'a> Search<'a> {
    /// Puts each proven path before `judge`, from the leaf to the last below the anchor, until it accepts one.
    pub(super) fn climb<T>(
        &self,
        path: &mut Vec<&'a Certificate>,
        judge: &mut impl FnMut(&[&'a Certificate], usize) -> Option<T>,
    ) -> Option<T> {
        let head = *path.last()?;
        for (number, anchor) in self.trust.anchor_certificates().iter().enumerate() {
            if anchor.subject() == head.issuer()
                && self.is_signed_by(head, anchor)
                && !self.is_denied(anchor)
                && let Some(found) = judge(path, number)
            {
                return Some(found);
            }
        }
        for issuer in self.likely_issuers(head).iter().copied() {
            let is_on_path = |it: &&Certificate| it.subject() == issuer.subject() && it.key_info() == issuer.key_info();
            if path.iter().any(is_on_path) || !self.is_signed_by(head, issuer) || self.is_denied(issuer) {
                continue;
            }
            if path.len() > PATH_LIMIT {
                self.is_too_long.set(true);
                continue;
            }
            path.push(issuer);
            let found = self.climb(path, judge);
            path.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Whether an issuer is shut out. The first one met is the reason, if no other way leads up.
    fn is_denied(&self, issuer: &Certificate) -> bool {
        match self.trust.check_denied(issuer) {
            Ok(()) => false,
            Err(denied) => {
                self.denied.borrow_mut().get_or_insert(denied);
                true
            }
        }
    }

    /// Whether the key of one certificate signed another; each pair is computed once.
    pub(super) fn is_signed_by(&self, child: &'a Certificate, issuer: &'a Certificate) -> bool {
        self.checks.borrow_mut().is_signed_by(self.trust, child, issuer)
    }

    /// Whether one certificate of a way signed another of it. The climb never asks: it leads nowhere. Taken to be so if no
    /// check is left.
    pub(super) fn signed_in_a_circle(&self, child: &'a Certificate, issuer: &'a Certificate) -> bool {
        let is_spent = self.checks.borrow().is_spent();
        self.was_signed_by(child, issuer) || is_spent || self.is_signed_by(child, issuer)
    }

    /// Whether that was found on the way up. Checks nothing.
    pub(super) fn was_signed_by(&self, child: &Certificate, issuer: &Certificate) -> bool {
        self.checks.borrow().was_signed_by(child, issuer)
    }

    /// The candidates of the issuer's name: those whose key identifier is the one named first, those that are valid at
    /// the time before others. Identifiers are hints: none is left out.
    /// Found once for each certificate: what it says of its issuer may be long.
    fn likely_issuers(&self, child: &'a Certificate) -> Rc<[&'a Certificate]> {
        let is_this = |(met, _): &&Likely<'a>| core::ptr::eq(*met, child);
        if let Some((_, found)) = self.likely.borrow().iter().find(is_this) {
            return found.clone();
        }
        let found: Rc<[&'a Certificate]> = self.ranked_issuers(child).into();
        self.likely.borrow_mut().push((child, found.clone()));
        found
    }

    fn ranked_issuers(&self, child: &Certificate) -> Vec<&'a Certificate> {
        let named = key_identifier_of_issuer(child);
        let rank = |issuer: &Certificate| {
            let own = key_identifier(issuer);
            let by_key = match (&named, &own) {
                (Some(named), Some(own)) if named == own => 0,
                (Some(_), Some(_)) => 4,
                _ => 2,
            };
            if issuer.check_validity(self.time).is_ok() { by_key } else { by_key | 1_usize }
        };
        let mut ranked: [Vec<&'a Certificate>; RANKS] = Default::default();
        for issuer in self.candidates.iter().copied().filter(|it| it.subject() == child.issuer()) {
            if let Some(rank) = ranked.get_mut(rank(issuer)) {
                rank.push(issuer);
            }
        }
        ranked.concat()
    }
}

fn key_identifier_of_issuer(certificate: &Certificate) -> Option<&[u8]> {
    let (_, identifier) = certificate.extension::<AuthorityKeyIdentifier<'_>>().ok()??;
    identifier.key_identifier
}

fn key_identifier(certificate: &Certificate) -> Option<&[u8]> {
    let (_, identifier) = certificate.extension::<SubjectKeyIdentifier<'_>>().ok()??;
    Some(identifier.0)
}
