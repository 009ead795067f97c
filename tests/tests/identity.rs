//! One document, one identity: every vector that verifies, rewritten in every way that is accepted and needs no key.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use azure_imds::attested::{At, ChainCache, DocumentIdentity};
use azure_imds::{Expectations, SignedDocument, Timestamp, Trust, VerifiedDocument, Verifier};
use azure_imds_tests::asn1::{algorithm, algorithm_null};
use azure_imds_tests::cases;
use azure_imds_tests::claims::Claims;
use azure_imds_tests::corpora::hostile::{expectations, now};
use azure_imds_tests::input::{self, Input};
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::oid;
use azure_imds_tests::pki::{self, Pki};
use azure_imds_tests::rewritable::{Rewritable, other_certificate, other_ecdsa_signature};
use azure_imds_tests::scheme::{Hash, Scheme};
use azure_imds_tests::signed_data::Document;
use azure_imds_tests::suite::{self, Case, VERIFIED};

static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::new(KeyRing::parse(include_str!("../vectors/keys.json"))));

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| cases::all(&PKI));

/// Forms of each document that must have been accepted, so that this can't pass because nothing was.
const LEAST: usize = 200;
/// Ways to hand in the same DER.
const FORMS: usize = 10;

/// A case of the vectors, in the types of the library.
struct Asked {
    verifier: Verifier,
    expectations: Expectations,
    at: At,
}

impl Asked {
    fn of(case: &Case) -> Self {
        let trust =
            case.anchors.iter().fold(Trust::builder_without_anchors(), |trust, it| trust.anchors(&it.der).unwrap());
        let trust = case.issuers.iter().fold(trust, |trust, it| trust.issuers(&it.der).unwrap());
        let trust = case.denied.iter().fold(trust, |trust, sha256| trust.deny(*sha256));
        Self {
            verifier: Verifier::new(trust.build()),
            expectations: suite::expectations(&case.expectations()),
            at: case.at.map_or(At::SigningTime, |unix| Timestamp::from_unix(unix.unsigned_abs()).into()),
        }
    }

    /// With the chains found before: what is computed anew each time is what the identity is made of.
    fn verify_cached(&self, input: &Input, cache: &mut ChainCache) -> Option<VerifiedDocument> {
        let document = SignedDocument::parse(bytes(input)).ok()?;
        self.verifier.verify_cached(&document, &self.expectations, self.at, cache).ok()
    }

    fn verify(&self, input: &Input) -> Option<VerifiedDocument> {
        self.verifier.verify(&SignedDocument::parse(bytes(input)).ok()?, &self.expectations, self.at).ok()
    }
}

fn bytes(input: &Input) -> &[u8] {
    match input {
        Input::Bytes(bytes) => bytes,
        Input::Text(text) => text.as_bytes(),
    }
}

#[test]
fn whatever_form_a_document_is_given_it_has_one_identity() {
    let (mut documents, mut forms) = (0, 0);
    for case in CASES.iter().filter(|case| case.verdict == VERIFIED) {
        let asked = Asked::of(case);
        let identity = asked.verify(&case.input).unwrap_or_else(|| panic!("{}", case.id)).identity();
        let document = Rewritable::read(&case.input);
        assert_eq!(identity.to_string(), document.identity(), "{}", case.id);
        let accepted = rewritten(&asked, &document, identity, &case.id);
        assert!(accepted >= LEAST, "{}: only {accepted} forms were accepted", case.id);
        documents += 1;
        forms += accepted;
    }
    println!("{documents} documents, {forms} forms");
    assert!(documents > 130 && forms > 200 * documents, "{documents} documents, {forms} forms");
}

