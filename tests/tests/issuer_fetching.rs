//! Fetching the issuers that a document lacks: the exchange against a scripted web on a virtual clock, no socket.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use azure_imds::{
    At, ChainCache, Check, Exchange, Expectations, Headers, Instant, IssuerMemory, Method, NONCE_NOT_CHECKED, Nonce,
    Outcome, Quoted, Report, Request, RequestId, Response, Route, SignedDocument, Step, TimeBasis, Timestamp,
    TransportError, Trust, Verification, Verifier, VerifyError, by_subject,
};
use azure_imds_tests::asn1::{algorithm_null, element, oid, sequence, tag};
use azure_imds_tests::certificate::{Certificate, CertificateBuilder};
use azure_imds_tests::claims::{NONCE, VM_ID};
use azure_imds_tests::extension::{self, Extension, general_name};
use azure_imds_tests::input::{lines, pem};
use azure_imds_tests::key::Key;
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::pki::{self, Pki};
use azure_imds_tests::{clock, name, oid};
use data_encoding::BASE64;
use serde_json::Value;

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
    assert_eq!(request.deadline, now.plus_millis(10_000));
    assert!((1..10_000).contains(&request.connect_timeout), "{}", request.connect_timeout);
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
    let suite: Value = serde_json::from_str(include_str!("../vectors/attested.json")).unwrap();
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

#[test]
fn nothing_is_asked_for_before_all_but_the_chain_holds() {
    let signed = |leaf: CertificateBuilder| PKI.signed_by(&leaf.issue());
    let good = || leaf(&[ISSUING]);
    let small = PKI.leaf_with(&PKI.keys.key("small"));
    let sha1 = good().with(|leaf| {
        leaf.inner_algorithm = Some(algorithm_null(oid::SHA1_WITH_RSA));
        leaf.outer_algorithm = leaf.inner_algorithm.clone();
    });
    let self_signed =
        CertificateBuilder::self_signed(name::service("metadata.azure.com"), &PKI.keys.key("ecc_attacker"))
            .valid(clock::LEAF_START, clock::LEAF_END)
            .names(&["metadata.azure.com"])
            .extension(extension::purposes(&[oid::SERVER_AUTH]))
            .extension(extension::issuer_address(ISSUING));
    let digicert = name::name(&[
        (oid::COUNTRY, "US"),
        (oid::ORGANIZATION, "DigiCert Inc"),
        ("2.5.4.11", "www.digicert.com"),
        (oid::COMMON_NAME, "DigiCert Global Root G2"),
    ]);
    let forged = PKI.signed_by(&good().issue()).signer(|signer| signer.key = PKI.keys.key("ecc_attacker"));
    let other_content = PKI.signed_by(&good().issue()).with(|document| document.content = b"text".to_vec());
    for (verdict, document) in [
        ("content_signature", forged),
        ("content_not_json", other_content),
        ("signer_certificate_missing", PKI.signed_by(&good().issue()).bag(&[&PKI.attacker_ca])),
        ("name_not_azure", signed(good().names(&["metadata.azure.com.evil.test"]))),
        ("names_missing", signed(good().without(oid::SUBJECT_ALT_NAME))),
        ("cloud_mismatch", signed(good().names(&["metadata.azure.us"]))),
        ("certificate_expired", signed(good().valid(clock::LEAF_START, clock::NOW - 1))),
        ("certificate_not_yet_valid", signed(good().valid(clock::NOW + 1, clock::LEAF_END))),
        ("extended_key_usage", signed(good().extension(extension::purposes(&[oid::CLIENT_AUTH])))),
        ("leaf_is_ca", signed(good().extension(extension::authority(None)))),
        ("key_too_small", signed(small)),
        ("certificate_signature_algorithm", signed(sha1)),
        ("root_not_trusted", signed(self_signed)),
        ("root_not_trusted", signed(good().with(|leaf| leaf.issuer = digicert))),
    ] {
        let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
        let report = web.verify(&document.der());
        assert_eq!((code(&report), web.asked().len()), (verdict, 0), "{report}");
    }
}

#[test]
fn nothing_is_asked_for_where_the_input_can_not_be_read() {
    let good = document(&[ISSUING]);
    for input in [&b""[..], b"{}", b"%%%", b"\x30\x80", &good[..good.len() - 1], &[&good[..], b"\0"].concat()] {
        let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
        assert!(web.verify(input).verdict().is_err());
        assert!(web.asked.is_empty(), "{input:?}");
    }
}

