//! Unit tests of document.

use alloc::string::ToString;

use super::*;
use crate::json::tests::Chance;

fn root(text: &str) -> Value {
    let document = Document::parse(text).unwrap();
    assert_eq!(document.as_str(), text);
    document.root
}

#[test]
fn keeps_the_order_and_the_text_of_numbers() {
    let digits = "9".repeat(400);
    let text = alloc::format!(r#"{{"b":[{digits},1e999,-0,-0.10E+2],"a":"1e5","c":{{"-1":"\"12"}}}}"#);
    assert_eq!(root(&text).to_json(), text);
    assert_eq!(root(&text).member("b").unwrap().element(0), Some(&Value::Number(digits)));
    assert_eq!(root("7"), Value::Number("7".into()));
}

#[test]
fn the_last_of_two_keys_counts() {
    let value = root(r#"{"a":1,"b":2,"a":3}"#);
    assert_eq!(value.to_json(), r#"{"a":3,"b":2}"#);
    let held = Value::object([("a", Value::Null), ("a", Value::Bool(true))]);
    assert_eq!(held.member("a"), Some(&Value::Bool(true)));
}

#[test]
fn strings_are_escaped_again() {
    let text = "{\"k\\n\\\"\":\"\\u0000 \\\\ \u{2028} é\"}";
    assert_eq!(root(text).to_json(), text);
}

#[test]
fn sorted_at_every_level() {
    assert_eq!(root(r#"[{"b":{"d":1,"c":2},"a":0}]"#).sorted().to_json(), r#"[{"a":0,"b":{"c":2,"d":1}}]"#);
}

fn refused(text: &str) -> (&'static str, Option<usize>) {
    match read(text, 64) {
        Err(error @ ServiceError::AnswerMalformed { position, .. }) => (error.code(), position),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn says_where() {
    for (text, position) in [
        ("\u{feff}{}", 0),
        ("{\"a\":1,\n \"b\" 2}", 13),
        ("[1,02]", 4),
        ("[1.]", 3),
        ("[1e+]", 4),
        ("[--1]", 2),
        ("[0x10]", 2),
        ("{} 1", 3),
        ("[\"\u{0}\"]", 2),
    ] {
        assert_eq!(refused(text).1, Some(position), "{text:?}");
    }
    for text in [
        "",
        "{",
        "nul",
        "true1",
        "1 2",
        "{1:2}",
        "[1 2]",
        "{'a':1}",
        "+1",
        "-",
        ".5",
        "NaN",
        "-Infinity",
        "\"a",
        "\"\\",
        "[1,]",
        "{\"a\":1,}",
        "12ab",
        "12\"",
        "/**/1",
        "1//",
        "\u{b}1",
    ] {
        assert_eq!(refused(text).0, "answer_malformed", "{text}");
    }
    for text in [r#"["\ud800"]"#, r#"["\udc00"]"#, r#"["\ud800\u0041"]"#, r#"{"\ud800x":1}"#] {
        assert!(refused(text).1.is_some_and(|position| (6..14).contains(&position)), "{text}");
    }
}

#[test]
fn numbers_in_strings_stay_there() {
    let text = r#"{"1":"2\"3\\","4":-5.0e1}"#;
    assert_eq!(read(text, 1).unwrap().to_json(), text);
}

#[test]
fn depth_is_bounded() {
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert!(read(&deep(64), 64).is_ok());
    assert_eq!(read(&deep(65), 64), Err(ServiceError::AnswerTooDeep { limit: 64 }));
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        assert_eq!(read(&open.repeat(100_000), 64), Err(ServiceError::AnswerTooDeep { limit: 64 }));
    }
}

#[test]
fn strings_are_written_as_serde_json_writes_them() {
    let all: String = ('\0'..='\u{ff}').chain("\u{2028}\u{feff}\u{fffd}\u{10ffff}é𝄞".chars()).collect();
    for text in [all.as_str(), "", "\"", "\\", "\u{1}", "a\"", "\"a", "\n\n", "a\u{7f}b"] {
        assert_eq!(Value::text(text).to_json(), serde_json::to_string(text).unwrap());
    }
}

#[test]
fn reads_what_serde_json_reads() {
    let mut chance = Chance::of_seed(0x2545_f491_4f6c_dd1d);
    let mut counts = [0; 2];
    for _ in 0..20_000 {
        let text = chance.value(4);
        for text in [chance.spoiled(&text), text] {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            match (read(&text, 64), theirs) {
                // They keep the last of two keys, as this does, and round numbers.
                (Ok(ours), Ok(theirs)) => {
                    assert_eq!(serde_json::from_str::<serde_json::Value>(&ours.to_json()).unwrap(), theirs, "{text}");
                    assert_eq!(read(&ours.to_json(), 64).unwrap(), ours, "{text}");
                    counts[0] += 1;
                }
                (Err(_), Err(_)) => counts[1] += 1,
                (Ok(_), Err(theirs)) if theirs.to_string().starts_with("number out of range") => {}
                (ours, theirs) => panic!("{text:?}: {ours:?}, serde_json {theirs:?}"),
            }
        }
    }
    assert!(counts[0] > 20_000 && counts[1] > 5_000, "{counts:?}");
}
