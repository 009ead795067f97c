//! Stories of verifications that are under way at the same time: one makes a request for all, and none bars another.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::*;

/// A memory as hosts share it.
#[derive(Clone, Debug)]
struct Shared(Rc<RefCell<VerifierMemory>>);

type Sharing = Verification<Shared>;

impl SharedMemory for Shared {
    fn with<T>(&mut self, change: impl FnOnce(&mut VerifierMemory) -> T) -> T {
        change(&mut self.0.borrow_mut())
    }
}

impl Shared {
    fn new(waiters: usize) -> Self {
        Self(Rc::new(RefCell::new(VerifierMemory::with_waiters(waiters))))
    }

    fn start(&self, input: &[u8]) -> Sharing {
        Verification::sharing(&verifier(), input, expectations(), now(), self.clone())
    }

    /// Documents whose signers name an address each.
    fn naming(&self, urls: &[&str]) -> Vec<Sharing> {
        urls.iter().map(|url| self.start(&document(&[url]))).collect()
    }
}

fn at(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn waits(step: Step<Report>) -> u64 {
    match step {
        Step::Wait(until) => until.millis(),
        other => panic!("not a wait: {other:?}"),
    }
}

/// Addresses that anybody may name, on one host.
fn strangers(count: usize) -> Vec<String> {
    (0..count).map(|number| address(&format!("stranger%20{number}"))).collect()
}

/// A document whose issuer the table knows, and where the table says it is.
fn listed(number: u8) -> (Vec<u8>, Certificate, &'static str) {
    let subject = format!("CN=Microsoft Azure RSA TLS Issuing CA {number:02},O=Microsoft Corporation,C=US");
    let known = by_subject(&subject).next().unwrap();
    let parts = [(oid::COUNTRY, "US"), (oid::ORGANIZATION, "Microsoft Corporation"), (oid::COMMON_NAME, known.name)];
    let issuing = pki::issuing(name::name(&parts), &ISSUING_CA.key, &ROOT_CA).issue();
    (signed_below(&issuing, &[]), issuing, known.url.unwrap())
}

#[test]
fn one_request_answers_for_all_who_need_it() {
    let memory = Shared::new(9);
    let mut all = memory.naming(&[ISSUING; 9]);
    let (id, request) = sent(all[0].poll(at(0)));
    for waiting in &mut all[1..] {
        assert!(waits(waiting.poll(at(1))) > request.deadline.millis());
    }
    all[0].receive(id, at(40), response(200, &ISSUING_CA.der)).unwrap();
    for (number, one) in all.iter_mut().enumerate() {
        let report = done(one.poll(at(41)));
        assert!(report.verdict().is_ok(), "{report}");
        assert_eq!(fetches(&report), [(ISSUING, "fetched")]);
        assert_eq!(report.fetches()[0].remembered, number > 0);
    }
    assert_eq!(memory.0.borrow().certificates().count(), 1);
}

#[test]
fn a_failure_is_that_of_all_who_wait_for_it() {
    for answer in [response(404, b""), response(200, b"junk"), response(200, &namesake().der)] {
        let memory = Shared::new(9);
        let mut all = memory.naming(&[ISSUING; 9]);
        let (id, _) = sent(all[0].poll(at(0)));
        all[1..].iter_mut().for_each(|one| assert!(waits(one.poll(at(0))) > 0));
        all[0].receive(id, at(40), answer).unwrap();
        let codes: Vec<_> = all.iter_mut().map(|one| code(&done(one.poll(at(41))))).collect();
        assert_eq!(codes, ["issuer_missing"; 9]);
    }
}

#[test]
fn who_goes_away_leaves_the_request_to_the_next() {
    let memory = Shared::new(9);
    let mut all = memory.naming(&[ISSUING; 3]);
    let (id, _) = sent(all[0].poll(at(0)));
    assert!(waits(all[1].poll(at(0))) > 0 && waits(all[2].poll(at(0))) > 0);
    all[0].release();
    all[0].receive(id, at(1), response(200, &ISSUING_CA.der)).unwrap();
    assert_eq!(memory.0.borrow().certificates().count(), 0, "what comes too late is ignored");
    let _sent = sent(all[1].poll(at(2)));
    assert!(waits(all[2].poll(at(2))) > 0);
    drop(all.remove(1));
    let _sent = sent(all[1].poll(at(3)));
}

#[test]
fn a_request_whose_end_nobody_tells_is_given_up_a_second_after_its_deadline() {
    let memory = Shared::new(9);
    let mut all = memory.naming(&[ISSUING; 2]);
    let (_, request) = sent(all[0].poll(at(0)));
    assert_eq!(request.deadline, at(3_000));
    assert_eq!(waits(all[1].poll(at(10))), 4_000);
    assert_eq!(waits(all[1].poll(at(3_999))), 4_000);
    let (id, request) = sent(all[1].poll(at(4_000)));
    assert_eq!(request.deadline, at(5_010), "its own time is over then");
    // Cut short as it was, that it got no answer is not held against the address.
    all[1].fail(id, at(5_010), TransportError::ReadTimeout).unwrap();
    let report = done(all[1].poll(at(5_010)));
    assert_eq!(fetches(&report), [(ISSUING, "read_timeout")]);
    let _sent = sent(memory.naming(&[ISSUING])[0].poll(at(5_011)));
}

#[test]
fn who_waits_waits_no_longer_than_its_own_time() {
    let memory = Shared::new(9);
    let mut all = memory.naming(&[ISSUING; 2]);
    all[1] = memory.start(&document(&[ISSUING])).fetch_timeout(Duration::from_millis(500));
    let _sent = sent(all[0].poll(at(0)));
    assert_eq!(waits(all[1].poll(at(100))), 600);
    let report = done(all[1].poll(at(600)));
    assert_eq!(fetches(&report), [(ISSUING, "deadline_exceeded")]);
    assert_eq!((code(&report), report.not_fetched()), ("issuer_missing", Some(NotFetched::TimeOver)));
    assert!(report.retryable() && report.to_string().contains("\nnot fetched: the time for fetching is over\n"));
}

#[test]
fn a_time_of_ones_own_is_divided_like_the_usual_one() {
    let mut short = Shared::new(9).start(&document(&[ISSUING, ROOT])).fetch_timeout(Duration::from_millis(1_000));
    let (id, request) = sent(short.poll(at(0)));
    assert_eq!((request.connect_timeout, request.deadline), (Duration::from_millis(400), at(600)));
    // A request that would be given less than a fifth of the time is not made.
    short.fail(id, at(801), TransportError::Refused).unwrap();
    assert_eq!(fetches(&done(short.poll(at(801)))), [(ISSUING, "refused"), (ROOT, "deadline_exceeded")]);
    let mut none = Shared::new(9).start(&document(&[ISSUING])).fetch_timeout(Duration::from_millis(0));
    assert_eq!(done(none.poll(at(7))).not_fetched(), Some(NotFetched::TimeOver));
}

#[test]
fn four_requests_are_on_the_way_to_addresses_that_the_table_does_not_name() {
    let memory = Shared::new(9);
    let urls = strangers(6);
    let mut all = memory.naming(&urls.iter().map(String::as_str).collect::<Vec<_>>());
    let ids: Vec<_> = all[..4].iter_mut().map(|one| sent(one.poll(at(0))).0).collect();
    for waiting in &mut all[4..] {
        assert_eq!(waits(waiting.poll(at(0))), 4_000);
    }
    all[2].receive(ids[2], at(5), response(404, b"")).unwrap();
    let _sent = sent(all[5].poll(at(6)));
    assert!(waits(all[4].poll(at(6))) > 6);
}

#[test]
fn strangers_do_not_delay_or_bar_an_issuer_of_the_table() {
    let memory = Shared::new(3);
    let urls = strangers(12);
    let mut all = memory.naming(&urls.iter().map(String::as_str).collect::<Vec<_>>());
    let ids: Vec<_> = all[..4].iter_mut().map(|one| sent(one.poll(at(0))).0).collect();
    all[4..7].iter_mut().for_each(|one| assert!(waits(one.poll(at(0))) > 0));
    assert_eq!(code(&done(all[7].poll(at(0)))), "fetch_overflow");

    let (input, issuing, url) = listed(8);
    let mut genuine: Vec<_> = (0..4).map(|_| memory.start(&input)).collect();
    let (id, request) = sent(genuine[0].poll(at(1)));
    assert_eq!(request.url, url);
    genuine[1..].iter_mut().for_each(|one| assert!(waits(one.poll(at(1))) > 0));
    // Nor do the failures of the host in the strangers' lane count here.
    for (stranger, id) in all.iter_mut().zip(&ids) {
        stranger.fail(*id, at(2), TransportError::ReadTimeout).unwrap();
    }
    let report = done(all[8].poll(at(3)));
    assert_eq!(fetches(&report), [(urls[8].as_str(), "host_failing")]);
    drop(genuine.remove(0));
    answer_foreign(&mut verification(b""), id);
    let (id, _) = sent(genuine[0].poll(at(3)));
    genuine[0].receive(id, at(4), response(200, &issuing.der)).unwrap();
    for one in &mut genuine {
        assert!(done(one.poll(at(5))).verdict().is_ok());
    }
    // What an address of the table answered is not pushed out by what others did.
    let mut answered = 10;
    for url in strangers(80) {
        answered += 1;
        let mut one = memory.start(&document(&[&url]));
        match one.poll(at(40_000 + answered)) {
            Step::Send(id, _) => one.receive(id, at(40_000 + answered), response(404, b"")).unwrap(),
            step => drop(done(step)),
        }
    }
    let stranger = PKI.leaf_of(&PKI.attacker_ca).with(|leaf| leaf.issuer.clone_from(&issuing.subject)).issue();
    let mut last = memory.start(&PKI.signed_by(&stranger).der());
    let report = loop {
        match last.poll(at(50_000)) {
            Step::Send(id, request) => {
                assert_ne!(request.url, url);
                last.fail(id, at(50_000), TransportError::Refused).unwrap();
            }
            step => break done(step),
        }
    };
    assert_eq!((fetches(&report)[0], report.fetches()[0].remembered), ((url, "not_the_issuer"), true));
}

#[test]
fn who_waits_for_an_issuer_of_the_table_takes_no_place_of_another() {
    let memory = Shared::new(2);
    let (wanted, other) = (listed(8), listed(7));
    let mut strangers: Vec<_> = (0..3).map(|_| memory.start(&wanted.0)).collect();
    let (_hangs, request) = sent(strangers[0].poll(at(0)));
    assert_eq!(request.url, wanted.2);
    assert!(waits(strangers[1].poll(at(0))) > 0 && waits(strangers[2].poll(at(0))) > 0);
    assert_eq!(code(&done(memory.start(&wanted.0).poll(at(0)))), "fetch_overflow");

    let mut genuine: Vec<_> = (0..4).map(|_| memory.start(&other.0)).collect();
    let (id, request) = sent(genuine[0].poll(at(1)));
    assert_eq!(request.url, other.2);
    assert!(waits(genuine[1].poll(at(1))) > 0 && waits(genuine[2].poll(at(1))) > 0);
    assert_eq!(code(&done(genuine[3].poll(at(1)))), "fetch_overflow");
    genuine[0].receive(id, at(2), response(200, &other.1.der)).unwrap();
    for one in &mut genuine[..3] {
        assert!(done(one.poll(at(2))).verdict().is_ok());
    }
    // Their places were theirs: the strangers' address is as full as before.
    assert_eq!(code(&done(memory.start(&wanted.0).poll(at(3)))), "fetch_overflow");
    drop(strangers.pop());
    assert!(waits(memory.start(&wanted.0).poll(at(3))) > 3);
}

#[test]
fn so_many_wait_and_no_more() {
    let memory = Shared::new(2);
    let mut all = memory.naming(&[ISSUING; 6]);
    let (id, _) = sent(all[0].poll(at(0)));
    for _ in 0..3 {
        // Waiting on takes no further place.
        assert!(waits(all[1].poll(at(1))) > 1 && waits(all[2].poll(at(1))) > 1);
    }
    let mut refused = memory.start(&document(&[ISSUING])).without_explanation();
    for report in [done(all[3].poll(at(1))), done(refused.poll(at(1))), refused.explain()] {
        assert_eq!((code(&report), report.not_fetched()), ("fetch_overflow", Some(NotFetched::Overflow)));
        assert!(report.retryable() && report.fetches().is_empty());
        assert_eq!(report.failed_check(), Some(Check::Chain));
        let chain = report.checks().iter().find(|line| line.check == Check::Chain);
        assert!(chain.is_none_or(|line| line.detail == report.verdict().unwrap_err().to_string()), "{report}");
    }
    // A place is given back by who goes away, and by who goes on.
    drop(all.remove(1));
    assert!(waits(all[3].poll(at(2))) > 2);
    assert_eq!(code(&done(all[4].poll(at(2)))), "fetch_overflow");
    all[0].fail(id, at(3), TransportError::Refused).unwrap();
    let mut next = memory.naming(&[ELSEWHERE; 3]);
    assert_eq!(code(&done(all[1].poll(at(3)))), "issuer_missing");
    assert_eq!(code(&done(all[3].poll(at(3)))), "issuer_missing");
    let _sent = sent(next[0].poll(at(4)));
    assert!(waits(next[1].poll(at(4))) > 4 && waits(next[2].poll(at(4))) > 4);
}

#[test]
fn documents_that_wait_come_to_8_mib_at_most() {
    let padding = Extension::new("1.3.6.1.4.1.55555.1", vec![4; 45_000]);
    let input = PKI.signed_by(&leaf(&[ISSUING]).extension(padding).issue()).der();
    let memory = Shared::new(usize::MAX);
    let mut first = memory.start(&input);
    let _sent = sent(first.poll(at(0)));
    let mut waiting = Vec::new();
    let refused = loop {
        let mut one = memory.start(&input);
        match one.poll(at(1)) {
            Step::Wait(_) => waiting.push(one),
            step => break done(step),
        }
    };
    assert_eq!(code(&refused), "fetch_overflow");
    assert_eq!(waiting.len(), 8 * 1024 * 1024 / input.len());
    waiting.pop();
    assert!(waits(memory.start(&input).poll(at(1))) > 1);
}

#[test]
fn a_host_is_left_alone_after_three_requests_that_failed() {
    let memory = Shared::new(9);
    let urls = strangers(20);
    let fail = |number: usize, millis: u64, error: TransportError| {
        let mut one = memory.start(&document(&[&urls[number]]));
        let (id, _) = sent(one.poll(at(millis)));
        one.fail(id, at(millis), error).unwrap();
    };
    let answer = |number: usize, millis: u64| {
        let mut one = memory.start(&document(&[&urls[number]]));
        let (id, _) = sent(one.poll(at(millis)));
        one.receive(id, at(millis), response(503, b"")).unwrap();
    };
    let is_left_alone = |number: usize, millis: u64| match memory.start(&document(&[&urls[number]])).poll(at(millis)) {
        Step::Send(..) => false,
        step => fetches(&done(step)) == [(urls[number].as_str(), "host_failing")],
    };
    // A status counts for nothing but the end of the row.
    fail(0, 0, TransportError::Refused);
    fail(1, 0, TransportError::ConnectTimeout);
    answer(2, 0);
    fail(3, 1, TransportError::Truncated);
    fail(4, 1, TransportError::Unreachable { reason: Quoted::from("no route") });
    assert!(!is_left_alone(9, 1));
    fail(5, 2, TransportError::ReadTimeout);
    assert!(is_left_alone(9, 2) && is_left_alone(9, 30_001));
    // Other hosts are none of its business.
    let _sent = sent(memory.naming(&[ELSEWHERE])[0].poll(at(2)));
    // Then one tries.
    let mut trying = memory.start(&document(&[&urls[6]]));
    let (id, _) = sent(trying.poll(at(30_002)));
    assert!(is_left_alone(9, 30_003));
    trying.fail(id, at(30_004), TransportError::Refused).unwrap();
    assert!(is_left_alone(9, 30_005) && is_left_alone(9, 60_003));
    answer(7, 60_004);
    assert!(!is_left_alone(9, 60_005));
    // An answer that is too long is an answer.
    for number in 10..14 {
        fail(number, 60_006, TransportError::TooLong { limit: 1 });
    }
    assert!(!is_left_alone(9, 60_007));
}

#[test]
fn the_same_host_is_one_however_its_port_is_written() {
    let memory = Shared::new(9);
    for (number, origin) in
        ["http://www.microsoft.com", "http://www.microsoft.com:80", "https://www.microsoft.com:443"].iter().enumerate()
    {
        let mut one = memory.start(&document(&[&format!("{origin}/pkiops/certs/{number}.crt")]));
        let (id, _) = sent(one.poll(at(0)));
        one.fail(id, at(0), TransportError::Refused).unwrap();
    }
    let report = done(memory.naming(&["https://www.microsoft.com/pkiops/certs/a.crt"])[0].poll(at(1)));
    assert_eq!(report.fetches()[0].error.as_ref().unwrap().code(), "host_failing");
}

#[test]
fn a_copy_of_a_memory_holds_no_requests_and_nobody_who_waits() {
    let memory = Shared::new(1);
    let mut all = memory.naming(&[ISSUING; 2]);
    let _sent = sent(all[0].poll(at(0)));
    assert!(waits(all[1].poll(at(0))) > 0);
    let copy = Shared(Rc::new(RefCell::new(memory.0.borrow().clone())));
    let mut all = copy.naming(&[ISSUING; 2]);
    let _sent = sent(all[0].poll(at(0)));
    assert!(waits(all[1].poll(at(0))) > 0);
}