#[test]
fn nothing_is_asked_for_without_anchors_or_against_the_callers_will() {
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let nobody = Verifier::new(Trust::builder_without_anchors().build());
    let report = web.drive(&mut Verification::new(&nobody, &document(&[ISSUING]), expectations(), now()));
    assert_eq!(code(&report), "no_trust_anchors");
    let report = web.drive(&mut verification(&document(&[ISSUING])).without_fetching());
    assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))));
    assert!(web.asked.is_empty());
}

#[test]
fn verify_and_explain_say_what_is_missing_and_ask_nobody() {
    let input = document(&[ISSUING]);
    let verdict = verifier().verify(&SignedDocument::parse(&input).unwrap(), &expectations(), now());
    assert_eq!(verdict.unwrap_err(), issuer_missing(Some(ISSUING)));
    let report = verifier().explain(&input, &expectations(), now());
    assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))));
    assert!(report.fetches().is_empty());
}

#[test]
fn an_address_off_the_list_is_never_asked() {
    for address in OFF_THE_LIST {
        let mut web = Web { otherwise: Some(page(200, &ISSUING_CA.der)), ..Web::default() };
        let report = web.verify(&document(&[address]));
        assert!(web.asked.is_empty(), "{address}");
        assert_eq!(report.verdict(), Err(&issuer_missing(None)), "{address}");
    }
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    assert!(web.verify(&document(&[OFF_THE_LIST, &[ISSUING]].concat())).verdict().is_ok());
    assert_eq!(web.asked(), [ISSUING]);
}

#[test]
fn an_address_off_the_list_is_not_asked_for_a_fetched_certificate_either() {
    let issuing = authority(OFF_THE_LIST);
    let mut web =
        Web { otherwise: Some(page(200, &PKI.attacker_root.der)), ..Web::serving(&[(ISSUING, &issuing.der)]) };
    let report = web.verify(&signed_below(&issuing, &[ISSUING]));
    assert_eq!(web.asked(), [ISSUING]);
    assert!(matches!(report.verdict(), Err(VerifyError::IssuerMissing { url: None, .. })), "{report}");
}

#[test]
fn only_the_addresses_of_issuers_are_read_out_of_a_certificate() {
    let access = |descriptions: &[Vec<u8>]| Extension::new(oid::AUTHORITY_INFO_ACCESS, sequence(descriptions));
    let uri = general_name::uri(ISSUING);
    for (what, extension) in [
        ("the address of an OCSP responder", access(&[sequence(&[oid("1.3.6.1.5.5.7.48.1"), uri.clone()])])),
        ("a DNS name", access(&[sequence(&[oid(oid::CA_ISSUERS), general_name::dns(ISSUING)])])),
        (
            "a directory's name",
            access(&[sequence(&[oid(oid::CA_ISSUERS), general_name::directory(&PKI.root.subject)])]),
        ),
        ("no addresses", access(&[])),
        ("not an extension of this kind", Extension::new(oid::AUTHORITY_INFO_ACCESS, uri)),
    ] {
        let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
        let report = web.verify(&PKI.signed_by(&leaf(&[]).extension(extension).issue()).der());
        assert_eq!((code(&report), web.asked().len()), ("issuer_missing", 0), "{what}: {report}");
    }
}

#[test]
fn an_origin_of_the_callers_own_is_asked_if_it_was_allowed() {
    let mirror = "http://127.0.0.1:8080/certs/a.crt";
    let mut web = Web::serving(&[(mirror, &ISSUING_CA.der)]);
    assert_eq!(web.verify(&document(&[mirror])).verdict(), Err(&issuer_missing(None)));
    assert!(web.asked.is_empty());
    let trust = anchors(&[&ROOT_CA]).allow_origin("http://127.0.0.1:8080/certs").unwrap().build();
    let input = document(&["http://127.0.0.1:8080/a.crt", "http://127.0.0.1:8081/certs/a.crt", mirror]);
    let report = web.drive(&mut Verification::new(&Verifier::new(trust), &input, expectations(), now()));
    assert!(report.verdict().is_ok(), "{report}");
    assert_eq!(web.asked(), [mirror]);
}

