//! What the core is built of, and what the security policy says.

use std::time::Duration;

use azure_imds::attested::VerifierMemory;
use azure_imds::{Expectations, Verification};
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
    let rule = &[window, "now <= createdOn + max_age", "for at most 7 h with the largest"][..];
    let link = &["(../SECURITY.md#how-long-a-document-is-good)"][..];
    for (place, text, sentences) in [
        ("SECURITY.md", include_str!("../../SECURITY.md"), rule),
        ("the crate", include_str!("../../core/src/attested/claims/expectations.rs"), rule),
        ("the Python package", include_str!("../../bindings-py/README.md"), link),
        ("the npm package", include_str!("../../bindings-wasm/README.md"), link),
    ] {
        let text = text.replace("///", "").split_whitespace().collect::<Vec<_>>().join(" ");
        for sentence in sentences.iter().chain(&["for at most 6 h 5 min after its creation"]) {
            assert!(text.contains(sentence), "{place}: {sentence}");
        }
    }
    assert_eq!(
        (Expectations::DEFAULT_SKEW, Expectations::SKEW_LIMIT),
        (Duration::from_secs(5 * 60), Duration::from_secs(60 * 60))
    );
}

#[test]
fn the_security_policy_says_what_is_not_proven() {
    let policy = include_str!("../../SECURITY.md");
    for sentence in ["Revocation lists are not read", "Who handed it in", "are not secret", "six hours"] {
        assert!(policy.contains(sentence), "{sentence}");
    }
}

