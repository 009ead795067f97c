//! Stories of what a verification computes: each signature once, 16 at most, and nothing twice.

use std::cell::Cell;
use std::rc::Rc;

use azure_imds::attested::DEFAULT_ALGORITHMS;
use azure_imds_tests::key::Key;
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};

use super::*;

thread_local! {
    static COMPUTED: Cell<usize> = const { Cell::new(0) };
}

/// An algorithm that counts how often it is asked, in each thread.
#[derive(Debug)]
struct Counted(&'static dyn SignatureVerificationAlgorithm);

impl SignatureVerificationAlgorithm for Counted {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        COMPUTED.set(COMPUTED.get() + 1);
        self.0.verify_signature(key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.0.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.0.signature_alg_id()
    }
}

static COUNTED: LazyLock<Vec<&'static dyn SignatureVerificationAlgorithm>> = LazyLock::new(|| {
    let counted = |algorithm: &&'static dyn SignatureVerificationAlgorithm| {
        &*Box::leak(Box::new(Counted(*algorithm))) as &'static dyn SignatureVerificationAlgorithm
    };
    DEFAULT_ALGORITHMS.iter().map(counted).collect()
});

/// The signatures computed since this was asked before.
pub(super) fn computed() -> usize {
    COMPUTED.replace(0)
}

pub(super) fn counting(issuers: &[Certificate]) -> Verifier {
    let trust = issuers.iter().fold(anchors(&[&PKI.root, &ROOT_CA]), |trust, it| trust.issuers(&it.der).unwrap());
    Verifier::new(trust.algorithms(&COUNTED).build())
}

/// Issuers of the right name with keys of their own: each costs a check.
fn namesakes(count: u8) -> Vec<Certificate> {
    let key = |scalar: u8| Key::p256(p256::ecdsa::SigningKey::from_slice(&[scalar; 32]).unwrap());
    (1..=count).map(|scalar| issuing(&key(scalar)).issue()).collect()
}

/// A memory that counts how often it is looked into: twice for each evaluation, once for each address, once for an end.
#[derive(Clone, Default)]
pub(super) struct Watched(Rc<(Cell<usize>, std::cell::RefCell<VerifierMemory>)>);

impl SharedMemory for Watched {
    fn with<T>(&mut self, change: impl FnOnce(&mut VerifierMemory) -> T) -> T {
        self.0.0.set(self.0.0.get() + 1);
        change(&mut self.0.1.borrow_mut())
    }
}

#[test]
fn the_signature_of_a_weak_key_is_one_of_the_sixteen_however_often_it_is_explained() {
    let weak = pki::leaf(&PKI.keys.key("small"), &ISSUING_CA).extension(addresses(&[])).issue();
    let input = PKI.signed_by(&weak).der();
    let mut verification = Verification::new(&counting(&namesakes(20)), &input, expectations(), now());
    computed();
    let report = Web::default().drive(&mut verification);
    assert_eq!(code(&report), "key_too_small");
    let of =
        |report: &Report, check: Check| report.checks().iter().find(|it| it.check == check).unwrap().outcome.clone();
    assert_eq!(of(&report, Check::ContentSignature), Outcome::Passed);
    assert_eq!(computed(), 15, "and the document's own");
    let mut verification = verification.without_explanation();
    for _ in 0..3 {
        assert_eq!(of(&verification.explain(), Check::ContentSignature), Outcome::Passed);
    }
    assert_eq!(computed(), 0);
}

#[test]
fn three_hops_that_are_fetched_cost_what_they_cost_at_hand() {
    let input = signed_below(&PKI.issuing_g2, &[ISSUING]);
    let at_hand = counting(&[PKI.issuing_g2.clone(), PKI.root_g2_xsign.clone()]);
    computed();
    assert!(at_hand.explain(&input, &expectations(), now()).verdict().is_ok());
    assert_eq!(computed(), 4);
    let mut web = Web::serving(&[(ISSUING, &PKI.issuing_g2.der), (ROOT, &PKI.root_g2_xsign.der)]);
    let mut fetching = Verification::new(&counting(&[]), &input, expectations(), now());
    assert!(web.drive(&mut fetching).verdict().is_ok());
    assert_eq!((web.asked.len(), computed()), (2, 4));
}

#[test]
fn a_verification_costs_16_checks_however_often_it_is_resumed() {
    let urls: Vec<String> = (0..4).map(|number| address(&number.to_string())).collect();
    let named: Vec<&str> = urls.iter().map(String::as_str).collect();
    let pages = namesakes(24);
    for at_hand in [0, 8, 12, 13, 14, 15] {
        let verifier = counting(&pages[..at_hand]);
        let mut web = Web::default();
        for (url, page_of) in urls.iter().zip(&pages[20..]) {
            web.pages.insert(url.clone(), page(200, &page_of.der));
        }
        computed();
        let mut verification = Verification::new(&verifier, &document(&named), expectations(), now());
        let report = web.drive(&mut verification);
        let spent = computed();
        // The content, those at hand, one for each that came.
        let wanted = 1 + at_hand + 4;
        assert_eq!(spent, wanted.min(16), "{at_hand} at hand");
        let verdict = if wanted > 16 { "signature_check_limit" } else { "certificate_signature" };
        assert_eq!(code(&report), if at_hand == 0 { "issuer_missing" } else { verdict }, "{at_hand} at hand");
        let explained = verification.explain();
        assert_eq!((computed(), code(&explained)), (0, code(&report)), "{at_hand} at hand");
    }
}