#[test]
fn an_issuer_of_the_table_is_asked_for_where_the_table_says() {
    let subject = "CN=Microsoft Azure RSA TLS Issuing CA 08,O=Microsoft Corporation,C=US";
    let known: Vec<_> = by_subject(subject).collect();
    let [direct, xsign] = &known[..] else { panic!("{known:?}") };
    assert!(direct.is_valid_at(now()) && !xsign.is_valid_at(now()), "the case is about an ended cross-sign");
    let parts = [(oid::COUNTRY, "US"), (oid::ORGANIZATION, "Microsoft Corporation"), (oid::COMMON_NAME, direct.name)];
    let issuing = pki::issuing(name::name(&parts), &ISSUING_CA.key, &ROOT_CA).issue();
    let input = signed_below(&issuing, &[ISSUING]);
    let listed = [direct.url.unwrap(), xsign.url.unwrap(), ISSUING];

    let mut web = Web::serving(&[(listed[0], &issuing.der)]);
    assert!(web.verify(&input).verdict().is_ok());
    assert_eq!(web.asked(), listed[..1]);

    let mut web = Web::default();
    let report = web.verify(&input);
    assert_eq!(web.asked(), listed);
    let sha256 = data_encoding::HEXLOWER.encode(&direct.sha256);
    let missing = VerifyError::IssuerMissing {
        name: Quoted::from(subject),
        sha256: Some(sha256),
        url: Some(listed[0].to_owned()),
    };
    assert_eq!(report.verdict(), Err(&missing));
}

#[test]
fn an_answer_that_is_no_issuer_is_noted_and_changes_nothing() {
    let der = &ISSUING_CA.der;
    let unreachable = TransportError::Unreachable { reason: Quoted::from("no such host") };
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
fn a_web_that_never_answers_ends_in_a_verdict_after_twenty_seconds() {
    let mut web = Web { otherwise: Some(Answer::Silence), clock: 5_000, ..Web::default() };
    let report = web.verify(&document(&[ISSUING, ROOT, ELSEWHERE]));
    assert_eq!(web.clock, 25_000);
    assert_eq!(web.asked_at, [5_000, 15_000]);
    assert_eq!(fetches(&report), [(ISSUING, "read_timeout"), (ROOT, "read_timeout")]);
    assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))));
}

#[test]
fn no_deadline_lies_past_the_total_one() {
    let mut web = Web { round_trip: 7_000, ..Web::default() };
    let report = web.verify(&document(&[ISSUING, ROOT, ELSEWHERE, &address("fourth")]));
    let deadlines: Vec<_> = web.asked.iter().map(|request| request.deadline.millis()).collect();
    assert_eq!(deadlines, [10_000, 17_000, 20_000]);
    assert_eq!(web.clock, 20_000);
    assert_eq!(fetches(&report), [(ISSUING, "status"), (ROOT, "status"), (ELSEWHERE, "read_timeout")]);
}

#[test]
fn the_end_of_the_clock_is_a_deadline_too() {
    let mut verification = verification(&document(&[ISSUING]));
    let report = done(verification.poll(Instant::from_millis(u64::MAX)));
    assert_eq!(code(&report), "issuer_missing");
}

#[test]
fn while_a_request_is_out_there_is_nothing_to_do_but_wait() {
    let mut verification = verification(&document(&[ISSUING]));
    let (id, request) = sent(verification.poll(Instant::from_millis(100)));
    for millis in [100, 101, 5_000, 10_099] {
        assert_eq!(verification.poll(Instant::from_millis(millis)), Step::Wait(request.deadline));
    }
    verification.receive(id, Instant::from_millis(10_099), response(200, &ISSUING_CA.der)).unwrap();
    let report = done(verification.poll(Instant::from_millis(10_099)));
    assert!(report.verdict().is_ok(), "{report}");
}

#[test]
fn an_answer_that_nobody_waits_for_is_refused_and_changes_nothing() {
    let mut verification = verification(&document(&[ISSUING, ROOT, ELSEWHERE]));
    let at = Instant::from_millis;
    refuse_answers(&mut verification, RequestId::from_number(0));

    let (first, request) = sent(verification.poll(at(0)));
    refuse_answers(&mut verification, RequestId::from_number(first.number() + 1));
    refuse_answers(&mut verification, RequestId::from_number(u32::MAX));
    assert_eq!(verification.poll(at(1)), Step::Wait(request.deadline));
    verification.fail(first, at(2), TransportError::Refused).unwrap();
    refuse_answers(&mut verification, first);

    let (second, request) = sent(verification.poll(at(3)));
    assert_ne!(first, second);
    refuse_answers(&mut verification, first);

    // The second one's time runs out, and its answer comes late.
    let (third, _) = sent(verification.poll(request.deadline));
    refuse_answers(&mut verification, second);
    verification.receive(third, request.deadline, response(404, b"")).unwrap();
    let report = done(verification.poll(request.deadline));
    assert_eq!(fetches(&report), [(ISSUING, "refused"), (ROOT, "read_timeout"), (ELSEWHERE, "status")]);
    assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))));
    assert_eq!(verification.memory().certificates().count(), 0);
}

