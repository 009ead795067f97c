//! What people paste, and what it is.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use base64ct::{Base64, Encoding as _};

use super::*;

/// The beginning of a document: enough to be told, and malformed DER to the strict reader.
const DER: &[u8] = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x0b";
const BASE64: &str = "MIAGCSqGSIb3DQEHAqCAMIACAQExCw==";
const ENVELOPE: &str = r#"{"encoding":"pkcs7","signature":"MIAGCSqGSIb3DQEHAqCAMIACAQExCw=="}"#;
const PEM: &str = "-----BEGIN PKCS7-----\nMIAGCSqGSIb3DQEHAqCAMIACAQExCw==\n-----END PKCS7-----";

fn found(input: &[u8]) -> (&'static str, Option<Wrapping>, Vec<u8>) {
    let found = recognise(input);
    (found.material.name(), found.wrapping, found.document.into_owned())
}

#[test]
fn a_document_alone_is_left_as_it_is() {
    for input in [ENVELOPE.as_bytes(), PEM.as_bytes(), BASE64.as_bytes(), DER] {
        assert_eq!(found(input), ("document", None, input.to_vec()));
        let padded = [b"\r\n".as_slice(), input, b"\n"].concat();
        let (material, wrapping, _) = found(if input == DER { DER } else { &padded });
        assert_eq!((material, wrapping), ("document", None));
    }
}

#[test]
fn white_space_around_base64_is_no_part_of_it() {
    assert_eq!(found(format!("\r\n{BASE64}\n").as_bytes()), ("document", None, BASE64.as_bytes().to_vec()));
}

#[test]
fn white_space_in_front_of_der_is_passed_over() {
    let input = [b"\r\n ", DER].concat();
    assert_eq!(found(&input), ("document", None, input.clone()));
}

#[test]
fn white_space_that_is_not_ascii_stands_around_a_document() {
    for (before, behind) in [("\u{a0}", ""), ("\u{b}", ""), ("", "\u{2003}\n"), ("\n\u{3000}", "\u{85}")] {
        for document in [ENVELOPE, PEM, BASE64] {
            let input = format!("{before}{document}{behind}");
            assert_eq!(found(input.as_bytes()), ("document", Some(Wrapping::Text), document.into()), "{input:?}");
            let quoted = format!("{before}'{document}'{behind}");
            assert_eq!(found(quoted.as_bytes()), ("document", Some(Wrapping::Quotes), document.into()), "{quoted:?}");
        }
        let number = format!("{before}123{behind}");
        assert_eq!(found(number.as_bytes()), ("number", None, number.clone().into()));
    }
}

#[test]
fn a_document_is_found_in_what_stands_around_it() {
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{ENVELOPE}");
    let through_a_proxy = format!("HTTP/1.1 200 Connection established\r\n\r\n{answer}");
    let unix_lines = answer.replace("\r\n", "\n");
    let verbose =
        format!("*   Trying 169.254.169.254:80...\n> GET /metadata HTTP/1.1\n< HTTP/1.1 200 OK\n<\n{ENVELOPE}");
    let prompt = format!("$ curl -s -H Metadata:true http://169.254.169.254/..\n{ENVELOPE}\n$ ");
    let http = Some(Wrapping::HttpAnswer { status: 200 });
    let (text, quotes, json) = (Some(Wrapping::Text), Some(Wrapping::Quotes), Some(Wrapping::Json));
    for (input, wrapping, document) in [
        (answer.as_str(), http, ENVELOPE),
        (&through_a_proxy, http, ENVELOPE),
        (&unix_lines, http, ENVELOPE),
        (&verbose, text, ENVELOPE),
        (&prompt, text, ENVELOPE),
        (&format!("see {ENVELOPE} there"), text, ENVELOPE),
        (&format!("```json\n{ENVELOPE}\n```"), text, ENVELOPE),
        (&format!("{{\"answer\":{ENVELOPE}}}"), json, ENVELOPE),
        (&format!("{{\"a\":1, \"answer\": \"{}\"}}", ENVELOPE.replace('"', "\\\"")), json, ENVELOPE),
        (&format!("\"{}\"", ENVELOPE.replace('"', "\\\"")), json, ENVELOPE),
        (&format!("bag\n{PEM}\n"), text, PEM),
        (&format!("\"{BASE64}\""), quotes, BASE64),
        (&format!("'{ENVELOPE}'"), quotes, ENVELOPE),
        ("encoding  : pkcs7\nsignature : MIAGCSqGSIb3DQEHAqCA\n            MIACAQExCw==\n", text, BASE64),
        ("signature : MIAGCSqGSIb3DQEHAqCAMIACAQExCw==\nencoding  : pkcs7\n", text, BASE64),
        ("  MIAGCSqGSIb3DQEHAqCAMIAC AQExCw==", Some(Wrapping::Blanks), BASE64),
        (
            "eyJlbmNvZGluZyI6InBrY3M3Iiwic2lnbmF0dXJlIjoiTUlBPSJ9",
            Some(Wrapping::Base64),
            r#"{"encoding":"pkcs7","signature":"MIA="}"#,
        ),
        ("\u{feff}MIAGCSqGSIb3DQEHAqCAMIACAQExCw==", Some(Wrapping::Utf16), BASE64),
    ] {
        let (_, left_out, part) = found(input.as_bytes());
        assert_eq!((left_out, String::from_utf8(part).unwrap().as_str()), (wrapping, document), "{input}");
    }
}

