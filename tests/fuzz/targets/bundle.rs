//! A bundle of certificates: read alike as anchors and as issuers, each kept as it came, whatever stands around it.
#![no_main]

use std::collections::BTreeSet;

use azure_imds::attested::ChainCertificate;
use azure_imds::{Trust, UsageError};
use data_encoding::BASE64_MIME;

type Set = BTreeSet<Vec<u8>>;

fn issuers(bundle: &[u8]) -> Result<Set, UsageError> {
    let trust = Trust::builder_without_anchors().issuers(bundle)?.build();
    let found: Vec<Vec<u8>> = trust.issuers().map(<[u8]>::to_vec).collect();
    let set: Set = found.iter().cloned().collect();
    assert_eq!(set.len(), found.len(), "one is kept twice");
    Ok(set)
}

fn anchors(bundle: &[u8]) -> Result<Set, UsageError> {
    let trust = Trust::builder_without_anchors().anchors(bundle)?.build();
    Ok(trust.anchors().map(<[u8]>::to_vec).collect())
}

/// The certificates as any tool writes them.
fn rendered(certificates: &Set) -> Vec<u8> {
    let block = |der: &Vec<u8>| {
        format!("-----BEGIN CERTIFICATE-----\r\n{}-----END CERTIFICATE-----\r\n", BASE64_MIME.encode(der))
    };
    certificates.iter().map(block).collect::<String>().into_bytes()
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let first = issuers(data);
    assert_eq!(issuers(data), first);
    assert_eq!(anchors(data), first);
    let shown = ChainCertificate::in_bundle(data);
    match (first, shown) {
        (Ok(first), Ok(shown)) => {
            assert!(!first.is_empty());
            assert_eq!(shown.iter().map(|it| it.der.clone()).collect::<Set>(), first);
            for one in &first {
                assert_eq!(issuers(one), Ok(Set::from([one.clone()])));
            }
            let rendered = rendered(&first);
            assert_eq!(issuers(&rendered).as_ref(), Ok(&first));
            if data.first() != Some(&0x30) {
                let surrounded = [b"Bag Attributes\n", data, b"\n", &rendered, b"\nthe end"].concat();
                assert_eq!(issuers(&surrounded), Ok(first));
            }
        }
        (Err(error), Err(shown)) => {
            assert_eq!(shown, error);
            assert!(matches!(error.code(), "bundle_empty" | "certificate_unreadable"), "{}", error.code());
            assert!(error.to_string().chars().all(|shown| !shown.is_control()), "{error}");
            if error.code() == "bundle_empty" && data.first() != Some(&0x30) {
                let some = azure_imds::attested::DEFAULT_ANCHORS[0].to_vec();
                let followed = [data, b"\n", &rendered(&Set::from([some.clone()]))].concat();
                assert_eq!(issuers(&followed), Ok(Set::from([some])), "nothing, and then a certificate");
            }
        }
        (first, shown) => panic!("{first:?}, {shown:?}"),
    }
});
