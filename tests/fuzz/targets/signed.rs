//! Documents that are signed after they were mutated: what is accepted is held against a reading of its own.
#![no_main]

use azure_imds::{SignedDocument, Trust, Verifier};
use azure_imds_fuzz::signing::{DigestOfKeyAndMessage, Signed, sign};
use azure_imds_fuzz::{NOW, expectations, verdict_by};
use der::{Decode, Encode};
use serde_json::Value;
use x509_cert::Certificate;
use x509_cert::ext::pkix::BasicConstraints;

/// Five minutes after `NOW`, 2026-09-21 12:01:00, in the digits of the claims: year, month, day, time.
const LATEST: &str = "26092112:06:00";
/// Five minutes before.
const EARLIEST: &str = "26092111:56:00";

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some(signed) = sign(data) else { return };
    let Some(Ok(trust)) = signed.chain.last().map(|anchor| Trust::builder_without_anchors().anchors(anchor)) else {
        return;
    };
    let verifier = Verifier::new(trust.algorithms(&[&DigestOfKeyAndMessage]).build());
    if verdict_by(&verifier, &signed.document) == "verified" {
        check(&verifier, &signed);
    }
});

fn check(verifier: &Verifier, signed: &Signed) {
    let verify = |der: &[u8]| SignedDocument::parse(der).and_then(|it| verifier.verify(&it, &expectations(), NOW));
    let verified = verify(&signed.document).expect("it was verified");
    assert_eq!(verified.content().as_bytes(), signed.content);

    // JSON to others too, but for numbers beyond a double: RFC 8259 knows no bounds.
    let claims: Value = match serde_json::from_slice(&signed.content) {
        Ok(claims) => claims,
        Err(error) => {
            assert!(error.to_string().starts_with("number out of range"), "{error}");
            return;
        }
    };
    assert_eq!(claims["vmId"], verified.vm_id());
    let is_named = |it: &&str| !it.is_empty();
    assert_eq!(claims["subscriptionId"].as_str().filter(is_named), verified.subscription_id());
    let time = |key: &str| {
        let text = claims["timeStamp"][key].as_str().expect("a time");
        format!("{}{}{}{}", &text[6..8], &text[..2], &text[3..5], &text[9..17])
    };
    assert!(&*time("createdOn") <= LATEST && &*time("expiresOn") >= EARLIEST, "{claims}");
    assert!(time("createdOn") <= time("expiresOn"), "{claims}");

    let domain = verified.cloud().metadata_domain();
    for name in verified.names() {
        assert!(name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')), "{name}");
    }

    let chain = verified.chain();
    assert_eq!(chain.first().map(|leaf| &leaf.der), signed.chain.first());
    assert_eq!(chain.last().map(|anchor| &anchor.der), signed.chain.last());
    assert!((2..=8).contains(&chain.len()));
    let read: Vec<Certificate> = chain.iter().map(|it| Certificate::from_der(&it.der).expect("readable")).collect();
    for (certificate, link) in read.iter().zip(chain) {
        assert_eq!(certificate.to_der().expect("DER"), link.der);
        let validity = certificate.tbs_certificate().validity();
        let [start, end] = [validity.not_before, validity.not_after].map(|it| it.to_unix_duration().as_secs());
        assert!((start..=end).contains(&NOW.unix()), "{start} to {end}");
    }
    for pair in read.windows(2) {
        assert_eq!(pair[0].tbs_certificate().issuer(), pair[1].tbs_certificate().subject());
        let (_, constraints) =
            pair[1].tbs_certificate().get_extension::<BasicConstraints>().expect("DER").expect("constraints");
        assert!(constraints.ca);
    }

    let mut spoilt = signed.document.clone();
    *spoilt.last_mut().expect("a signature") ^= 1;
    assert!(verify(&spoilt).is_err());
}
