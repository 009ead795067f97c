//! The parity corpus is what it is said to be: the documents made of chains show the verdicts on these chains.

use std::collections::{BTreeMap, BTreeSet};

use azure_imds_tests::corpora::{limbo, pkits};
use azure_imds_tests::parity::answer::answer;
use azure_imds_tests::parity::{corpora, imported, reissued};
use serde_json::Value;

/// Documents of limbo that are refused before their chain is judged: the corpus, the chain's own verdict, the code of the
/// document, how many.
const LIMBO_ENDS_BEFORE: &[(&str, &str, &str, usize)] = &[
    ("limbo, issuers at hand", "certificate_malformed", "certificate_malformed", 2),
    ("limbo, issuers at hand", "certificate_malformed", "input_too_long", 1),
    ("limbo, issuers inside", "certificate_malformed", "certificate_malformed", 2),
    ("limbo, issuers inside", "certificate_malformed", "input_too_long", 1),
    ("limbo, issuers inside", "path_budget", "too_many_certificates", 2),
    ("limbo, issuers inside", "root_not_trusted", "too_many_certificates", 1),
    ("limbo, issuers inside", "signature_check_limit", "too_many_certificates", 1),
];

/// Paths of PKITS that a signer's certificate ends for another reason than the path layer gives: the path's number, its
/// verdict, the one shown. All are refused by both; a signer is looked at before its path is.
const SIGNER_FIRST: &[(&str, &str, &str)] = &[
    ("40202", "path_invalid", "certificate_not_yet_valid"),
    ("40203", "certificate_malformed", "before: certificate_malformed"),
    ("40204", "certificate_malformed", "before: certificate_malformed"),
    ("40206", "path_invalid", "certificate_expired"),
    ("40207", "certificate_malformed", "before: certificate_malformed"),
    ("40606", "path_invalid", "leaf_is_ca"),
    ("40608", "path_invalid", "leaf_is_ca"),
    ("40610", "path_invalid", "leaf_is_ca"),
    ("40612", "path_invalid", "leaf_is_ca"),
    ("40614", "path_invalid", "leaf_is_ca"),
    ("41602", "path_invalid", "critical_extension"),
];

/// What a report says of the chain: `passed`, a code, or that it ended before, and at what.
fn chain_of(answer: &Value) -> String {
    if let Some(code) = answer["usage"]["code"].as_str() {
        return format!("usage: {code}");
    }
    let checks = answer["report"]["checks"].as_array().expect("checks");
    let line = checks.iter().find(|line| line["name"] == "chain").expect("the check");
    match (line["outcome"].as_str(), line["code"].as_str()) {
        (Some("failed"), Some(code)) => code.to_owned(),
        (Some("not_reached"), _) => format!("before: {}", answer["report"]["error"]["code"].as_str().expect("a code")),
        (outcome, _) => outcome.expect("an outcome").to_owned(),
    }
}

#[test]
fn documents_of_limbo_show_the_verdict_on_the_chain() {
    let Some(cases) = limbo::cases() else { return };
    let mut ends_before: BTreeMap<(&str, String, String), usize> = BTreeMap::new();
    let mut shown = 0;
    for case in &cases {
        let outcome = limbo::run(case);
        let expected = outcome.chain.as_ref().map_or_else(String::as_str, |_| "passed");
        for question in imported::limbo(case) {
            let found = chain_of(&answer(&question));
            match found.strip_prefix("before: ") {
                Some(code) => {
                    *ends_before.entry((question.corpus, expected.to_owned(), code.to_owned())).or_default() += 1;
                }
                None => {
                    assert_eq!(found, expected, "{}", question.id);
                    shown += 1;
                }
            }
        }
    }
    let ends_before: Vec<_> = ends_before
        .iter()
        .map(|((corpus, expected, code), count)| (*corpus, expected.as_str(), code.as_str(), *count))
        .collect();
    assert_eq!(ends_before, LIMBO_ENDS_BEFORE);
    assert_eq!(shown, 2 * 208 - 10);
}

#[test]
fn leafs_issued_anew_show_the_verdict_on_the_path_of_pkits() {
    let Some(folder) = pkits::folder() else { return };
    let questions = reissued::paths(&folder);
    if questions.is_empty() {
        return;
    }
    assert_eq!(questions.len(), 87);
    let mut differing = Vec::new();
    for (question, path) in questions.iter().zip(pkits::paths(&folder)) {
        let found = chain_of(&answer(question));
        let expected = path.found.map_or_else(|code| code, |_| "passed".to_owned());
        if found != expected {
            differing.push((path.id, expected, found));
        }
    }
    let differing: Vec<_> =
        differing.iter().map(|(id, ours, shown)| (id.as_str(), ours.as_str(), shown.as_str())).collect();
    assert_eq!(differing, SIGNER_FIRST);
}

#[test]
fn mutants_are_spread_over_kinds_and_documents() {
    let vectors = corpora::vectors();
    let valid: BTreeSet<&str> =
        vectors.iter().filter(|(_, verdict)| verdict == "verified").map(|(question, _)| question.id.as_str()).collect();
    let mutants = corpora::mutants(&vectors);
    assert_eq!(mutants.len(), corpora::MUTANTS);
    let count = |part: &str| mutants.iter().filter(|mutant| mutant.id.contains(part)).count();
    for kind in ["Flip", "Truncation", "Deletion", "Duplication"] {
        assert_eq!(count(&format!(" {kind} at ")), 250);
    }
    assert!(count(", DER") > 450 && count(", as given") > 450);
    for id in valid {
        assert!(count(&format!(" of {id}, ")) >= 4, "{id}");
    }
    let again = corpora::mutants(&vectors);
    assert!(mutants.iter().zip(&again).all(|(one, other)| one.input == other.input));
}
