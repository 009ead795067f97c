//! Hostile inputs: every entry point on a small stack, at most 16 signature checks, time and codes as they should be.

use std::sync::LazyLock;
use std::time::{Duration, Instant as Clock};

use azure_imds::attested::{ChainCache, VerifierMemory};
use azure_imds::layers::{self, Leaf};
use azure_imds::{Exchange, Instant, SignedDocument, Step, Trust, Verification, VerifyError};
use azure_imds_tests::clock::processor_time;
use azure_imds_tests::corpora::hostile::{self, Hostile, expectations, now};
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::pki::Pki;

static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::new(KeyRing::parse(include_str!("../vectors/keys.json"))));

static INPUTS: LazyLock<Vec<Hostile>> = LazyLock::new(|| hostile::inputs(&PKI));

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
    let _offered = VerifierMemory::new().offer(&verifier.trust().proven_issuers([&hostile.input[..]]));
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

/// A figure for people is in RELIABILITY.md; this is a bound that no machine on which tests run may miss by far. It is on
/// the time that the processor works: how long that takes is a matter of what else the machine does.
#[test]
fn no_input_takes_long() {
    let mut times = Vec::new();
    for hostile in &*INPUTS {
        let verifier = hostile.verifier();
        let start = processor_time();
        let _report = verifier.explain(&hostile.input, &expectations(), now());
        let Some((end, start)) = processor_time().zip(start) else {
            eprintln!("skipped: this system does not tell the time of a thread");
            return;
        };
        let took = end - start;
        assert!(took < Duration::from_secs(2), "{}: {took:?}", hostile.name);
        times.push((took, &hostile.name));
    }
    times.sort_unstable();
    println!("the slowest: {:#?}", times.iter().rev().take(5).collect::<Vec<_>>());
}

/// The figures of RELIABILITY.md:
/// `cargo test --release -p azure-imds-tests --test bounds -- --ignored --nocapture`.
#[test]
#[ignore = "a bound on time that holds in release builds, on a machine that does little else"]
fn in_release_no_input_takes_50_ms() {
    let ordinary = hostile::ordinary(&PKI);
    let time = |hostile: &Hostile, rounds: usize| {
        let verifier = hostile.verifier();
        let round = || {
            let start = Clock::now();
            let _report = verifier.explain(&hostile.input, &expectations(), now());
            start.elapsed()
        };
        // The shortest: what else the machine does is not the verifier's time.
        (0..rounds).map(|_| round()).min().unwrap()
    };
    let mut slowest: Vec<_> = INPUTS.iter().map(|hostile| (time(hostile, 3), hostile)).collect();
    slowest.sort_by_key(|(took, _)| std::cmp::Reverse(*took));
    slowest.truncate(16);
    let spenders = INPUTS.iter().filter(|hostile| hostile.name.starts_with("16 signature checks"));
    let measured: Vec<&Hostile> = slowest.iter().map(|(_, hostile)| *hostile).chain(spenders).collect();
    let unit = time(&ordinary, 200);
    println!("{:>8.2} ms, {}", unit.as_secs_f64() * 1e3, ordinary.name);
    for hostile in measured {
        let took = time(hostile, 40);
        let times = took.as_secs_f64() / unit.as_secs_f64();
        println!("{:>8.2} ms, {times:.1} times that: {}", took.as_secs_f64() * 1e3, hostile.name);
        assert!(took < Duration::from_millis(50), "{}: {took:?}", hostile.name);
    }
}

#[test]
fn the_crowds_spend_every_signature_check() {
    let mut count = 0;
    for hostile in INPUTS.iter().filter(|hostile| hostile.name.starts_with("16 signature checks")) {
        let verifier = hostile.verifier();
        let document = SignedDocument::parse(&hostile.input).unwrap();
        let error = verifier.verify(&document, &expectations(), now()).unwrap_err();
        println!("{}: {error}", hostile.name);
        assert_eq!(error.code(), "signature_check_limit", "{}", hostile.name);
        count += 1;
    }
    assert_eq!(count, 8);
}
