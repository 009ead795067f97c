//! Hostile and broken text: never a panic, never long, never another reading than a second reader's.

use std::time::{Duration, Instant};

use azure_imds::metadata::{AccessToken, Document, IdentityInfo, LoadBalancer, ScheduledEvents, Versions};
use azure_imds::{Instance as InstanceMetadata, ServiceError};

use crate::documents::{INSTANCES, NEWEST};
use crate::random::Random;

const MEBIBYTE: usize = 1 << 20;

/// A square of anything in these sizes would take minutes.
#[test]
fn a_mebibyte_is_read_in_linear_time() {
    let filled = |open: &str, unit: &str, close: &str| {
        let room = (MEBIBYTE - open.len() - close.len()) / unit.len();
        format!("{open}{}{close}", unit.repeat(room))
    };
    let keys: String = (0..60_000).map(|index| format!("\"{index:08}\":0,")).collect();
    let deep = "[".repeat(63);
    let texts = [
        filled("[", "0,", "0]"),
        filled("[", "-1e9,", "0]"),
        filled("[", "{},", "{}]"),
        filled("{", "\"a\":0,", "\"a\":1}"),
        filled("{", "\"\":{},", "\"\":1}"),
        format!("{{{keys}\"end\":0}}"),
        filled(&format!("{deep}["), "7,", &format!("7]{}", "]".repeat(63))),
        filled("\"", "\\\\", "\""),
        filled("\"", "\\u00e9", "\""),
        filled("", "9", ""),
        filled("", "[", ""),
        filled("", "{\"a\":", ""),
        filled("[", "\n", ""),
        filled("[\"", "é", ""),
        filled("{\"compute\":{\"tagsList\":[", "{},", "0]}}"),
        filled("{\"compute\":{\"tagsList\":[", "0,", "0]}}"),
        filled("{\"compute\":{\"tags\":\"", "a;", "\"}}"),
        filled("{\"network\":{\"interface\":[", "{\"ipv4\":{\"ipAddress\":[{}]}},", "0]}}"),
    ];
    for text in &texts {
        let started = Instant::now();
        let document = Document::parse(text);
        if let Ok(document) = &document {
            assert_eq!(document.as_str(), text);
        }
        let _all = everything(text);
        let took = started.elapsed();
        assert!(took < Duration::from_secs(30), "{took:?} for {}", &text[..text.floor_char_boundary(30)]);
    }
}

/// With each byte of a sample changed at random, what is accepted is what serde_json accepts, with the same values.
#[test]
fn broken_text_is_read_as_a_second_reader_does() {
    let mut random = Random::new("broken text");
    let (mut read, mut refused) = (0, 0);
    for _ in 0..4_000 {
        let (_, sample) = INSTANCES[random.below(INSTANCES.len())];
        let mut bytes = sample.as_bytes().to_vec();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[at] = random.byte(),
                1 => drop(bytes.drain(at..(at + random.below(4)).min(bytes.len()))),
                2 => bytes.insert(at, b"{}[]\",:-0.9eE\\ tfn"[random.below(18)]),
                _ => bytes.truncate(at.max(1)),
            }
            if bytes.is_empty() {
                bytes.push(b'0');
            }
        }
        match (Document::from_bytes(&bytes), serde_json::from_slice::<serde_json::Value>(&bytes)) {
            (Ok(document), Ok(expected)) => {
                read += 1;
                let again: serde_json::Value = serde_json::from_str(&document.root().to_json()).unwrap();
                assert_eq!(again, expected);
                let _all = everything(document.as_str());
            }
            (Ok(document), Err(error)) => {
                assert!(error.to_string().contains("number out of range"), "{error}: {}", document.as_str());
            }
            (Err(error), Ok(_)) => panic!("{error}: {}", String::from_utf8_lossy(&bytes)),
            (Err(ServiceError::AnswerMalformed { position, .. }), Err(_)) => {
                refused += 1;
                assert!(position.is_some_and(|position| position <= bytes.len()));
            }
            (Err(ServiceError::AnswerNotUtf8 { position }), Err(_)) => {
                refused += 1;
                assert!(std::str::from_utf8(&bytes[..position]).is_ok());
                assert!(position < bytes.len());
            }
            (Err(error), Err(_)) => panic!("{error}"),
        }
    }
    assert!(read > 300 && refused > 300, "{read} read, {refused} refused");
}

#[test]
fn bytes_say_where_they_end_being_text() {
    for (bytes, position) in [
        (&b"{\"a\":\"\xff\"}"[..], 6),
        (b"\xef\xbb", 0),
        (b"\"\xc0\xaf\"", 1),
        (b"\"\xed\xa0\x80\"", 1),
        (b"{}\xf4\x90\x80\x80", 2),
    ] {
        assert_eq!(Document::from_bytes(bytes), Err(ServiceError::AnswerNotUtf8 { position }));
    }
    for text in ["\u{feff}{}", "{\"a\u{0}\":1}", "{}\u{0}", "[\"\\ud800\"]", "[\"\\udfff\\ud800\"]"] {
        assert_eq!(Document::from_bytes(text.as_bytes()).unwrap_err().code(), "answer_malformed", "{text:?}");
    }
    assert!(Document::from_bytes(NEWEST.1.as_bytes()).is_ok());
}

/// Every reader; what they say is not looked at here.
fn everything(text: &str) -> [bool; 6] {
    [
        InstanceMetadata::parse(text, Some(NEWEST.0)).is_ok(),
        LoadBalancer::parse(text).is_ok(),
        AccessToken::parse(text).is_ok(),
        IdentityInfo::parse(text).is_ok(),
        ScheduledEvents::parse(text).is_ok(),
        Versions::parse(text).is_ok(),
    ]
}
