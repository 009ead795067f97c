//! A deny list of any fingerprints: a document is refused for it if, and only if, it names a certificate of the path or
//! its key, wherever in the list it stands.
#![no_main]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use azure_imds::attested::TrustBuilder;
use azure_imds::{SignedDocument, Trust, Verifier};
use azure_imds_fuzz::{NOW, certificate, expectations, input, verified};
use data_encoding::HEXLOWER_PERMISSIVE;
use der::{Decode, Encode};
use sha2::{Digest, Sha256};
use x509_cert::Certificate;

/// A document of the vectors, what is trusted for it, and the digests of each certificate of its path and of its key.
struct Known {
    document: SignedDocument,
    trust: TrustBuilder,
    digests: Vec<[u8; 32]>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let is_ordinary = |case: &&serde_json::Value| case["id"] == "attested::valid::nonce_not_checked";
    let case = verified().find(is_ordinary).expect("the case");
    let names = |key: &str| -> Vec<Vec<u8>> {
        let names = case[key].as_array().expect("names").iter();
        names.map(|name| certificate(name.as_str().expect("a name"))).collect()
    };
    let mut trust = Trust::builder_without_anchors();
    for anchor in names("anchors") {
        trust = trust.anchors(&anchor).expect("an anchor");
    }
    for issuer in names("issuers") {
        trust = trust.issuers(&issuer).expect("an issuer");
    }
    let document = SignedDocument::parse(&input(case)).expect("a document");
    let verified = Verifier::new(trust.clone().build()).verify(&document, &expectations(), NOW).expect("verified");
    let digests = verified.chain().iter().flat_map(|link| {
        let read = Certificate::from_der(&link.der).expect("a certificate");
        let key = read.tbs_certificate().subject_public_key_info().to_der().expect("DER");
        [Sha256::digest(&link.der).into(), Sha256::digest(key).into()]
    });
    Known { digests: digests.collect(), document, trust }
});

/// The octets of 64 digits, or of 32 pairs with a colon between.
fn fingerprint(text: &str) -> Option<[u8; 32]> {
    let digits = match text.len() {
        64 => text.to_owned(),
        95 => {
            let pairs: Vec<&str> = text.split(':').collect();
            pairs.iter().all(|pair| pair.len() == 2).then(|| pairs.concat())?
        }
        _ => return None,
    };
    HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()?.try_into().ok()
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let known = &*KNOWN;
    let (mut trust, mut denied) = (known.trust.clone(), BTreeSet::new());
    for line in data.split(|byte| *byte == b'\n') {
        // A line of one octet names a digest of the path; no fuzzer guesses one.
        if let [number] = line {
            let sha256 = known.digests[usize::from(*number) % known.digests.len()];
            trust = trust.deny(sha256);
            denied.insert(sha256);
            continue;
        }
        let Ok(text) = std::str::from_utf8(line) else { continue };
        let added = trust.clone().deny_fingerprint(text);
        assert_eq!(added.is_ok(), fingerprint(text).is_some(), "{text:?}");
        match added {
            Ok(added) => {
                trust = added;
                denied.extend(fingerprint(text));
            }
            Err(error) => {
                assert_eq!(error.code(), "fingerprint_malformed");
                assert!(error.to_string().chars().all(|shown| !shown.is_control()), "{error}");
            }
        }
    }
    let is_denied = known.digests.iter().any(|digest| denied.contains(digest));
    let verdict = Verifier::new(trust.build()).verify(&known.document, &expectations(), NOW);
    match verdict {
        Ok(_) => assert!(!is_denied, "it is on the list"),
        Err(error) => assert!(is_denied && error.code() == "certificate_denied", "{error}"),
    }
});
