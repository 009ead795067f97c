//! Known flaws of others who verify such documents, CMS and X.509, and what shows that this verifier has none of them.
//!
//! Of each: the vectors that are tagged with it, tests beside them, and the checks of the verifier that stand against
//! it. That a test fails without each of these checks, the program `checks` shows.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::checks::table;

/// One flaw.
#[derive(Clone, Copy, Debug)]
pub struct Flaw {
    /// A letter or two and a number, or the number of a row; as in `vectors/README.md`.
    pub id: &'static str,
    /// What went wrong elsewhere, or what must be refused.
    pub what: &'static str,
    /// Tests beside the vectors: file from the root of the repository, `::`, function.
    pub tests: &'static [&'static str],
    /// Entries of the table of checks.
    pub checks: &'static [&'static str],
}

const fn flaw(
    id: &'static str,
    what: &'static str,
    tests: &'static [&'static str],
    checks: &'static [&'static str],
) -> Flaw {
    Flaw { id, what, tests, checks }
}

const LIMBO: &str = "tests/tests/limbo.rs::every_verdict_that_counts_is_limbos_or_listed";
const PKITS: &str = "tests/tests/pkits.rs::every_path_gets_the_suites_verdict_or_is_listed";
const MUTATION: &str = "tests/tests/mutation.rs::a_sample_of_all_changes_is_refused";
const STACK: &str = "tests/tests/bounds.rs::a_stack_of_64_kib_is_enough";
const MEMORY: &str = "tests/tests/bounds_memory.rs::the_peak_is_four_times_the_input_and_64_kib";
const TIME: &str = "tests/tests/bounds.rs::no_input_takes_long";
const ADDRESSES: &str = "tests/tests/issuer_fetching/permitted.rs::an_address_off_the_list_is_never_asked";
const PROVEN: &str =
    "tests/tests/issuer_fetching/fetched.rs::the_address_in_a_certificate_that_proved_nothing_is_never_asked";
const RSA: &str = "tests/tests/wycheproof.rs::rsa_pkcs1";
const ECDSA: &str = "tests/tests/wycheproof.rs::ecdsa";