#[test]
fn the_verdict_stays_what_it_is() {
    for (body, verdict) in [(&ISSUING_CA.der[..], "verified"), (b"", "issuer_missing")] {
        let mut verification = verification(&document(&[ISSUING]));
        let (id, _) = sent(verification.poll(Instant::from_millis(0)));
        verification.receive(id, Instant::from_millis(1), response(200, body)).unwrap();
        let report = done(verification.poll(Instant::from_millis(2)));
        assert_eq!(code(&report), verdict);
        for millis in [2, 0, 20_000, u64::MAX] {
            refuse_answers(&mut verification, id);
            refuse_answers(&mut verification, RequestId::from_number(id.number() + 1));
            assert_eq!(verification.poll(Instant::from_millis(millis)), Step::Done(report.clone()));
        }
    }
}

#[test]
fn the_verdict_stays_when_an_address_could_be_asked_again() {
    let mut failed = verification(&document(&[ISSUING]));
    let mut web = Web::default();
    web.drive(&mut failed);
    let mut verification = verification(&document(&[ISSUING])).with_memory(failed.memory().clone());
    for millis in [299_999, 300_000, 310_000] {
        let report = done(verification.poll(Instant::from_millis(web.clock + millis)));
        assert_eq!(code(&report), "issuer_missing");
    }
}

#[test]
fn a_fetched_root_is_not_trusted() {
    let below_root = PKI.leaf_of(&PKI.attacker_root).issue();
    let chain = [(ISSUING, &PKI.attacker_ca.der[..]), (ROOT, &PKI.attacker_root.der)];
    let root = [(ISSUING, &PKI.attacker_root.der[..])];
    for (leaf, pages, hops) in [(&PKI.attacker_leaf, &chain[..], 2), (&below_root, &root, 1)] {
        let mut web = Web::serving(pages);
        let mut first = verification(&PKI.signed_by(leaf).der());
        let report = web.drive(&mut first);
        assert!(report.fetches().iter().all(|fetch| fetch.error.is_none()), "{report}");
        let Err(VerifyError::RootNotTrusted { name, .. }) = report.verdict() else { panic!("{report}") };
        assert!(name.as_str().starts_with("CN=Attacker's Root,"), "{name}");
        assert_eq!(web.asked.len(), hops);

        let mut again = verification(&PKI.signed_by(leaf).der()).with_memory(first.memory().clone());
        assert_eq!(code(&web.drive(&mut again)), "root_not_trusted", "nor when it is remembered");
    }
}

#[test]
fn what_was_fetched_stays_with_its_verification() {
    let (verifier, input) = (verifier(), document(&[ISSUING]));
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let mut first = Verification::new(&verifier, &input, expectations(), now());
    assert!(web.drive(&mut first).verdict().is_ok());
    assert_eq!(verifier.trust().issuers().count() + first.memory().certificates().count(), 1);
    assert_eq!(code(&verifier.explain(&input, &expectations(), now())), "issuer_missing");
    assert_eq!(code(&web.drive(&mut verification(&input).without_fetching())), "issuer_missing");
}

#[test]
fn a_document_may_be_judged_at_its_signing_time() {
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let mut verification = Verification::new(&verifier(), &document(&[ISSUING]), expectations(), At::SigningTime);
    let report = web.drive(&mut verification);
    let created = Timestamp::from_unix(clock::CREATED.unsigned_abs());
    assert_eq!(report.verdict().unwrap().time_basis(), TimeBasis::SigningTime(created));
    assert_eq!(web.asked(), [ISSUING]);
}

#[test]
fn a_remembered_issuer_needs_no_request() {
    let mut web = Web::serving(&[(ISSUING, &PKI.issuing_g2.der), (ROOT, &PKI.root_g2_xsign.der)]);
    let mut first = verification(&signed_below(&PKI.issuing_g2, &[ISSUING]));
    assert!(web.drive(&mut first).verdict().is_ok());
    let remembered: Vec<&[u8]> = first.memory().certificates().collect();
    assert_eq!(remembered, [&PKI.issuing_g2.der[..], &PKI.root_g2_xsign.der]);

    let mut web = Web::default();
    for input in [signed_below(&PKI.issuing_g2, &[ISSUING]), signed_below(&PKI.issuing_g2, &[])] {
        let report = web.drive(&mut verification(&input).with_memory(first.memory().clone()));
        assert!(report.verdict().is_ok(), "{report}");
        assert!(report.fetches().is_empty());
        let mut offline = verification(&input).with_memory(first.memory().clone()).without_fetching();
        assert!(web.drive(&mut offline).verdict().is_ok());
    }
    assert!(web.asked.is_empty());
}

