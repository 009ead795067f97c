//! One certificate: what can be read is kept as it came, by every way in alike.
#![no_main]

use azure_imds::layers::{self, Leaf};
use azure_imds::attested::VerifierMemory;
use azure_imds::Trust;
use azure_imds_fuzz::{NOW, VERIFIER};
use der::{Decode, Encode};
use x509_cert::Certificate;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if data.first() != Some(&0x30) {
        return;
    }
    let mut memory = VerifierMemory::new();
    // What leads to no anchor is not kept.
    let offered = memory.offer(&VERIFIER.trust().proven_issuers([data]));
    assert_eq!(memory.certificates().collect::<Vec<_>>(), [data].repeat(offered));
    let trust = Trust::builder_without_anchors().issuers(data);
    assert!(trust.is_ok() || offered == 0);
    if let Ok(trust) = trust {
        let trust = trust.build();
        assert_eq!(trust.issuers().collect::<Vec<_>>(), [data]);
        let again = Certificate::from_der(data).and_then(|it| it.to_der());
        assert_eq!(again.as_deref(), Ok(data), "another encoding");
    }
    let _names = layers::names(data).is_ok();
    let (signer, _) = layers::chain(VERIFIER.trust(), data, Leaf::Signer, NOW);
    let (any, _) = layers::chain(VERIFIER.trust(), data, Leaf::Any, NOW);
    // A signer is asked more.
    assert!(signer.is_err() || any.is_ok());
});
