//! Writes the seeds of every target into corpus/, from the shared vectors and from what was kept of earlier runs.
//!
//! It is a target itself that ends before anything is fuzzed: whatever is built with the flags of fuzzing must be.
#![no_main]

use std::fs;
use std::path::Path;

use azure_imds::SignedDocument;
use azure_imds_fuzz::signing::element;
use azure_imds_fuzz::{SUITE, certificate, elements, input, names, verified};
use data_encoding::BASE64;
use der::Tag;
use serde_json::Value;

libfuzzer_sys::fuzz_target!(init: write_seeds_and_end(), |_data: &[u8]| {});

fn write_seeds_and_end() {
    write_seeds().expect("seeds are written");
    std::process::exit(0)
}

fn write_seeds() -> std::io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut count = 0;
    let mut write = |target: &str, name: &str, data: &[u8]| -> std::io::Result<()> {
        let folder = corpus.join(target);
        fs::create_dir_all(&folder)?;
        count += 1;
        fs::write(folder.join(name.replace("::", "-")), data)
    };
    for case in SUITE["cases"].as_array().expect("cases") {
        let (id, input) = (case["id"].as_str().expect("an id"), input(case));
        if input.len() > 8_000 {
            continue;
        }
        write("document", id, &input)?;
        write("recognise", id, &input)?;
        if let Ok(document) = SignedDocument::parse(&input) {
            write("signed_data", id, document.der())?;
            write("claims", id, &document.unverified_content())?;
            if let Some(parts) = to_be_signed(case, &document) {
                write("signed", id, &parts)?;
            }
        }
    }
    for name in SUITE["certificates"].as_object().expect("certificates").keys() {
        write("certificate", name, &certificate(name))?;
    }
    let issuers: Vec<Vec<u8>> = names("issuers").into_iter().map(certificate).collect();
    for case in verified() {
        let Ok(document) = SignedDocument::parse(&input(case)) else { continue };
        let Some(leaf) = certificates(document.der()).and_then(|all| all.into_iter().next()) else { continue };
        let own = case["issuers"].as_array().expect("names").iter().filter_map(|name| name.as_str());
        let own: Vec<u8> = own.take(4).flat_map(certificate).collect();
        write("path", case["id"].as_str().expect("an id"), &[leaf, own].concat())?;
    }
    write("path", "all", &issuers.concat())?;
    for (name, bundle) in bundles(&issuers) {
        write("bundle", name, &bundle)?;
    }
    let digits = "0123456789abcdef".repeat(4);
    let colons = ["aB"; 32].join(":");
    for (name, list) in [
        ("digits", digits.clone()),
        ("colons", colons.clone()),
        ("short", digits[1..].to_owned()),
        ("of_the_path", format!("{digits}\n\0\n{colons}")),
        ("key_of_the_path", "\u{1}".to_owned()),
    ] {
        write("deny", name, list.as_bytes())?;
    }
    for (name, pasted) in pasted(&input(verified().next().expect("a case"))) {
        write("recognise", name, &pasted)?;
    }
    for (number, url) in [
        "http://www.microsoft.com/pkiops/certs/a.crt",
        "https://cacerts.digicert.com:443/a.crt",
        "http://caissuers.microsoft.com/pki/mscorp/a%20b.crt",
        "http://127.0.0.1:8080/certs/a.crt",
    ]
    .iter()
    .enumerate()
    {
        write("urls", &number.to_string(), url.as_bytes())?;
    }
    let emulator: Value = serde_json::from_str(include_str!("../../vectors/emulator.json")).expect("JSON");
    for case in emulator["cases"].as_array().expect("cases") {
        for (number, step) in case["steps"].as_array().expect("steps").iter().enumerate() {
            let name = format!("{}-{number}", case["id"].as_str().expect("an id"));
            if let Some(send) = step.get("send") {
                write("emulator", &name, request(send).as_bytes())?;
            }
        }
    }
    let client: Value = serde_json::from_str(include_str!("../../vectors/client.json")).expect("JSON");
    for (number, case) in client["cases"].as_array().expect("cases").iter().enumerate() {
        let mut script = vec![u8::try_from(number % 9).expect("a digit")];
        for reply in case["events"].as_array().expect("events").iter().filter_map(|event| event.get("reply")) {
            script.extend(answer(reply));
        }
        write("client", case["id"].as_str().expect("an id"), &script)?;
    }
    for target in ["claims", "client", "urls"] {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("kept").join(format!("{target}.txt"));
        for (number, line) in fs::read_to_string(kept)?.lines().skip(1).enumerate() {
            write(target, &format!("kept-{number}"), &BASE64.decode(line.as_bytes()).expect("base64"))?;
        }
    }
    println!("{count} seeds");
    Ok(())
}

/// Certificates in the forms in which tools write them, and what is none.
fn bundles(certificates: &[Vec<u8>]) -> Vec<(&'static str, Vec<u8>)> {
    let block = |label: &str, der: &[u8], end: &str| {
        format!("-----BEGIN {label}-----{end}{}{end}-----END {label}-----{end}", BASE64.encode(der))
    };
    let of = |der: &[u8], end| block("CERTIFICATE", der, end);
    let [one, other] = [&certificates[0], &certificates[1]];
    let unpadded = of(one, "\n").replace('=', "");
    vec![
        ("der", one.clone()),
        ("pem", of(one, "\n").into_bytes()),
        ("windows", of(one, "\r\n").into_bytes()),
        ("old", of(one, "\r").into_bytes()),
        ("unpadded", unpadded.into_bytes()),
        ("two", (of(one, "\n") + &of(other, "\n")).into_bytes()),
        ("twice", (of(one, "\n") + &of(one, "\r\n")).into_bytes()),
        ("others", (block("X509 CRL", b"0\0", "\n") + "Bag Attributes\n" + &of(one, "\n")).into_bytes()),
        ("none", block("PRIVATE KEY", b"0\0", "\n").into_bytes()),
        ("torn", of(one, "\n").replace("-----END", "").into_bytes()),
        ("begun_twice", ("-----BEGIN A-----\n".to_owned() + &of(one, "\n")).into_bytes()),
    ]
}

