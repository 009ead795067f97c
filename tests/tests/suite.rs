//! The file of shared vectors is well formed, and covers every known flaw and every code.

use std::collections::BTreeSet;
use std::path::Path;

use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value;
use x509_cert::der::{Decode as _, Encode as _};

/// Codes that no document alone can give, and why.
const CODES_WITHOUT_CASE: &[(&str, &str)] =
    &[("fetch_overflow", "not a document's, but that of a verifier for which too many wait: see `issuer_fetching`")];
/// Flaws of RELIABILITY.md that a document can show.
const FLAWS: &[(&str, std::ops::RangeInclusive<u32>)] = &[("AZ", 1..=8), ("C", 1..=11), ("S", 1..=5), ("X", 1..=10)];
/// Numbered rows of what a verifier must reject; not those on revocation, fetching and replay.
const ROWS: std::ops::RangeInclusive<u32> = 1..=46;
const ROWS_WITHOUT_CASE: &[u32] = &[35, 37, 38, 40];
const CASES: usize = 1066;
const VERIFIED: usize = 173;

#[test]
fn counts_are_as_committed() {
    let suite = suite();
    assert_eq!(suite["version"], 1);
    assert_eq!(cases(&suite).len(), CASES);
    assert_eq!(cases(&suite).iter().filter(|case| case["verdict"] == "verified").count(), VERIFIED);
}

#[test]
fn every_case_has_the_shape_that_the_readme_describes() {
    let suite = suite();
    let mut ids = BTreeSet::new();
    for case in cases(&suite) {
        let id = case["id"].as_str().expect("id");
        assert!(ids.insert(id), "{id} is there twice");
        assert_eq!(id.split("::").count(), 3, "{id}");
        assert!(id.starts_with("attested::"), "{id}");
        let fields: BTreeSet<_> = case.as_object().expect("object").keys().map(String::as_str).collect();
        let mut expected = BTreeSet::from([
            "anchors",
            "at",
            "description",
            "expect",
            "flaws",
            "id",
            "importance",
            "input",
            "issuers",
            "verdict",
        ]);
        expected.extend((case["verdict"] == "verified").then_some("identity"));
        expected.extend(case["deny"].is_array().then_some("deny"));
        assert_eq!(fields, expected, "{id}");
        let digests = case["deny"].as_array().into_iter().flatten().chain(case.get("identity"));
        for digest in digests {
            assert_eq!(HEXLOWER.decode(digest.as_str().expect("text").as_bytes()).expect("digits").len(), 32, "{id}");
        }
        assert!(
            ["critical", "high", "medium", "low"].contains(&case["importance"].as_str().expect("importance")),
            "{id}"
        );
        assert!(case["description"].as_str().expect("description").ends_with('.'), "{id}");
        assert!(case["at"] == "signing-time" || case["at"].is_u64(), "{id}");
        expectations_are_known(id, &case["expect"]);
        input_is_text_or_base64(id, case);
    }
}

fn expectations_are_known(id: &str, expect: &Value) {
    let expect = expect.as_object().expect("object");
    assert!(expect["nonce"].is_null() || expect["nonce"].as_str().is_some_and(|nonce| !nonce.is_empty()), "{id}");
    let clouds = expect["clouds"].as_array().expect("clouds");
    assert!(!clouds.is_empty(), "{id}");
    for cloud in clouds {
        assert!(["public", "usgov", "china", "germany"].contains(&cloud.as_str().expect("cloud")), "{id}");
    }
    for (name, value) in expect {
        let fits = match name.as_str() {
            "nonce" | "clouds" => true,
            "max_age" | "skew" => value.is_u64(),
            "vm_id" | "subscription_id" | "sku" => value.is_string(),
            "plan" => ["name", "product", "publisher"].iter().all(|part| value[part].is_string()),
            _ => false,
        };
        assert!(fits, "{id}: {name}");
    }
}