#[test]
fn nothing_is_evaluated_again_after_a_fetch_that_brought_nothing() {
    let mut memory = Watched::default();
    let verifier = counting(&[]);
    let input = document(&[ISSUING, ELSEWHERE, ROOT]);
    let mut verification = Verification::sharing(&verifier, &input, expectations(), now(), memory.clone());
    let looks = |memory: &Watched| memory.0.0.replace(0);
    let (mut id, _) = sent(verification.poll(Instant::from_millis(0)));
    assert_eq!(looks(&memory), 3, "an evaluation, an address");
    for _ in 0..2 {
        verification.fail(id, Instant::from_millis(1), TransportError::Refused).unwrap();
        assert_eq!(looks(&memory), 1, "the end of a request");
        (id, _) = sent(verification.poll(Instant::from_millis(1)));
        assert_eq!(looks(&memory), 1, "the next address, and no evaluation");
    }
    verification.receive(id, Instant::from_millis(1), response(200, &ISSUING_CA.der)).unwrap();
    looks(&memory);
    let report = done(verification.poll(Instant::from_millis(1)));
    assert!(report.verdict().is_ok(), "{report}");
    assert_eq!(looks(&memory), 3, "an evaluation, and the end");
    // The content, the leaf, its issuer.
    assert_eq!(computed(), 3);
    for _ in 0..3 {
        assert_eq!(done(verification.poll(Instant::from_millis(9))), report);
        assert_eq!(verification.explain(), report);
    }
    assert_eq!((looks(&memory), computed()), (0, 0), "what is done costs nothing");
    assert_eq!(memory.with(|memory| memory.certificates().count()), 1);
}

#[test]
fn a_poll_after_the_end_computes_nothing() {
    let verifier = counting(std::slice::from_ref(&ISSUING_CA));
    let other_nonce = Expectations::new(Nonce::new("0123456789").unwrap());
    for (expectations, verdict) in [(expectations(), "verified"), (other_nonce, "nonce_mismatch")] {
        let (input, memory) = (document(&[ISSUING]), Watched::default());
        let mut verification =
            Verification::sharing(&verifier, &input, expectations, now(), memory.clone()).without_explanation();
        computed();
        let report = done(verification.poll(Instant::default()));
        assert_eq!((code(&report), computed()), (verdict, 3));
        memory.0.0.set(0);
        for millis in [0, 9, u64::MAX] {
            let again = done(verification.poll(Instant::from_millis(millis)));
            assert_eq!(again, report);
            assert!(!again.verdict().is_ok_and(|again| !std::ptr::eq(again, report.verdict().unwrap())), "no copy");
        }
        assert_eq!((memory.0.0.get(), computed()), (0, 0));
    }
}

#[test]
fn a_verdict_alone_can_be_explained_afterwards_without_fetching() {
    let suite: Value = serde_json::from_str(include_str!("../../vectors/attested.json")).unwrap();
    for case in suite["cases"].as_array().unwrap() {
        let Some(vector) = Vector::read(case, &suite["certificates"]) else { continue };
        let id = &vector.id;
        let verifier = vector.verifier(true);
        let explained = verifier.explain(&vector.input, &vector.expectations, vector.at);
        let verification = Verification::new(&verifier, &vector.input, vector.expectations.clone(), vector.at);
        let mut verification = verification.without_fetching().without_explanation();
        let report = done(verification.poll(Instant::default()));
        assert_eq!(report.verdict(), explained.verdict(), "{id}");
        assert!(report.checks().is_empty() && report.unverified_content().is_none(), "{id}");
        let afterwards = verification.explain();
        assert_eq!(afterwards.verdict(), report.verdict(), "{id}");
        assert_eq!(afterwards.checks(), explained.checks(), "{id}");
        assert_eq!(afterwards.chain(), explained.chain(), "{id}");
        assert_eq!(afterwards.unverified_content(), explained.unverified_content(), "{id}");
    }
}

#[test]
fn what_a_cache_found_is_explained_without_it() {
    let verifier = counting(&[]);
    let mut memory = VerifierMemory::new();
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let other_nonce = || Expectations::new(Nonce::new("0123456789").unwrap());
    for (expectations, verdict) in [(expectations(), "verified"), (other_nonce(), "nonce_mismatch")] {
        let verification = Verification::new(&verifier, &document(&[ISSUING]), expectations, now());
        let mut verification = verification.without_explanation().with_memory(memory);
        assert_eq!(code(&web.drive(&mut verification)), verdict);
        memory = verification.memory().clone();
        computed();
        let report = verification.explain();
        assert_eq!((code(&report), computed()), (verdict, 0));
        let chain = report.checks().iter().find(|line| line.check == Check::Chain).unwrap();
        assert_eq!(chain.outcome, Outcome::Passed, "{report}");
    }
    assert_eq!(web.asked(), [ISSUING]);
}
