//! Stories of the clock, of identifiers, and of how a verification ends.

use super::*;

#[test]
fn a_web_that_never_answers_ends_in_a_verdict_after_five_seconds() {
    let mut web = Web { otherwise: Some(Answer::Silence), clock: 5_000, ..Web::default() };
    let report = web.verify(&document(&[ISSUING, ROOT, ELSEWHERE]));
    assert_eq!(web.clock, 10_000);
    assert_eq!(web.asked_at, [5_000, 8_000]);
    assert_eq!(fetches(&report), [(ISSUING, "read_timeout"), (ROOT, "read_timeout"), (ELSEWHERE, "deadline_exceeded")]);
    assert_eq!(report.not_fetched(), Some(NotFetched::TimeOver));
    assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))));
}

#[test]
fn no_deadline_lies_past_the_total_one() {
    let mut web = Web { round_trip: 1_900, ..Web::default() };
    let report = web.verify(&document(&[ISSUING, ROOT, ELSEWHERE, &address("fourth")]));
    let deadlines: Vec<_> = web.asked.iter().map(|request| request.deadline.millis()).collect();
    assert_eq!(deadlines, [3_000, 4_900, 5_000]);
    assert_eq!(web.clock, 5_000);
    let told = [(ISSUING, "status"), (ROOT, "status"), (ELSEWHERE, "read_timeout")];
    assert_eq!(fetches(&report)[..3], told);
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
    for millis in [100, 101, 2_000, 3_099] {
        assert_eq!(verification.poll(Instant::from_millis(millis)), Step::Wait(request.deadline));
    }
    verification.receive(id, Instant::from_millis(3_099), response(200, &ISSUING_CA.der)).unwrap();
    let report = done(verification.poll(Instant::from_millis(3_099)));
    assert!(report.verdict().is_ok(), "{report}");
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut verification = verification(&document(&[ISSUING, ROOT, ELSEWHERE]));
    let at = Instant::from_millis;
    answer_foreign(&mut verification, RequestId::from_number(0));

    let (first, request) = sent(verification.poll(at(0)));
    answer_foreign(&mut verification, RequestId::from_number(first.number() + 1));
    answer_foreign(&mut verification, RequestId::from_number(u32::MAX));
    assert_eq!(verification.poll(at(1)), Step::Wait(request.deadline));
    verification.fail(first, at(2), TransportError::Refused).unwrap();
    answer_late(&mut verification, first);

    let (second, request) = sent(verification.poll(at(3)));
    assert_ne!(first, second);
    answer_late(&mut verification, first);

    // The second one's time runs out, and its answer comes late.
    let (third, _) = sent(verification.poll(request.deadline));
    answer_late(&mut verification, second);
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
            answer_late(&mut verification, id);
            answer_foreign(&mut verification, RequestId::from_number(id.number() + 1));
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
