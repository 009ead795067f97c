//! Unit tests of path.

use alloc::string::ToString;

use super::*;
use crate::metadata::document::Document;

fn path(text: &str) -> MetadataPath {
    MetadataPath::parse(text).unwrap()
}

#[test]
fn reads_what_people_write() {
    for text in [
        "compute/vmId",
        "/compute/vmId",
        "compute/vmId/",
        "instance/compute/vmId",
        "/metadata/instance/compute/vmId/",
        "compute/%76mId",
    ] {
        assert_eq!(path(text).to_string(), "compute/vmId", "{text}");
    }
    for text in ["", "/", "instance", "/metadata/instance/"] {
        assert!(path(text).is_root(), "{text}");
    }
    assert_eq!(path("metadata").to_string(), "metadata");
}

#[test]
fn encodes_once() {
    let odd = path("a b/é/%25/50%2525/%3F%23");
    assert_eq!(odd.segments().collect::<Vec<_>>(), ["a b", "é", "%", "50%25", "?#"]);
    assert_eq!(odd.to_string(), "a%20b/%C3%A9/%25/50%2525/%3F%23");
    assert_eq!(path(&odd.to_string()), odd);
}

#[test]
fn refuses_what_leads_elsewhere() {
    let long = "x".repeat(1_025);
    let many = "x/".repeat(33);
    let grows = "é".repeat(300);
    for text in [
        "//",
        "//compute",
        "compute//vmId",
        "compute/vmId//",
        ".",
        "compute/../network",
        "compute/%2e%2e/network",
        "compute/%2E",
        "compute%2fvmId",
        "compute?format=text",
        "compute#vmId",
        "compute/%zz",
        "compute/%4",
        "compute/%",
        "compute/%ff",
        "compute/%00",
        "compute/\r\nvmId",
        "compute/\u{85}",
        &long,
        &many,
        &grows,
    ] {
        assert_eq!(MetadataPath::parse(text).unwrap_err().code(), "path_malformed", "{text}");
    }
    assert!(MetadataPath::parse(&"x".repeat(1_024)).is_ok());
    assert!(MetadataPath::parse(&"x/".repeat(32)).is_ok());
}

#[test]
fn grows_by_segments() {
    let mut grown = path("compute");
    grown.push("50%").unwrap();
    assert_eq!(grown.to_string(), "compute/50%25");
    assert_eq!(path("network").join(&path("interface/0")).unwrap().to_string(), "network/interface/0");
    for segment in ["", "..", "a/b", "\n"] {
        assert_eq!(grown.push(segment).unwrap_err().code(), "path_malformed");
    }
    assert_eq!(grown.to_string(), "compute/50%25");
}

#[test]
fn walks_as_the_service() {
    let document = Document::parse(r#"{"b":{"k":"v","e":""},"a":[{"x":[1,true]},"s"],"n":null}"#).unwrap();
    for (text, expected) in
        [("", "a/\nb/\nn"), ("b", "e\nk"), ("b/k", "v"), ("b/e", ""), ("a", "0/\n1"), ("a/0/x", "0\n1"), ("n", "")]
    {
        assert_eq!(document.text(&path(text)).as_deref(), Ok(expected), "{text}");
    }
    assert_eq!(document.json(&path("a/0")).as_deref(), Ok(r#"{"x":[1,true]}"#));
    assert_eq!(document.json(&path("")).as_deref(), Ok(document.as_str()));
    assert_eq!(document.json(&path("b/k")).unwrap_err().code(), "leaf_needs_text");
    for (text, at) in
        [("B", 0), ("b/K", 1), ("b/k/z", 2), ("a/2", 1), ("a/00", 1), ("a/+0", 1), ("a/-1", 1), ("a/x", 1)]
    {
        assert_eq!(path(text).select(document.root()).unwrap_err().segment(), at, "{text}");
        assert_eq!(document.text(&path(text)).unwrap_err().code(), "path_not_found");
    }
    let huge = "9".repeat(40);
    assert!(document.select(&path(&format!("a/{huge}"))).is_err());
}

#[test]
fn says_what_is_there() {
    let document = Document::parse(r#"{"b":{"k":"v"},"a":[1,2],"o":[]}"#).unwrap();
    for (text, expected) in [
        ("b/K", "there is no \"b/K\" in the answer; keys are compared with case; there is \"k\""),
        ("a/2", "there is no \"a/2\" in the answer; elements of \"a\" are 0 to 1, without sign or leading zero"),
        ("o/0", "there is no \"o/0\" in the answer; the array \"o\" is empty"),
        ("b/k/z", "there is no \"b/k/z\" in the answer; \"b/k\" is a single value with nothing below"),
        ("b/z", "there is no \"b/z\" in the answer; list what is there with \"b\" as text"),
    ] {
        assert_eq!(document.select(&path(text)).unwrap_err().to_string(), expected);
    }
}
