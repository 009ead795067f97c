//! Stories of issuers that are shut out: fetched, remembered, at hand.

use super::*;

fn denying(trust: azure_imds::attested::TrustBuilder, denied: &[[u8; 32]]) -> Verifier {
    Verifier::new(denied.iter().fold(trust, |trust, sha256| trust.deny(*sha256)).build())
}

/// The SHA-256 of a certificate, and that of its public key.
fn digests(certificate: &Certificate) -> [[u8; 32]; 2] {
    [Sha256::digest(&certificate.der).into(), Sha256::digest(certificate.key.spki()).into()]
}

#[test]
fn a_fetched_certificate_that_is_denied_is_not_an_issuer() {
    for denied in digests(&ISSUING_CA) {
        let verifier = denying(anchors(&[&ROOT_CA]), &[denied]);
        let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
        let mut verification = Verification::new(&verifier, &document(&[ISSUING]), expectations(), now());
        let report = web.drive(&mut verification);
        assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))));
        assert_eq!(fetches(&report), [(ISSUING, "not_the_issuer")]);
        assert!(report.to_string().contains("it is on the deny list"), "{report}");
        assert_eq!(verification.memory().certificates().count(), 0);
    }
}

#[test]
fn a_remembered_issuer_that_is_denied_leads_nowhere() {
    let mut memory = VerifierMemory::new();
    assert_eq!(memory.offer(&verifier().trust().proven_issuers([&ISSUING_CA.der[..]])), 1);
    for denied in digests(&ISSUING_CA) {
        let verifier = denying(anchors(&[&ROOT_CA]), &[denied]);
        let verification = Verification::new(&verifier, &document(&[]), expectations(), now());
        let report = Web::default().drive(&mut verification.with_memory(memory.clone()));
        let Err(VerifyError::CertificateDenied { subject, sha256 }) = report.verdict() else { panic!("{report}") };
        assert_eq!(subject.as_str(), "CN=azure-imds test Issuing CA 09,O=azure-imds tests,C=US");
        assert_eq!(*sha256, HEXLOWER.encode(&denied));
    }
}

#[test]
fn where_one_certificate_of_an_issuer_is_denied_another_may_be_fetched() {
    let other = issuing(&ISSUING_CA.key).with(|issuer| issuer.serial = Some(vec![0x5a; 8])).issue();
    let verifier = denying(anchors(&[&ROOT_CA]).issuers(&ISSUING_CA.der).unwrap(), &digests(&ISSUING_CA)[..1]);
    let mut web = Web::serving(&[(ISSUING, &other.der)]);
    let report = web.drive(&mut Verification::new(&verifier, &document(&[ISSUING]), expectations(), now()));
    assert!(report.verdict().is_ok(), "{report}");
    assert_eq!(fetches(&report), [(ISSUING, "fetched")]);
}

#[test]
fn nobody_is_asked_for_what_is_above_a_denied_issuer() {
    let denied = authority(&[ELSEWHERE]);
    let ask = |verifier: &Verifier| {
        let mut web = Web::default();
        let input = signed_below(&denied, &[]);
        let report = web.drive(&mut Verification::new(verifier, &input, expectations(), now()));
        (code(&report), web.asked().iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let trust = || anchors(&[&ROOT_CA]).issuers(&denied.der).unwrap();
    assert_eq!(ask(&denying(trust(), &[])), ("issuer_missing", vec![ELSEWHERE.to_owned()]));
    assert_eq!(ask(&denying(trust(), &digests(&denied)[..1])), ("certificate_denied", vec![]));
}

#[test]
fn a_cache_can_not_bring_back_what_is_denied() {
    let (before, after) = (verifier(), denying(anchors(&[&PKI.root, &ROOT_CA]), &digests(&ISSUING_CA)));
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let input = document(&[ISSUING]);
    let mut verification = Verification::new(&before, &input, expectations(), now());
    assert!(web.drive(&mut verification).verdict().is_ok());
    let memory = verification.memory().clone();
    let verification =
        |verifier| Verification::new(verifier, &input, expectations(), now()).with_memory(memory.clone());
    assert!(web.drive(&mut verification(&before)).verdict().is_ok());
    assert_eq!(code(&web.drive(&mut verification(&after))), "certificate_denied");
}