#[test]
fn a_cached_chain_needs_no_request() {
    let (verifier, input) = (verifier(), document(&[ISSUING]));
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let mut cache = ChainCache::new(verifier.trust());
    for _ in 0..2 {
        let verification = Verification::new(&verifier, &input, expectations(), now());
        let mut verification = verification.with_cache(cache).unwrap();
        assert!(web.drive(&mut verification).verdict().is_ok());
        cache = verification.take_cache().unwrap();
    }
    assert_eq!(web.asked(), [ISSUING]);
}

#[test]
fn a_failed_address_is_left_alone_for_five_minutes() {
    for failure in [page(404, b""), page(301, b""), Answer::Failure(TransportError::Refused), Answer::Silence] {
        let mut web = Web { otherwise: Some(failure), ..Web::default() };
        let mut first = verification(&document(&[ISSUING]));
        web.drive(&mut first);
        let (failed_at, memory) = (web.clock, first.memory().clone());

        let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
        let mut verdict_at = |millis: u64| {
            web.clock = millis;
            code(&web.drive(&mut verification(&document(&[ISSUING])).with_memory(memory.clone())))
        };
        assert_eq!(verdict_at(failed_at), "issuer_missing");
        assert_eq!(verdict_at(failed_at + 299_999), "issuer_missing");
        assert_eq!(verdict_at(failed_at + 300_000), "verified");
        assert_eq!(web.asked(), [ISSUING]);

        // Another address of the same issuer is asked at once.
        let mut web = Web::serving(&[(ELSEWHERE, &ISSUING_CA.der)]);
        web.clock = failed_at;
        let mut other = verification(&document(&[ISSUING, ELSEWHERE])).with_memory(memory);
        assert_eq!(code(&web.drive(&mut other)), "verified");
        assert_eq!(web.asked(), [ELSEWHERE]);
    }
}

#[test]
fn a_strangers_document_does_not_bar_an_address_for_others() {
    // Anybody can sign a document of his own and name a true address in it. What lies there is not his issuer.
    let stranger = PKI.leaf_of(&PKI.attacker_ca).extension(addresses(&[ISSUING])).issue();
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let mut first = verification(&PKI.signed_by(&stranger).der());
    assert_eq!(fetches(&web.drive(&mut first)), [(ISSUING, "not_the_issuer")]);
    let report = web.drive(&mut verification(&document(&[ISSUING])).with_memory(first.memory().clone()));
    assert!(report.verdict().is_ok(), "{report}");
}

#[test]
fn a_certificate_from_an_earlier_process_is_as_good_as_a_fetched_one() {
    let mut memory = IssuerMemory::new();
    for junk in [&b""[..], b"junk", b"\x30\x00", &ISSUING_CA.der[1..], pem("CERTIFICATE", b"0").as_bytes()] {
        assert!(!memory.offer(junk), "{junk:?}");
    }
    assert_eq!(memory.certificates().count(), 0);
    assert!(memory.offer(&ISSUING_CA.der) && memory.offer(&ISSUING_CA.der));
    assert_eq!(memory.certificates().collect::<Vec<_>>(), [&ISSUING_CA.der[..]]);
    let mut web = Web::default();
    let report = web.drive(&mut verification(&document(&[ISSUING])).with_memory(memory));
    assert!(report.verdict().is_ok(), "{report}");
    assert!(web.asked.is_empty());
}

#[test]
fn an_offered_certificate_is_never_trusted() {
    let mut memory = IssuerMemory::new();
    assert!(memory.offer(&PKI.attacker_ca.der) && memory.offer(&PKI.attacker_root.der));
    let mut web = Web::default();
    let mut attacked = verification(&PKI.signed_by(&PKI.attacker_leaf).der()).with_memory(memory.clone());
    assert_eq!(code(&web.drive(&mut attacked)), "root_not_trusted");

    // Nor does it stand in anyone's way.
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let report = web.drive(&mut verification(&document(&[ISSUING])).with_memory(memory));
    assert!(report.verdict().is_ok(), "{report}");
}

