//! The ways up from the leaf that reach no anchor: where each of them ends, and which came furthest.
//!
//! A way goes from a certificate to one that provably signed it. It ends where a certificate must not be an issuer, where
//! it signed itself, or where nobody at hand signed it. What an embedded certificate claims by its name alone is never
//! a link, so namesakes decide nothing while there is a way past them.

use alloc::vec::Vec;

use super::failure::{known, may_be_fetched, root_not_trusted};
use super::{PATH_LIMIT, Search, check_key};
use crate::attested::cms::signature;
use crate::attested::error::{MissingIssuer, VerifyError};
use crate::attested::issuers::{self, KnownIssuer, Role};
use crate::attested::path::profile;
use crate::attested::x509::certificate::Certificate;
use crate::quoted::Quoted;

/// A certificate on a way.
struct Link<'a> {
    certificate: &'a Certificate,
    /// The link that it signed; nothing for the leaf.
    below: Option<usize>,
    depth: usize,
}

/// How far a way came. What is later in the order came further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reach {
    /// By name it leads on to an anchor: nothing but the algorithm of one signature is in the way.
    leads_to_anchor: bool,
    /// Steps that hold, counted twice; a last one that does not counts once.
    links: usize,
    end: End,
}

/// How a way ends. Of two that came equally far the later here says more to somebody who looks for a remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Fault,
    Key,
    Signature,
    Root,
    Missing,
    Algorithm,
}

/// All ways up from the leaf.
pub(super) struct Ways<'s, 'a> {
    search: &'s Search<'a>,
    links: Vec<Link<'a>>,
    furthest: Option<(Reach, VerifyError)>,
}

impl<'s, 'a> Ways<'s, 'a> {
    /// Goes all ways. No signature is checked that the climb has not checked, but for those that close a circle.
    pub(super) fn of(search: &'s Search<'a>) -> Self {
        let leaf = Link { certificate: search.leaf, below: None, depth: 0 };
        let mut ways = Self { search, links: alloc::vec![leaf], furthest: None };
        let mut next = 0;
        while next < ways.links.len() {
            ways.go_on(next);
            next = next.saturating_add(1);
        }
        ways
    }

    /// The reason of the way that came furthest. Nothing if all of them go round in circles.
    pub(super) fn reason(self) -> Option<VerifyError> {
        self.furthest.map(|(_, error)| error)
    }

    fn go_on(&mut self, number: usize) {
        let Some(&Link { certificate, below, depth }) = self.links.get(number) else {
            return;
        };
        let passed = depth.saturating_mul(2);
        if let Some(child) = below.and_then(|below| self.links.get(below)) {
            let child = child.certificate;
            if certificate.is_self_issued() {
                let (end, error) = self.root(child, certificate);
                return self.ends(Reach { leads_to_anchor: false, links: passed, end }, error);
            }
            if let Err(fault) = self.fault(certificate) {
                return self.ends(Reach { leads_to_anchor: false, links: passed, end: End::Fault }, fault);
            }
        }
        let issuers = self.search.candidates.iter().copied().filter(|it| it.subject() == certificate.issuer());
        let mut goes_on = false;
        for issuer in issuers {
            if self.is_on_way(number, issuer) {
                goes_on |= self.search.signed_in_a_circle(certificate, issuer);
            } else if self.search.was_signed_by(certificate, issuer) {
                goes_on = true;
                if !self.links.iter().any(|link| link.certificate.der() == issuer.der()) {
                    self.links.push(Link { certificate: issuer, below: Some(number), depth: depth.saturating_add(1) });
                }
            }
        }
        if !goes_on {
            let (leads_to_anchor, end, error) = self.nobody_signed(certificate);
            self.ends(Reach { leads_to_anchor, links: passed.saturating_add(1), end }, error);
        }
    }

    fn ends(&mut self, reach: Reach, error: VerifyError) {
        if self.furthest.as_ref().is_none_or(|(furthest, _)| *furthest < reach) {
            self.furthest = Some((reach, error));
        }
    }

    /// What is wrong with a certificate that signed another, apart from its own signature.
    fn fault(&self, issuer: &Certificate) -> Result<(), VerifyError> {
        issuer.check_validity(self.search.time)?;
        profile::check_intermediate(issuer)?;
        check_key(issuer)
    }

    /// Whether a certificate of this name and key is on the way up to a link.
    fn is_on_way(&self, number: usize, issuer: &Certificate) -> bool {
        let mut at = Some(number);
        while let Some(link) = at.and_then(|at| self.links.get(at)) {
            if link.certificate.subject() == issuer.subject() && link.certificate.key_info() == issuer.key_info() {
                return true;
            }
            at = link.below;
        }
        false
    }

    /// The way ends at a certificate that names itself as its issuer and is not an anchor.
    fn root(&self, child: &Certificate, root: &Certificate) -> (End, VerifyError) {
        if self.search.is_name_of_anchor(root.subject()) {
            // It has an anchor's name, and is another: the child was not issued by the CA that it names.
            return (End::Signature, wrong_signature(child));
        }
        // A copy of a root, handed in as if it were an issuer, while the table knows a cross-sign of it.
        let is_cross_signed = known(child).iter().any(|it| it.kind == Role::Intermediate);
        if is_cross_signed { (End::Missing, self.missing(child)) } else { (End::Root, root_not_trusted(root)) }
    }