/// The security policy, with any white space as one blank.
fn policy() -> String {
    include_str!("../../SECURITY.md").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A file of the repository.
fn file(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../{path}", env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|it| panic!("{path}: {it}"))
}

/// That the code keeps to a figure is tested where the figure is; here, that the policy says the same one.
#[test]
fn the_figures_of_the_security_policy_are_those_of_the_code() {
    let attested = "core/src/attested";
    for (sentence, path, definition) in [
        ("64 KiB at most", "input.rs", "LIMIT: usize = 64 * 1024;"),
        ("at most 64 KiB of it", "input.rs", "LIMIT: usize = 64 * 1024;"),
        ("in any order, 32 at most", "cms/signed_data.rs", "CERTIFICATE_LIMIT: usize = 32;"),
        ("at most 16 signature checks", "path/budget.rs", "SIGNATURE_CHECK_LIMIT: usize = 16;"),
        ("at most four requests a document", "verdict/verification/fetching.rs", "REQUEST_LIMIT: usize = 4;"),
        ("at most four requests of 64 KiB each", "verdict/verification/fetching.rs", "REQUEST_LIMIT: usize = 4;"),
        ("four requests of 64 KiB each", "memory/answer.rs", "CERTIFICATE_LIMIT: usize = 64 * 1024;"),
        ("eight addresses that are looked at", "verdict/verification/fetching.rs", "ADDRESS_LIMIT: usize = 8;"),
        ("of which a request gets three", "verdict/verification/fetching.rs", "REQUEST_FIFTHS: u32 = 3;"),
        ("and connecting two", "verdict/verification/fetching.rs", "CONNECT_FIFTHS: u32 = 2;"),
        ("is remembered for five minutes", "memory/lane.rs", "ANSWER_MEMORY: Duration = Duration::from_secs(5 * 60);"),
        ("the last 64 addresses", "memory/lane.rs", "ANSWER_LIMIT: usize = 64;"),
        ("and 256 KiB of certificates", "memory/lane.rs", "ANSWER_BYTES: usize = 256 * 1024;"),
        ("three requests in a row", "memory/lane.rs", "FAILURES_IN_A_ROW: u32 = 3;"),
        ("left alone for 30 seconds", "memory/lane.rs", "LEFT_ALONE: Duration = Duration::from_secs(30);"),
        ("at most four requests are under way", "memory.rs", "OTHER_FLIGHTS: usize = 4;"),
        ("(with 4 MiB)", "memory/waiting.rs", "KNOWN_BYTES: usize = 4 * 1024 * 1024;"),
        ("8 MiB of documents", "memory/waiting.rs", "OTHER_BYTES: usize = 8 * 1024 * 1024;"),
        (
            "64 waiting threads (1,000 waiting tasks)",
            "../../../bindings-py/python/azure_imds/_verifier.py",
            "_WAITERS = 64",
        ),
        ("1,000 in `AsyncVerifier`", "../../../bindings-py/python/azure_imds/_verifier.py", "_WAITERS = 1000"),
        ("and Node, with 8 MiB", "../../../bindings-wasm/src/verifier.rs", "WAITERS: usize = 1000;"),
    ] {
        assert!(policy().contains(sentence), "SECURITY.md: {sentence}");
        assert!(file(&format!("{attested}/{path}")).contains(definition), "{path}: {definition}");
    }
    assert!(policy().contains("five seconds in all (`fetch_timeout`)"));
    assert!(policy().contains("At most 64 verifications wait at once by default"));
    assert_eq!(
        (Verification::<VerifierMemory>::DEFAULT_FETCH_TIMEOUT, VerifierMemory::DEFAULT_WAITERS),
        (Duration::from_secs(5), 64)
    );
    assert!(policy().contains("the skew is 300 seconds unless given, 3,600 at most"));
}

/// Each row of the table of attackers, by its beginning, with tests of what it promises.
const ATTACKERS: [(&str, &[&str]); 10] = [
    (
        "writes any bytes",
        &[
            "tests/tests/bounds.rs::a_stack_of_64_kib_is_enough",
            "tests/tests/bounds.rs::no_input_takes_long",
            "tests/tests/mutation.rs::a_sample_of_all_changes_is_refused",
            "tests/tests/suite.rs::every_verdict_is_a_code_and_every_code_a_verdict",
        ],
    ),
    (
        "has a genuine document",
        &[
            "tests/tests/mutation.rs::every_change_is_refused",
            "tests/tests/identity.rs::whatever_form_a_document_is_given_it_has_one_identity",
            "tests/tests/identity.rs::another_content_or_another_key_is_another_identity",
        ],
    ),
    ("has a document of another VM", &["tests/tests/attested.rs::every_vector_gets_its_verdict"]),
    ("has a certificate of a public CA", &["tests/tests/layers.rs::names_and_claims_are_held_to_what_documents_are"]),
    ("runs a CA", &["tests/tests/paths.rs::every_graph_gets_its_verdict"]),
    (
        "wants time or memory",
        &[
            "tests/tests/limbo.rs::no_case_costs_more_than_sixteen_signature_checks",
            "tests/tests/bounds.rs::the_crowds_spend_every_signature_check",
            "tests/tests/issuer_fetching/budget.rs::three_hops_that_are_fetched_cost_what_they_cost_at_hand",
            "tests/tests/specification_sample.rs::is_refused_for_its_key_and_shown_to_be_rightly_signed",
        ],
    ),
    (
        "wants the verifier to ask an address",
        &[
            "tests/tests/issuer_fetching/permitted.rs::nothing_is_asked_for_before_all_but_the_chain_holds",
            "tests/tests/issuer_fetching/permitted.rs::nothing_is_asked_for_where_a_check_after_the_chain_fails",
            "tests/tests/issuer_fetching/permitted.rs::an_address_off_the_list_is_never_asked",
            "tests/tests/issuer_fetching/useless.rs::at_most_four_requests_are_made_for_one_document",
            "tests/tests/issuer_fetching/memory.rs::a_failed_address_is_left_alone_for_five_minutes",
        ],
    ),
    (
        "wants to hold up others",
        &[
            "tests/tests/issuer_fetching/sharing.rs::one_request_answers_for_all_who_need_it",
            "tests/tests/issuer_fetching/sharing.rs::strangers_do_not_delay_or_bar_an_issuer_of_the_table",
            "tests/tests/issuer_fetching/sharing.rs::so_many_wait_and_no_more",
            "tests/python/test_crowd.py::test_strangers_hold_68_threads_and_nobody_else",
        ],
    ),
    (
        "can write to the folder of fetched issuers",
        &[
            "tests/python/test_issuer_cache.py::test_planted_namesakes_change_no_verdict",
            "tests/python/test_issuer_cache.py::test_opening_follows_no_link_and_waits_for_nobody",
            "tests/tests/issuer_fetching/memory.rs::planted_certificates_keep_no_issuer_from_being_found",
        ],
    ),
    (
        "reads the errors",
        &[
            "tests/tests/reasons.rs::nothing_fit_for_a_stranger_holds_a_value",
            "tests/tests/reasons.rs::a_name_is_escaped_once_and_shows_all_that_is_in_it",
            "core/src/quoted/unseen.rs::what_hides_is_known_and_what_is_seen_is_not",
        ],
    ),
];

#[test]
fn each_promise_against_an_attacker_has_its_tests() {
    let text = include_str!("../../SECURITY.md");
    let table =
        text.split("| an attacker who |").nth(1).unwrap().lines().skip(2).take_while(|line| line.starts_with('|'));
    let rows: Vec<_> = table.map(|row| row.trim_start_matches("| ")).collect();
    assert_eq!(rows.len(), ATTACKERS.len());
    for (row, (beginning, tests)) in rows.iter().zip(ATTACKERS) {
        assert!(row.starts_with(beginning), "{row}");
        for test in tests {
            let (path, function) = test.rsplit_once("::").unwrap();
            let text = file(path);
            let is_there = ["fn", "def"].iter().any(|word| text.contains(&format!("{word} {function}(")));
            assert!(is_there, "{beginning}: no test {test}");
        }
    }
}

#[test]
fn what_admits_a_document_once_is_called_so_in_each_language() {
    let text = include_str!("../../SECURITY.md");
    let table = text.split("| | Rust | Python | JavaScript |").nth(1).unwrap();
    let rows: Vec<_> = table.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    let cell = |row: &str, column: usize| row.split('|').nth(column).unwrap().to_owned();
    let column = |number: usize| rows.iter().map(|row| cell(row, number)).collect::<String>();
    let python = ["_native.pyi", "_options.py", "_verifier.py", "errors.py"];
    let python: String = python.iter().map(|it| file(&format!("bindings-py/python/azure_imds/{it}"))).collect();
    let node = file("bindings-wasm/js/verifier.d.ts");
    let attested = [
        "verdict/document.rs",
        "claims/expectations.rs",
        "claims/nonce.rs",
        "verdict/verifier.rs",
        "verdict/verification.rs",
    ];
    let rust: String = attested.iter().map(|it| file(&format!("core/src/attested/{it}"))).collect();
    let rust = rust + &file("core/src/error/code.rs") + &file("core/src/time.rs");
    let names = |cells: &str| -> Vec<String> {
        let words = cells
            .split('`')
            .skip(1)
            .step_by(2)
            .flat_map(|code| code.split(|it: char| !it.is_alphanumeric() && it != '_'));
        words.filter(|it| it.len() > 3 && it.starts_with(char::is_alphabetic)).map(str::to_owned).collect()
    };
    // What the languages have themselves.
    let own = ["timestamp", "getTime", "to_string"];
    for (number, source, least) in [(2, &rust, 10), (3, &python, 10), (4, &node, 10)] {
        let found = names(&column(number));
        assert!(found.len() >= least, "{found:?}");
        for name in found.iter().filter(|name| !own.contains(&name.as_str())) {
            let is_there = ["fn ", "def ", "class ", "readonly ", "pub struct ", "    ", "  "].iter().any(|before| {
                ["(", "<", ":", "?", " "].iter().any(|after| source.contains(&format!("{before}{name}{after}")))
            });
            assert!(is_there, "{name}");
        }
    }
}

#[test]
fn the_vectors_are_as_many_as_the_documents_say() {
    let suite: serde_json::Value = serde_json::from_str(include_str!("../vectors/attested.json")).unwrap();
    let cases = suite["cases"].as_array().unwrap();
    let all = format!("{},{:03} documents", cases.len() / 1000, cases.len() % 1000);
    assert!(include_str!("../../README.md").contains(&all), "{all}");
    let valid = format!("{} valid vectors", cases.iter().filter(|case| case["verdict"] == "verified").count());
    assert!(include_str!("../RELIABILITY.md").contains(&valid), "{valid}");
}

#[test]
fn lines_of_what_people_read_are_not_too_long() {
    for (name, text) in [
        ("README.md", include_str!("../../README.md")),
        ("SECURITY.md", include_str!("../../SECURITY.md")),
        ("CHANGELOG.md", include_str!("../../CHANGELOG.md")),
        ("bindings-py/README.md", include_str!("../../bindings-py/README.md")),
        ("bindings-wasm/README.md", include_str!("../../bindings-wasm/README.md")),
    ] {
        let long = text.lines().filter(|line| !line.starts_with('|') && line.chars().count() > 120);
        assert_eq!(long.collect::<Vec<_>>(), Vec::<&str>::new(), "{name}");
    }
}
