//! The sample in the service's own documentation: its signature is right, and it must be refused all the same.

use azure_imds::attested::Outcome;
use azure_imds::{Expectations, Nonce, SignedDocument, Timestamp, Verifier};

/// Made on 2018-11-20 with a self-signed RSA-1024 certificate; judged one minute later.
const SAMPLE: &[u8] = include_bytes!("../vectors/specification_sample.json");
const THEN: Timestamp = Timestamp::from_unix(1_542_751_719);

#[test]
fn is_refused_for_its_key_and_shown_to_be_rightly_signed() {
    let expectations = Expectations::new(Nonce::new("1234566766").unwrap());
    let document = SignedDocument::parse(SAMPLE).unwrap();
    let error = Verifier::default().verify(&document, &expectations, THEN).unwrap_err();
    assert_eq!(error.code(), "key_too_small");
    assert!(error.to_string().contains("1024 bits, at least 2048"), "{error}");

    let report = Verifier::default().explain(SAMPLE, &expectations, THEN);
    let outcomes: Vec<_> = report.checks().iter().map(|line| (line.check.name(), line.outcome.name())).collect();
    let expected = [
        ("input", "passed"),
        ("signed_data", "passed"),
        ("signer_certificate", "passed"),
        ("algorithms", "passed"),
        ("key_strength", "failed"),
        ("content_signature", "passed"),
        ("content", "passed"),
        ("names", "failed"),
        ("chain", "failed"),
        ("claims", "failed"),
    ];
    assert_eq!(outcomes[..expected.len()], expected);
    let codes: Vec<_> = report
        .checks()
        .iter()
        .filter_map(|line| match &line.outcome {
            Outcome::Failed(error) => Some(error.code()),
            _ => None,
        })
        .collect();
    assert_eq!(codes, ["key_too_small", "names_missing", "root_not_trusted", "vm_id_malformed"]);
    assert!(report.checks()[expected.len()..].iter().all(|line| line.outcome == Outcome::NotReached));
    assert!(report.unverified_content().unwrap().contains("\"nonce\":\"1234566766\""));
}

#[test]
fn is_not_rightly_signed_once_it_is_changed() {
    let mut der = SignedDocument::parse(SAMPLE).unwrap().der().to_vec();
    let nonce = der.windows(10).position(|window| window == b"1234566766").unwrap();
    der[nonce] = b'9';
    let report = Verifier::default().explain(&der, &Expectations::new(azure_imds::NONCE_NOT_CHECKED), THEN);
    let line = report.checks().iter().find(|line| line.check.name() == "content_signature").unwrap();
    assert_eq!(line.outcome.name(), "failed");
}