#[test]
fn blanks_that_a_form_made_of_plus_signs_are_told_from_others() {
    let whole = Base64::encode_string(&[DER, b"\0\0\xfb\xef\xbe\x01\x02\x03"].concat());
    assert!(whole.contains("++++"));
    let blank = whole.replace('+', " ");
    assert_eq!(found(blank.as_bytes()), ("document", Some(Wrapping::Plus), whole.clone().into_bytes()));
    let broken = format!("{} {}", &whole[..30], &whole[30..]);
    assert_eq!(found(broken.as_bytes()), ("document", Some(Wrapping::Blanks), whole.into_bytes()));
}

#[test]
fn a_refusal_says_what_was_given_instead() {
    let told = |input: &[u8]| {
        let error = crate::SignedDocument::parse(input).unwrap_err();
        let given = error.to_string().split_once("; this is ").map(|(_, given)| String::from(given));
        (error.code(), given.unwrap_or_default(), error.next_step())
    };
    let utf_16: Vec<u8> =
        b"\xff\xfe".iter().copied().chain(ENVELOPE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let whole = Base64::encode_string(&[DER, b"\0\0\xfb\xef\xbe\x01\x02\x03"].concat());
    let by_a_form = format!(r#"{{"encoding":"pkcs7","signature":"{}"}}"#, whole.replace('+', " "));
    let in_json = format!("\"{}\"", ENVELOPE.replace('"', "\\\""));
    let in_an_object = format!("{{\"document\":{ENVELOPE}}}");
    let marked = format!("\u{feff}{ENVELOPE}");
    for (input, code, given, next_step) in [
        (
            utf_16.as_slice(),
            "base64_malformed",
            "a document (the service's JSON envelope) in UTF-16 or behind a byte order mark",
            "give it in UTF-8",
        ),
        (
            marked.as_bytes(),
            "base64_malformed",
            "a document (the service's JSON envelope) in UTF-16 or behind a byte order mark",
            "give it in UTF-8",
        ),
        (b"<!DOCTYPE html><title>Sign in</title>", "base64_malformed", "a web page", "a proxy or a login page"),
        (
            in_json.as_bytes(),
            "base64_malformed",
            "a document (the service's JSON envelope) inside other JSON",
            "decode the outer JSON",
        ),
        (
            in_an_object.as_bytes(),
            "envelope_encoding",
            "a document (the service's JSON envelope) inside other JSON",
            "decode the outer JSON",
        ),
        (
            by_a_form.as_bytes(),
            "base64_malformed",
            "a document (the service's JSON envelope) with blanks in the place of +",
            "a form decoded + as a blank",
        ),
        (crate::attested::DEFAULT_ANCHORS[0], "der_malformed", "X.509 certificates", "give them as issuers"),
        (br#"{"error":"x"}"#, "envelope_encoding", "an error that the metadata service answered with", "ask again"),
        (b"-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----", "pem_label", "a private key", "take"),
        // Where nothing is known that the error does not say, it says no more.
        (b"MII*", "base64_malformed", "", "give the signature value whole"),
        (b"hello", "base64_malformed", "", "give the signature value whole"),
        (b"\x30\x03\x02\x01\x00", "der_malformed", "", "give the document unchanged"),
    ] {
        let (found, what, step) = told(input);
        assert_eq!((found, what.as_str()), (code, given), "{input:?}");
        assert!(step.starts_with(next_step), "{step}");
    }
}

#[test]
fn bytes_of_other_kinds_are_decoded() {
    let hexadecimal = base16ct::lower::encode_string(DER);
    assert_eq!(found(hexadecimal.as_bytes()), ("document", Some(Wrapping::Hexadecimal), DER.to_vec()));
    for between in [" ", ":", "\n"] {
        let pairs: Vec<String> = DER.iter().map(|octet| format!("{octet:02x}")).collect();
        let (material, wrapping, document) = found(pairs.join(between).as_bytes());
        assert_eq!((material, wrapping, document), ("document", Some(Wrapping::Hexadecimal), DER.to_vec()));
    }
    let utf_16: Vec<u8> =
        b"\xff\xfe".iter().copied().chain(ENVELOPE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(found(&utf_16), ("document", Some(Wrapping::Utf16), ENVELOPE.as_bytes().to_vec()));
    let utf_16: Vec<u8> = b"\xfe\xff".iter().copied().chain(BASE64.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    assert_eq!(found(&utf_16), ("document", Some(Wrapping::Utf16), BASE64.as_bytes().to_vec()));
}

#[test]
fn other_things_are_named() {
    let certificate = crate::attested::DEFAULT_ANCHORS[0];
    let two = format!("{ENVELOPE}\n{ENVELOPE}");
    for (input, material) in [
        (b" \n\t".as_slice(), "nothing"),
        (two.as_bytes(), "documents"),
        (certificate, "certificates"),
        (Base64::encode_string(certificate).as_bytes(), "certificates"),
        (b"subject=a\n-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "certificates"),
        (b"-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n", "private_key"),
        (b"-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n", "other_object"),
        (b"\x30\x03\x02\x01\x00", "other_object"),
        (br#"{"compute":{"vmId":""},"network":{}}"#, "instance_metadata"),
        (
            br#"{"error":"invalid_request","error_description":"Required metadata header not specified"}"#,
            "error_answer",
        ),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n{\"error\":\"Bad request\"}", "error_answer"),
        (b"HTTP/1.1 200 OK\r\nServer: IMDS\r\n", "headers"),
        (br#"{"vmId":"","timeStamp":{}}"#, "claims"),
        (br#"{"access_token":"eyJ","expires_in":"1"}"#, "token"),
        (b"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "token"),
        (b"{}", "json"),
        (b"[1,2]", "json"),
        (b"<!DOCTYPE html><title>Sign in</title>", "html"),
        (b"<?xml version=\"1.0\"?><Error/>", "xml"),
        (b"1234567890", "number"),
        (b"02aab8a4-74ef-476e-8182-f6d2ba4166a6", "identifier"),
        (b"http://169.254.169.254/metadata/attested/document", "address"),
        (b"%PDF-1.7\n", "file"),
        (b"\x89PNG\r\n\x1a\n", "file"),
        (b"\x00\x01\xff\xfe", "binary"),
        (br#"{"encoding":"pkcs7"}"#, "document"),
        (br#"{"signature":1}"#, "document"),
        (br#"{"encoding":"pkcs7",}"#, "document"),
        (br#"{"compute":{}}"#, "instance_metadata"),
        (br#"{"network":{}}"#, "instance_metadata"),
        (br#"{"azEnvironment":""}"#, "instance_metadata"),
        (br#"{"vmId":""}"#, "json"),
        (br#"{"timeStamp":{}}"#, "json"),
        (br#"{"id_token":""}"#, "token"),
        (br#"{"token":""}"#, "token"),
        (br#"{"errors":[]}"#, "error_answer"),
        (format!("{PEM}\n{PEM}").as_bytes(), "documents"),
        ("1".repeat(63).as_bytes(), "number"),
        ("1".repeat(64).as_bytes(), "text"),
        // Base64 has 24 letters at least.
        (b"MIAGCSqGSIb3DQEHAqCAMIAC", "document"),
        (b"MIAGCSqGSIb3DQEHAqCA", "text"),
        (b"hello", "text"),
        (b"encoding  : pkcs7\nsignature : 12345678\n", "text"),
        ("Grüße aus der Wolke, und nichts als Wörter von Menschen für Menschen".as_bytes(), "text"),
        (b"every word of this sentence is letters and blanks and nothing else at all", "text"),
    ] {
        let (name, ..) = found(input);
        assert_eq!(name, material, "{}", crate::Quoted::from_bytes(input));
    }
}

#[test]
fn what_the_strict_reader_is_to_judge_reaches_it_whole() {
    let twice = r#"{"encoding":"pkcs7","signature":"MAA=","signature":"MAA="}"#;
    assert_eq!(found(twice.as_bytes()), ("document", None, twice.as_bytes().to_vec()));
    let cut = &ENVELOPE[..40];
    assert_eq!(found(cut.as_bytes()).2, cut.as_bytes());
}

#[test]
fn long_input_is_judged_by_its_beginning() {
    let base64 = "MIIB".repeat(3_000_000);
    assert_eq!(recognise(base64.as_bytes()).document.len(), base64.len());
    let hidden = [&*"x ".repeat(LOOK), ENVELOPE].concat();
    assert_eq!(found(hidden.as_bytes()).0, "text");
    let behind = [ENVELOPE, &*" x".repeat(LOOK)].concat();
    assert_eq!(found(behind.as_bytes()), ("document", Some(Wrapping::Text), ENVELOPE.as_bytes().to_vec()));
    // What would take the square of its length by any carelessness. A megabyte squared does not end.
    for piece in [
        "{",
        "}",
        "{\"signature\":\"",
        "\"signature\"",
        "signature :",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200\n",
        "'",
    ] {
        let _ = recognise(piece.repeat(LOOK / piece.len()).as_bytes());
    }
    let umlauts = "ä".repeat(LOOK);
    assert_eq!(found(umlauts.as_bytes()).0, "text");
    // The end of the beginning is within a character.
    assert_eq!(found(format!("x{umlauts}").as_bytes()).0, "text");
    let nested = (0..40).fold(String::from("x"), |text, depth| {
        let mark = ["\"", "'"][depth % 2];
        format!("{mark}{text}{mark}")
    });
    assert_eq!(found(nested.as_bytes()).0, "text");
}

#[test]
fn everything_has_words() {
    let named = [
        Material::Documents,
        Material::Nothing,
        Material::Certificates,
        Material::PrivateKey,
        Material::OtherObject,
        Material::InstanceMetadata,
        Material::ErrorAnswer,
        Material::Claims,
        Material::Token,
        Material::Json,
        Material::Html,
        Material::Xml,
        Material::Headers,
        Material::Number,
        Material::Identifier,
        Material::Address,
        Material::File,
        Material::Binary,
        Material::Text,
    ];
    for (number, material) in named.iter().enumerate() {
        let (description, next_step) = (material.description(), material.next_step());
        assert!(next_step.contains(' '), "{material:?}: {next_step}");
        let others = named.iter().enumerate().filter(|(other, _)| *other != number);
        assert!(others.clone().all(|(_, other)| other.description() != description), "{material:?}: {description}");
        assert!(others.clone().all(|(_, other)| other.name() != material.name()), "{material:?}");
    }
    assert_eq!(Material::Document(InputForm::Pem).description(), InputForm::Pem.name());
    // What is secret is not to be left lying about.
    for secret in [Material::PrivateKey, Material::Token] {
        assert!(secret.next_step().starts_with("take it away from here"), "{secret:?}");
    }
    let wrappings = [
        Wrapping::HttpAnswer { status: 200 },
        Wrapping::Text,
        Wrapping::Quotes,
        Wrapping::Blanks,
        Wrapping::Plus,
        Wrapping::Json,
        Wrapping::Base64,
        Wrapping::Hexadecimal,
        Wrapping::Utf16,
    ];
    for (number, wrapping) in wrappings.iter().enumerate() {
        assert!(wrapping.description().contains(' ') && wrapping.next_step().contains(' '), "{wrapping:?}");
        let mut before = wrappings.iter().take(number);
        assert!(before.all(|other| other.description() != wrapping.description()), "{wrapping:?}");
    }
}

#[test]
fn an_object_longer_than_a_document_is_not_read() {
    let of_length = |length: usize| {
        let (begin, end) = (r#"{"compute":""#, r#""}"#);
        [begin, &"x".repeat(length - begin.len() - end.len()), end].concat()
    };
    assert_eq!(found(of_length(LIMIT).as_bytes()).0, "instance_metadata");
    assert_eq!(found(of_length(LIMIT + 1).as_bytes()).0, "json");
}
