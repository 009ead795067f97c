//! What is read and what is refused, and the same text given to serde_json.

use alloc::format;

use super::*;

#[test]
fn kinds_have_words() {
    let kind = |text| Json::parse(text, 4).unwrap().kind();
    for (text, word) in [
        ("null", "null"),
        ("true", "a boolean"),
        ("1", "a number"),
        ("\"\"", "a string"),
        ("[]", "an array"),
        ("{}", "an object"),
    ] {
        assert_eq!(kind(text), word);
    }
}

#[test]
fn refuses_by_kind() {
    assert_eq!(Json::parse(r#"{"a":1,"a":2}"#, 4), Err(JsonError::DuplicateKey("a".into())));
    assert_eq!(Json::parse(r#"{"a":{"b":"","\u0062":""}}"#, 4), Err(JsonError::DuplicateKey("b".into())));
    assert_eq!(Json::parse("[[[]]]", 2), Err(JsonError::TooDeep));
    assert_eq!(Json::parse("[[1,2],[]]", 2), Ok(Json::Array));
    assert_eq!(Json::parse("{}", 0), Err(JsonError::TooDeep));
    assert_eq!(Json::parse(&"[".repeat(60_000), 2), Err(JsonError::TooDeep));
    let many =
        |count: usize| format!("{{{}}}", (0..count).map(|it| format!("\"{it}\":0")).collect::<Vec<_>>().join(","));
    assert!(Json::parse(&many(1024), 4).is_ok());
    assert!(matches!(Json::parse(&many(1025), 4), Err(JsonError::Malformed { reason, .. }) if reason.contains("1024")));
    for text in ["", "{", "{} {}", "{\"a\":NaN}", "\u{feff}{}", r#"{"a":"\ud800"}"#, "{'a':1}", "nul"] {
        assert!(matches!(Json::parse(text, 4), Err(JsonError::Malformed { .. })), "{text}");
    }
}

#[test]
fn says_where() {
    let Err(JsonError::Malformed { position, .. }) = Json::parse("{\"a\":1,\n \"b\" 2}", 4) else {
        panic!("accepted");
    };
    assert_eq!(position, Some(13));
}

#[test]
fn a_number_is_one_however_large() {
    // RFC 8259 section 6 sets no bounds, and nothing here computes with numbers.
    for text in ["1e999", "-1E+999", "0.1e-999", "123456789012345678901234567890", "-0", "0", "1.50", "0e0"] {
        assert_eq!(Json::parse(text, 0), Ok(Json::Number), "{text}");
    }
    for text in ["01", "-01", "00", "+1", ".5", "1.", "1.e1", "1e", "1e+", "1e+-1", "1e1.5", "-", "--1", "0x1", "1_0"] {
        assert!(matches!(Json::parse(text, 0), Err(JsonError::Malformed { .. })), "{text}");
    }
}

#[test]
fn names_the_byte_that_is_wrong() {
    for (text, byte) in [
        ("", 0),
        ("\u{feff}{}", 0),
        ("{} {}", 3),
        ("nul", 0),
        ("[1,]", 3),
        ("[1 2]", 3),
        ("{\"a\":1,}", 7),
        ("{a:1}", 1),
        ("{\"a\":", 5),
        ("[-x]", 2),
        ("[01]", 2),
        ("\"a\tb\"", 2),
        ("\"a\\xb\"", 3),
        ("\"\\u12g4\"", 5),
        ("\"\\udc00\"", 6),
        ("\"\\ud800\"", 6),
        ("\"\\ud800\\u0041\"", 12),
        ("\"abc", 4),
        ("\"abc\\", 5),
    ] {
        let Err(JsonError::Malformed { position, .. }) = Json::parse(text, 4) else { panic!("{text}: accepted") };
        assert_eq!(position, Some(byte), "{text}");
    }
}

/// What serde_json keeps more of, in our words.
fn as_ours(value: serde_json::Value) -> Json {
    match value {
        serde_json::Value::Null => Json::Null,
        serde_json::Value::Bool(_) => Json::Bool,
        serde_json::Value::Number(_) => Json::Number,
        serde_json::Value::String(text) => Json::String(text),
        serde_json::Value::Array(_) => Json::Array,
        serde_json::Value::Object(members) => {
            Json::Object(members.into_iter().map(|(key, value)| (key, as_ours(value))).collect())
        }
    }
}

/// The same, members by their keys: serde_json sorts them.
fn sorted(json: Json) -> Json {
    match json {
        Json::Object(mut members) => {
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Json::Object(members.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        other => other,
    }
}

/// Numbers from a seed, and what they choose.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) const fn of_seed(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// A string in quotation marks, plain or with everything that may stand in one.
    fn string(&mut self) -> String {
        let parts =
            ["a", "é", "𝄞", "\u{7f}", "\\\"", "\\\\", "\\/", "\\b\\f", "\\n\\r\\t", "\\u00e9", "\\ud834\\udd1e", " "];
        let text: String = (0..self.below(4)).map(|_| self.of(&parts)).collect();
        format!("\"{text}\"")
    }

    pub(crate) fn value(&mut self, depth: usize) -> String {
        let blank = self.of(&["", "", " ", "\t\r\n"]);
        match self.below(if depth == 0 { 6 } else { 10 }) {
            0 => self.string(),
            1 => self.of(&["null", "true", "false"]).into(),
            2 | 3 => {
                self.of(&["0", "-0", "12", "1.5", "-0.25", "1e5", "2E-3", "1.0e+10", "18446744073709551616"]).into()
            }
            4 => format!("{blank}{}{blank}", self.string()),
            5 => format!("{blank}{}", self.of(&["[]", "{}", "[ ]", "{\n}"])),
            6 | 7 => {
                let elements: Vec<_> = (0..self.below(4)).map(|_| self.value(depth - 1)).collect();
                format!("[{}{blank}]", elements.join(","))
            }
            _ => {
                let members =
                    (0..self.below(5)).map(|_| format!("{blank}{}{blank}:{}", self.string(), self.value(depth - 1)));
                format!("{{{}{blank}}}", members.collect::<Vec<_>>().join(","))
            }
        }
    }

    /// The text with some characters left out, doubled, replaced, or cut off.
    pub(crate) fn spoiled(&mut self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(2) {
            let odd = self.of(&[
                "\"", "\\", ",", ":", "{", "}", "[", "]", "0", "-", "e", ".", "u", "d", "\u{1}", "\u{a0}", "n", "1e999",
            ]);
            let at = self.below(characters.len() + 1);
            match self.below(5) {
                0 if at < characters.len() => drop(characters.remove(at)),
                1 if at < characters.len() => characters.insert(at, characters[at]),
                2 => characters.truncate(at),
                3 if at < characters.len() => drop(characters.splice(at..=at, odd.chars())),
                _ => drop(characters.splice(at..at, odd.chars())),
            }
        }
        characters.into_iter().collect()
    }
}

/// Whether serde_json reads the same out of a text, and where it is refused, whether it is well up to there.
fn compare(text: &str) -> &'static str {
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    match (Json::parse(text, 100), theirs) {
        (Ok(ours), Ok(theirs)) => {
            assert_eq!(sorted(ours), sorted(as_ours(theirs)), "{text:?}");
            "read"
        }
        (Err(JsonError::DuplicateKey(key)), _) => {
            // It keeps the last of them, so the keys that it has are fewer than the text has.
            assert!(text.contains(&key) || text.contains('\\'), "{text:?}");
            "duplicate"
        }
        (Ok(_), Err(theirs)) if theirs.to_string().starts_with("number out of range") => "large number",
        (Err(JsonError::Malformed { position, .. }), Err(_)) => {
            let well = text.as_bytes().get(..position.unwrap()).unwrap();
            match serde_json::from_slice::<serde_json::Value>(well) {
                Ok(_) => {}
                Err(error) if error.is_eof() || error.to_string().starts_with("number out of range") => {}
                // Cut inside a character: whoever reads on finds the rest.
                Err(_) if core::str::from_utf8(well).is_err() => {}
                Err(error) => panic!("{text:?}: {position:?} is behind the fault, {error}"),
            }
            "refused"
        }
        (ours, theirs) => panic!("{text:?}: {ours:?}, serde_json {theirs:?}"),
    }
}

#[test]
fn agrees_with_serde_json() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut counts = alloc::collections::BTreeMap::<_, usize>::new();
    for _ in 0..20_000 {
        let text = chance.value(4);
        *counts.entry(compare(&text)).or_default() += 1;
        let spoiled = chance.spoiled(&text);
        *counts.entry(compare(&spoiled)).or_default() += 1;
    }
    for (kind, least) in [("read", 10_000), ("refused", 5_000), ("duplicate", 100), ("large number", 10)] {
        assert!(counts.get(kind).is_some_and(|count| *count >= least), "{kind}: {counts:?}");
    }
}
