//! Stories of issuers that are fetched, and of what a fetched certificate has to prove.

use std::time::Duration;

use super::*;

#[test]
fn a_missing_issuer_is_fetched_and_the_document_verified() {
    let mut web = Web::serving(&[(ISSUING, &PKI.issuing.der)]);
    let report = web.verify(&PKI.document().der());
    assert_eq!(report.verdict().unwrap().vm_id(), VM_ID);
    assert_eq!(web.asked(), [ISSUING]);
    assert_eq!(fetches(&report), [(ISSUING, "fetched")]);
    assert_eq!(report.chain().len(), 3);
}

#[test]
fn a_request_carries_what_the_host_must_enforce_and_nothing_of_the_document() {
    let mut verification = verification(&document(&[ISSUING]));
    let now = Instant::from_millis(7_000);
    let (_, request) = sent(verification.poll(now));
    assert_eq!((request.method, request.url.as_str()), (Method::Get, ISSUING));
    assert_eq!(request.route, Route::Internet);
    assert_eq!(request.headers.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["Accept"]);
    assert!(request.body.is_empty());
    assert_eq!(request.max_body, 64 * 1024);
    assert_eq!(
        (request.deadline, request.connect_timeout),
        (now + Duration::from_millis(3_000), Duration::from_secs(2))
    );
}

#[test]
fn three_hops_are_fetched_one_after_the_other() {
    let mut web = Web::serving(&[(ISSUING, &PKI.issuing_g2.der), (ROOT, &PKI.root_g2_xsign.der)]);
    let report = web.verify(&signed_below(&PKI.issuing_g2, &[ISSUING]));
    assert!(report.verdict().is_ok(), "{report}");
    assert_eq!(web.asked(), [ISSUING, ROOT]);
    assert_eq!(report.chain().len(), 4);
}

#[test]
fn the_address_in_a_certificate_that_proved_nothing_is_never_asked() {
    for (impostor, reason, page) in impostors() {
        let mut web = Web::serving(&[(ISSUING, &page), (ROOT, &ROOT_CA.der), (ELSEWHERE, &ROOT_CA.der)]);
        let report = web.verify(&document(&[ISSUING]));
        assert_eq!(web.asked(), [ISSUING], "{impostor}");
        assert_eq!(fetches(&report), [(ISSUING, "not_the_issuer")], "{impostor}");
        assert!(report.to_string().contains(reason), "{impostor}: {report}");
        assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))), "{impostor}");
    }
}

fn impostors() -> [(&'static str, &'static str, Vec<u8>); 5] {
    let other_name = name::authority("azure-imds test Issuing CA 10");
    let renamed = issuing(&ISSUING_CA.key).with(|authority| authority.subject = other_name);
    [
        ("the name with another key", "its key did not sign", namesake().der),
        ("the key with another name", "it has another name", renamed.issue().der),
        ("its own child", "it has another name", leaf(&[]).issue().der),
        ("the root", "it has another name", ROOT_CA.der.clone()),
        ("an attacker's CA", "it has another name", PKI.attacker_ca.der.clone()),
    ]
}

#[test]
fn an_issuer_with_a_small_key_proves_nothing() {
    let small = issuing(&PKI.keys.key("small")).issue();
    let mut web = Web::serving(&[(ISSUING, &small.der)]);
    let report = web.verify(&signed_below(&small, &[ISSUING]));
    assert_eq!(web.asked(), [ISSUING]);
    assert_eq!(fetches(&report), [(ISSUING, "not_the_issuer")]);
    assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))));
}

#[test]
fn a_certificate_may_come_as_der_or_as_pem() {
    let der = &ISSUING_CA.der;
    let text = pem("CERTIFICATE", der);
    let padded = |length: usize| format!("{text}{}", "\n".repeat(length - text.len())).into_bytes();
    for (form, body, verified) in [
        ("DER", der.clone(), true),
        ("PEM", text.clone().into_bytes(), true),
        ("PEM with CR and LF", text.replace('\n', "\r\n").into_bytes(), true),
        ("PEM after a remark", format!("subject=CN\n{text}").into_bytes(), true),
        ("PEM of 64 KiB", padded(65_536), true),
        ("PEM of a byte more", padded(65_537), false),
        ("base64 without PEM", lines(der, "\n").into_bytes(), false),
        ("DER and a byte more", [der, &b"\0"[..]].concat(), false),
        ("DER twice", [&der[..], der].concat(), false),
        ("DER cut short", der[..der.len() - 1].to_vec(), false),
        ("PEM of another thing", pem("PKCS7", der).into_bytes(), false),
    ] {
        let report = Web::serving(&[(ISSUING, &body)]).verify(&document(&[ISSUING]));
        assert_eq!(report.verdict().is_ok(), verified, "{form}: {report}");
    }
}

#[test]
fn a_fetched_issuer_gives_the_verdict_of_one_that_was_at_hand() {
    let suite: Value = serde_json::from_str(include_str!("../../vectors/attested.json")).unwrap();
    let mut verified_by_fetching = 0;
    for case in suite["cases"].as_array().unwrap() {
        let Some(vector) = Vector::read(case, &suite["certificates"]) else { continue };
        let id = &vector.id;
        let given = vector.verifier(true).explain(&vector.input, &vector.expectations, vector.at);
        let mut web = Web { otherwise: vector.issuers.first().map(|issuer| page(200, issuer)), ..Web::default() };
        let verifier = vector.verifier(false);
        let mut verification = Verification::new(&verifier, &vector.input, vector.expectations.clone(), vector.at);
        let fetched = web.drive(&mut verification);
        let failed = given.checks().iter().find(|line| matches!(line.outcome, Outcome::Failed(_)));
        match failed.map(|line| line.check) {
            Some(Check::Chain) => assert!(fetched.verdict().is_err(), "{id}"),
            // The signer names no address.
            _ if web.asked.is_empty() && code(&fetched) == "issuer_missing" => {}
            check => {
                assert_eq!(fetched.verdict(), given.verdict(), "{id}");
                let too_early = check.is_some_and(|check| check < Check::Chain);
                assert!(!too_early || web.asked.is_empty(), "{id} asked for {:?}", web.asked());
                verified_by_fetching += usize::from(check.is_none() && !web.asked.is_empty());
            }
        }
    }
    assert!(verified_by_fetching >= 20, "{verified_by_fetching}");
}