/// Holds every accepted rewriting against the identity, and counts them.
fn rewritten(asked: &Asked, document: &Rewritable, identity: DocumentIdentity, id: &str) -> usize {
    let spellings = spellings(asked, document);
    let flipped = flipped(document);
    let bags = |document: &Rewritable| bags(document);
    let bodies: Vec<Vec<u8>> = spellings
        .iter()
        .flat_map(|[listed, digest, signature]| {
            flipped.iter().flat_map(move |document| {
                bags(document).into_iter().map(move |bag| {
                    let mut body = document.clone();
                    (body.listed_digest, body.digest) = (listed.clone(), digest.clone());
                    (body.signature_algorithm, body.bag) = (signature.clone(), bag);
                    body.der()
                })
            })
        })
        .collect();
    // Every form of every body is too much: each body in one form at least, and then in as many as make hundreds.
    let mut bodies: Vec<_> = bodies.into_iter().enumerate().collect();
    let mut cache = ChainCache::new(asked.verifier.trust());
    let mut accepted = BTreeSet::new();
    for round in 0..FORMS {
        bodies.retain(|(number, body)| {
            if round > 0 && accepted.len() >= LEAST {
                return false;
            }
            let form = form(body, number + round);
            let verified = asked.verify_cached(&form, &mut cache);
            if let Some(verified) = &verified {
                assert_eq!(verified.identity(), identity, "{id}: {form:?}");
                accepted.insert(bytes(&form).to_vec());
            }
            verified.is_some()
        });
    }
    accepted.len()
}

/// The spellings of the three unsigned algorithm identifiers that are accepted, of all that somebody might write.
fn spellings(asked: &Asked, document: &Rewritable) -> Vec<[Vec<u8>; 3]> {
    let hashes = [Hash::Sha256, Hash::Sha384, Hash::Sha512];
    let both = |dotted: &str| [algorithm(dotted), algorithm_null(dotted)];
    // Two places that name two digests are refused, as the vectors show.
    let digests = hashes.map(|hash| [hash.oid(), hash.with_rsa()].into_iter().flat_map(both).collect::<Vec<_>>());
    let ecdsa = [oid::ECDSA_SHA256, oid::ECDSA_SHA384, oid::ECDSA_SHA512];
    let mut signatures: Vec<Vec<u8>> = hashes.iter().flat_map(|hash| both(hash.with_rsa())).collect();
    signatures.extend(both(oid::RSA).into_iter().chain(ecdsa.into_iter().flat_map(both)));
    signatures.extend(hashes.map(|hash| Scheme::pss(hash).identifier()));
    let mut accepted = Vec::new();
    for signature in &signatures {
        for digests in &digests {
            for (digest, listed) in digests.iter().flat_map(|digest| digests.iter().map(move |listed| (digest, listed)))
            {
                let mut body = document.clone();
                (body.listed_digest, body.digest) = (listed.clone(), digest.clone());
                body.signature_algorithm.clone_from(signature);
                if asked.verify(&Input::Bytes(body.der())).is_some() {
                    accepted.push([listed.clone(), digest.clone(), signature.clone()]);
                }
            }
        }
    }
    accepted
}

/// The document, with each signature of ECDSA as it is and as the other one: its own, and those on its certificates.
fn flipped(document: &Rewritable) -> Vec<Rewritable> {
    let mut found = vec![document.clone()];
    if let Some(other) = other_ecdsa_signature(&document.signature) {
        let mut flipped = document.clone();
        flipped.signature = other;
        found.push(flipped);
    }
    for place in 0..document.bag.len().min(3) {
        let with_other = |document: &Rewritable| {
            let mut document = document.clone();
            document.bag[place] = other_certificate(&document.bag[place])?;
            Some(document)
        };
        let others: Vec<Rewritable> = found.iter().filter_map(with_other).collect();
        found.extend(others);
    }
    found
}

/// The certificates of a document, with made-up ones among them and in other orders.
fn bags(document: &Rewritable) -> Vec<Vec<Vec<u8>>> {
    let own = document.bag.clone();
    let reversed: Vec<_> = own.iter().rev().cloned().collect();
    let issuers = [&PKI.issuing, &PKI.ecc_issuing].map(|it| it.der.clone());
    let other_issuers: Vec<_> =
        [&PKI.ecc_issuing, &PKI.ecc_root].into_iter().filter_map(|it| other_certificate(&it.der)).collect();
    let [first, second] = &*FILLERS;
    [
        own.clone(),
        [own.clone(), vec![first.clone()]].concat(),
        [vec![first.clone()], own.clone()].concat(),
        [vec![second.clone(), first.clone()], reversed.clone()].concat(),
        [reversed, vec![first.clone(), second.clone()]].concat(),
        [own.clone(), issuers.to_vec()].concat(),
        [other_issuers, own].concat(),
    ]
    .to_vec()
}

