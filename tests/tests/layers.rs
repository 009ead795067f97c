//! Single layers, by which corpora and fuzzing measure: each accepts, refuses and counts as it says.

use std::sync::LazyLock;

use azure_imds::layers::{self, Leaf};
use azure_imds::{Trust, VerifyError};
use azure_imds_tests::claims::Claims;
use azure_imds_tests::corpora::hostile::now;
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::pki::{self, Pki};
use azure_imds_tests::{extension, name, oid};

static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::new(KeyRing::parse(include_str!("../vectors/keys.json"))));

fn code<T>(found: &Result<T, VerifyError>) -> &'static str {
    found.as_ref().map_or_else(VerifyError::code, |_| "passed")
}

#[test]
fn a_path_costs_a_check_for_each_signature() {
    let anchored = || Trust::builder_without_anchors().anchors(&PKI.root.der).unwrap();
    let trust = anchored().issuers(&PKI.issuing.der).unwrap().build();
    let (found, checks) = layers::chain(&trust, &PKI.leaf.der, Leaf::Signer, now());
    let path: Vec<_> = found.unwrap().iter().map(|it| it.der.clone()).collect();
    assert_eq!(path, [&PKI.leaf, &PKI.issuing, &PKI.root].map(|it| it.der.clone()));
    assert_eq!(checks, 2);

    let (found, checks) = layers::chain(&anchored().build(), &PKI.leaf.der, Leaf::Signer, now());
    assert_eq!((code(&found), checks), ("issuer_missing", 0));
    // What the budget does not have is not counted.
    let mut crowd = anchored();
    for number in 0..20 {
        let key = PKI.keys.key(if number == 0 { "issuing" } else { "issuing_2" });
        let namesake = pki::issuing(PKI.issuing.subject.clone(), &key, &PKI.root_2);
        crowd = crowd.issuers(&namesake.with(|it| it.serial = Some(vec![1, number])).issue().der).unwrap();
    }
    let (found, checks) = layers::chain(&crowd.build(), &PKI.leaf.der, Leaf::Signer, now());
    assert!(found.is_err());
    assert!((1..=16).contains(&checks), "{checks}");
}

#[test]
fn a_path_has_six_authorities_at_most() {
    for (between, expected) in [(6, "passed"), (7, "path_budget")] {
        let mut trust = Trust::builder_without_anchors().anchors(&PKI.root.der).unwrap();
        let mut above = PKI.root.clone();
        for number in 0..between {
            let subject = name::authority(&format!("azure-imds test line {number}"));
            let authority = pki::issuing(subject, &PKI.keys.key("issuing_2"), &above);
            let room = between - 1 - number;
            above = authority.extension(extension::authority(Some(room))).issue();
            trust = trust.issuers(&above.der).unwrap();
        }
        let leaf = PKI.leaf_of(&above).issue();
        assert_eq!(code(&layers::chain(&trust.build(), &leaf.der, Leaf::Signer, now()).0), expected, "{between}");
    }
}

#[test]
fn a_signer_is_asked_for_more_than_the_end_of_any_path() {
    let trust = Trust::builder_without_anchors().anchors(&PKI.root.der).unwrap();
    let trust = trust.issuers(&PKI.issuing.der).unwrap().build();
    let leaf = PKI.leaf().without(oid::EXTENDED_KEY_USAGE).issue();
    let at_the_end = |kind| code(&layers::chain(&trust, &leaf.der, kind, now()).0);
    assert_eq!(at_the_end(Leaf::Any), "passed");
    assert_eq!(at_the_end(Leaf::Signer), "extended_key_usage");
    assert_eq!(code(&layers::chain(&trust, b"0", Leaf::Any, now()).0), "certificate_malformed");
}

#[test]
fn names_and_claims_are_held_to_what_documents_are() {
    assert_eq!(code(&layers::names(&PKI.leaf.der)), "passed");
    assert_eq!(code(&layers::names(&PKI.issuing.der)), "names_missing");
    assert_eq!(code(&layers::names(b"0")), "certificate_malformed");
    assert_eq!(code(&layers::claims(&Vec::<u8>::from(Claims::default()))), "passed");
    assert_eq!(code(&layers::claims(b"{}")), "claim_missing");
}

#[test]
fn addresses_are_those_that_the_policy_allows() {
    let named = ["http://mirror.test:8080/a.crt", "http://www.microsoft.com/pkiops/certs/a.crt"];
    let given = |origins: &[&str]| layers::issuer_urls("CN=nobody", &named, origins, now());
    assert_eq!(given(&[]).unwrap(), named[1..]);
    assert_eq!(given(&["http://mirror.test:8080"]).unwrap(), named);
    assert_eq!(given(&["ftp://mirror.test"]).unwrap_err().code(), "origin_malformed");
}
