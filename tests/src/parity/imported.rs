//! What x509-limbo and PKITS hold, made into documents: their chains are those of signers, their messages as they came.

use azure_imds::Timestamp;
use serde_json::Value;

use super::question::Question;
use crate::asn1::{self, element, elements, tag};
use crate::certificate::Certificate;
use crate::claims::Claims;
use crate::clock;
use crate::corpora::limbo;
use crate::corpora::pkits::{self, MessageCase, PathCase};
use crate::input::Input;
use crate::key::Key;
use crate::oid;
use crate::scheme::{Hash, Scheme};
use crate::signed_data::Document;

/// A chain of limbo's as two documents: with the intermediates inside, and with them at hand.
///
/// The leaf signs. Where limbo gives its key, on P-256, the signature is right; else it is made up.
///
/// # Panics
///
/// If the case is not of the form of limbo's schema.
#[must_use]
pub fn limbo(case: &Value) -> [Question; 2] {
    let id = limbo::text(&case["id"]);
    let at = limbo::time(case);
    let key = case["peer_certificate_key"].as_str().and_then(p256);
    let leaf = certificate(&limbo::der(limbo::text(&case["peer_certificate"])), key);
    let pem =
        |list| -> Vec<Vec<u8>> { limbo::certificates(case, list).iter().map(|it| it.as_bytes().to_vec()).collect() };
    let document = document(&leaf, at);
    let inside = limbo::certificates(case, "untrusted_intermediates").into_iter().map(limbo::der);
    let bag = std::iter::once(leaf.der.clone()).chain(inside).collect();
    let at_hand = Question {
        id: format!("limbo::at hand::{id}"),
        corpus: "limbo, issuers at hand",
        input: Input::der(&document.der()),
        anchors: pem("trusted_certs"),
        issuers: pem("untrusted_intermediates"),
        denied: Vec::new(),
        at: Some(at.unix()),
        expect: Question::usual_expectations(),
    };
    let inside = Question {
        id: format!("limbo::inside::{id}"),
        corpus: "limbo, issuers inside",
        input: Input::der(&document.with(|it| it.certificates = Some(bag)).der()),
        issuers: Vec::new(),
        denied: Vec::new(),
        ..at_hand.clone()
    };
    [at_hand, inside]
}

/// A path of PKITS as a document; its signature is made up.
#[must_use]
pub fn path(case: &PathCase) -> Question {
    let at = Timestamp::from_unix(pkits::TIME);
    Question {
        id: format!("pkits::{} {}", case.id, case.name),
        corpus: "PKITS paths",
        input: Input::der(&document(&certificate(&case.leaf, None), at).der()),
        anchors: vec![case.anchor.clone()],
        issuers: case.issuers.clone(),
        denied: Vec::new(),
        at: Some(at.unix()),
        expect: Question::usual_expectations(),
    }
}

/// A message of PKITS, as it came and with an octet of its content changed.
#[must_use]
pub fn message(case: MessageCase) -> [Question; 2] {
    let original = Question {
        id: format!("pkits::{}", case.name),
        corpus: "PKITS messages",
        input: Input::Bytes(case.original),
        anchors: vec![case.anchor],
        issuers: Vec::new(),
        denied: Vec::new(),
        at: Some(pkits::TIME),
        expect: Question::usual_expectations(),
    };
    let changed = Question {
        id: format!("pkits::{}, changed", case.name),
        corpus: "PKITS messages, changed",
        input: Input::Bytes(case.changed),
        ..original.clone()
    };
    [original, changed]
}

/// A document as the service writes it, created a minute before, signed by any certificate.
pub(super) fn document(signer: &Certificate, at: Timestamp) -> Document {
    // One chain is judged at the first second of 1970.
    let created = (i64::try_from(at.unix()).expect("a time") - clock::MINUTE).max(0);
    let document = Document::new(signer, Claims::default().times(created, created + 6 * clock::HOUR));
    // A signature of a key that nobody has is noise, but noise under the right name.
    let curve = [(oid::P256, Hash::Sha256), (oid::P384, Hash::Sha384)]
        .into_iter()
        .find(|(curve, _)| elements(elements(signer.key.spki())[0]).contains(&asn1::oid(curve).as_slice()));
    let Some((_, hash)) = curve else { return document };
    let digest = asn1::algorithm(hash.oid());
    document.digest_algorithm(&digest).signer(|it| {
        it.scheme = Scheme::Ecdsa(hash);
        it.signature_algorithm = it.scheme.identifier();
    })
}

/// The key in a PEM of SEC 1, if it is one of P-256.
fn p256(pem: &str) -> Option<Key> {
    let key = p256::SecretKey::from_sec1_der(&limbo::der(pem)).ok()?;
    Some(Key::p256(key.into()))
}

/// A certificate that others have made, in the form in which this crate keeps its own.
pub(super) fn certificate(der: &[u8], key: Option<Key>) -> Certificate {
    let parts = elements(elements(der)[0]);
    // The version is left out in certificates of version 1.
    let parts = &parts[usize::from(parts[0][0] == tag::explicit(0))..];
    let [serial, _, issuer, _, subject, spki, ..] = parts else { panic!("no certificate") };
    let content = der::AnyRef::try_from(*serial).expect("DER").value().to_vec();
    debug_assert_eq!(element(serial[0], &content), *serial);
    Certificate {
        label: "",
        der: der.to_vec(),
        issuer: issuer.to_vec(),
        serial: content,
        subject: subject.to_vec(),
        key: key.unwrap_or_else(|| Key::public(spki.to_vec())),
    }
}