#[test]
fn a_namesake_at_hand_does_not_keep_the_issuer_from_being_fetched() {
    let namesake = namesake();
    let signer = leaf(&[ISSUING]).issue();
    let (alone, beside) = (PKI.signed_by(&signer), PKI.signed_by(&signer).bag(&[&signer, &namesake]));
    let mut memory = IssuerMemory::new();
    assert!(memory.offer(&namesake.der));
    let trust = anchors(&[&ROOT_CA]).issuers(&namesake.der).unwrap().build();
    let given = Verification::new(&Verifier::new(trust), &alone.der(), expectations(), now());
    let remembered = verification(&alone.der()).with_memory(memory);
    let mut verdicts = Vec::new();
    for mut verification in [remembered, given, verification(&beside.der())] {
        verdicts.push(code(&Web::serving(&[(ISSUING, &ISSUING_CA.der)]).drive(&mut verification)));
    }
    assert_eq!(verdicts, ["verified"; 3], "remembered, given as an issuer, in the document");
}

#[test]
fn a_memory_holds_the_last_64_issuers() {
    let key = PKI.keys.key("ecc_leaf_p256");
    let offered: Vec<_> = (0..70).map(|number| pki::root(&format!("Root {number}"), &key).issue().der).collect();
    let mut memory = IssuerMemory::new();
    for certificate in &offered {
        assert!(memory.offer(certificate));
    }
    assert_eq!(memory.certificates().collect::<Vec<_>>(), offered[6..].iter().map(Vec::as_slice).collect::<Vec<_>>());
}

#[test]
fn a_memory_holds_the_last_64_failures() {
    let failing: Vec<String> = (0..68).map(|number| address(&format!("number%20{number}"))).collect();
    let mut memory = IssuerMemory::new();
    for four in failing.chunks(4) {
        let four: Vec<&str> = four.iter().map(String::as_str).collect();
        let (mut web, mut next) = (Web::default(), verification(&document(&four)).with_memory(memory));
        web.drive(&mut next);
        assert_eq!(web.asked(), four);
        memory = next.memory().clone();
    }
    let mut is_asked = |number: usize| {
        let mut web = Web::default();
        web.drive(&mut verification(&document(&[&failing[number]])).with_memory(memory.clone()));
        !web.asked.is_empty()
    };
    assert_eq!([0, 3, 4, 67].map(&mut is_asked), [true, true, false, false]);
}

// The web, and what lies there.

/// The certificates of the vectors.
static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::new(KeyRing::parse(include_str!("../vectors/keys.json"))));
/// The root that is trusted here, beside that of the vectors.
static ROOT_CA: LazyLock<Certificate> =
    LazyLock::new(|| pki::root("azure-imds test Root CA 09", &PKI.keys.key("ecc_root")).issue());
/// The issuer that is missing here, if nothing else is said.
static ISSUING_CA: LazyLock<Certificate> = LazyLock::new(|| issuing(&PKI.keys.key("ecc_issuing")).issue());

/// Where the leafs of the vectors say their issuer is.
const ISSUING: &str = "http://www.microsoft.com/pkiops/certs/azure-imds%20test%20Issuing%20CA%2001.crt";
/// Where the issuers of the vectors say theirs is.
const ROOT: &str = "http://www.microsoft.com/pkiops/certs/azure-imds%20test%20Root.crt";
/// Another address on the list, and where all pages here redirect to.
const ELSEWHERE: &str = "http://cacerts.digicert.com/elsewhere.crt";

const OFF_THE_LIST: &[&str] = &[
    "http://evil.test/pkiops/certs/a.crt",
    "http://www.microsoft.com.evil.test/pkiops/certs/a.crt",
    "http://www.microsoft.com@evil.test/pkiops/certs/a.crt",
    "http://evil.test#@www.microsoft.com/pkiops/certs/a.crt",
    "http://user:word@www.microsoft.com/pkiops/certs/a.crt",
    "http://www.microsoft.com:8080/pkiops/certs/a.crt",
    "http://www.microsoft.com:22/pkiops/certs/a.crt",
    "http://www.microsoft.com/pkiops/certs/../../fwlink",
    "http://www.microsoft.com/pkiops/certs/%2e%2e/a.crt",
    "http://www.microsoft.com/fwlink?LinkId=1",
    "http://www.microsoft.com/pkiops/certs/a.crt?to=http://evil.test",
    "http://169.254.169.254/metadata/identity/oauth2/token",
    "http://[::ffff:169.254.169.254]/pkiops/certs/a.crt",
    "http://2852039166/pkiops/certs/a.crt",
    "http://168.63.129.16/machine",
    "http://127.0.0.1:8080/certs/a.crt",
    "http://localhost/pkiops/certs/a.crt",
    "ftp://www.microsoft.com/pkiops/certs/a.crt",
    "file:///etc/passwd",
    "ldap:///CN=a",
    "gopher://www.microsoft.com/pkiops/certs/a.crt",
    "//www.microsoft.com/pkiops/certs/a.crt",
    "http://www.microsoft.com/pkiops/certs/a.crt\r\nMetadata: true",
    "",
];

