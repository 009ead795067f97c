//! What the core is built of, and what the security policy says.

use azure_imds_tests::corpora::{flaws, runtime};

#[test]
fn the_runtime_tree_is_the_one_listed() {
    let found = runtime::tree().unwrap();
    assert_eq!(found, runtime::listed());
    assert!(!found.contains("rsa"));
}

#[test]
fn every_flaw_has_its_evidence() {
    let suite = serde_json::from_str(include_str!("../vectors/attested.json")).unwrap();
    assert_eq!(flaws::missing(&suite).unwrap(), Vec::<String>::new());
    let lettered = [("AZ", 8), ("C", 11), ("S", 5), ("X", 10)];
    let lettered = lettered.iter().flat_map(|(letters, count)| (1..=*count).map(move |it| format!("{letters}{it}")));
    let expected: Vec<_> = lettered.chain((1..=47).map(|row: u32| row.to_string())).collect();
    assert_eq!(flaws::FLAWS.iter().map(|flaw| flaw.id).collect::<Vec<_>>(), expected);
}

#[test]
fn the_security_policy_says_what_is_not_proven() {
    let policy = include_str!("../../SECURITY.md");
    for sentence in ["Revocation lists are not read", "Who handed it in", "no secrets", "six hours"] {
        assert!(policy.contains(sentence), "{sentence}");
    }
}
