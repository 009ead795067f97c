//! Hostile inputs: every entry point on a small stack, at most 16 signature checks, time and codes as they should be.

use std::sync::LazyLock;
use std::time::{Duration, Instant as Clock};

use azure_imds::layers::{self, Leaf};
use azure_imds::{ChainCache, Exchange, Instant, IssuerMemory, SignedDocument, Step, Trust, Verification, VerifyError};
use azure_imds_tests::corpora::hostile::{self, Hostile, expectations, now};
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::pki::Pki;

static INPUTS: LazyLock<Vec<Hostile>> =
    LazyLock::new(|| hostile::inputs(&Pki::new(KeyRing::parse(include_str!("../vectors/keys.json")))));

/// Bytes of stack that every entry point must do with.
const STACK: usize = 64 * 1024;

/// Every way in, one after the other. All come to the same verdict.
fn every_way_in(hostile: &Hostile) -> &'static str {
    let verifier = hostile.verifier();
    let report = verifier.explain(&hostile.input, &expectations(), now());
    let code = report.verdict().map_or_else(VerifyError::code, |_| "verified");
    match SignedDocument::parse(&hostile.input) {
        Ok(document) => {
            let verdict = verifier.verify(&document, &expectations(), now());
            assert_eq!(verdict.as_ref().map_or_else(VerifyError::code, |_| "verified"), code, "{}", hostile.name);
            let mut cache = ChainCache::new(verifier.trust());
            let cached = verifier.verify_cached(&document, &expectations(), now(), &mut cache);
            assert_eq!(cached.map_or_else(|error| error.code(), |_| "verified"), code, "{}", hostile.name);
        }
        Err(error) => assert_eq!(error.code(), code, "{}", hostile.name),
    }
    let mut verification = Verification::new(&verifier, &hostile.input, expectations(), now()).without_fetching();
    assert!(matches!(verification.poll(Instant::default()), Step::Done(_)), "{}", hostile.name);
    // The bytes as certificates, whatever they are.
    let _offered = IssuerMemory::new().offer(&hostile.input);
    let _read = Trust::builder_without_anchors().issuers(&hostile.input).is_ok();
    let _claims = layers::claims(&hostile.input).is_ok();
    let _found = layers::chain(verifier.trust(), &hostile.input, Leaf::Signer, now());
    let text = String::from_utf8_lossy(&hostile.input);
    let _urls = layers::issuer_urls(&text, &[&text], &[], now()).map(|urls| assert!(urls.is_empty()));
    let _origin = Trust::builder().allow_origin(&text).is_ok();
    code
}

#[test]
fn a_stack_of_64_kib_is_enough() {
    for hostile in &*INPUTS {
        let run = || every_way_in(hostile);
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
            let code = thread.unwrap().join().unwrap();
            assert!(code == "verified" || VerifyError::CODES.contains(&code), "{}: {code}", hostile.name);
        });
    }
}

#[test]
fn keys_of_absurd_sizes_are_refused_before_anything_is_computed() {
    for (name, code) in [
        ("modulus of 16,384 bits", "key_too_large"),
        ("modulus of 300,000 bits", "key_too_large"),
        ("exponent of 4,096 bits", "key_exponent"),
        ("modulus and exponent of 4,096 bits", "key_exponent"),
    ] {
        let hostile = INPUTS.iter().find(|hostile| hostile.name == name).unwrap();
        let report = hostile.verifier().explain(&hostile.input, &expectations(), now());
        assert_eq!(report.verdict().unwrap_err().code(), code, "{name}");
        let reached = report.checks().iter().find(|line| line.check.name() == "content_signature").unwrap();
        assert_ne!(reached.outcome.name(), "passed", "{name}");
    }
}

/// A figure for people is in RELIABILITY.md; this is a bound that no machine on which tests run may miss by far.
#[test]
fn no_input_takes_long() {
    let mut times = Vec::new();
    for hostile in &*INPUTS {
        let verifier = hostile.verifier();
        let time = || {
            let start = Clock::now();
            let _report = verifier.explain(&hostile.input, &expectations(), now());
            start.elapsed()
        };
        // The shortest of three: what else the machine does is not the verifier's time.
        let took = time().min(time()).min(time());
        assert!(took < Duration::from_secs(2), "{}: {took:?}", hostile.name);
        times.push((took, &hostile.name));
    }
    times.sort_unstable();
    println!("the slowest: {:#?}", times.iter().rev().take(5).collect::<Vec<_>>());
}
