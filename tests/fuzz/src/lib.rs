//! What the fuzz targets share: the vectors' trust, and what must hold of every verdict.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use azure_imds::{Cloud, Expectations, NONCE_NOT_CHECKED, SignedDocument, Timestamp, Trust, Verifier, VerifyError};
use data_encoding::BASE64;
use der::{AnyRef, Decode, Reader, SliceReader};
use serde_json::Value;

/// The shared vectors.
pub static SUITE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../vectors/attested.json")).expect("JSON"));

/// All anchors and issuers of the vectors that must verify, so that every one of their documents does.
pub static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let mut trust = Trust::builder_without_anchors();
    for name in names("anchors") {
        trust = trust.anchors(&certificate(name)).expect("an anchor");
    }
    for name in names("issuers") {
        trust = trust.issuers(&certificate(name)).expect("an issuer");
    }
    Verifier::new(trust.build())
});

/// What the signers of the vectors ever signed, as far as it verifies without the expectations of its case.
static SIGNED: LazyLock<BTreeSet<Vec<u8>>> = LazyLock::new(|| {
    let inputs = SUITE["cases"].as_array().expect("cases").iter().map(input).filter(|it| once(it) == "verified");
    let documents = inputs.filter_map(|input| SignedDocument::parse(&input).ok());
    documents.map(|document| document.unverified_content()).collect()
});

/// The time of the vectors.
pub const NOW: Timestamp = Timestamp::from_unix(1_789_992_060);

/// The vectors that must verify.
pub fn verified() -> impl Iterator<Item = &'static Value> {
    SUITE["cases"].as_array().expect("cases").iter().filter(|case| case["verdict"] == "verified")
}

/// What is handed in.
pub fn input(case: &Value) -> Vec<u8> {
    match case["input"]["text"].as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => BASE64.decode(case["input"]["base64"].as_str().expect("base64").as_bytes()).expect("base64"),
    }
}

/// A certificate of the vectors.
pub fn certificate(name: &str) -> Vec<u8> {
    BASE64.decode(SUITE["certificates"][name].as_str().expect("a certificate").as_bytes()).expect("base64")
}

/// No nonce, any cloud, any age that the document itself allows.
pub fn expectations() -> Expectations {
    Expectations::new(NONCE_NOT_CHECKED).clouds(Cloud::ALL).expect("clouds")
}

/// The code of an input, which is the same twice, in every form, and in every order of its certificates.
pub fn verdict(data: &[u8]) -> &'static str {
    let first = once(data);
    assert!(first == "verified" || VerifyError::CODES.contains(&first), "{first}");
    assert_eq!(once(data), first);
    let report = VERIFIER.explain(data, &expectations(), NOW);
    assert_eq!(report.verdict().map_or_else(VerifyError::code, |_| "verified"), first);
    let Ok(document) = SignedDocument::parse(data) else {
        return first;
    };
    // The same octets in another form.
    let again = SignedDocument::parse(BASE64.encode(document.der()).as_bytes());
    if let Ok(again) = again {
        assert_eq!(again.der(), document.der());
        assert_eq!(once(again.der()), first);
    }
    if let Some(reversed) = reversed(document.der()) {
        let other = once(&reversed);
        assert!(other == first || !is_about_order(first) && !is_about_order(other), "{first}, reversed {other}");
        assert_eq!(other == "verified", first == "verified");
    }
    if first == "verified" {
        assert!(SIGNED.contains(&document.unverified_content()), "a content that nobody signed");
    }
    first
}

/// Codes that may be another when certificates change places: which of several that can't be read comes first.
fn is_about_order(code: &str) -> bool {
    !matches!(code, "certificate_malformed")
}

fn once(data: &[u8]) -> &'static str {
    let verified = SignedDocument::parse(data).and_then(|document| VERIFIER.verify(&document, &expectations(), NOW));
    verified.map_or_else(|error| error.code(), |_| "verified")
}

/// A document with its certificates in the opposite order.
fn reversed(der: &[u8]) -> Option<Vec<u8>> {
    let content_info = elements(der)?;
    let signed = elements(elements(content_info.get(1)?)?.first()?)?;
    let bag = signed.iter().find(|field| field.first() == Some(&0xa0))?;
    let certificates = elements(bag)?;
    let contents = AnyRef::from_der(bag).ok()?.value();
    let start = contents.as_ptr() as usize - der.as_ptr() as usize;
    let mut reversed = der.to_vec();
    let backwards: Vec<u8> = certificates.iter().rev().flat_map(|it| it.iter().copied()).collect();
    reversed.get_mut(start..start + contents.len())?.copy_from_slice(&backwards);
    Some(reversed)
}

/// The elements within an element.
pub fn elements(der: &[u8]) -> Option<Vec<&[u8]>> {
    in_a_row(AnyRef::from_der(der).ok()?.value())
}

/// Elements one after the other.
pub fn in_a_row(contents: &[u8]) -> Option<Vec<&[u8]>> {
    let mut reader = SliceReader::new(contents).ok()?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        elements.push(reader.tlv_bytes().ok()?);
    }
    Some(elements)
}

/// The certificates that the valid vectors name, each once, but for the crowds.
pub fn names(key: &str) -> BTreeSet<&'static str> {
    let all = verified().flat_map(move |case| case[key].as_array().expect("names"));
    all.filter_map(Value::as_str).filter(|name| !name.starts_with("crowd")).collect()
}