/// All of them: the lettered ones, then the numbered rows.
pub const FLAWS: &[Flaw] = &[
    flaw("AZ1", "the chain is checked, the signature is not", &[MUTATION], &["content_signature"]),
    flaw(
        "AZ2",
        "the address in an unverified certificate is fetched",
        &[ADDRESSES, PROVEN],
        &["fetching_when_clean", "address_judged"],
    ),
    flaw(
        "AZ3",
        "policy and signature look at two certificates",
        &[],
        &["signer_certificate_issuer", "signer_certificate_serial", "signer_certificate_one"],
    ),
    flaw(
        "AZ4",
        "a genuine address is not on the list",
        &["tests/tests/issuer_fetching/permitted.rs::an_issuer_of_the_table_is_asked_for_where_the_table_says"],
        &["address_host"],
    ),
    flaw(
        "AZ5",
        "the issuer is pinned by name, and replaced",
        &["tests/tests/issuer_fetching/fetched.rs::a_missing_issuer_is_fetched_and_the_document_verified"],
        &["certificate_implementation_by_signature"],
    ),
    flaw(
        "AZ6",
        "the odd digest identifier",
        &[],
        &[
            "digest_algorithm_known",
            "digest_quirk_of_sha256",
            "digest_quirk_beside_rsa_encryption",
            "listed_digest_agrees",
        ],
    ),
    flaw(
        "AZ7",
        "names by suffix, by pattern, by common name",
        &[],
        &["name_after_a_dot", "name_ends_in_domain", "names_there"],
    ),
    flaw(
        "AZ8",
        "nonce and times not compared",
        &[],
        &["nonce_compared", "nonce_there", "window_begun", "window_not_ended", "times_in_order"],
    ),
    flaw("C1", "attributes presented as content", &[], &["content_is_json", "content_type"]),
    flaw(
        "C2",
        "trailing bytes, no anchors, the signer's own clock",
        &[],
        &["trailing_data", "chain_anchors", "attribute_content_type", "leaf_server_auth"],
    ),
    flaw("C3", "several signers, not all checked", &[], &["signer_count", "signer_count_last", "content_signature"]),
    flaw(
        "C4",
        "attributes and identifiers of wrong type or number",
        &[],
        &["attribute_message_digest_kind", "digest_algorithm_count", "digest_algorithm_known"],
    ),
    flaw("C5", "NULL and absent parameters", &[RSA], &["digest_parameters", "encoded_null"]),
    flaw("C6", "unsorted attributes", &[], &["attributes_sorted"]),
    flaw("C7", "junk beside an ECDSA identifier", &[], &["ecdsa_parameters"]),
    flaw(
        "C8",
        "BER, and lengths that lie",
        &[STACK],
        &["certificate_critical_default", "certificate_name_order", "certificate_readable"],
    ),
    flaw(
        "C9",
        "bytes outside the signature",
        &[MUTATION],
        &["trailing_data", "unsigned_attributes", "certificate_critical_default"],
    ),
    flaw("C10", "absent content reads as empty", &[], &["content_there", "content_not_empty"]),
    flaw(
        "C11",
        "versions and identifiers that do not fit",
        &[],
        &["signer_info_version", "signed_data_version", "signer_identifier"],
    ),
    flaw("S1", "lenient padding", &[RSA], &["encoded_whole", "encoded_padding_minimum", "encoded_digest_info"]),
    flaw(
        "S2",
        "trailing bytes and ranges of signatures",
        &[ECDSA, RSA],
        &["signature_not_longer", "signature_below_modulus"],
    ),
    flaw("S3", "curves by explicit parameters", &[LIMBO], &["key_curve", "key_curve_of_elliptic_key"]),
    flaw(
        "S4",
        "a private RSA operation that leaks: there is none",
        &["tests/tests/supply_chain.rs::the_runtime_tree_is_the_one_listed"],
        &["encoded_whole"],
    ),
    flaw(
        "S5",
        "keys and exponents of absurd sizes",
        &["tests/tests/bounds.rs::keys_of_absurd_sizes_are_refused_before_anything_is_computed", RSA],
        &["key_maximum", "key_exponent", "key_exponent_length", "key_modulus_odd"],
    ),
    flaw(
        "X1",
        "paths and constraints that explode",
        &[TIME, LIMBO, "tests/tests/limbo.rs::no_case_costs_more_than_sixteen_signature_checks"],
        &["chain_budget", "chain_budget_spent", "many_names", "many_constraints", "many_names_of_a_ca"],
    ),
    flaw(
        "X2",
        "constraints on URIs, wildcards, addresses passed by",
        &[LIMBO, PKITS, "tests/tests/paths.rs::name_constraints_hold_for_every_combination"],
        &["constrained_addresses", "chain_addresses", "anchor_name_constraints"],
    ),
    flaw("X3", "CRLs: a document with one is refused, none is read", &[], &["crls"]),
    flaw("X4", "an issuer that is no CA", &[PKITS, LIMBO], &["authority_ca", "authority_basic_constraints"]),
    flaw("X5", "unknown keys and empty names", &[LIMBO], &["key_algorithm", "name_well_formed", "certificate_issuer"]),
    flaw("X6", "recursion", &[STACK], &["claims_depth", "json_depth_lists", "json_depth_objects", "envelope_depth"]),
    flaw("X7", "odd times", &[PKITS], &["certificate_time_type", "certificate_readable", "claim_time_digits"]),
    flaw("X8", "giant and padded identifiers", &[STACK, TIME], &["identifiers", "identifier_of_digest_algorithm"]),
    flaw("X9", "an extension twice", &[LIMBO], &["extension_once"]),
    flaw("X10", "sets sorted in quadratic time", &[TIME, MEMORY], &["attributes_sorted"]),
    flaw("1", "content changed, signature kept", &[MUTATION], &["content_signature"]),
    flaw(
        "2",
        "a genuine certificate first, the attacker's second",
        &[],
        &["signer_certificate_issuer", "signer_certificate_serial"],
    ),
    flaw("3", "several signers", &[], &["signer_count", "signer_count_last"]),
    flaw("4", "no signer", &[], &["signer_count"]),
    flaw(
        "5",
        "the signer's certificate absent, or twice",
        &[],
        &["signer_certificate_one", "signer_certificate_issuer"],
    ),
    flaw("6", "no trust anchors", &[], &["chain_anchors"]),
    flaw("7", "embedded certificates taken as trusted", &[], &["chain_asked", "chain_proven"]),
    flaw("8", "attributes switch a check off", &[], &["attribute_message_digest", "content_signature"]),
    flaw(
        "9",
        "attributes missing, repeated, unequal",
        &[],
        &[
            "attribute_repeated",
            "attribute_content_type_there",
            "attribute_message_digest_there",
            "attribute_message_digest",
        ],
    ),
    flaw("10", "messageDigest of another type", &[], &["attribute_message_digest_kind"]),
    flaw("11", "no digest algorithm listed", &[], &["digest_algorithm_count"]),
    flaw("12", "attributes out of order", &[], &["attributes_sorted"]),
    flaw("13", "signingTime chooses the time", &[], &["chain_leaf_validity"]),
    flaw("14", "digests that can be forged", &[], &["digest_algorithm_known", "signature_algorithm_known"]),
    flaw(
        "15",
        "digest identifiers that disagree",
        &[],
        &["listed_digest_agrees", "signature_digest_agrees", "digest_quirk_of_sha256"],
    ),
    flaw(
        "16",
        "content detached, absent, of another type",
        &[],
        &["content_there", "content_not_empty", "content_type"],
    ),
    flaw("17", "identifiers that point nowhere", &[], &["signer_identifier", "signer_info_version"]),
    flaw("18", "BER, cut off input", &[MUTATION, STACK], &["certificate_critical_default"]),
    flaw("19", "deep nesting, giant identifiers", &[STACK, TIME], &["identifiers", "json_depth_lists"]),
    flaw(
        "20",
        "bytes behind the document, odd base64",
        &[MUTATION],
        &["trailing_data", "base64_alphabet", "base64_padding", "base64_trailing_bits"],
    ),
    flaw("21", "oversize input", &[MEMORY], &["input_length", "certificate_count", "json_members"]),
    flaw("22", "lenient RSA padding", &[RSA], &["encoded_whole", "encoded_separator", "encoded_padding_octets"]),
    flaw(
        "23",
        "RSA signatures and keys of odd size",
        &[RSA],
        &["key_minimum", "signature_not_shorter", "signature_below_modulus"],
    ),
    flaw("24", "a self-signed signer with the right names", &[], &["chain_self_issued", "chain_proven"]),
    flaw("25", "a genuine certificate of another name", &[], &["name_of_azure"]),
    flaw("26", "tricks with names", &[], &["name_wildcard", "name_characters", "names_are_dns", "name_after_a_dot"]),
    flaw("27", "another cloud", &[], &["cloud_accepted", "names_of_one_cloud"]),
    flaw("28", "an issuer that is no CA", &[PKITS, LIMBO], &["authority_ca", "authority_basic_constraints"]),
    flaw("29", "the leaf's signature not checked", &[MUTATION], &["chain_proven", "chain_proof_is_right"]),
    flaw(
        "30",
        "path length, usages, purposes, version, critical extensions",
        &[PKITS, LIMBO],
        &[
            "chain_anchor_path_length",
            "authority_key_cert_sign",
            "intermediate_server_auth",
            "certificate_version",
            "extension_critical",
        ],
    ),
    flaw(
        "31",
        "name constraints passed by",
        &[PKITS, LIMBO],
        &["anchor_name_constraints", "authority_name_constraints_critical", "constrained_addresses"],
    ),
    flaw(
        "32",
        "inner and outer algorithm unequal, SHA-1, MD5",
        &[LIMBO],
        &["certificate_algorithms_agree", "certificate_signature_algorithm"],
    ),
    flaw(
        "33",
        "certificates outside their validity",
        &[PKITS],
        &["validity_begun", "validity_not_ended", "chain_anchor_validity"],
    ),
    flaw(
        "34",
        "cross-signs: accepted, and no explosion",
        &["tests/tests/paths.rs::every_graph_gets_its_verdict", TIME],
        &["chain_budget"],
    ),
    flaw(
        "35",
        "revocation: out of scope, and said so in SECURITY.md",
        &["tests/tests/supply_chain.rs::the_security_policy_says_what_is_not_proven"],
        &["crls"],
    ),
    flaw(
        "36",
        "duplicate extensions, odd serials, no names",
        &[LIMBO],
        &[
            "extension_once",
            "certificate_serial_length",
            "certificate_serial_negative",
            "certificate_serial_zero",
            "names_not_empty",
        ],
    ),
    flaw(
        "37",
        "addresses off the list",
        &[ADDRESSES, "core/src/attested/issuers/address/tests.rs::hostile_urls_are_refused_with_and_without_origins"],
        &["address_host", "address_user", "address_port", "address_dots", "address_percent", "fetched_redirect"],
    ),
    flaw(
        "38",
        "bodies and addresses without bound",
        &["tests/tests/issuer_fetching/useless.rs::at_most_four_requests_are_made_for_one_document"],
        &["fetched_size", "address_count", "fetching_request_limit"],
    ),
    flaw(
        "39",
        "a name alone makes an issuer",
        &["tests/tests/issuer_fetching/fetched.rs::an_issuer_with_a_small_key_proves_nothing"],
        &["fetched_signed", "issuer_has_signed"],
    ),
    flaw(
        "40",
        "a fetch before the signature is checked",
        &["tests/tests/issuer_fetching/permitted.rs::nothing_is_asked_for_before_all_but_the_chain_holds"],
        &["fetching_when_clean"],
    ),
    flaw("41", "the document's own times", &[], &["window_not_ended", "window_begun", "times_in_order", "life"]),
    flaw(
        "42",
        "times that can't be read",
        &[],
        &["claim_times_readable", "claim_time_length", "claim_time_digits", "claim_time_form"],
    ),
    flaw(
        "43",
        "nonce absent, other, cut short",
        &[],
        &["nonce_there", "nonce_compared", "nonce_whole", "nonce_not_part"],
    ),
    flaw(
        "44",
        "JSON that parsers read differently",
        &[],
        &["json_duplicate_keys", "json_one_value", "claims_utf8", "claims_depth"],
    ),
    flaw("45", "vmId empty, subscriptionId absent", &[], &["claim_vm_id", "expected_subscription_id_there"]),
    flaw("46", "an envelope of another encoding", &[], &["envelope_encoding_value", "envelope_encoding_there"]),
    flaw(
        "47",
        "replay: by a nonce or an age alone",
        &[
            "core/src/attested/claims/expectations.rs::nothing_is_switched_off_by_an_empty_argument",
            "tests/tests/identity.rs::whatever_form_a_document_is_given_it_has_one_identity",
        ],
        &["nonce_asked", "age", "argument_nonce"],
    ),
];

