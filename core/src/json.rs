//! Strict JSON: one value, no key twice, bounded depth.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use hifijson::num::Lex as _;
use hifijson::str::LexAlloc as _;
use hifijson::token::{Expect, Lex as _};
use hifijson::{SliceLexer, escape, str};

use crate::repeated::repeated;

pub(crate) mod form;

/// Members that the objects of a text may have in all, at every depth; those of the service have about fifteen. Elements
/// of arrays don't count: nothing is kept of them.
const MEMBER_LIMIT: usize = 1024;

/// A JSON value. Of numbers and arrays only the kind is kept: nothing here reads more of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool,
    Number,
    String(String),
    Array,
    Object(Vec<(String, Self)>),
}

/// Why a text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// A key stands twice in one object.
    DuplicateKey(String),
    /// Objects and arrays nest deeper than allowed.
    TooDeep,
    /// It is not one JSON value.
    Malformed { position: Option<usize>, reason: String },
}

impl Json {
    /// Reads one value and nothing after it; objects and arrays nest at most `depth` levels.
    ///
    /// A number is one by the grammar of RFC 8259 section 6, however large: none is ever computed with.
    pub(crate) fn parse(text: &str, depth: usize) -> Result<Self, JsonError> {
        let mut lexer = SliceLexer::new(text.as_bytes());
        let read = value(&mut lexer, depth, &mut 0).and_then(|value| match lexer.ws_peek() {
            None => Ok(value),
            Some(_) => Err(Expect::Eof.into()),
        });
        read.map_err(|stop| match stop {
            Stop::Refused(fault) => fault,
            Stop::Unexpected { reason, taken } => {
                let left = lexer.as_slice().len().saturating_add(taken);
                JsonError::Malformed { position: text.len().checked_sub(left), reason: reason.to_string() }
            }
        })
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
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String(_) => "a string",
            Self::Array => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Where reading ends before its time.
enum Stop {
    Refused(JsonError),
    /// The lexer stands so many bytes behind the one that is wrong.
    Unexpected {
        reason: &'static str,
        taken: usize,
    },
}

impl From<Expect> for Stop {
    fn from(expected: Expect) -> Self {
        let reason = match expected {
            Expect::Value => "expected a value",
            Expect::ValueOrEnd => "expected a value, or the end of the array or object",
            Expect::CommaOrEnd => "expected a comma, or the end of the array or object",
            Expect::String => "expected a key in double quotes",
            Expect::Colon => "expected a colon",
            Expect::Eof => "expected nothing more",
        };
        Self::Unexpected { reason, taken: 0 }
    }
}

impl From<str::Error> for Stop {
    fn from(error: str::Error) -> Self {
        // The lexer has taken what it complains of, unless there was nothing to take.
        let (reason, taken) = match error {
            str::Error::Control => ("a control character in a string", 1),
            str::Error::Escape(escape::Error::InvalidKind(_)) => ("an escape that JSON has not", 1),
            str::Error::Escape(escape::Error::InvalidHex(_)) => ("expected a hexadecimal digit", 1),
            str::Error::Escape(escape::Error::InvalidChar(_) | escape::Error::ExpectedLowSurrogate) => {
                ("half a surrogate pair", 1)
            }
            str::Error::Escape(escape::Error::Eof) | str::Error::Eof => ("the string does not end", 0),
            str::Error::Utf8(_) => ("it is not UTF-8", 0),
        };
        Self::Unexpected { reason, taken }
    }
}

/// Reads one value that may nest `depth` levels deep; `members` counts those of all objects.
fn value(lexer: &mut SliceLexer<'_>, depth: usize, members: &mut usize) -> Result<Json, Stop> {
    match lexer.ws_peek() {
        Some(b'"') => Ok(Json::String(lexer.discarded().str_string()?.into_owned())),
        Some(b'-' | b'0'..=b'9') => match lexer.num_ignore().validate() {
            Ok(_) => Ok(Json::Number),
            Err(_) => Err(Stop::Unexpected { reason: "expected a digit", taken: 0 }),
        },
        Some(b'a'..=b'z') => match lexer.null_or_bool() {
            Some(None) => Ok(Json::Null),
            Some(Some(_)) => Ok(Json::Bool),
            None => Err(Stop::Unexpected { reason: "expected a value", taken: 1 }),
        },
        Some(b'[') => nested(lexer, b']', depth, members),
        Some(b'{') => nested(lexer, b'}', depth, members),
        _ => Err(Expect::Value.into()),
    }
}

/// Reads an array or an object from its bracket to `end`.
fn nested(lexer: &mut SliceLexer<'_>, end: u8, depth: usize, members: &mut usize) -> Result<Json, Stop> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Stop::Refused(JsonError::TooDeep));
    };
    let mut object = Vec::new();
    lexer.discarded().seq(end, SliceLexer::ws_peek, |next, lexer| {
        if end == b']' {
            return value(lexer, depth, members).map(drop);
        }
        lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
        let key = lexer.str_string()?.into_owned();
        lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
        *members = members.saturating_add(1);
        if *members > MEMBER_LIMIT {
            return Err(Stop::Unexpected { reason: "more than 1024 members", taken: 0 });
        }
        object.push((key, value(lexer, depth, members)?));
        Ok(())
    })?;
    if end == b']' {
        return Ok(Json::Array);
    }
    match first_duplicate(&object) {
        Some(key) => Err(Stop::Refused(JsonError::DuplicateKey(key))),
        None => Ok(Json::Object(object)),
    }
}

fn first_duplicate(members: &[(String, Json)]) -> Option<String> {
    let key = repeated(members.iter().map(|(key, _)| key.as_bytes()))?;
    core::str::from_utf8(key).ok().map(ToString::to_string)
}

#[cfg(test)]
mod tests;
