//! Stories of answers that are of no use, and of how many are asked for.

use super::*;

#[test]
fn an_answer_that_is_no_issuer_is_noted_and_changes_nothing() {
    let der = &ISSUING_CA.der;
    let unreachable = TransportError::Unreachable { reason: Quoted::from("no such host") };
    let local = TransportError::Local { reason: Quoted::from("too many open files") };
    for (answer, noted) in [
        (page(200, b""), "not_the_issuer"),
        (page(200, b"<html>SECRET</html>"), "not_the_issuer"),
        (page(200, b"\x30\x06SECRET"), "not_the_issuer"),
        (page(200, b"-----BEGIN CERTIFICATE-----\nSECRET=\n-----END CERTIFICATE-----\n"), "not_the_issuer"),
        (page(200, &PKI.attacker_ca.der), "not_the_issuer"),
        (page(200, &[0x30; 65_537]), "too_long"),
        (page(201, der), "status"),
        (page(204, der), "status"),
        (page(206, der), "status"),
        (page(301, der), "redirected"),
        (page(302, der), "redirected"),
        (page(304, der), "redirected"),
        (page(307, der), "redirected"),
        (page(308, der), "redirected"),
        (page(404, b"SECRET"), "status"),
        (page(500, b"SECRET"), "status"),
        (page(503, der), "status"),
        (page(0, der), "status"),
        (page(65_535, der), "status"),
        (Answer::Failure(TransportError::ConnectTimeout), "connect_timeout"),
        (Answer::Failure(TransportError::ReadTimeout), "read_timeout"),
        (Answer::Failure(TransportError::Refused), "refused"),
        (Answer::Failure(TransportError::TooLong { limit: 65_536 }), "too_long"),
        (Answer::Failure(TransportError::Truncated), "truncated"),
        (Answer::Failure(unreachable), "unreachable"),
        (Answer::Failure(local), "local_failure"),
        (Answer::Silence, "read_timeout"),
    ] {
        let mut web = Web { otherwise: Some(answer.clone()), ..Web::default() };
        let report = web.verify(&document(&[ISSUING]));
        assert_eq!(fetches(&report), [(ISSUING, noted)], "{answer:?}");
        assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))), "{answer:?}");
        assert!(report.to_string().contains(&format!("not fetched {ISSUING}")), "{report}");
        let shown = format!("{report}{:?}", report.fetches());
        assert!(!shown.contains("SECRET") && !shown.contains(ELSEWHERE), "a server's words are repeated: {shown}");
    }
}

#[test]
fn after_a_useless_answer_the_next_address_is_asked() {
    let addresses = [ELSEWHERE, ROOT, ISSUING];
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der), (ROOT, &ROOT_CA.der)]);
    let report = web.verify(&document(&addresses));
    assert!(report.verdict().is_ok(), "{report}");
    assert_eq!(fetches(&report), [(ELSEWHERE, "status"), (ROOT, "not_the_issuer"), (ISSUING, "fetched")]);
}

#[test]
fn a_failed_request_is_blamed_for_nothing_but_the_issuer_that_it_was_for() {
    let lower = authority(&[]);
    let input = signed_below(&lower, &[ELSEWHERE, ISSUING]);
    let refused = || (ELSEWHERE.to_owned(), Answer::Failure(TransportError::Refused));
    let told = |mut web: Web| {
        web.pages.extend([refused()]);
        let report = web.verify(&input);
        assert_eq!(code(&report), "issuer_missing");
        (fetches(&report)[1].1, report.next_step().unwrap().contains("has failed"), report.retryable())
    };
    assert_eq!(told(Web::default()), ("status", true, true));
    // Its issuer has come; the one above is missing, and nobody was asked for it.
    assert_eq!(told(Web::serving(&[(ISSUING, &lower.der)])), ("fetched", false, false));
}

#[test]
fn a_failed_request_does_not_make_another_verdict_one_to_try_again() {
    let forged = issuing(&ISSUING_CA.key).with(|it| it.break_signature = true).issue();
    let mut web = Web::serving(&[(ISSUING, &forged.der)]);
    web.pages.insert(ELSEWHERE.to_owned(), Answer::Failure(TransportError::Refused));
    let report = web.verify(&document(&[ELSEWHERE, ISSUING]));
    assert_eq!((fetches(&report)[0].1, code(&report)), ("refused", "certificate_signature"));
    assert!(!report.retryable());
}

