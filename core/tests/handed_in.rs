//! A document is verified by algorithms that are handed in, and by no others.

#![allow(clippy::unwrap_used, reason = "a test that can't go on stops")]

use std::sync::atomic::{AtomicUsize, Ordering};

use azure_imds::attested::TrustBuilder;
use azure_imds::{Expectations, Nonce, SignedDocument, Timestamp, Trust, Verifier};
use base64ct::{Base64, Encoding as _};
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
use serde_json::Value;

/// RSA PKCS#1 v1.5 with SHA-256 and SHA-384 in name: it takes every signature or none, and counts how often it is asked.
#[derive(Debug)]
struct Pretended {
    signature: AlgorithmIdentifier,
    takes: bool,
    asked: AtomicUsize,
}

impl Pretended {
    const fn new(signature: AlgorithmIdentifier, takes: bool) -> Self {
        Self { signature, takes, asked: AtomicUsize::new(0) }
    }
}

impl SignatureVerificationAlgorithm for Pretended {
    fn verify_signature(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), InvalidSignature> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if self.takes { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

/// A document as Azure signs it, and what it is verified with, algorithms aside.
struct Subject {
    document: SignedDocument,
    trust: TrustBuilder,
    expectations: Expectations,
    time: Timestamp,
}

impl Subject {
    fn new() -> Self {
        let vectors: Value = serde_json::from_str(include_str!("../../tests/vectors/attested.json")).unwrap();
        let cases = vectors["cases"].as_array().unwrap();
        let case = cases.iter().find(|case| case["id"] == "attested::valid::as_azure_signs").unwrap();
        let named = |key: &str| -> Vec<Vec<u8>> {
            let names = case[key].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
            names.map(|name| Base64::decode_vec(vectors["certificates"][name].as_str().unwrap()).unwrap()).collect()
        };
        let trust = Trust::builder_without_anchors();
        let trust = named("anchors").iter().fold(trust, |trust, anchor| trust.anchors(anchor).unwrap());
        let trust = named("issuers").iter().fold(trust, |trust, issuer| trust.issuers(issuer).unwrap());
        Self {
            document: SignedDocument::parse(case["input"]["text"].as_str().unwrap().as_bytes()).unwrap(),
            trust,
            expectations: Expectations::new(Nonce::new(case["expect"]["nonce"].as_str().unwrap()).unwrap()),
            time: Timestamp::from_unix(case["at"].as_u64().unwrap()),
        }
    }

    fn code(&self, trust: TrustBuilder) -> &'static str {
        let verdict = Verifier::new(trust.build()).verify(&self.document, &self.expectations, self.time);
        verdict.map_or_else(|error| error.code(), |_| "verified")
    }
}

#[test]
fn what_is_handed_in_computes() {
    static TAKES: [&dyn SignatureVerificationAlgorithm; 2] = [&TAKES_256, &TAKES_384];
    static TAKES_256: Pretended = Pretended::new(alg_id::RSA_PKCS1_SHA256, true);
    static TAKES_384: Pretended = Pretended::new(alg_id::RSA_PKCS1_SHA384, true);
    static REFUSES: Pretended = Pretended::new(alg_id::RSA_PKCS1_SHA256, false);
    let subject = Subject::new();
    assert_eq!(subject.code(subject.trust.clone().algorithms(&TAKES)), "verified");
    let asked = TAKES_256.asked.load(Ordering::Relaxed) + TAKES_384.asked.load(Ordering::Relaxed);
    assert!((3..=16).contains(&asked), "document, signer and issuer: {asked}");
    assert_eq!(subject.code(subject.trust.clone().algorithms(&[&REFUSES])), "content_signature");
    assert!(REFUSES.asked.load(Ordering::Relaxed) > 0);
    assert_eq!(subject.code(subject.trust.clone().algorithms(&[])), "content_signature");
}

#[test]
fn without_the_feature_nothing_else_does() {
    let subject = Subject::new();
    let expected = if cfg!(feature = "rustcrypto") { "verified" } else { "content_signature" };
    assert_eq!(subject.code(subject.trust.clone()), expected);
}
