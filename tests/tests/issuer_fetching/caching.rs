//! Stories of chains that were found before: what a cache may shorten, and what it may not.

use super::*;

/// Verifies a document below `issuer` at a time, with a cache that has seen it at another.
fn codes_with_a_cache(leaf: CertificateBuilder, issuer: &Certificate, times: &[i64]) -> Vec<&'static str> {
    let verifier = Verifier::new(anchors(&[&ROOT_CA]).issuers(&issuer.der).unwrap().build());
    let document = SignedDocument::parse(&PKI.signed_by(&leaf.issue()).der()).unwrap();
    let mut cache = ChainCache::new(verifier.trust());
    let mut verify = |time: i64| {
        let at = Timestamp::from_unix(time.unsigned_abs());
        verifier.verify_cached(&document, &expectations(), at, &mut cache)
    };
    assert!(verify(clock::NOW).is_ok());
    times.iter().map(|time| verify(*time).map_or_else(|error| error.code(), |_| "verified")).collect()
}

/// A leaf that is valid longer than its issuer, on both sides.
fn long_leaf(issuer: &Certificate) -> CertificateBuilder {
    leaf_below(issuer, &[]).valid(clock::NOW - 9 * clock::DAY, clock::NOW + 9 * clock::DAY)
}

#[test]
fn a_remembered_chain_counts_only_while_all_of_it_is_valid() {
    let issuer = issuing(&ISSUING_CA.key).valid(clock::NOW - clock::DAY, clock::NOW + clock::DAY).issue();
    let times = [clock::NOW - 2 * clock::DAY, clock::NOW + 2 * clock::DAY];
    let codes = codes_with_a_cache(long_leaf(&issuer), &issuer, &times);
    assert_eq!(codes, ["certificate_not_yet_valid", "certificate_expired"]);
}

#[test]
fn a_remembered_signer_counts_only_while_it_is_valid() {
    let leaf = leaf(&[]).valid(clock::NOW - clock::DAY, clock::NOW + clock::DAY);
    let codes = codes_with_a_cache(leaf, &ISSUING_CA, &[clock::NOW - 2 * clock::DAY, clock::NOW + 2 * clock::DAY]);
    assert_eq!(codes, ["certificate_not_yet_valid", "certificate_expired"]);
}

#[test]
fn a_cache_serves_no_other_trust_not_even_an_equal_one() {
    let (one, other) = (verifier(), verifier());
    let document = SignedDocument::parse(&document(&[])).unwrap();
    let mut cache = ChainCache::new(one.trust());
    let refused = other.verify_cached(&document, &expectations(), now(), &mut cache).unwrap_err();
    assert_eq!(refused.code(), "cache_of_other_trust");
}

#[test]
fn a_cache_is_bounded() {
    let verifier = Verifier::new(anchors(&[&ROOT_CA]).issuers(&ISSUING_CA.der).unwrap().build());
    let signers = [leaf(&[]).issue(), leaf(&[ISSUING]).issue(), leaf(&[ELSEWHERE]).issue()];
    for (capacity, kept) in [(0, 0), (1, 1), (2, 2), (9, 3)] {
        let mut cache = ChainCache::with_capacity(verifier.trust(), capacity);
        for signer in &signers {
            let document = SignedDocument::parse(&PKI.signed_by(signer).der()).unwrap();
            verifier.verify_cached(&document, &expectations(), now(), &mut cache).unwrap();
        }
        assert_eq!(cache.len(), kept, "capacity {capacity}");
    }
}
