//! What the fuzz targets share: the vectors' trust, and what must hold of every verdict.

pub mod signing;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use azure_imds::{Cloud, Expectations, NONCE_NOT_CHECKED, SignedDocument, Timestamp, Trust, Verifier, VerifyError};
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use data_encoding::BASE64;
use der::{AnyRef, Decode, Encode, Reader, SliceReader};
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
    let inputs =
        SUITE["cases"].as_array().expect("cases").iter().map(input).filter(|it| code(&VERIFIER, it) == "verified");
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

/// The code of an input by the vectors' trust; accepted is only what one of their signers signed.
pub fn verdict(data: &[u8]) -> &'static str {
    let verdict = verdict_by(&VERIFIER, data);
    if verdict == "verified" {
        let document = SignedDocument::parse(data).expect("it was verified");
        assert!(SIGNED.contains(&document.unverified_content()), "a content that nobody signed");
    }
    verdict
}

/// The code of an input, which is the same twice, in every form, and in every order of its certificates. What is
/// accepted has one encoding.
pub fn verdict_by(verifier: &Verifier, data: &[u8]) -> &'static str {
    let first = code(verifier, data);
    assert!(first == "verified" || VerifyError::CODES.contains(&first), "{first}");
    assert_eq!(code(verifier, data), first);
    let report = verifier.explain(data, &expectations(), NOW);
    assert_eq!(report.verdict().map_or_else(VerifyError::code, |_| "verified"), first);
    let Ok(document) = SignedDocument::parse(data) else {
        return first;
    };
    // The same octets in another form.
    let again = SignedDocument::parse(BASE64.encode(document.der()).as_bytes());
    if let Ok(again) = again {
        assert_eq!(again.der(), document.der());
        assert_eq!(code(verifier, again.der()), first);
    }
    if let Some(reversed) = rearranged(document.der(), |all| all.reverse()) {
        assert_eq!(code(verifier, &reversed), first, "in the opposite order");
    }
    if first == "verified" {
        // The order of certificates is free, and the other writer's is that of DER.
        let sorted = rearranged(document.der(), |all| all.sort_unstable());
        assert!(reencoded(document.der()) == sorted, "another encoding");
    }
    first
}

fn code(verifier: &Verifier, data: &[u8]) -> &'static str {
    let verified = SignedDocument::parse(data).and_then(|document| verifier.verify(&document, &expectations(), NOW));
    verified.map_or_else(|error| error.code(), |_| "verified")
}

/// A document read by another reader, and written anew.
fn reencoded(der: &[u8]) -> Option<Vec<u8>> {
    let mut outer = ContentInfo::from_der(der).ok()?;
    let signed = outer.content.decode_as::<SignedData>().ok()?;
    outer.content = der::Any::encode_from(&signed).ok()?;
    outer.to_der().ok()
}

/// A document with its certificates in another order.
fn rearranged(der: &[u8], order: fn(&mut [&[u8]])) -> Option<Vec<u8>> {
    let content_info = elements(der)?;
    let signed = elements(elements(content_info.get(1)?)?.first()?)?;
    let bag = signed.iter().find(|field| field.first() == Some(&0xa0))?;
    let mut certificates = elements(bag)?;
    order(&mut certificates);
    let contents = AnyRef::from_der(bag).ok()?.value();
    let start = contents.as_ptr() as usize - der.as_ptr() as usize;
    let mut rearranged = der.to_vec();
    rearranged.get_mut(start..start + contents.len())?.copy_from_slice(&certificates.concat());
    Some(rearranged)
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
