//! Stories of what one verification leaves to the next.

use super::budget::{Watched, computed, counting};
use super::*;

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
fn a_remembered_chain_needs_no_request_and_one_signature_check() {
    let (verifier, input) = (counting(&[]), document(&[ISSUING]));
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let mut memory = VerifierMemory::new();
    for checks in [3, 1, 1] {
        computed();
        let mut verification = Verification::new(&verifier, &input, expectations(), now()).with_memory(memory);
        assert!(web.drive(&mut verification).verdict().is_ok());
        assert_eq!(computed(), checks);
        memory = verification.memory().clone();
    }
    assert_eq!(web.asked(), [ISSUING]);
}

#[test]
fn verifications_that_compute_at_once_leave_their_chains_to_each_other() {
    let (verifier, memory) = (counting(&[]), Watched::default());
    let web = || Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let start = || Verification::sharing(&verifier, &document(&[ISSUING]), expectations(), now(), memory.clone());
    let (mut one, mut other) = (start(), start());
    assert!(web().drive(&mut one).verdict().is_ok() && web().drive(&mut other).verdict().is_ok());
    computed();
    assert!(Web::default().drive(&mut start()).verdict().is_ok());
    assert_eq!(computed(), 1);
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
fn a_failure_of_this_machine_says_nothing_of_the_address() {
    let local = TransportError::Local { reason: Quoted::from("too many open files") };
    let mut web = Web { otherwise: Some(Answer::Failure(local)), ..Web::default() };
    let addresses = [ISSUING, ELSEWHERE];
    let mut memory = VerifierMemory::new();
    for _ in 0..4 {
        let mut failed = verification(&document(&addresses)).with_memory(memory);
        let report = web.drive(&mut failed);
        assert_eq!(fetches(&report), addresses.map(|it| (it, "local_failure")), "it is asked each time");
        assert!(report.retryable() && report.fetches().iter().all(|fetch| !fetch.remembered));
        memory = failed.memory().clone();
    }
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    assert_eq!(code(&web.drive(&mut verification(&document(&addresses)).with_memory(memory))), "verified");
}

#[test]
fn what_is_not_the_issuer_of_one_document_may_be_that_of_another_and_is_not_fetched_again() {
    // Anybody can sign a document of his own and name a true address in it. What lies there is not his issuer.
    let stranger = PKI.leaf_of(&PKI.attacker_ca).extension(addresses(&[ISSUING])).issue();
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let mut first = verification(&PKI.signed_by(&stranger).der());
    assert_eq!(fetches(&web.drive(&mut first)), [(ISSUING, "not_the_issuer")]);
    let mut again = verification(&PKI.signed_by(&stranger).der()).with_memory(first.memory().clone());
    let report = web.drive(&mut again);
    assert_eq!(fetches(&report), [(ISSUING, "not_the_issuer")]);
    assert!(report.fetches()[0].remembered);
    assert!(report.to_string().contains(&format!("not fetched {ISSUING} (remembered): ")), "{report}");
    let report = web.drive(&mut verification(&document(&[ISSUING])).with_memory(first.memory().clone()));
    assert!(report.verdict().is_ok(), "{report}");
    assert_eq!(fetches(&report), [(ISSUING, "fetched")]);
    assert!(report.to_string().contains(&format!("fetched {ISSUING} (remembered)\n")), "{report}");
    assert_eq!(web.asked(), [ISSUING], "once for all");
}

#[test]
fn what_failed_is_told_though_nothing_is_asked() {
    for (answer, noted, retryable) in [
        (page(404, b""), "status", false),
        (page(503, b""), "status", true),
        (page(200, b"<html>"), "not_the_issuer", false),
        (Answer::Failure(TransportError::ConnectTimeout), "connect_timeout", true),
    ] {
        let mut web = Web { otherwise: Some(answer), ..Web::default() };
        let mut first = verification(&document(&[ISSUING]));
        let report = web.drive(&mut first);
        assert_eq!(report.retryable(), retryable, "{noted}");
        let report = web.drive(&mut verification(&document(&[ISSUING])).with_memory(first.memory().clone()));
        assert_eq!((fetches(&report), report.retryable()), (vec![(ISSUING, noted)], retryable));
        assert!(report.fetches()[0].remembered);
        let next_step = report.next_step().unwrap();
        assert!(next_step.starts_with("fetching that certificate has failed"), "{next_step}");
        assert!(report.to_string().contains(&next_step), "{report}");
        assert_eq!(web.asked(), [ISSUING]);
    }
}

#[test]
fn a_certificate_from_an_earlier_process_is_as_good_as_a_fetched_one() {
    let mut memory = VerifierMemory::new();
    for junk in [&b""[..], b"junk", b"\x30\x00", &ISSUING_CA.der[1..], pem("CERTIFICATE", b"0").as_bytes()] {
        assert_eq!(memory.offer(&verifier().trust().proven_issuers([junk])), 0, "{junk:?}");
    }
    assert_eq!(memory.certificates().count(), 0);
    assert_eq!(memory.offer(&verifier().trust().proven_issuers([&ISSUING_CA.der[..]; 2])), 2);
    assert_eq!(memory.certificates().collect::<Vec<_>>(), [&ISSUING_CA.der[..]]);
    let mut web = Web::default();
    let report = web.drive(&mut verification(&document(&[ISSUING])).with_memory(memory));
    assert!(report.verdict().is_ok(), "{report}");
    assert!(web.asked.is_empty());
}

#[test]
fn an_offered_certificate_is_never_trusted() {
    let mut memory = VerifierMemory::new();
    let planted = [&PKI.attacker_ca.der[..], &PKI.attacker_root.der, &namesake().der];
    assert_eq!(memory.offer(&verifier().trust().proven_issuers(planted)), 1, "the namesake alone leads to an anchor");
    let mut web = Web::default();
    let mut attacked = verification(&PKI.signed_by(&PKI.attacker_leaf).der()).with_memory(memory.clone());
    assert_eq!(code(&web.drive(&mut attacked)), "issuer_missing");

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
    let mut memory = VerifierMemory::new();
    assert_eq!(memory.offer(&verifier().trust().proven_issuers([&namesake.der[..]])), 1);
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
    let authority = |number: u32| pki::issuing(name::authority(&format!("CA {number}")), &key, &ROOT_CA).issue().der;
    let offered: Vec<_> = (0..70).map(authority).collect();
    let mut memory = VerifierMemory::new();
    for certificate in &offered {
        assert_eq!(memory.offer(&verifier().trust().proven_issuers([&certificate[..]])), 1);
    }
    assert_eq!(memory.certificates().collect::<Vec<_>>(), offered[6..].iter().map(Vec::as_slice).collect::<Vec<_>>());
}

#[test]
fn a_memory_holds_the_last_64_answers() {
    let failing: Vec<String> = (0..68).map(|number| address(&format!("number%20{number}"))).collect();
    let mut memory = VerifierMemory::new();
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

#[test]
fn answers_of_addresses_hold_256_kib_of_certificates() {
    let big = |number: u32| {
        let padding = Extension::new("1.3.6.1.4.1.55555.1", vec![4; 60_000]);
        pki::issuing(name::authority(&format!("CA {number}")), &ISSUING_CA.key, &ROOT_CA).extension(padding).issue()
    };
    let mut memory = VerifierMemory::new();
    for number in 0..5 {
        let url = address(&number.to_string());
        let mut web = Web::serving(&[(&url, &big(number).der)]);
        let mut next = verification(&document(&[&url])).with_memory(memory);
        assert_eq!(fetches(&web.drive(&mut next)), [(url.as_str(), "not_the_issuer")]);
        memory = next.memory().clone();
    }
    let asked = |number: u32| {
        let mut web = Web::default();
        web.drive(&mut verification(&document(&[&address(&number.to_string())])).with_memory(memory.clone()));
        web.asked.len()
    };
    assert_eq!([0, 1, 4].map(asked), [1, 0, 0]);
}

#[test]
fn planted_certificates_keep_no_issuer_from_being_found() {
    // Of the right name, and with the key identifier that the signer names: made by somebody who can write to a disk.
    let plant = |scalar: u8| {
        let key = Key::p256(p256::ecdsa::SigningKey::from_slice(&[scalar; 32]).unwrap());
        let right = extension::subject_key(&ISSUING_CA.key.identifier());
        issuing(&key).extension(right).with(|plant| plant.signer = PKI.keys.key("ecc_attacker")).issue().der
    };
    let planted: Vec<Vec<u8>> = (1..=40).map(plant).collect();
    let mut memory = VerifierMemory::new();
    let on_the_disk = planted.iter().chain([&ISSUING_CA.der]).map(Vec::as_slice);
    assert_eq!(memory.offer(&verifier().trust().proven_issuers(on_the_disk)), 1);
    let mut web = Web::default();
    let report = web.drive(&mut verification(&document(&[ISSUING])).with_memory(memory));
    assert!(report.verdict().is_ok() && web.asked.is_empty(), "{report}");

    // Where they fill what is looked at, the right one is fetched.
    let mut memory = VerifierMemory::new();
    let on_the_disk = planted.iter().chain(&planted).chain([&ISSUING_CA.der]).map(Vec::as_slice);
    assert_eq!(memory.offer(&verifier().trust().proven_issuers(on_the_disk)), 0);
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    assert!(web.drive(&mut verification(&document(&[ISSUING])).with_memory(memory)).verdict().is_ok());
}

#[test]
fn an_offered_issuer_may_lead_to_an_anchor_by_way_of_others() {
    let three_hops = [&PKI.issuing_g2.der[..], &PKI.root_g2_xsign.der];
    let mut memory = VerifierMemory::new();
    assert_eq!(memory.offer(&verifier().trust().proven_issuers(three_hops)), 2);
    assert_eq!(VerifierMemory::new().offer(&verifier().trust().proven_issuers([three_hops[0]])), 0);
    let given = anchors(&[&PKI.root]).issuers(three_hops[1]).unwrap().build();
    assert_eq!(VerifierMemory::new().offer(&given.proven_issuers([three_hops[0]])), 1);
}

#[test]
fn an_issuer_that_leads_to_no_anchor_is_not_remembered() {
    let below_nobody = authority(&[]);
    let mut web = Web::serving(&[(ISSUING, &below_nobody.der)]);
    let mut verification = verification(&signed_below(&below_nobody, &[ISSUING]));
    let report = web.drive(&mut verification);
    assert_eq!(fetches(&report), [(ISSUING, "fetched")]);
    assert!(report.verdict().is_err());
    assert_eq!(verification.memory().certificates().count(), 0);
}
