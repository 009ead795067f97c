//! OpenSSL must accept every document that is to verify: the vectors are not valid by our own word alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use data_encoding::BASE64;
use serde_json::Value;

/// Cases that OpenSSL need not accept, and why that is no fault of theirs. A version that accepts one is right.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("attested::valid::anchor_is_the_issuer", "OpenSSL wants a self-signed anchor unless told -partial_chain"),
    (
        "attested::authority::anchor_cross_signed_authority_key_absent",
        "OpenSSL wants a self-signed anchor unless told -partial_chain",
    ),
    (
        "attested::profile::leaf_authority_key_and_serial",
        "OpenSSL takes issuer and serial number of a key identifier for conditions; they only help to find (RFC 5280)",
    ),
    (
        "attested::profile::authority_authority_key_and_serial",
        "OpenSSL takes issuer and serial number of a key identifier for conditions; they only help to find (RFC 5280)",
    ),
    ("attested::chain::crowd_of_16_checks", "OpenSSL takes one issuer of a name, and does not try the others"),
    ("attested::valid::digest_two_spellings", "OpenSSL compares the two digest algorithms by identifier"),
    ("attested::valid::leaf_valid_until_now", "OpenSSL takes the last second of validity for expired"),
];

#[test]
fn every_valid_document_verifies_with_openssl() {
    if Command::new("openssl").arg("version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "openssl is not installed");
        eprintln!("skipped: openssl is not installed");
        return;
    }
    let suite = suite();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (mut checked, mut listed, mut wrong) = (0, 0, Vec::new());
    for case in suite["cases"].as_array().expect("cases") {
        if case["verdict"] != "verified" {
            continue;
        }
        let id = case["id"].as_str().expect("id");
        let exception = EXCEPTIONS.iter().find(|(exception, _)| *exception == id);
        match (accepted(&suite, case, &folder), exception) {
            (Ok(()), None) => checked += 1,
            (Err(_), Some((_, reason))) => eprintln!("{id}: not accepted, as listed: {reason}"),
            (Ok(()), Some(_)) => eprintln!("{id}: accepted by this version, though listed"),
            (Err(message), None) => wrong.push(format!("{id}: {message}")),
        }
        listed += usize::from(exception.is_some());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(listed, EXCEPTIONS.len(), "an exception is no valid vector");
    assert!(checked >= 90, "only {checked} documents were checked");
}

/// Tries all issuers together and then each one left out: OpenSSL takes the first of a name and does not turn back.
fn accepted(suite: &Value, case: &Value, folder: &Path) -> Result<(), String> {
    let certificate = |name: &Value| {
        BASE64
            .decode(suite["certificates"][name.as_str().expect("name")].as_str().expect("base64").as_bytes())
            .expect("base64")
    };
    let list = |field: &str| case[field].as_array().expect("names").iter().map(certificate).collect::<Vec<_>>();
    let (anchors, issuers) = (list("anchors"), list("issuers"));
    let document = document(&case["input"]);
    let time = case["at"].as_i64().unwrap_or_else(|| created(&document));
    let mut first = Err(String::new());
    for left_out in std::iter::once(usize::MAX).chain(0..issuers.len()) {
        let issuers = issuers.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, issuer)| issuer);
        let result = verify(&document, &anchors, issuers, time, folder);
        if left_out == usize::MAX || result.is_ok() {
            first = result;
        }
        if first.is_ok() {
            break;
        }
    }
    first
}

/// A file of anchors and issuers together: OpenSSL's `-certfile` does not feed the building of chains, and
/// without `-partial_chain` only what is self-signed in it is an anchor.
fn verify<'a>(
    document: &[u8],
    anchors: &'a [Vec<u8>],
    issuers: impl Iterator<Item = &'a Vec<u8>>,
    time: i64,
    folder: &Path,
) -> Result<(), String> {
    let anchored = |der: &Vec<u8>| !is_self_signed(der) || anchors.contains(der);
    let store: String = anchors.iter().chain(issuers.filter(|der| anchored(der))).map(|der| pem(der)).collect();
    let (store_path, document_path) = (folder.join("store.pem"), folder.join("document.der"));
    std::fs::write(&store_path, store).expect("writing");
    std::fs::write(&document_path, document).expect("writing");
    let output = Command::new("openssl")
        .args(["cms", "-verify", "-inform", "DER", "-binary", "-purpose", "any", "-no-CApath", "-no-CAstore"])
        .args(["-attime", &time.to_string(), "-out", "/dev/null"])
        .args(["-in".as_ref(), document_path.as_os_str(), "-CAfile".as_ref(), store_path.as_os_str()])
        .output()
        .expect("running openssl");
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn is_self_signed(der: &[u8]) -> bool {
    use x509_cert::der::Decode as _;
    let certificate = x509_cert::Certificate::from_der(der).expect("an issuer of a valid case");
    certificate.tbs_certificate().issuer() == certificate.tbs_certificate().subject()
}

/// The DER in whatever form the case gives.
fn document(input: &Value) -> Vec<u8> {
    if let Some(der) = input["base64"].as_str() {
        return BASE64.decode(der.as_bytes()).expect("base64");
    }
    let text = input["text"].as_str().expect("text");
    let envelope: Option<BTreeMap<String, Value>> = serde_json::from_str(text).ok();
    let base64: String = match &envelope {
        Some(envelope) => envelope["signature"].as_str().expect("signature").into(),
        None => text.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect(),
    };
    BASE64.decode(base64.as_bytes()).expect("base64")
}

/// The time of creation in the content, found without a JSON reader of CMS.
fn created(document: &[u8]) -> i64 {
    let text = String::from_utf8_lossy(document);
    let (_, rest) = text.split_once("\"createdOn\":\"").expect("createdOn");
    let field = |from: usize| rest[from..from + 2].parse::<u8>().expect("digits");
    let midnight = azure_imds_tests::clock::midnight(2000 + u16::from(field(6)), field(0), field(3));
    midnight + i64::from(field(9)) * 3600 + i64::from(field(12)) * 60 + i64::from(field(15))
}

fn pem(der: &[u8]) -> String {
    azure_imds_tests::input::pem("CERTIFICATE", der)
}

fn suite() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/attested.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("attested.json")).expect("JSON")
}
