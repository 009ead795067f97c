//! How long one document takes, as medians and ratios of one run: `cargo bench -p azure-imds`.
//!
//! The variants take turns in short slices, so that a machine that is slow for a while is slow for all of them. Before
//! anything is timed, each variant must verify the document and refuse it with one byte changed.
//!
//! `cargo bench -p azure-imds --bench verify -- refusal` prints nothing but the microseconds that a wrong signature costs, for those who
//! compare theirs with it.

#![allow(clippy::expect_used, clippy::panic, reason = "a benchmark that can't run stops with a sentence")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use azure_imds::attested::ChainCache;
use azure_imds::{Expectations, Nonce, SignedDocument, Timestamp, Trust, Verifier};
use base64ct::{Base64, Encoding as _};
use serde_json::Value;

/// Rounds in which every variant has one turn.
const ROUNDS: usize = 41;
/// Length of a turn.
const SLICE: Duration = Duration::from_millis(15);

/// A document of the shared vectors, with all that its verification needs.
struct Subject {
    input: Vec<u8>,
    verifier: Verifier,
    expectations: Expectations,
    time: Timestamp,
}

/// A document with a wrong signature.
const REFUSED: &str = "attested::signature::content_changed";

/// One way to spend the time; says whether the document was accepted.
type Variant<'a> = (&'static str, Box<dyn FnMut(&[u8]) -> bool + 'a>);

fn main() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../tests/vectors/attested.json")).expect("the vectors are JSON");
    let refused = Subject::of(&vectors, REFUSED);
    let medians = measure(&refused.input, &mut refused.refusals(), false);
    if std::env::args().any(|argument| argument == "refusal") {
        return println!("{:.2}", medians.first().map_or(0.0, |(_, median)| *median));
    }
    println!("{REFUSED}, {} bytes handed in", refused.input.len());
    print(&medians, "of the refusal");
    for id in ["attested::valid::as_azure_signs", "attested::valid::ecc_p256"] {
        let subject = Subject::of(&vectors, id);
        let mut variants = subject.variants();
        subject.prove(&mut variants);
        println!("\n{id}, {} bytes handed in", subject.input.len());
        print(&measure(&subject.input, &mut variants, true), "of the full chain");
    }
}

impl Subject {
    fn of(vectors: &Value, id: &str) -> Self {
        let cases = vectors["cases"].as_array().expect("a list of cases");
        let case = cases.iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("no vector is named {id}"));
        let named = |key: &str| -> Vec<Vec<u8>> {
            let names = case[key].as_array().expect("a list of names").iter();
            names.map(|name| base64(&vectors["certificates"][name.as_str().expect("a name")])).collect()
        };
        let mut trust = Trust::builder_without_anchors();
        for anchor in named("anchors") {
            trust = trust.anchors(&anchor).expect("the anchor can be read");
        }
        for issuer in named("issuers") {
            trust = trust.issuers(&issuer).expect("the issuer can be read");
        }
        let nonce = Nonce::new(case["expect"]["nonce"].as_str().expect("a nonce")).expect("not empty");
        Self {
            input: case["input"]["text"].as_str().expect("an envelope").as_bytes().to_vec(),
            verifier: Verifier::new(trust.build()),
            expectations: Expectations::new(nonce),
            time: Timestamp::from_unix(case["at"].as_u64().expect("a time")),
        }
    }

    fn variants(&self) -> Vec<Variant<'_>> {
        let mut cache = ChainCache::new(self.verifier.trust());
        vec![
            (
                "full chain",
                Box::new(|input| {
                    SignedDocument::parse(input)
                        .and_then(|document| self.verifier.verify(&document, &self.expectations, self.time))
                        .is_ok()
                }),
            ),
            (
                "leaf seen before",
                Box::new(move |input| {
                    SignedDocument::parse(input).is_ok_and(|document| {
                        self.verifier.verify_cached(&document, &self.expectations, self.time, &mut cache).is_ok()
                    })
                }),
            ),
            (
                "report of every check",
                Box::new(|input| self.verifier.explain(input, &self.expectations, self.time).verdict().is_ok()),
            ),
            ("parse alone", Box::new(|input| SignedDocument::parse(input).is_ok())),
        ]
    }

    /// Ways to refuse it.
    fn refusals(&self) -> Vec<Variant<'_>> {
        vec![
            (
                "refused",
                Box::new(|input| {
                    SignedDocument::parse(input)
                        .and_then(|document| self.verifier.verify(&document, &self.expectations, self.time))
                        .is_ok()
                }),
            ),
            (
                "report of every check",
                Box::new(|input| self.verifier.explain(input, &self.expectations, self.time).verdict().is_ok()),
            ),
        ]
    }

    /// Each variant accepts the document; each that verifies refuses it with one byte of content changed.
    fn prove(&self, variants: &mut [Variant<'_>]) {
        let document = SignedDocument::parse(&self.input).expect("the document can be read");
        let mut changed = document.der().to_vec();
        let vm_id = changed.windows(6).position(|window| window == b"\"vmId\"").expect("a vmId");
        changed[vm_id + 10] ^= 1;
        for (name, variant) in variants {
            assert!(variant(&self.input), "{name} refuses the document");
            assert!(variant(&self.input), "{name} refuses the document the second time");
            assert!(*name == "parse alone" || !variant(&changed), "{name} accepts a changed document");
        }
    }
}

/// Median time of one call, for each variant, which accepts the document or refuses it as it must.
fn measure(input: &[u8], variants: &mut [Variant<'_>], is_accepted: bool) -> Vec<(&'static str, f64)> {
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); variants.len()];
    for _ in 0..ROUNDS {
        for ((_, variant), times) in variants.iter_mut().zip(&mut times) {
            let (start, mut calls) = (Instant::now(), 0_u32);
            while start.elapsed() < SLICE {
                assert_eq!(variant(black_box(input)), is_accepted);
                calls += 1;
            }
            times.push(start.elapsed().as_secs_f64() * 1e6 / f64::from(calls));
        }
    }
    let medians = times.into_iter().map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    variants.iter().map(|(name, _)| *name).zip(medians).collect()
}

fn print(medians: &[(&'static str, f64)], of: &str) {
    let full = medians.first().map_or(1.0, |(_, full)| *full);
    println!("{:<24}{:>12}{of:>24}", "", "µs");
    for (name, median) in medians {
        println!("{name:<24}{median:>12.1}{:>24.3}", median / full);
    }
}

fn base64(value: &Value) -> Vec<u8> {
    Base64::decode_vec(value.as_str().expect("text")).expect("base64")
}
