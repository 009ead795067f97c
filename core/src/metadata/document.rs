//! An answer of the service as it came: its text, and the tree of values read from it.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::json::{self, JsonError, Tree};
use crate::metadata::error::ServiceError;
use crate::metadata::path::MetadataPath;
use crate::metadata::render::{render_json, render_text};
use crate::repeated::repeated;

/// A JSON value, in the order of the wire.
///
/// A tree read from a text holds no key twice: the last one of a name counts, as in most readers of JSON.
/// [`fmt::Display`] writes compact JSON, the keys in the order held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`, which the service is not known to write.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number's text as it was written, whatever its size.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Self>),
    /// An object's keys and values.
    Object(Vec<(String, Self)>),
}

impl Value {
    /// A string.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::String(text.to_owned())
    }

    /// An object of these keys and values, in this order.
    ///
    /// ```
    /// use azure_imds::metadata::Value;
    ///
    /// let value = Value::object([("name", Value::text("vm-1"))]);
    /// assert_eq!(value.to_json(), r#"{"name":"vm-1"}"#);
    /// ```
    #[must_use]
    pub fn object<'k>(members: impl IntoIterator<Item = (&'k str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// The value of a key, if this is an object that has it; of keys that stand twice, the last.
    ///
    /// ```
    /// use azure_imds::metadata::Value;
    ///
    /// let value = Value::object([("name", Value::text("vm-1"))]);
    /// assert_eq!(value.member("name").and_then(Value::as_str), Some("vm-1"));
    /// assert_eq!(value.member("zone"), None);
    /// ```
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().rfind(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// An element, counted from zero, if this is an array that has it.
    #[must_use]
    pub fn element(&self, index: usize) -> Option<&Self> {
        match self {
            Self::Array(elements) => elements.get(index),
            _ => None,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this is neither an object nor an array.
    ///
    /// ```
    /// use azure_imds::metadata::Value;
    ///
    /// assert!(Value::text("vm-1").is_leaf());
    /// assert!(!Value::object([]).is_leaf());
    /// ```
    #[must_use]
    pub const fn is_leaf(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Object(_))
    }

    /// The kind of value, in words.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// Compact JSON: no white space, the keys in the order held.
    #[must_use]
    pub fn to_json(&self) -> String {
        alloc::format!("{self}")
    }

    /// The same with the keys of every object in ASCII order, as the service writes them.
    #[must_use]
    pub fn sorted(self) -> Self {
        match self {
            Self::Array(elements) => Self::Array(elements.into_iter().map(Self::sorted).collect()),
            Self::Object(members) => {
                let mut members: Vec<_> = members.into_iter().map(|(key, value)| (key, value.sorted())).collect();
                members.sort_by(|(one, _), (other, _)| one.cmp(other));
                Self::Object(members)
            }
            leaf => leaf,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Bool(flag) => write!(formatter, "{flag}"),
            Self::Number(text) => formatter.write_str(text),
            Self::String(text) => quote(formatter, text),
            Self::Array(elements) => {
                formatter.write_str("[")?;
                for (index, element) in elements.iter().enumerate() {
                    formatter.write_str(if index == 0 { "" } else { "," })?;
                    fmt::Display::fmt(element, formatter)?;
                }
                formatter.write_str("]")
            }
            Self::Object(members) => {
                formatter.write_str("{")?;
                for (index, (key, value)) in members.iter().enumerate() {
                    formatter.write_str(if index == 0 { "" } else { "," })?;
                    quote(formatter, key)?;
                    formatter.write_str(":")?;
                    fmt::Display::fmt(value, formatter)?;
                }
                formatter.write_str("}")
            }
        }
    }
}

impl Tree for Value {
    const MEMBER_LIMIT: usize = usize::MAX;
    const KEEPS_ELEMENTS: bool = true;

    fn null() -> Self {
        Self::Null
    }

    fn bool(value: bool) -> Self {
        Self::Bool(value)
    }

    fn number(text: &str) -> Self {
        Self::Number(text.to_owned())
    }

    fn string(text: String) -> Self {
        Self::String(text)
    }

    fn array(elements: Vec<Self>) -> Self {
        Self::Array(elements)
    }

    fn object(members: Vec<(String, Self)>) -> Result<Self, String> {
        let is_unique = repeated(members.iter().map(|(key, _)| key.as_bytes())).is_none();
        Ok(Self::Object(if is_unique { members } else { without_duplicates(members) }))
    }
}

/// Writes a string in quotation marks, escaping what RFC 8259 section 7 says must be escaped.
fn quote(formatter: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    formatter.write_str("\"")?;
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        formatter.write_str(text.get(written..at).unwrap_or_default())?;
        match byte {
            b'"' => formatter.write_str("\\\""),
            b'\\' => formatter.write_str("\\\\"),
            0x08 => formatter.write_str("\\b"),
            0x0c => formatter.write_str("\\f"),
            b'\n' => formatter.write_str("\\n"),
            b'\r' => formatter.write_str("\\r"),
            b'\t' => formatter.write_str("\\t"),
            control => write!(formatter, "\\u{control:04x}"),
        }?;
        written = at.saturating_add(1);
    }
    formatter.write_str(text.get(written..).unwrap_or_default())?;
    formatter.write_str("\"")
}

