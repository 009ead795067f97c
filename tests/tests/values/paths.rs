//! Every path of the sample answers, as JSON and as text, and paths made at random.

use azure_imds::metadata::{Document, MetadataPath};

use crate::documents::{INSTANCES, paths, pointer};
use crate::random::Random;

#[test]
fn every_path_as_json_and_as_text() {
    let (mut walked, mut expected_walk) = (0, 0);
    for (version, text) in INSTANCES {
        let document = Document::parse(text).unwrap();
        assert_eq!(document.as_str(), text);
        let oracle: serde_json::Value = serde_json::from_str(text).unwrap();
        expected_walk += size(&oracle);
        for path in paths(&document) {
            walked += 1;
            let expected = oracle.pointer(&pointer(&path)).unwrap();
            let shown = path.to_string();
            assert_eq!(document.text(&path).unwrap(), listing(expected), "{version} {shown}");
            match document.json(&path) {
                Ok(json) if path.is_root() => assert_eq!(json, text),
                Ok(json) => assert_eq!(json, expected.to_string(), "{version} {shown}"),
                Err(error) => {
                    assert_eq!(error.code(), "leaf_needs_text", "{version} {shown}");
                    assert!(!expected.is_object() && !expected.is_array());
                }
            }
            assert_eq!(MetadataPath::parse(&shown).unwrap(), path);
            assert_eq!(MetadataPath::parse(&format!("/metadata/instance/{shown}/")).is_ok(), !path.is_root());
        }
    }
    assert_eq!(walked, expected_walk);
}

#[test]
fn what_is_not_there_is_never_found() {
    for (_, text) in INSTANCES {
        let document = Document::parse(text).unwrap();
        for path in paths(&document) {
            for segment in ["99", "01", "-1", "nothing", "COMPUTE"] {
                let mut further = path.clone();
                further.push(segment).unwrap();
                assert_eq!(document.text(&further).unwrap_err().code(), "path_not_found", "{further}");
            }
        }
    }
}

#[test]
fn random_segments_come_back() {
    let mut random = Random::new("path segments");
    let mut refused = 0;
    for _ in 0..3_000 {
        let mut path = MetadataPath::root();
        path.push("compute").unwrap();
        for _ in 0..random.below(5) {
            let segment = random.text(12);
            let lengths = path.segments().len();
            match path.push(&segment) {
                Ok(()) => assert_eq!(path.segments().last(), Some(segment.as_str())),
                Err(error) => {
                    refused += 1;
                    assert_eq!(error.code(), "path_malformed");
                    assert_eq!(path.segments().len(), lengths);
                }
            }
        }
        let encoded = path.to_string();
        assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%/".contains(&byte)), "{encoded}");
        assert_eq!(MetadataPath::parse(&encoded), Ok(path), "{encoded}");
    }
    assert!((100..6_000).contains(&refused), "{refused} refused");
}

#[test]
fn random_text_is_read_or_refused() {
    let mut random = Random::new("path text");
    let mut read = 0;
    for _ in 0..20_000 {
        let text = random.text(40);
        match MetadataPath::parse(&format!("compute/{text}")) {
            Ok(path) => {
                read += 1;
                assert!(path.to_string().len() <= MetadataPath::MAX_BYTES);
                assert_eq!(MetadataPath::parse(&path.to_string()), Ok(path));
            }
            Err(error) => assert_eq!(error.code(), "path_malformed"),
        }
    }
    assert!((1_000..19_000).contains(&read), "{read} read");
}

/// How many values there are, itself among them.
fn size(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        serde_json::Value::Array(elements) => 1 + elements.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

fn listing(value: &serde_json::Value) -> String {
    let line = |name: &str, child: &serde_json::Value| {
        if child.is_object() || child.is_array() { format!("{name}/") } else { name.to_owned() }
    };
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Object(members) => {
            members.iter().map(|(key, child)| line(key, child)).collect::<Vec<_>>().join("\n")
        }
        serde_json::Value::Array(elements) => {
            let lines = elements.iter().enumerate().map(|(index, child)| line(&index.to_string(), child));
            lines.collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    }
}