/// Pages by address, and a clock that runs while a request is out. What is not there is answered with 404.
struct Web {
    pages: BTreeMap<String, Answer>,
    otherwise: Option<Answer>,
    asked: Vec<Request>,
    asked_at: Vec<u64>,
    round_trip: u64,
    clock: u64,
}

#[derive(Clone, Debug)]
enum Answer {
    Page(Response),
    Failure(TransportError),
    Silence,
}

impl Default for Web {
    fn default() -> Self {
        let pages = BTreeMap::new();
        Self { pages, otherwise: None, asked: Vec::new(), asked_at: Vec::new(), round_trip: 40, clock: 0 }
    }
}

impl Web {
    fn serving(pages: &[(&str, &[u8])]) -> Self {
        let pages = pages.iter().map(|(url, body)| ((*url).to_owned(), page(200, body))).collect();
        Self { pages, ..Self::default() }
    }

    fn verify(&mut self, input: &[u8]) -> Report {
        self.drive(&mut verification(input))
    }

    fn drive(&mut self, verification: &mut Verification) -> Report {
        loop {
            match verification.poll(Instant::from_millis(self.clock)) {
                Step::Send(id, request) => self.carry(verification, id, request),
                Step::Wait(until) => {
                    assert!(until.millis() > self.clock, "a wait that is over");
                    self.clock = until.millis();
                }
                Step::Done(report) => return report,
            }
        }
    }

    fn carry(&mut self, verification: &mut Verification, id: RequestId, request: Request) {
        let answer = self.pages.get(&request.url).or(self.otherwise.as_ref());
        let answer = answer.cloned().unwrap_or_else(|| page(404, b"not found"));
        self.asked_at.push(self.clock);
        let back = self.clock + self.round_trip;
        let in_time = back < request.deadline.millis();
        let deadline = request.deadline;
        self.asked.push(request);
        if matches!(answer, Answer::Silence) {
            return;
        }
        self.clock = back.min(deadline.millis());
        let now = Instant::from_millis(self.clock);
        let taken = match answer {
            Answer::Page(response) if in_time => verification.receive(id, now, response),
            Answer::Failure(error) if in_time => verification.fail(id, now, error),
            _ => verification.fail(id, now, TransportError::ReadTimeout),
        };
        taken.unwrap();
    }

    fn asked(&self) -> Vec<&str> {
        self.asked.iter().map(|request| request.url.as_str()).collect()
    }
}

fn page(status: u16, body: &[u8]) -> Answer {
    Answer::Page(response(status, body))
}

fn response(status: u16, body: &[u8]) -> Response {
    Response { status, headers: Headers::from_iter([("Location", ELSEWHERE)]), body: body.to_vec() }
}

fn sent(step: Step<Report>) -> (RequestId, Request) {
    match step {
        Step::Send(id, request) => (id, request),
        other => panic!("not a request: {other:?}"),
    }
}

fn done(step: Step<Report>) -> Report {
    match step {
        Step::Done(report) => report,
        other => panic!("not the end: {other:?}"),
    }
}

fn refuse_answers(verification: &mut Verification, id: RequestId) {
    let now = Instant::from_millis(1);
    let received = verification.receive(id, now, response(200, &ISSUING_CA.der));
    assert_eq!(received.unwrap_err().code(), "request_stale");
    let failed = verification.fail(id, now, TransportError::Truncated);
    assert_eq!(failed.unwrap_err().code(), "request_stale");
}

// Documents, and what is asked of them.

fn verification(input: &[u8]) -> Verification {
    Verification::new(&verifier(), input, expectations(), now())
}

fn verifier() -> Verifier {
    Verifier::new(anchors(&[&PKI.root, &ROOT_CA]).build())
}

fn anchors(anchors: &[&Certificate]) -> azure_imds::TrustBuilder {
    anchors.iter().fold(Trust::builder_without_anchors(), |trust, anchor| trust.anchors(&anchor.der).unwrap())
}

fn expectations() -> Expectations {
    Expectations::new(Nonce::new(NONCE).unwrap())
}

fn now() -> Timestamp {
    Timestamp::from_unix(clock::NOW.unsigned_abs())
}

/// A short document whose signer says that its issuer is at these addresses.
fn document(named: &[&str]) -> Vec<u8> {
    PKI.signed_by(&leaf(named).issue()).der()
}

fn leaf(named: &[&str]) -> CertificateBuilder {
    leaf_below(&ISSUING_CA, named)
}

