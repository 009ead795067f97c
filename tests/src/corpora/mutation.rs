//! Valid documents, each changed in every single place: no change may leave one that verifies.

use std::collections::BTreeMap;

use azure_imds::{Expectations, Nonce, SignedDocument, Timestamp, Trust, Verifier};

use crate::claims::{Claims, NONCE};
use crate::clock;
use crate::pki::Pki;
use crate::signed_data::Document;

/// A valid document in DER, and what it verifies under.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What is special about it.
    pub name: &'static str,
    /// The document.
    pub der: Vec<u8>,
    verifier: Verifier,
}

/// How a document is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One bit is turned.
    Flip,
    /// It ends early.
    Truncation,
    /// One byte is left out.
    Deletion,
    /// One byte stands there twice.
    Duplication,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Flip, Self::Truncation, Self::Deletion, Self::Duplication];

    /// In how many places something can be changed like this: bits for a flip, else bytes.
    #[must_use]
    pub const fn places(self, bytes: &[u8]) -> usize {
        match self {
            Self::Flip => 8 * bytes.len(),
            _ => bytes.len(),
        }
    }

    /// The same bytes, changed in one place.
    #[must_use]
    pub fn change(self, bytes: &[u8], place: usize) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        match self {
            Self::Flip => changed[place / 8] ^= 1 << (place % 8),
            Self::Truncation => changed.truncate(place),
            Self::Deletion => drop(changed.remove(place)),
            Self::Duplication => changed.insert(place, changed[place]),
        }
        changed
    }
}

/// What became of the changes of one document.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// By kind, how many were made.
    pub made: BTreeMap<Kind, usize>,
    /// By code, how many were refused.
    pub refused: BTreeMap<&'static str, usize>,
    /// Those that were accepted: kind, and byte or bit.
    pub accepted: Vec<(Kind, usize)>,
}

impl Tally {
    /// All changes.
    #[must_use]
    pub fn count(&self) -> usize {
        self.made.values().sum()
    }
}

/// Five valid documents: as Azure signs, with signed attributes, with the chain inside, and both ways with ECDSA.
///
/// Each has what its path needs and nothing else, so that there is no byte that does not matter.
#[must_use]
pub fn subjects(pki: &Pki) -> Vec<Subject> {
    let claims = || Vec::<u8>::from(Claims::default());
    let rsa = || Document::new(&pki.leaf, claims());
    let ecdsa = || Document::new(&pki.short_leaf, claims());
    let roots = [&pki.root, &pki.ecc_root].map(|root| root.der.as_slice());
    let issuers = [pki.issuing.der.as_slice(), &pki.ecc_issuing.der];
    let subject = |name, document: Document, issuers: &[&[u8]]| {
        let mut trust = Trust::builder_without_anchors();
        for root in roots {
            trust = trust.anchors(root).expect("a root");
        }
        for issuer in issuers {
            trust = trust.issuers(issuer).expect("an issuer");
        }
        Subject { name, der: document.der(), verifier: Verifier::new(trust.build()) }
    };
    vec![
        subject("as Azure signs", rsa(), &issuers),
        subject("signed attributes", rsa().usual_attributes(), &issuers),
        subject("chain inside", rsa().bag(&[&pki.leaf, &pki.issuing]), &[]),
        subject("ECDSA", ecdsa(), &issuers),
        subject("ECDSA, signed attributes", ecdsa().usual_attributes(), &issuers),
    ]
}

impl Subject {
    /// The code of a document in its place; nothing if it is accepted.
    #[must_use]
    pub fn refusal(&self, der: &[u8]) -> Option<&'static str> {
        let expectations = Expectations::new(Nonce::new(NONCE).expect("a nonce"));
        let now = Timestamp::from_unix(u64::try_from(clock::NOW).expect("a time"));
        let document = match SignedDocument::parse(der) {
            Ok(document) => document,
            Err(error) => return Some(error.code()),
        };
        self.verifier.verify(&document, &expectations, now).err().map(|error| error.code())
    }

    /// Makes every `step`th change of every kind.
    #[must_use]
    pub fn run(&self, step: usize) -> Tally {
        let mut tally = Tally::default();
        for kind in Kind::ALL {
            for place in (0..kind.places(&self.der)).step_by(step) {
                // A byte left out or doubled amid equal ones gives the same document as its neighbour; never this one.
                let changed = kind.change(&self.der, place);
                assert_ne!(changed, self.der, "{kind:?} {place}");
                *tally.made.entry(kind).or_default() += 1;
                match self.refusal(&changed) {
                    Some(code) => *tally.refused.entry(code).or_default() += 1,
                    None => tally.accepted.push((kind, place)),
                }
            }
        }
        tally
    }
}
