//! From JSON text to a tree, in one pass, without a number ever becoming a float.
//!
//! serde_json reads the text; only numbers are kept from it, because it would round them. Their texts are set aside
//! first, in a copy that holds a zero and spaces instead, so that every other byte keeps its position.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;
use core::fmt;
use core::ops::Range;

use serde::Deserializer;
use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Value, without_duplicates};
use crate::metadata::error::ServiceError;

/// Reads one value and nothing after it.
pub(super) fn value(text: &str, depth: usize) -> Result<Value, ServiceError> {
    if text.starts_with('\u{feff}') {
        return Err(malformed(Some(0), "it begins with a byte-order mark"));
    }
    let (stripped, numbers) = set_numbers_aside(text)?;
    let state = RefCell::new(State { text, numbers: numbers.into_iter(), too_deep: false });
    let mut reader = serde_json::Deserializer::from_slice(&stripped);
    let value = Seed { depth, state: &state }.deserialize(&mut reader);
    value.and_then(|value| reader.end().map(|()| value)).map_err(|error| {
        if state.borrow().too_deep {
            ServiceError::AnswerTooDeep { limit: depth }
        } else {
            malformed(byte_of(text, error.line(), error.column()), &reason_of(&error))
        }
    })
}

/// The parser counts lines and columns from one; a caller of ours wants a byte.
fn byte_of(text: &str, line: usize, column: usize) -> Option<usize> {
    let line_start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    line_start.checked_add(column.saturating_sub(1)).filter(|position| *position <= text.len())
}

/// The parser's sentence without its position, which is given on its own.
fn reason_of(error: &serde_json::Error) -> String {
    let sentence = error.to_string();
    sentence.split(" at line ").next().unwrap_or_default().to_string()
}

fn malformed(position: Option<usize>, reason: &str) -> ServiceError {
    ServiceError::AnswerMalformed { position, reason: reason.to_owned() }
}

/// The text with a zero for each number, and where the numbers stand, each one well formed.
fn set_numbers_aside(text: &str) -> Result<(Vec<u8>, Vec<Range<usize>>), ServiceError> {
    let mut stripped = text.as_bytes().to_vec();
    let mut numbers = Vec::new();
    let mut bytes = text.bytes().enumerate().peekable();
    let mut in_string = false;
    while let Some((start, byte)) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            b'-' | b'0'..=b'9' if !in_string => {
                let mut end = start.saturating_add(1);
                while let Some((last, _)) = bytes.next_if(|(_, byte)| is_of_number(*byte)) {
                    end = last.saturating_add(1);
                }
                let number = start..end;
                well_formed(text.get(number.clone()).unwrap_or_default(), start)?;
                if let Some((first, rest)) = stripped.get_mut(number.clone()).and_then(<[u8]>::split_first_mut) {
                    *first = b'0';
                    rest.fill(b' ');
                }
                numbers.push(number);
            }
            _ => {}
        }
    }
    Ok((stripped, numbers))
}

const fn is_of_number(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}

fn well_formed(number: &str, start: usize) -> Result<(), ServiceError> {
    match serde_json::from_str::<IgnoredAny>(number) {
        Ok(_) => Ok(()),
        Err(error) => Err(malformed(start.checked_add(error.column().saturating_sub(1)), "invalid number")),
    }
}

struct State<'t> {
    text: &'t str,
    numbers: alloc::vec::IntoIter<Range<usize>>,
    too_deep: bool,
}

/// Reads one value that may nest `depth` levels deep.
struct Seed<'s, 't> {
    depth: usize,
    state: &'s RefCell<State<'t>>,
}

impl Seed<'_, '_> {
    fn inner<E: de::Error>(&self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, state: self.state }),
            None => {
                self.state.borrow_mut().too_deep = true;
                Err(E::custom("refused"))
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    /// Called for the zero that stands for a number; they come in the order of the text.
    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Value, E> {
        let mut state = self.state.borrow_mut();
        let text = state.text;
        let number = state.numbers.next().and_then(|number| text.get(number));
        number.map(|number| Value::Number(number.to_owned())).ok_or_else(|| E::custom("a number out of place"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(self.inner()?)? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut members: Vec<(String, Value)> = Vec::new();
        loop {
            let inner = self.inner()?;
            let Some(key) = entries.next_key::<String>()? else {
                return Ok(Value::Object(without_duplicates(members)));
            };
            members.push((key, entries.next_value_seed(inner)?));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (&'static str, Option<usize>) {
        match value(text, 64) {
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
            ("[1.]", 2),
            ("[1e+]", 3),
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
        assert_eq!(value(text, 1).unwrap().to_json(), text);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(value(&deep(64), 64).is_ok());
        assert_eq!(value(&deep(65), 64), Err(ServiceError::AnswerTooDeep { limit: 64 }));
        for open in ["[", "{\"a\":", "[{\"a\":"] {
            assert_eq!(value(&open.repeat(100_000), 64), Err(ServiceError::AnswerTooDeep { limit: 64 }));
        }
    }
}