#[test]
fn an_issuer_that_has_ended_is_fetched_in_vain_and_the_next_address_asked() {
    let ended = issuing(&ISSUING_CA.key).valid(clock::midnight(2023, 6, 8), clock::midnight(2026, 8, 25)).issue();
    let mut web = Web::serving(&[(ELSEWHERE, &ended.der), (ISSUING, &ISSUING_CA.der)]);
    let report = web.verify(&document(&[ELSEWHERE, ISSUING]));
    assert!(report.verdict().is_ok(), "{report}");
    assert_eq!(web.asked(), [ELSEWHERE, ISSUING]);
}

#[test]
fn a_cross_sign_to_a_root_nobody_trusts_does_not_hide_the_direct_issuer() {
    let input = PKI.signed_by(&PKI.leaf().extension(addresses(&[ELSEWHERE, ISSUING])).issue()).der();
    let mut web = Web::serving(&[(ELSEWHERE, &PKI.issuing_xsign.der), (ISSUING, &PKI.issuing.der)]);
    let report = web.verify(&input);
    assert!(report.verdict().is_ok(), "{report}");
    assert_eq!(web.asked().first(), Some(&ELSEWHERE));
}

#[test]
fn at_most_four_requests_are_made_for_one_document() {
    let numbered: Vec<String> = (0..8).map(|number| address(&format!("number%20{number}"))).collect();
    let numbered: Vec<&str> = numbered.iter().map(String::as_str).collect();
    let mut web = Web::default();
    let report = web.verify(&document(&numbered));
    assert_eq!(web.asked(), numbered[..4]);
    assert_eq!(report.fetches().len(), 4);

    // The third address has the issuer, which names four more.
    let issuing = authority(&numbered[3..]);
    let mut web = Web::serving(&[(numbered[2], &issuing.der)]);
    let report = web.verify(&signed_below(&issuing, &numbered[..3]));
    assert_eq!(web.asked(), numbered[..4]);
    assert_eq!(code(&report), "issuer_missing");
}

#[test]
fn no_address_is_asked_twice() {
    let issuing = authority(&[ISSUING, ISSUING]);
    let mut web = Web::serving(&[(ISSUING, &issuing.der)]);
    web.verify(&signed_below(&issuing, &[ELSEWHERE, ELSEWHERE, ISSUING]));
    assert_eq!(web.asked(), [ELSEWHERE, ISSUING]);
}

#[test]
fn issuers_that_vouch_for_each_other_come_to_an_end() {
    let second = pki::root("azure-imds test Ring CA 02", &PKI.keys.key("ecc_attacker")).issue();
    let first = pki::issuing(name::authority("azure-imds test Ring CA 01"), &ISSUING_CA.key, &second)
        .extension(addresses(&[ROOT]))
        .issue();
    let second = pki::issuing(second.subject.clone(), &second.key, &first).extension(addresses(&[ISSUING])).issue();
    let mut web = Web::serving(&[(ISSUING, &first.der), (ROOT, &second.der)]);
    let report = web.verify(&signed_below(&first, &[ISSUING]));
    assert_eq!(web.asked(), [ISSUING, ROOT]);
    assert!(report.verdict().is_err(), "{report}");
}

#[test]
fn at_most_eight_addresses_are_looked_at_for_one_document_asked_or_not() {
    let numbered: Vec<String> = (0..9).map(|number| address(&format!("number%20{number}"))).collect();
    let urls: Vec<&str> = numbered.iter().map(String::as_str).collect();
    let key = |name| PKI.keys.key(name);
    let upper = pki::issuing(name::authority("azure-imds test Upper CA"), &key("ecc_attacker"), &PKI.attacker_root)
        .extension(addresses(&urls[8..]))
        .issue();
    let lower = pki::issuing(name::authority("azure-imds test Lower CA"), &ISSUING_CA.key, &upper)
        .extension(addresses(&urls[4..8]))
        .issue();
    let input = signed_below(&lower, &urls[..4]);
    let mut web = Web::serving(&[(urls[3], &lower.der), (urls[7], &upper.der)]);
    // What each of them answers is remembered from documents that named it alone.
    let mut memory = VerifierMemory::new();
    for url in &urls[..8] {
        let mut one = verification(&document(&[url])).with_memory(memory);
        web.drive(&mut one);
        memory = one.memory().clone();
    }
    web.asked.clear();
    let report = web.drive(&mut verification(&input).with_memory(memory));
    assert_eq!(report.fetches().len(), 8);
    assert_eq!((web.asked().len(), report.not_fetched()), (0, Some(NotFetched::RequestLimit)));
}