    /// Nobody at hand signed a certificate. Whether it leads to an anchor by name, and why it ends here.
    fn nobody_signed(&self, child: &Certificate) -> (bool, End, VerifyError) {
        if let Err(error) = profile::check_signature_algorithm(child) {
            return (self.leads_to_anchor(child), End::Algorithm, error);
        }
        let namesakes = self.search.issuers_of(child);
        let mut of_unknown_kind = None;
        let mut has_signer = false;
        for issuer in namesakes {
            match check_key(issuer) {
                Err(fault @ VerifyError::KeyAlgorithmUnsupported { .. }) => {
                    of_unknown_kind.get_or_insert(fault);
                }
                // A key of another kind made no such signature, whatever its certificate is called.
                _ if !signature::goes_with_key(child, issuer) => {}
                Err(fault) => return (false, End::Key, fault),
                Ok(()) => has_signer |= !issuer.is_self_issued() || self.search.is_anchor(issuer),
            }
        }
        if has_signer {
            return (false, End::Signature, wrong_signature(child));
        }
        match of_unknown_kind {
            Some(fault) if known(child).is_empty() => (false, End::Key, fault),
            _ => self.unknown_issuer(child),
        }
    }

    /// Who is missing: an issuer that can be had, or a root that nobody trusts.
    fn unknown_issuer(&self, child: &Certificate) -> (bool, End, VerifyError) {
        if may_be_fetched(child) {
            return (false, End::Missing, self.missing(child));
        }
        let sha256 = known(child).first().map(|root| base16ct::lower::encode_string(&root.sha256));
        (false, End::Root, VerifyError::RootNotTrusted { name: child.issuer_text(), sha256 })
    }

    /// Whether names alone lead from a certificate to an anchor.
    fn leads_to_anchor(&self, child: &'_ Certificate) -> bool {
        let mut names = alloc::vec![child.issuer()];
        let mut next = 0;
        while let Some(name) = names.get(next).copied() {
            if self.search.is_name_of_anchor(name) {
                return true;
            }
            for issuer in self.search.candidates.iter().filter(|it| it.subject() == name) {
                if !names.contains(&issuer.issuer()) {
                    names.push(issuer.issuer());
                }
            }
            next = next.saturating_add(1);
        }
        false
    }

    /// The certificates that are missing above a child, from the child upwards.
    fn missing(&self, child: &Certificate) -> VerifyError {
        let mut level = self.known_intermediates(&|it| it.subject == child.issuer_name());
        let mut missing: Vec<MissingIssuer> = level.iter().copied().map(missing_issuer).collect();
        for _ in 0..PATH_LIMIT {
            let mut valid: Vec<_> = level.iter().copied().filter(|it| it.is_valid_at(self.search.time)).collect();
            if valid.is_empty() {
                valid = level;
            }
            if valid.is_empty() || valid.iter().any(|it| self.is_at_hand(it.issuer)) {
                break;
            }
            level = self.known_intermediates(&|it| valid.iter().any(|below| below.issuer == it.name));
            level.retain(|it| !valid.iter().any(|below| below.name == it.name));
            missing.extend(level.iter().copied().map(missing_issuer));
        }
        if missing.is_empty() {
            let addresses = child.issuer_addresses();
            let urls = issuers::urls_for("", &addresses, self.search.trust.origins(), self.search.time);
            missing.push(MissingIssuer { name: child.issuer_text(), sha256: None, url: urls.into_iter().next() });
        }
        VerifyError::IssuerMissing { missing }
    }

    /// Intermediates of the table, those that are valid at the time first.
    fn known_intermediates(&self, is_wanted: &dyn Fn(&KnownIssuer) -> bool) -> Vec<&'static KnownIssuer> {
        let all = issuers::known_issuers().iter().filter(|it| it.kind == Role::Intermediate && is_wanted(it));
        let (mut valid, others): (Vec<_>, Vec<_>) = all.partition(|it| it.is_valid_at(self.search.time));
        valid.extend(others);
        valid
    }

    /// Whether a CA of the table is an anchor, or there is a certificate of it that is signed by another.
    fn is_at_hand(&self, name: &str) -> bool {
        let is_it = |subject: &Quoted| {
            let mut of_name = issuers::known_issuers().iter().filter(|it| it.name == name);
            of_name.any(|it| it.subject == subject.as_str())
        };
        let trust = self.search.trust;
        let mut issuers = trust.issuer_certificates().iter().filter(|issuer| !issuer.is_self_issued());
        trust.anchor_certificates().iter().any(|anchor| is_it(&anchor.subject_text()))
            || issuers.any(|issuer| is_it(&issuer.subject_text()))
    }
}

fn wrong_signature(child: &Certificate) -> VerifyError {
    VerifyError::CertificateSignature { subject: child.subject_text(), issuer: child.issuer_text() }
}

fn missing_issuer(known: &KnownIssuer) -> MissingIssuer {
    MissingIssuer {
        name: Quoted::from(known.subject),
        sha256: Some(base16ct::lower::encode_string(&known.sha256)),
        url: known.url.map(Into::into),
    }
}
