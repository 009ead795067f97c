//! Strict JSON: one value and nothing else, of bounded depth. What is kept of it is for the tree to say.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use hifijson::num::Lex as _;
use hifijson::str::LexAlloc as _;
use hifijson::token::{Expect, Lex as _};
use hifijson::{SliceLexer, escape, str};

use crate::repeated::repeated;

pub(crate) mod form;

/// A tree that a text is read into.
pub(crate) trait Tree: Sized {
    /// Members that the objects of a text may have in all, at every depth. Elements of arrays don't count.
    const MEMBER_LIMIT: usize;
    /// Whether an array keeps its elements. What is not kept is read all the same.
    const KEEPS_ELEMENTS: bool;

    /// `null`
    fn null() -> Self;
    /// `true` or `false`
    fn bool(value: bool) -> Self;
    /// A number, well formed, as it was written.
    fn number(text: &str) -> Self;
    /// A string.
    fn string(text: String) -> Self;
    /// An array; without elements if they are not kept.
    fn array(elements: Vec<Self>) -> Self;
    /// An object of these members, in their order.
    ///
    /// # Errors
    ///
    /// A key that stands twice, if that is not allowed.
    fn object(members: Vec<(String, Self)>) -> Result<Self, String>;
}

/// Reads one value and nothing after it; objects and arrays nest at most `depth` levels.
///
/// A number is one by the grammar of RFC 8259 section 6, however large: none is ever computed with.
pub(crate) fn read<T: Tree>(text: &str, depth: usize) -> Result<T, JsonError> {
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

/// A JSON value of what is signed, without a key that stands twice. Of numbers and arrays only the kind is kept: nothing
/// there reads more of them.
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
    pub(crate) fn parse(text: &str, depth: usize) -> Result<Self, JsonError> {
        read(text, depth)
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

impl Tree for Json {
    /// Those of the service have about fifteen.
    const MEMBER_LIMIT: usize = 1024;
    const KEEPS_ELEMENTS: bool = false;

    fn null() -> Self {
        Self::Null
    }

    fn bool(_: bool) -> Self {
        Self::Bool
    }

    fn number(_: &str) -> Self {
        Self::Number
    }

    fn string(text: String) -> Self {
        Self::String(text)
    }

    fn array(_: Vec<Self>) -> Self {
        Self::Array
    }

    fn object(members: Vec<(String, Self)>) -> Result<Self, String> {
        match first_duplicate(&members) {
            Some(key) => Err(key),
            None => Ok(Self::Object(members)),
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
fn value<T: Tree>(lexer: &mut SliceLexer<'_>, depth: usize, members: &mut usize) -> Result<T, Stop> {
    match lexer.ws_peek() {
        Some(b'"') => Ok(T::string(lexer.discarded().str_string()?.into_owned())),
        Some(b'-' | b'0'..=b'9') => number(lexer),
        Some(b'a'..=b'z') => match lexer.null_or_bool() {
            Some(None) => Ok(T::null()),
            Some(Some(value)) => Ok(T::bool(value)),
            None => Err(Stop::Unexpected { reason: "expected a value", taken: 1 }),
        },
        Some(b'[') => array(lexer, depth, members),
        Some(b'{') => object(lexer, depth, members),
        _ => Err(Expect::Value.into()),
    }
}

fn number<T: Tree>(lexer: &mut SliceLexer<'_>) -> Result<T, Stop> {
    let from = lexer.as_slice();
    if lexer.num_ignore().validate().is_err() {
        return Err(Stop::Unexpected { reason: "expected a digit", taken: 0 });
    }
    let length = from.len().saturating_sub(lexer.as_slice().len());
    Ok(T::number(from.get(..length).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or_default()))
}

/// Levels that may nest in what begins here.
fn inner(depth: usize) -> Result<usize, Stop> {
    depth.checked_sub(1).ok_or(Stop::Refused(JsonError::TooDeep))
}

fn array<T: Tree>(lexer: &mut SliceLexer<'_>, depth: usize, members: &mut usize) -> Result<T, Stop> {
    let depth = inner(depth)?;
    let mut elements = Vec::new();
    lexer.discarded().seq(b']', SliceLexer::ws_peek, |_, lexer| {
        let element = value(lexer, depth, members)?;
        if T::KEEPS_ELEMENTS {
            elements.push(element);
        }
        Ok::<_, Stop>(())
    })?;
    Ok(T::array(elements))
}

fn object<T: Tree>(lexer: &mut SliceLexer<'_>, depth: usize, members: &mut usize) -> Result<T, Stop> {
    let depth = inner(depth)?;
    let mut object = Vec::new();
    lexer.discarded().seq(b'}', SliceLexer::ws_peek, |next, lexer| {
        lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
        let key = lexer.str_string()?.into_owned();
        lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
        *members = members.saturating_add(1);
        if *members > T::MEMBER_LIMIT {
            return Err(Stop::Unexpected { reason: "more than 1024 members", taken: 0 });
        }
        object.push((key, value(lexer, depth, members)?));
        Ok(())
    })?;
    T::object(object).map_err(|key| Stop::Refused(JsonError::DuplicateKey(key)))
}

fn first_duplicate<T>(members: &[(String, T)]) -> Option<String> {
    let key = repeated(members.iter().map(|(key, _)| key.as_bytes()))?;
    core::str::from_utf8(key).ok().map(ToString::to_string)
}

#[cfg(test)]
pub(crate) mod tests;