/// Certificates that have nothing to do with any document.
static FILLERS: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| [1, 2].map(|number| pki::filler(&PKI, number).der));

/// One of the forms in which the same DER is handed in.
fn form(der: &[u8], number: usize) -> Input {
    let base64 = || data_encoding::BASE64.encode(der);
    let envelope = || input::envelope(&base64());
    match number % FORMS {
        0 => Input::der(der),
        1 => Input::envelope(der),
        2 => Input::base64(der),
        3 => Input::text(input::pem("PKCS7", der)),
        4 => Input::text(input::pem("CMS", der)),
        5 => Input::text(input::lines(der, "\r\n")),
        6 => Input::text(format!(" \n{}\t", base64())),
        7 => Input::text(envelope().replace('/', "\\/")),
        8 => Input::text(format!("{{\"signature\":\"{}\",\"x\":[{number}],\n\"encoding\":\"pkcs7\"}}", base64())),
        _ => Input::text(format!("{}{}", envelope(), " ".repeat(number % 97))),
    }
}

/// The content, and the signer's key, of each document that verifies: two documents have one identity only if both are
/// the same.
#[test]
fn another_content_or_another_key_is_another_identity() {
    let mut known: BTreeMap<DocumentIdentity, (Vec<u8>, Vec<u8>)> = BTreeMap::new();
    let mut distinct = BTreeSet::new();
    for case in CASES.iter().filter(|case| case.verdict == VERIFIED) {
        let document = Rewritable::read(&case.input);
        let signed = (document.content(), document.signer_key());
        let identity = Asked::of(case).verify(&case.input).unwrap_or_else(|| panic!("{}", case.id)).identity();
        assert_eq!(known.entry(identity).or_insert_with(|| signed.clone()), &signed, "{}", case.id);
        distinct.insert(signed);
    }
    assert_eq!(known.len(), distinct.len());
    assert!(known.len() > 20, "only {} identities", known.len());
}

#[test]
fn one_claim_or_one_key_makes_the_difference() {
    let verifier = {
        let trust = [&PKI.root, &PKI.ecc_root]
            .iter()
            .fold(Trust::builder_without_anchors(), |trust, it| trust.anchors(&it.der).unwrap());
        Verifier::new(
            [&PKI.issuing, &PKI.ecc_issuing].iter().fold(trust, |trust, it| trust.issuers(&it.der).unwrap()).build(),
        )
    };
    let identity = |document: &Document| {
        let parsed = SignedDocument::parse(&document.der()).unwrap();
        verifier.verify(&parsed, &expectations(), now()).unwrap().identity()
    };
    let base = identity(&PKI.document());
    assert_eq!(identity(&PKI.document()), base);
    let again = PKI.leaf().with(|leaf| leaf.serial = Some(vec![0x5a; 8])).issue();
    assert_eq!(identity(&PKI.signed_by(&again)), base, "the key was certified again");
    let others = [
        PKI.claiming(Claims::default().text("sku", "another")),
        PKI.claiming(Claims::default().text("unknown", "claim")),
        PKI.claiming(format!("{} ", Claims::default().render())),
        PKI.signed_by(&PKI.leaf_with(&PKI.keys.key("issuing_2")).issue()),
        PKI.signed_by(&PKI.ecc_leaf("ecc_leaf_p256").issue()),
        PKI.signed_by(&PKI.ecc_leaf("ecc_leaf_p384").issue()),
    ];
    let identities: BTreeSet<_> = others.iter().map(identity).chain([base]).collect();
    assert_eq!(identities.len(), others.len() + 1, "{identities:?}");
}
