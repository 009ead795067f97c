//! JSON as it is written: members in their order, each value once.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

/// A JSON value to write. Displays as JSON without white space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Null,
    Bool(bool),
    Number(u64),
    Text(String),
    List(Vec<Self>),
    Members(Vec<(&'static str, Self)>),
    /// JSON that was read before, as it was written.
    Written(String),
}

impl Form {
    /// The values of a list, each made from one of the items.
    pub(crate) fn list<T>(items: impl IntoIterator<Item = T>, make: impl Fn(T) -> Self) -> Self {
        Self::List(items.into_iter().map(make).collect())
    }

    /// What displays as a text.
    pub(crate) fn shown(value: impl fmt::Display) -> Self {
        Self::Text(value.to_string())
    }

    /// A value, or null for nothing.
    pub(crate) fn optional<T>(value: Option<T>, make: impl Fn(T) -> Self) -> Self {
        value.map_or(Self::Null, make)
    }
}

impl From<&str> for Form {
    fn from(text: &str) -> Self {
        Self::Text(text.to_string())
    }
}

impl fmt::Display for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Bool(value) => write!(formatter, "{value}"),
            Self::Number(value) => write!(formatter, "{value}"),
            Self::Text(text) => write_text(formatter, text),
            Self::Written(text) => formatter.write_str(text),
            Self::List(values) => {
                let mut before = '[';
                for value in values {
                    write!(formatter, "{before}{value}")?;
                    before = ',';
                }
                formatter.write_str(if values.is_empty() { "[]" } else { "]" })
            }
            Self::Members(members) => {
                let mut before = '{';
                for (name, value) in members {
                    formatter.write_char(before)?;
                    write_text(formatter, name)?;
                    write!(formatter, ":{value}")?;
                    before = ',';
                }
                formatter.write_str(if members.is_empty() { "{}" } else { "}" })
            }
        }
    }
}

/// RFC 8259 section 7: quotation mark, reverse solidus and control characters are escaped.
fn write_text(formatter: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    formatter.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(formatter, "\\{character}")?,
            '\0'..='\x1f' => write!(formatter, "\\u{:04x}", u32::from(character))?,
            _ => formatter.write_char(character)?,
        }
    }
    formatter.write_char('"')
}

#[cfg(feature = "serde")]
impl serde::Serialize for Form {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => serializer.serialize_u64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(values) => serializer.collect_seq(values),
            Self::Members(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
            // A number beyond any type of Rust's can't be handed on as one.
            Self::Written(text) => match serde_json::from_str::<serde_json::Value>(text) {
                Ok(value) => value.serialize(serializer),
                Err(_) => serializer.serialize_str(text),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let all: String = ('\0'..='\u{ff}').chain("\u{2028}\u{1f600}".chars()).collect();
        let form = Form::Members(vec![
            ("text", Form::Text(all.clone())),
            ("empty", Form::List(Vec::new())),
            ("none", Form::Members(Vec::new())),
            ("list", Form::List(vec![Form::Null, Form::Bool(true), Form::Number(u64::MAX)])),
            ("written", Form::Written(String::from("{\"a\": 1e999}"))),
        ]);
        let text = form.to_string();
        assert!(
            text.ends_with(r#","empty":[],"none":{},"list":[null,true,18446744073709551615],"written":{"a": 1e999}}"#)
        );
        let read = crate::json::Json::parse(&text, 3).unwrap();
        assert_eq!(read.member("text"), Some(&crate::json::Json::String(all)));
    }
}
