//! Strict JSON: one value, no key twice, bounded depth.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::fmt;

use serde::Deserializer;
use serde::de::{self, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use super::repeated::repeated;

/// Members that the objects of a text may have in all; those of the service have about fifteen.
const MEMBER_LIMIT: usize = 1024;

/// A JSON value. Of numbers and arrays only the kind is kept: nothing here reads more of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number,
    String(String),
    Array,
    Object(Vec<(String, Self)>),
}

/// Why a text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A key stands twice in one object.
    DuplicateKey(String),
    /// Objects and arrays nest deeper than allowed.
    TooDeep,
    /// It is not one JSON value.
    Malformed { position: Option<usize>, reason: String },
}

impl Json {
    /// Reads one value and nothing after it; objects and arrays nest at most `depth` levels.
    pub(crate) fn parse(text: &str, depth: usize) -> Result<Self, Fault> {
        let (fault, members) = (RefCell::new(None), Cell::new(0));
        let mut reader = serde_json::Deserializer::from_str(text);
        let value = Value { depth, members: &members, fault: &fault }.deserialize(&mut reader);
        match value.and_then(|value| reader.end().map(|()| value)) {
            Ok(value) => Ok(value),
            Err(error) => Err(fault.take().unwrap_or_else(|| Fault::Malformed {
                position: byte_of(text, error.line(), error.column()),
                reason: reason_of(&error),
            })),
        }
    }

    /// The value of a key, if this is an object that has it.
    pub(crate) fn member(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The kind of value, in words.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number => "a number",
            Self::String(_) => "a string",
            Self::Array => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Reads one value that may nest `depth` levels deep.
struct Value<'f> {
    depth: usize,
    /// Members of all objects read so far.
    members: &'f Cell<usize>,
    fault: &'f RefCell<Option<Fault>>,
}

impl Value<'_> {
    fn inner(&self) -> Option<Self> {
        Some(Self { depth: self.depth.checked_sub(1)?, members: self.members, fault: self.fault })
    }

    fn refuse<E: de::Error>(&self, fault: Fault) -> E {
        self.fault.replace(Some(fault));
        E::custom("refused")
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
        if self.inner().is_none() {
            return Err(self.refuse(Fault::TooDeep));
        }
        while let Some(inner) = self.inner() {
            if elements.next_element_seed(inner)?.is_none() {
                break;
            }
        }
        Ok(Json::Array)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut members: Vec<(String, Json)> = Vec::new();
        loop {
            let Some(inner) = self.inner() else {
                return Err(self.refuse(Fault::TooDeep));
            };
            let Some(key) = entries.next_key::<String>()? else {
                break;
            };
            self.members.set(self.members.get().saturating_add(1));
            if self.members.get() > MEMBER_LIMIT {
                return Err(A::Error::custom(format_args!("more than {MEMBER_LIMIT} members")));
            }
            members.push((key, entries.next_value_seed(inner)?));
        }
        match first_duplicate(&members) {
            Some(key) => Err(self.refuse(Fault::DuplicateKey(key))),
            None => Ok(Json::Object(members)),
        }
    }
}

fn first_duplicate(members: &[(String, Json)]) -> Option<String> {
    let key = repeated(members.iter().map(|(key, _)| key.as_bytes()))?;
    members.iter().map(|(known, _)| known).find(|known| known.as_bytes() == key).cloned()
}

/// The parser counts lines and columns from one; a caller of ours wants a byte.
pub(crate) fn byte_of(text: &str, line: usize, column: usize) -> Option<usize> {
    let line_start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    line_start.checked_add(column.saturating_sub(1)).filter(|position| *position <= text.len())
}

/// The parser's sentence without its position, which is given on its own.
pub(crate) fn reason_of(error: &serde_json::Error) -> String {
    let sentence = error.to_string();
    sentence.split(" at line ").next().unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
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
        assert_eq!(Json::parse(r#"{"a":1,"a":2}"#, 4), Err(Fault::DuplicateKey("a".into())));
        assert_eq!(Json::parse(r#"{"a":{"b":"","\u0062":""}}"#, 4), Err(Fault::DuplicateKey("b".into())));
        assert_eq!(Json::parse("[[[]]]", 2), Err(Fault::TooDeep));
        assert_eq!(Json::parse("[[1,2],[]]", 2), Ok(Json::Array));
        assert_eq!(Json::parse("{}", 0), Err(Fault::TooDeep));
        assert_eq!(Json::parse(&"[".repeat(60_000), 2), Err(Fault::TooDeep));
        let many =
            |count: usize| format!("{{{}}}", (0..count).map(|it| format!("\"{it}\":0")).collect::<Vec<_>>().join(","));
        assert!(Json::parse(&many(1024), 4).is_ok());
        assert!(matches!(Json::parse(&many(1025), 4), Err(Fault::Malformed { reason, .. }) if reason.contains("1024")));
        for text in ["", "{", "{} {}", "{\"a\":NaN}", "\u{feff}{}", r#"{"a":"\ud800"}"#, "1e999", "{'a':1}", "nul"] {
            assert!(matches!(Json::parse(text, 4), Err(Fault::Malformed { .. })), "{text}");
        }
    }

    #[test]
    fn says_where() {
        let Err(Fault::Malformed { position, .. }) = Json::parse("{\"a\":1,\n \"b\" 2}", 4) else {
            panic!("accepted");
        };
        assert_eq!(position, Some(13));
    }
}