/// An answer in JSON: its text byte for byte, and what was read from it.
///
/// Objects and arrays nest at most [`Document::DEPTH`] levels. A key that stands twice in one object is no error, as
/// readers of JSON go: the last one counts, and the text keeps both. (An attested document is read more strictly.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    text: String,
    root: Value,
}

impl Document {
    /// Levels that objects and arrays may nest.
    pub const DEPTH: usize = 64;

    /// Reads an answer's text.
    ///
    /// # Errors
    ///
    /// `answer_malformed`, `answer_too_deep`.
    ///
    /// ```
    /// use azure_imds::metadata::Document;
    ///
    /// let document = Document::parse(r#"{"compute":{"name":"vm-1"}}"#)?;
    /// assert!(document.root().member("compute").is_some());
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ServiceError> {
        Ok(Self { root: read(text, Self::DEPTH)?, text: text.to_owned() })
    }

    /// Reads an answer's body.
    ///
    /// # Errors
    ///
    /// `answer_not_utf8`, `answer_malformed`, `answer_too_deep`.
    pub fn from_bytes(body: &[u8]) -> Result<Self, ServiceError> {
        match core::str::from_utf8(body) {
            Ok(text) => Self::parse(text),
            Err(error) => Err(ServiceError::AnswerNotUtf8 { position: error.valid_up_to() }),
        }
    }

    /// The text as it came, byte for byte.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The whole tree.
    #[must_use]
    pub const fn root(&self) -> &Value {
        &self.root
    }

    /// What the path leads to.
    ///
    /// # Errors
    ///
    /// `path_not_found`, with what is there instead.
    pub fn select(&self, path: &MetadataPath) -> Result<&Value, ServiceError> {
        path.select(&self.root).map_err(|fault| fault.not_found(path))
    }

    /// What the service answers for the path with `format=text`: a value bare, or a listing.
    ///
    /// # Errors
    ///
    /// `path_not_found`.
    ///
    /// ```
    /// use azure_imds::metadata::{Document, MetadataPath};
    ///
    /// let document = Document::parse(r#"{"compute":{"name":"vm-1"}}"#)?;
    /// let path = MetadataPath::parse("compute/name").unwrap();
    /// assert_eq!(document.text(&path)?, "vm-1");
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    pub fn text(&self, path: &MetadataPath) -> Result<String, ServiceError> {
        self.select(path).map(render_text)
    }

    /// What the service answers for the path with `format=json`: compact JSON, or for the root the text as it came.
    ///
    /// # Errors
    ///
    /// `path_not_found`; `leaf_needs_text` for a single value, which the service gives as text only.
    pub fn json(&self, path: &MetadataPath) -> Result<String, ServiceError> {
        let value = self.select(path)?;
        let rendered = render_json(value, path)?;
        Ok(if path.is_root() { self.text.clone() } else { rendered })
    }
}

fn read(text: &str, depth: usize) -> Result<Value, ServiceError> {
    let malformed = |position, reason| Err(ServiceError::AnswerMalformed { position, reason });
    if text.starts_with('\u{feff}') {
        return malformed(Some(0), "it begins with a byte-order mark".to_owned());
    }
    match json::read(text, depth) {
        Ok(root) => Ok(root),
        Err(JsonError::TooDeep) => Err(ServiceError::AnswerTooDeep { limit: depth }),
        Err(JsonError::Malformed { position, reason }) => malformed(position, reason),
        // Not of this tree, where the last of two keys counts.
        Err(JsonError::DuplicateKey(key)) => malformed(None, key),
    }
}

/// Keeps the last value of each key, at the place of its first.
fn without_duplicates(members: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<(String, Value)> = Vec::with_capacity(members.len());
    for (key, value) in members {
        match places.get(&key).and_then(|place| kept.get_mut(*place)) {
            Some(first) => first.1 = value,
            None => {
                places.insert(key.clone(), kept.len());
                kept.push((key, value));
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests;