fn input_is_text_or_base64(id: &str, case: &Value) {
    let input = case["input"].as_object().expect("object");
    assert_eq!(input.len(), 1, "{id}");
    let size = match (input.get("text"), input.get("base64")) {
        (Some(text), None) => text.as_str().expect("text").len(),
        (None, Some(base64)) => BASE64.decode(base64.as_str().expect("base64").as_bytes()).expect("base64").len(),
        _ => panic!("{id}: neither text nor base64"),
    };
    assert_eq!(size > 65_536, case["verdict"] == "input_too_long", "{id}: {size} bytes");
}

#[test]
fn every_certificate_named_is_there_and_every_one_there_is_named() {
    let suite = suite();
    let named: BTreeSet<_> = cases(&suite)
        .iter()
        .flat_map(|case| [&case["anchors"], &case["issuers"]])
        .flat_map(|names| names.as_array().expect("names"))
        .map(|name| name.as_str().expect("name"))
        .collect();
    let there: BTreeSet<_> = suite["certificates"].as_object().expect("object").keys().map(String::as_str).collect();
    assert_eq!(named, there);
}

#[test]
fn every_known_flaw_has_a_case() {
    let suite = suite();
    let covered: BTreeSet<_> = cases(&suite)
        .iter()
        .flat_map(|case| case["flaws"].as_array().expect("flaws"))
        .map(|flaw| flaw.as_str().expect("flaw").to_owned())
        .collect();
    let letters =
        FLAWS.iter().flat_map(|(letters, numbers)| numbers.clone().map(move |number| format!("{letters}{number}")));
    let rows = ROWS.filter(|row| !ROWS_WITHOUT_CASE.contains(row)).map(|row| row.to_string());
    let missing: Vec<_> = letters.chain(rows).filter(|flaw| !covered.contains(flaw)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn every_verdict_is_a_code_and_every_code_a_verdict() {
    let suite = suite();
    let codes = codes();
    assert!(codes.len() > 60, "only {} codes found in the source", codes.len());
    let mut verdicts: BTreeSet<_> =
        cases(&suite).iter().map(|case| case["verdict"].as_str().expect("verdict")).collect();
    assert!(verdicts.remove("verified"));
    let without: BTreeSet<_> = CODES_WITHOUT_CASE.iter().map(|(code, _)| *code).collect();
    let expected: BTreeSet<_> = codes.iter().map(String::as_str).filter(|code| !without.contains(code)).collect();
    assert_eq!(verdicts, expected);
}

/// A second opinion on the writer of this crate: the `cms` crate reads every valid document, and writes it the same.
#[test]
fn valid_documents_are_what_the_cms_crate_writes() {
    let mut checked = 0;
    let suite = suite();
    for case in cases(&suite).iter().filter(|case| case["verdict"] == "verified") {
        let id = case["id"].as_str().expect("id");
        let text = case["input"]["text"].as_str().unwrap_or_default();
        let Ok(envelope) = serde_json::from_str::<Value>(text) else {
            continue;
        };
        let der = BASE64.decode(envelope["signature"].as_str().expect("signature").as_bytes()).expect("base64");
        let content = ContentInfo::from_der(&der).unwrap_or_else(|error| panic!("{id}: {error}"));
        let signed_data: SignedData = content.content.decode_as().unwrap_or_else(|error| panic!("{id}: {error}"));
        // More than one certificate need not be in the order of DER here; that crate would sort them.
        if signed_data.certificates.as_ref().is_some_and(|bag| bag.0.len() == 1) {
            assert_eq!(signed_data.to_der().expect("DER"), content.content.to_der().expect("DER"), "{id}");
            checked += 1;
        }
    }
    assert!(checked > 90, "only {checked} documents were checked");
}

fn cases(suite: &Value) -> &[Value] {
    suite["cases"].as_array().expect("cases")
}

/// The codes, from the text of the table in which the core declares them.
fn codes() -> BTreeSet<String> {
    let source = read("../core/src/attested/error/verify.rs");
    source
        .lines()
        .filter_map(|line| Some(line.split_once("=> \"")?.1.split_once("\",")?.0))
        .filter(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'))
        .map(String::from)
        .collect()
}

fn suite() -> Value {
    serde_json::from_str(&read("vectors/attested.json")).expect("JSON")
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("reading {}: {error}", path.display()))
}