/// The vectors tagged with a flaw.
#[must_use]
pub fn vectors<'a>(suite: &'a Value, flaw: &Flaw) -> Vec<&'a str> {
    let tagged = |case: &&Value| case["flaws"].as_array().is_some_and(|flaws| flaws.iter().any(|it| it == flaw.id));
    suite["cases"].as_array().into_iter().flatten().filter(tagged).filter_map(|case| case["id"].as_str()).collect()
}

/// What the table names and is not there.
///
/// # Errors
///
/// A sentence, if the table of checks can't be read.
pub fn missing(suite: &Value) -> Result<Vec<String>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let checks = table::read()?;
    let mut missing = Vec::new();
    for flaw in FLAWS {
        if vectors(suite, flaw).is_empty() && flaw.tests.is_empty() {
            missing.push(format!("{}: no vector and no test", flaw.id));
        }
        for test in flaw.tests {
            let there = test.split_once("::").is_some_and(|(file, function)| {
                fs::read_to_string(root.join(file)).is_ok_and(|text| text.contains(&format!("fn {function}(")))
            });
            if !there {
                missing.push(format!("{}: no test {test}", flaw.id));
            }
        }
        for name in flaw.checks.iter().filter(|name| !checks.iter().any(|check| check.name == **name)) {
            missing.push(format!("{}: no check {name}", flaw.id));
        }
    }
    Ok(missing)
}

/// The table in Markdown.
#[must_use]
pub fn table(suite: &Value) -> String {
    let mut table =
        String::from("| flaw | what | vectors | tests beside them | checks against it |\n|---|---|---|---|---|\n");
    for flaw in FLAWS {
        let vectors = vectors(suite, flaw);
        let named = match *vectors {
            [] => String::from("none"),
            [one] => format!("`{one}`"),
            [first, ..] => format!("`{first}` and {} more", vectors.len() - 1),
        };
        let short = |test: &&str| {
            let (file, function) = test.split_once("::").unwrap_or_default();
            let file = file.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
            format!("`{file}::{function}`")
        };
        let tests = flaw.tests.iter().map(short).collect::<Vec<_>>().join(", ");
        let checks = flaw.checks.iter().map(|check| format!("`{check}`")).collect::<Vec<_>>().join(", ");
        table.push_str(&format!("| {} | {} | {named} | {tests} | {checks} |\n", flaw.id, flaw.what));
    }
    table
}