/// A document in what people paste it with.
fn pasted(envelope: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let text = std::str::from_utf8(envelope).expect("text");
    let base64 = text.split('"').max_by_key(|part| part.len()).expect("a part");
    let hexadecimal = data_encoding::HEXLOWER.encode(&BASE64.decode(base64.as_bytes()).expect("base64"));
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        ("http", format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nServer: x\r\n\r\n{text}").into_bytes()),
        ("headers", b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n".to_vec()),
        ("prompt", format!("$ curl -s ...\n{text}\n$ ").into_bytes()),
        ("twice", format!("{text}\n{text}").into_bytes()),
        ("quotes", format!("\"{base64}\"").into_bytes()),
        ("blanks", base64.as_bytes().chunks(60).collect::<Vec<_>>().join(&b" \t"[..])),
        ("list", format!("encoding  : pkcs7\nsignature : {base64}\n").into_bytes()),
        ("base64", BASE64.encode(envelope).into_bytes()),
        ("hexadecimal", hexadecimal.into_bytes()),
        ("utf16", [b"\xff\xfe", &utf16[..]].concat()),
        ("mark", [b"\xef\xbb\xbf", envelope].concat()),
        ("pem", format!("-----BEGIN PKCS7-----\n{base64}\n-----END PKCS7-----\n").into_bytes()),
        ("key", b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n".to_vec()),
        ("certificate", b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n".to_vec()),
        ("token", b"eyJhbGciOiJub25lIn0.eyJ2bUlkIjoiIn0.c2ln".to_vec()),
        ("html", b"<!DOCTYPE html><html></html>".to_vec()),
        ("xml", b"<?xml version=\"1.0\"?><a/>".to_vec()),
        ("address", b"http://169.254.169.254/metadata/attested/document".to_vec()),
        ("identifier", b"02aab8a4-74ef-476e-8182-f6d2ba4166a6".to_vec()),
        ("error", br#"{"error":"Bad request"}"#.to_vec()),
        ("instance", br#"{"compute":{},"network":{}}"#.to_vec()),
    ]
}

/// A request as the target reads it: method and target, fields, an empty line, the body.
fn request(send: &Value) -> String {
    let mut text =
        format!("{} {}\n", send["method"].as_str().unwrap_or("GET"), send["target"].as_str().expect("a target"));
    for (name, value) in send["headers"].as_object().into_iter().flatten() {
        text.push_str(&format!("{name}: {}\n", value.as_str().expect("text")));
    }
    text + "\n" + send["body"].as_str().unwrap_or_default()
}

/// An answer as the target reads it: a kind for the status, a delay, a length in fours, the body.
fn answer(reply: &Value) -> Vec<u8> {
    let kind = match reply["status"].as_u64() {
        Some(200) => 0,
        Some(400) => 5,
        Some(404) => 7,
        Some(403) => 8,
        Some(410) => 9,
        Some(429) => 10,
        Some(500..) => 11,
        _ => 13,
    };
    let mut body = reply["body"].as_str().unwrap_or_default().as_bytes().to_vec();
    body.truncate(255 * 4);
    body.resize(body.len().next_multiple_of(4), b' ');
    let length = u8::try_from(body.len() / 4).expect("at most 255");
    [vec![3 * 16 + kind, 1, length], body].concat()
}

/// A document as the target signs it: the content, signed attributes, what is signed in each certificate of the path.
fn to_be_signed(case: &Value, document: &SignedDocument) -> Option<Vec<u8>> {
    let inside = certificates(document.der())?;
    let named = |key: &str| -> Vec<Vec<u8>> {
        case[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(certificate).collect()
    };
    let all = [inside.clone(), named("issuers"), named("anchors")].concat();
    let mut path = vec![inside.first()?.clone()];
    while let Some(next) = all.iter().find(|it| field(it, 4) == field(&path[path.len() - 1], 2) && !path.contains(it)) {
        path.push(next.clone());
    }
    let mut parts = element(Tag::OctetString, &document.unverified_content());
    let signer = *elements(signed_data(document.der())?.last()?)?.first()?;
    parts.extend(elements(signer)?.into_iter().filter(|it| it[0] == 0xa0).flatten());
    for certificate in path.iter().take(9) {
        let tbs = *elements(certificate)?.first()?;
        let mut fields = elements(tbs)?;
        // ecdsa-with-SHA256, which is what the target signs with.
        *fields.get_mut(2)? = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
        parts.extend(element(Tag::Sequence, &fields.concat()));
    }
    Some(parts)
}

/// A field of what is signed in a certificate, counted from the serial number on.
fn field(certificate: &[u8], number: usize) -> Option<&[u8]> {
    let fields = elements(elements(certificate)?.first()?)?;
    fields.into_iter().filter(|it| it[0] != 0xa0).nth(number)
}

fn signed_data(der: &[u8]) -> Option<Vec<&[u8]>> {
    elements(elements(elements(der)?.get(1)?)?.first()?)
}

/// The certificates inside a document.
fn certificates(der: &[u8]) -> Option<Vec<Vec<u8>>> {
    let bag = signed_data(der)?.into_iter().find(|field| field.first() == Some(&0xa0))?;
    Some(elements(bag)?.into_iter().map(<[u8]>::to_vec).collect())
}