fn leaf_below(issuer: &Certificate, named: &[&str]) -> CertificateBuilder {
    pki::leaf(&PKI.keys.key("ecc_leaf_p256"), issuer)
        .extension(extension::key_usage(extension::usage::DIGITAL_SIGNATURE))
        .extension(addresses(named))
}

fn signed_below(issuer: &Certificate, named: &[&str]) -> Vec<u8> {
    PKI.signed_by(&leaf_below(issuer, named).issue()).der()
}

/// An issuer below a root that nobody trusts, which says that the root is at these addresses.
fn authority(named: &[&str]) -> Certificate {
    let name = name::authority("azure-imds test Issuing CA 03");
    pki::issuing(name, &ISSUING_CA.key, &PKI.attacker_root).extension(addresses(named)).issue()
}

/// The issuer that is missing, with a key of choice.
fn issuing(key: &Key) -> CertificateBuilder {
    pki::issuing(name::authority("azure-imds test Issuing CA 09"), key, &ROOT_CA)
        .extension(addresses(&[ROOT, ELSEWHERE]))
}

/// An issuer of the right name, issued by the right root, with another key.
fn namesake() -> Certificate {
    issuing(&PKI.keys.key("ecc_attacker")).issue()
}

fn addresses(named: &[&str]) -> Extension {
    let descriptions: Vec<_> =
        named.iter().map(|url| sequence(&[oid(oid::CA_ISSUERS), element(tag::implicit(6), url.as_bytes())])).collect();
    Extension::new(oid::AUTHORITY_INFO_ACCESS, sequence(&descriptions))
}

fn address(file: &str) -> String {
    format!("http://www.microsoft.com/pkiops/certs/{file}.crt")
}

/// What a report says of the issuer of [`document`].
fn issuer_missing(url: Option<&str>) -> VerifyError {
    VerifyError::IssuerMissing {
        name: Quoted::from("CN=azure-imds test Issuing CA 09,O=azure-imds tests,C=US"),
        sha256: None,
        url: url.map(str::to_owned),
    }
}

fn code(report: &Report) -> &'static str {
    report.verdict().map_or_else(VerifyError::code, |_| "verified")
}

fn fetches(report: &Report) -> Vec<(&str, &'static str)> {
    let outcome = |error: &Option<azure_imds::Error>| error.as_ref().map_or("fetched", azure_imds::Error::code);
    report.fetches().iter().map(|fetch| (fetch.url.as_str(), outcome(&fetch.error))).collect()
}

/// A shared vector, if it has one issuer at most and expects nothing but a nonce and a cloud.
struct Vector {
    id: String,
    input: Vec<u8>,
    anchors: Vec<Vec<u8>>,
    issuers: Vec<Vec<u8>>,
    expectations: Expectations,
    at: At,
}

impl Vector {
    fn read(case: &Value, certificates: &Value) -> Option<Self> {
        let named = |key: &str| -> Vec<Vec<u8>> {
            let names = case[key].as_array().unwrap().iter();
            names.map(|name| base64(&certificates[name.as_str().unwrap()])).collect()
        };
        let (expect, issuers) = (&case["expect"], named("issuers"));
        if issuers.len() > 1 || expect.as_object().unwrap().keys().any(|key| key != "nonce" && key != "clouds") {
            return None;
        }
        let clouds = expect["clouds"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().parse().unwrap());
        let nonce = expect["nonce"].as_str().map_or(NONCE_NOT_CHECKED, |nonce| Nonce::new(nonce).unwrap());
        Some(Self {
            id: case["id"].as_str().unwrap().to_owned(),
            input: case["input"]["text"].as_str().map_or_else(|| base64(&case["input"]["base64"]), |it| it.into()),
            anchors: named("anchors"),
            issuers,
            expectations: Expectations::new(nonce).clouds(&clouds.collect::<Vec<_>>()).unwrap(),
            at: case["at"].as_u64().map_or(At::SigningTime, |seconds| At::Time(Timestamp::from_unix(seconds))),
        })
    }

    fn verifier(&self, with_issuers: bool) -> Verifier {
        let trust = self.anchors.iter().fold(Trust::builder_without_anchors(), |trust, it| trust.anchors(it).unwrap());
        let issuers = self.issuers.iter().filter(|_| with_issuers);
        Verifier::new(issuers.fold(trust, |trust, issuer| trust.issuers(issuer).unwrap()).build())
    }
}

fn base64(value: &Value) -> Vec<u8> {
    BASE64.decode(value.as_str().unwrap().as_bytes()).unwrap()
}
