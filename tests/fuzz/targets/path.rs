//! A leaf and issuers, one after the other: one verdict whatever their order, and a path that ends at an anchor.
#![no_main]

use std::sync::LazyLock;

use azure_imds::layers::{self, Leaf};
use azure_imds::attested::TrustBuilder;
use azure_imds::{Timestamp, Trust};
use azure_imds_fuzz::{NOW, certificate, in_a_row, names};

static ANCHORS: LazyLock<TrustBuilder> = LazyLock::new(|| {
    let anchors = names("anchors").into_iter().map(certificate);
    anchors.fold(Trust::builder_without_anchors(), |trust, anchor| trust.anchors(&anchor).expect("an anchor"))
});

fn verdict(leaf: &[u8], issuers: &[&[u8]], time: Timestamp) -> Option<Result<usize, &'static str>> {
    let mut trust = ANCHORS.clone();
    for issuer in issuers {
        trust = trust.issuers(issuer).ok()?;
    }
    let trust = trust.build();
    let (found, spent) = layers::chain(&trust, leaf, Leaf::Any, time);
    assert!(spent <= 16);
    Some(found.map_err(|error| error.code()).map(|path| {
        let last = path.last().expect("an anchor");
        assert!(trust.anchors().any(|anchor| anchor == last.der));
        path.len()
    }))
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some(certificates) = in_a_row(data) else { return };
    let Some((leaf, issuers)) = certificates.split_first() else { return };
    let issuers = &issuers[..issuers.len().min(8)];
    let first = verdict(leaf, issuers, NOW);
    let reversed: Vec<&[u8]> = issuers.iter().rev().copied().collect();
    assert_eq!(verdict(leaf, &reversed, NOW), first);
});
