//! What the core is built of, and what the security policy says.

use azure_imds::Expectations;
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
fn how_long_a_document_is_good_is_the_same_everywhere() {
    let window = "createdOn - skew <= now <= min(expiresOn, createdOn + 6 h) + skew";
    for (place, text, max_age) in [
        ("SECURITY.md", include_str!("../../SECURITY.md"), "max_age"),
        ("the crate", include_str!("../../core/src/attested/expectations.rs"), "max_age"),
        ("the Python package", include_str!("../../bindings-py/README.md"), "max_age"),
        ("the npm package", include_str!("../../bindings-wasm/README.md"), "maxAge"),
    ] {
        let text = text.replace("///", "").split_whitespace().collect::<Vec<_>>().join(" ");
        let age = format!("now <= createdOn + {max_age}");
        for sentence in [window, &age, "for at most 6 h 5 min after its creation", "for at most 7 h with the largest"] {
            assert!(text.contains(sentence), "{place}: {sentence}");
        }
    }
    assert_eq!((Expectations::DEFAULT_SKEW, Expectations::SKEW_LIMIT), (5 * 60, 60 * 60));
}

#[test]
fn the_security_policy_says_what_is_not_proven() {
    let policy = include_str!("../../SECURITY.md");
    for sentence in ["Revocation lists are not read", "Who handed it in", "no secrets", "six hours"] {
        assert!(policy.contains(sentence), "{sentence}");
    }
}
